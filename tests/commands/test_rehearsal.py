"""`make demo`: a world to rehearse in, apart from the real one."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.commands.test_start import content, flask, passwords
from tests.databases import environment
from tracker import create_app
from tracker.models import Event, Message, ProgressReport, Reminder, Role, Task
from tracker.queries.standing import counts
from tracker.rules.timeliness import Timeliness


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rehearsal")
    env = {k: v for k, v in environment("", folder, DEMO="1").items() if k != "DATABASE_URL"}
    built = flask("prepare", env=env)
    assert built.returncode == 0, built.stderr
    assert passwords(built.stdout) == {}
    before = content(f"sqlite:///{folder}/demo.db")
    again = flask("prepare", env=env)
    assert again.returncode == 0, again.stderr
    assert content(f"sqlite:///{folder}/demo.db") == before
    return folder


def test_the_world_has_every_class_and_a_past(world: Path) -> None:
    app = create_app(
        {
            "DEMO": True,
            "REHEARSAL_DAY": None,
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{world}/demo.db",
            "SECRET_KEY": "x" * 32,
        }
    )
    from tracker import clock
    from tracker.config import REHEARSAL_DAY
    from tracker.extensions import db

    with app.app_context(), clock.on_day(REHEARSAL_DAY):
        now = counts(db.session, REHEARSAL_DAY)
        assert min(now.values()) > 0
        assert sum(now.values()) == db.session.execute(sa.select(sa.func.count()).select_from(Task)).scalar_one() == 207
        past = counts(db.session, REHEARSAL_DAY.replace(month=6))
        assert past != now
        assert past[Timeliness.DONE_ON_TIME] < now[Timeliness.DONE_ON_TIME]
        decided = sa.select(ProgressReport.decision).distinct()
        assert set(db.session.execute(decided).scalars()) == {None, "confirmed", "returned"}
        latest = db.session.execute(sa.select(sa.func.max(Event.at))).scalar_one()
        assert latest.date() <= REHEARSAL_DAY
        assert db.session.execute(sa.select(Message).where(Message.state == "queued")).first() is None
        levels = set(db.session.scalars(sa.select(Reminder.level).where(Reminder.step.startswith("overdue_"))))
        assert levels == {"responsible", "head", "monitor", "leader"}


def test_the_real_program_refuses_the_rehearsal_and_the_other_way_round(world: Path, tmp_path: Path) -> None:
    refused = flask("prepare", env=environment(f"sqlite:///{world}/demo.db", tmp_path))
    assert refused.returncode != 0
    assert "dữ liệu diễn tập" in refused.stderr
    assert "Traceback" not in refused.stderr
    mixed = flask("prepare", env=environment(f"sqlite:///{tmp_path}/baro.db", tmp_path, DEMO="1"))
    assert mixed.returncode != 0
    assert "DEMO=1 dùng cơ sở dữ liệu riêng" in mixed.stderr


def test_one_button_per_role_in_the_rehearsal_and_in_no_other_mode(world: Path, tmp_path: Path) -> None:
    settings = {
        "SECRET_KEY": "x" * 32,
        "WTF_CSRF_ENABLED": False,
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{world}/demo.db",
    }
    rehearsing = create_app({**settings, "DEMO": True}).test_client()
    page = rehearsing.get("/dang-nhap").text
    for role in Role:
        assert f'value="{role}"' in page
    assert "Dữ liệu diễn tập" in page
    real = create_app({**settings, "DEMO": False}).test_client()
    page = real.get("/dang-nhap").text
    assert not any(f'value="{role}"' in page for role in Role)
    assert "Dữ liệu diễn tập" not in page
    rules = [rule.rule for rule in real.application.url_map.iter_rules() if "dien-tap" in rule.rule]
    for rule in rules or ["/dien-tap"]:
        assert real.post(rule, data={"role": "administrator"}).status_code in {404, 405}
