"""An address that takes nothing: known at once, told once; a person, another address or a message that arrives clears it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from tests.jobs.world import World, at
from tracker import clock
from tracker.actions import contact
from tracker.errors import Refused
from tracker.extensions import db as ours
from tracker.models import Contact, Message, Role, User, ZaloLink
from tracker.queries.unwell import lost, unwell

pytestmark = pytest.mark.unseeded
NOW = "2022-05-05 09:00"
SAID = "550 5.1.1 No such mailbox"


@pytest.fixture
def world(context: Any) -> World:
    return World(ours.session())


@pytest.fixture
def lan(world: World) -> User:
    return world.person("lan", world.office)


@pytest.fixture
def admin(world: World) -> User:
    return world.person("quan", None, contact=False, role=Role.ADMINISTRATOR)


def refuse(person: User, said: str = SAID, **more: Any) -> bool:
    return contact.refused(ours.session(), person.id, "email", person.email, said, **more)


def bounce(person: User, hard: bool = True) -> bool:
    return contact.bounced(ours.session(), person.id, "email", person.email, "4.4.7 expired", hard)


def state(person: User) -> str | None:
    found = ours.session.get(Contact, (person.id, "email"), populate_existing=True)
    return found.state if found else None


def notices() -> list[Message]:
    return list(ours.session.scalars(select(Message).where(Message.kind == "contact_unwell").order_by(Message.id)))


def test_a_refusal_is_known_once_and_told_once(lan: User, admin: User) -> None:
    with at(NOW):
        assert refuse(lan) and not refuse(lan, "550 5.2.1 again") and not bounce(lan)
    row = ours.session.get_one(Contact, (lan.id, "email"))
    assert (row.state, row.reason, row.address, row.since) == ("refused", SAID, lan.email, row.told_at)
    [notice] = notices()
    assert notice.recipient_id == admin.id and clock.local(notice.not_before).strftime("%H:%M") == "10:00"


def test_a_bad_hour_of_a_server_is_one_message(world: World, admin: User) -> None:
    with at(NOW):
        for n in range(30):
            refuse(world.person(f"p{n}", world.office))
    with at("2022-05-05 10:30"):
        refuse(world.person("later", world.office))
    assert len(notices()) == 2


def test_nobody_is_told_at_the_dead_address(world: World, admin: User) -> None:
    assert refuse(admin)
    assert notices() == [] and ours.session.get_one(Contact, (admin.id, "email")).told_at is None
    refuse(world.person("lan", world.office))
    assert notices() == [], "the only administrator has no address that works"


@pytest.mark.parametrize(("blocked", "expected"), [(False, "refused"), (True, "blocked")])
def test_what_was_refused_works_again_when_a_message_is_taken(
    lan: User, admin: User, blocked: bool, expected: str
) -> None:
    refuse(lan, blocked=blocked)
    assert state(lan) == expected
    contact.worked(ours.session(), "email", {lan.id: lan.email})
    ours.session.flush()
    assert state(lan) == "works" and unwell(ours.session(), [lan.id], "email") == {}
    assert refuse(lan), "unwell again is news again"


def test_a_relay_that_takes_everything_proves_nothing(lan: User, admin: User) -> None:
    bounce(lan)
    contact.worked(ours.session(), "email", {lan.id: lan.email})
    ours.session.flush()
    assert state(lan) == "bounced"


def test_the_third_soft_bounce_in_a_row_counts(lan: User, admin: User) -> None:
    found = []
    for day in ("01", "04", "08"):
        with at(f"2022-05-{day} 09:00"):
            found.append(bounce(lan, hard=False))
            contact.worked(ours.session(), "email", {lan.id: lan.email})
    assert found == [False, False, True] and state(lan) == "bounced" and len(notices()) == 1


def test_soft_bounces_far_apart_are_no_row(lan: User, admin: User) -> None:
    for day in ("2022-05-01", "2022-05-10", "2022-05-20", "2022-05-25"):
        with at(f"{day} 09:00"):
            assert not bounce(lan, hard=False)
    assert state(lan) == "works" and notices() == []


def test_a_hard_bounce_counts_at_once(lan: User, admin: User) -> None:
    assert bounce(lan) and not bounce(lan) and state(lan) == "bounced"


def test_another_address_starts_afresh(lan: User, admin: User) -> None:
    old = lan.email
    refuse(lan)
    lan.email = "lan.moi@tinh.gov.vn"
    ours.session.flush()
    assert unwell(ours.session(), [lan.id], "email") == {} and lost(ours.session()) == set()
    assert not contact.refused(ours.session(), lan.id, "email", old, SAID), "of an address nobody uses"
    contact.worked(ours.session(), "email", {lan.id: lan.email})
    assert refuse(lan) and set(unwell(ours.session(), None, "email")) == {lan.id}


def test_a_success_writes_nothing(app: Flask, lan: User, world: World) -> None:
    ours.session.flush()
    written: list[str] = []
    event.listen(ours.engine, "before_cursor_execute", lambda *facts: written.append(facts[2]))
    contact.worked(ours.session(), "email", {lan.id: lan.email, 999: "x@y.vn"})
    ours.session.flush()
    assert [statement.split()[0] for statement in written] == ["SELECT"]
    assert ours.session.scalar(select(func.count()).select_from(Contact)) == 0


def test_whoever_has_another_channel_is_not_lost(lan: User, world: World) -> None:
    refuse(lan)
    assert lost(ours.session()) == {lan.id}
    now = clock.now()
    ours.session.add(ZaloLink(user_id=lan.id, phone="84912345678", consented_at=now, updated_at=now))
    ours.session.flush()
    assert lost(ours.session(), [lan.id]) == set()
    contact.refused(ours.session(), lan.id, "zalo", "84912345678", "-118", blocked=True)
    assert lost(ours.session()) == {lan.id}


def failed(person: User, kind: str, day: int) -> Message:
    found = Message(
        kind=kind, recipient_id=person.id, day=clock.today().replace(day=day), key=f"{kind}{day}", state="failed",
        not_before=clock.now(), created_at=clock.now(), reason=SAID,
    )  # fmt: skip
    ours.session.add(found)
    ours.session.flush()
    return found


def test_trying_again_sends_what_is_still_worth_it(lan: User, admin: User) -> None:
    with at("2022-05-25 09:00"):
        refuse(lan)
        stale, last = failed(lan, "reminder_digest", 20), failed(lan, "reminder_digest", 24)
        notice = failed(lan, "result_returned", 3)
        assert contact.try_again(ours.session(), admin, lan.id, "email") == 2
        ours.session.expire_all()
        assert [row.state for row in (stale, last, notice)] == ["failed", "queued", "queued"] and state(lan) == "works"
        with pytest.raises(Refused, match="không còn bị ghi"):
            contact.try_again(ours.session(), admin, lan.id, "email")


def test_trying_again_with_nothing_to_send(lan: User, admin: User) -> None:
    refuse(lan)
    assert contact.try_again(ours.session(), admin, lan.id, "email") == 0


@pytest.mark.parametrize("said", ["", "x" * 5000, "550 \x00\r\n no\ud800 đ"])
def test_whatever_the_server_says_is_kept_printable(lan: User, said: str) -> None:
    refuse(lan, said)
    kept = ours.session.get_one(Contact, (lan.id, "email")).reason
    assert kept is not None and kept.isprintable() and len(kept) <= 500
