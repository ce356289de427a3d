"""TLS and sign-in against a real server: what is wrong with them needs a person, and says which setting."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.authorities import Authority
from tests.messages.letters import WORDS, envelope, settings
from tests.smtp_sink import SmtpSink
from tracker.messages.email import connected
from tracker.messages.reasons import sentence
from tracker.messages.transport import NeedsPerson, Unreachable

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
Serve = Callable[..., SmtpSink]
SECRET = "mat-khau-%@ 1"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def serve() -> Iterator[Serve]:
    opened: list[SmtpSink] = []

    def start(**how: Any) -> SmtpSink:
        opened.append(SmtpSink(**how))
        opened[-1].come_back()
        return opened[-1]

    yield start
    for one in opened:
        one.go_down()


def only_baro(server: SMTP, session: Session, talk: Envelope, mechanism: str, given: Any) -> AuthResult:
    good = isinstance(given, LoginPassword) and (given.login, given.password) == (b"baro", SECRET.encode())
    return AuthResult(success=good, handled=good, auth_data=given)


def secure(port: int, authority: Authority, **more: Any) -> dict[str, Any]:
    return settings(port, **{"SMTP_HOST": "localhost", "SMTP_CA_FILE": str(authority.file), **more})


def signing_in(authority: Authority, security: str) -> dict[str, Any]:
    how: dict[str, Any] = {"authenticator": only_baro, "auth_required": True}
    context = authority.server("localhost")
    if security == "tls":  # aiosmtpd asks for STARTTLS even inside TLS
        return {**how, "ssl_context": context, "auth_require_tls": False}
    return {**how, "tls_context": context, "require_starttls": True}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_letters_go_encrypted_and_signed_in(serve: Serve, authority: Authority, security: str) -> None:
    smtp = serve(**signing_in(authority, security))
    known = secure(smtp.port, authority, SMTP_SECURITY=security, SMTP_USER="baro", SMTP_PASSWORD=SECRET)
    with connected({**known, "SMTP_LETTERS_PER_CONNECTION": 2}) as server:
        for number in range(5):
            server.send(envelope(number), WORDS)
    assert len(smtp.received) == 5 and all(mail.encrypted and mail.user == "baro" for mail in smtp.received)


def refusal(known: dict[str, Any]) -> str:
    with pytest.raises(NeedsPerson) as refused, connected(known):
        pass
    return str(refused.value)


def test_a_wrong_password_needs_a_person(serve: Serve, authority: Authority) -> None:
    smtp = serve(**signing_in(authority, "starttls"))
    said = refusal(secure(smtp.port, authority, SMTP_SECURITY="starttls", SMTP_USER="baro", SMTP_PASSWORD="sai"))
    assert said.startswith("mail_sign_in: 535 5.7.8") and "SMTP_PASSWORD" in sentence(said) and "535" in sentence(said)


def test_no_password_where_one_is_asked_for(serve: Serve, authority: Authority) -> None:
    smtp = serve(**signing_in(authority, "starttls"))
    known = secure(smtp.port, authority, SMTP_SECURITY="starttls")
    with connected(known) as server, pytest.raises(NeedsPerson, match="mail_sender: 530"):
        server.send(envelope(), WORDS)
    assert smtp.received == []


def test_a_certificate_of_nobody_we_know(serve: Serve, authority: Authority, tmp_path: Path) -> None:
    smtp = serve(**signing_in(authority, "starttls"))
    for known in ({"SMTP_CA_FILE": ""}, {"SMTP_CA_FILE": str(Authority(tmp_path).file)}):
        said = refusal(secure(smtp.port, authority, SMTP_SECURITY="starttls", **known))
        assert said.startswith("mail_certificate: ") and "SMTP_CA_FILE" in sentence(said)


def test_a_certificate_of_another_machine(serve: Serve, authority: Authority) -> None:
    smtp = serve(ssl_context=authority.server("thu.tinh-khac.gov.vn"))
    said = refusal(secure(smtp.port, authority, SMTP_SECURITY="tls"))
    assert said.startswith("mail_certificate: ") and "localhost" in said


def test_a_server_without_starttls_gets_nothing(serve: Serve, authority: Authority) -> None:
    smtp = serve()
    said = refusal(secure(smtp.port, authority, SMTP_SECURITY="starttls", SMTP_USER="baro", SMTP_PASSWORD=SECRET))
    assert said.startswith("mail_no_starttls") and "STARTTLS" in sentence(said)


def test_a_plain_port_where_tls_is_asked_for(serve: Serve, authority: Authority) -> None:
    smtp = serve()
    said = refusal(secure(smtp.port, authority, SMTP_SECURITY="tls", SMTP_USER="baro", SMTP_PASSWORD=SECRET))
    assert said.startswith("mail_not_tls") and "SMTP_PORT" in sentence(said)


def test_a_server_that_knows_no_sign_in(serve: Serve, authority: Authority) -> None:
    smtp = serve(tls_context=authority.server("localhost"), auth_exclude_mechanism=["LOGIN", "PLAIN"])
    said = refusal(secure(smtp.port, authority, SMTP_SECURITY="starttls", SMTP_USER="baro", SMTP_PASSWORD=SECRET))
    assert said.startswith("mail_no_sign_in") and "SMTP_USER" in sentence(said)


def test_a_sign_in_put_off_by_the_server_only_waits(serve: Serve, authority: Authority) -> None:
    def busy(*_: Any) -> AuthResult:
        return AuthResult(success=False, handled=False, message="454 4.7.0 Temporary authentication failure")

    smtp = serve(authenticator=busy, tls_context=authority.server("localhost"))
    known = secure(smtp.port, authority, SMTP_SECURITY="starttls", SMTP_USER="baro", SMTP_PASSWORD=SECRET)
    with pytest.raises(Unreachable, match="454") as refused, connected(known):
        pass
    assert not isinstance(refused.value, NeedsPerson)
