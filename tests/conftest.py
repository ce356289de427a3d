"""The fixtures every test stands on: real databases, a real mail server, a real browser. Nothing of ours is replaced."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

# The developer's own settings and instance/ must not reach the tests: this runs before the application is imported.
for _name in [name for name in os.environ if name.startswith(("SMTP_", "BARO_", "ZALO_"))]:
    del os.environ[_name]
for _name in ("DATABASE_URL", "SECRET_KEY", "BASE_URL", "TIME_ZONE", "DEMO"):
    os.environ.pop(_name, None)
os.environ["BARO_INSTANCE"] = tempfile.mkdtemp(prefix="tracker-tests-")

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from tests import databases, pages, people, smtp_sink, zalo_stand_in
from tests.people import Person
from tracker import extensions


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "config(**settings): configuration of the app fixture for this test")
    config.addinivalue_line("markers", "unseeded: the app fixture's database is migrated and empty")


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["BARO_INSTANCE"], ignore_errors=True)


@pytest.fixture(scope="session")
def dbs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Databases]:
    made = databases.Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.stop()


@pytest.fixture(params=databases.BACKENDS)
def database_url(request: pytest.FixtureRequest, dbs: databases.Databases) -> Iterator[str]:
    """A database of this test's own, seeded; once on SQLite, once on PostgreSQL."""
    with dbs.copy(request.param, seeded=request.node.get_closest_marker("unseeded") is None) as url:
        yield url


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, dbs: databases.Databases) -> Iterator[str]:
    """A database without tables; parametrize indirectly with a backend's name, SQLite by default."""
    with dbs.empty(getattr(request, "param", "sqlite")) as url:
        yield url


class Client(FlaskClient):
    """A client that keeps the test's session and the request's apart."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        assert not has_app_context(), "a request inside app_context() would share the test's session: leave the context"
        session: Session | None = self.application.extensions.get("test_session")
        if session is not None:
            session.commit()  # the request sees what the test wrote; what the test holds is read anew afterwards
        return super().open(*args, **kwargs)


@pytest.fixture
def app(request: pytest.FixtureRequest, database_url: str) -> Iterator[Flask]:
    """The application on its own database. @pytest.mark.config(WTF_CSRF_ENABLED=True) changes its configuration."""
    marker = request.node.get_closest_marker("config")
    made = databases.app_on(database_url, **(marker.kwargs if marker else {}))
    made.test_client_class = Client
    yield made
    databases.let_go(made)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def db(app: Flask) -> Iterator[Session]:
    """A session of the test's own, never the request's; it commits before every request of a client."""
    with app.app_context():
        engine = extensions.db.engine
    with Session(engine) as session:
        app.extensions["test_session"] = session
        yield session
        session.rollback()
    app.extensions.pop("test_session")


@pytest.fixture
def context(app: Flask) -> Iterator[Any]:
    """An application context for queries and actions called directly; gives the session they use. Not with `client`."""
    with app.app_context():
        yield extensions.db.session
        extensions.db.session.rollback()


@pytest.fixture(name="people")
def everybody(app: Flask) -> dict[str, Person]:
    """The test people by key: officer_vp, officer_stttt, head_stttt, officer_sct, monitor, standing, leader, viewer, admin."""
    return people.read_all(app)


@pytest.fixture
def sign_in(people: dict[str, Person]) -> Callable[[FlaskClient, str], FlaskClient]:
    """sign_in(client, "monitor"): the client is that person from now on."""
    return lambda client, key: _sign_in(client, people[key])


def _sign_in(client: FlaskClient, person: Person) -> FlaskClient:
    return people.sign_in_as(client, person)


@pytest.fixture
def as_person(app: Flask, people: dict[str, Person]) -> Callable[[str], FlaskClient]:
    """as_person("monitor"): a new client, signed in."""
    return lambda key: _sign_in(app.test_client(), people[key])


@pytest.fixture
def page() -> Callable[..., pages.Page]:
    """page(client, url, status=200): the parsed page, after the checks every page must pass."""
    return pages.read_page


@pytest.fixture
def count_queries() -> Callable[[Flask], AbstractContextManager[list[str]]]:
    """with count_queries(app) as statements: …; len(statements)."""
    return databases.counting


@pytest.fixture
def smtp() -> Iterator[smtp_sink.SmtpSink]:
    """A mail server that is up; see tests/smtp_sink.py for refusing, going down and coming back."""
    sink = smtp_sink.SmtpSink()
    sink.come_back()
    yield sink
    sink.go_down()


@pytest.fixture
def zalo() -> Iterator[zalo_stand_in.ZaloStandIn]:
    """Zalo's servers as their documents describe them; see tests/zalo_stand_in.py for what they can be told to refuse."""
    stand_in = zalo_stand_in.ZaloStandIn().start()
    yield stand_in
    stand_in.stop()


class QuietRequests(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: a test's output is its own."""


@contextmanager
def _serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietRequests)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The application served for a browser; gives its address."""
    with _serving(app) as address:
        app.config["BASE_URL"] = address
        yield address


CHROMIUM = Path(os.environ.get("TEST_CHROMIUM", "/usr/bin/chromium"))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, started once per test process."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        pytest.fail("The browser tests need Chromium. Type: sudo apt-get install -y chromium (or set TEST_CHROMIUM)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def tab(browser: Any, live_server: str) -> Iterator[Any]:
    """A tab at the live server; fails the test when a script fails, the console shows an error or the CSP is violated."""
    context = browser.new_context(base_url=live_server, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    opened, wrong = context.new_page(), []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()
    expected = ("the server responded with a status of 4",)  # a page may be asked for a 404 on purpose
    assert [line for line in wrong if not any(part in line for part in expected)] == []


@pytest.fixture
def tab_as(app: Flask, tab: Any, people: dict[str, Person], live_server: str) -> Callable[[str], Any]:
    """tab_as("monitor"): the tab, signed in as that person."""

    def become(key: str) -> Any:
        cookie = {"name": app.config["SESSION_COOKIE_NAME"], "value": _cookie(app, people[key]), "url": live_server}
        tab.context.clear_cookies()
        tab.context.add_cookies([cookie])
        return tab

    return become


def _cookie(app: Flask, person: Person) -> str:
    return people.session_cookie(app, person)
