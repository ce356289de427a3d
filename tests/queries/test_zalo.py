"""Who may be told by Zalo, and where."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.people import Person
from tests.zalo import FOLLOWER, PHONE, consented
from tracker import clock
from tracker.models import Contact, User, ZaloToken
from tracker.queries.zalo import Address, reachable

LONG_AGO = timedelta(days=400)


@pytest.fixture
def person(context: Session, people: dict[str, Person]) -> int:
    return people["officer_sct"].id


def linked(context: Session, **facts: Any) -> None:
    now = clock.now()
    context.add(
        ZaloToken(
            **{"id": 1, "access_token": "x", "refresh_token": "x", "access_expires_at": now, "refreshed_at": now,
               "refresh_expires_at": now + timedelta(days=90), "limits": {}, **facts}
        )
    )  # fmt: skip


def found(context: Session, person: int, configured: bool = True) -> Address | None:
    context.flush()
    return reachable(context, [person], configured).get(person)


def test_number_of_who_agreed(context: Session, person: int) -> None:
    linked(context)
    context.add(consented(person))
    assert found(context, person) == Address(person, PHONE, None)
    assert Address(person, PHONE, None).text == PHONE


def test_follower_is_told_by_id(context: Session, person: int) -> None:
    linked(context)
    context.add(consented(person, zalo_id=FOLLOWER, follows=True))
    address = found(context, person)
    assert address is not None and address.text == f"zalo:{FOLLOWER}"


def test_who_unfollowed_is_told_by_number(context: Session, person: int) -> None:
    linked(context)
    context.add(consented(person, zalo_id=FOLLOWER, follows=False))
    assert found(context, person) == Address(person, PHONE, None)


@pytest.mark.parametrize(
    "facts",
    [{"consented_at": None}, {"withdrawn_at": clock.now()}, {"phone": None}, {"phone": None, "zalo_id": FOLLOWER}],
    ids=["not asked", "withdrawn", "no number", "id without following"],
)
def test_without_consent_or_address_nobody(context: Session, person: int, facts: dict[str, Any]) -> None:
    linked(context)
    context.add(consented(person, **facts))
    assert found(context, person) is None


def test_closed_account_is_not_told(context: Session, person: int) -> None:
    linked(context)
    context.add(consented(person))
    context.get_one(User, person).active = False
    assert found(context, person) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"trouble": "zalo:-137:"},
        {"trouble": "zalo:relink:", "trouble_at": clock.now() - LONG_AGO},
        {"refresh_expires_at": clock.now() - LONG_AGO},
    ],
)
def test_channel_that_does_not_work_reaches_nobody(context: Session, person: int, facts: dict[str, Any]) -> None:
    linked(context, **{"trouble_at": clock.now(), **facts})
    context.add(consented(person))
    assert found(context, person) is None


def test_trouble_is_tried_again_after_a_while(context: Session, person: int) -> None:
    linked(context, trouble="zalo:-137:", trouble_at=clock.now() - timedelta(minutes=16))
    context.add(consented(person))
    assert found(context, person) is not None


def test_trouble_of_one_message_stops_nobody(context: Session, person: int) -> None:
    linked(context, trouble="zalo:-1121:")
    context.add(consented(person))
    assert found(context, person) is not None


def test_off_or_not_linked_reaches_nobody(context: Session, person: int) -> None:
    context.add(consented(person))
    assert found(context, person) is None
    linked(context)
    assert found(context, person, configured=False) is None


@pytest.mark.parametrize(
    ("refused", "state", "changed", "left"),
    [
        (PHONE, "refused", LONG_AGO, None),
        (PHONE, "works", LONG_AGO, f"zalo:{FOLLOWER}"),
        ("84912345678", "refused", LONG_AGO, f"zalo:{FOLLOWER}"),
        (f"zalo:{FOLLOWER}", "blocked", LONG_AGO, PHONE),
        (PHONE, "refused", timedelta(days=-1), f"zalo:{FOLLOWER}"),
    ],
    ids=["last resort refused", "works", "another number", "id refused", "followed since"],
)  # fmt: skip
def test_address_that_was_refused_is_left_out(
    context: Session, person: int, refused: str, state: str, changed: timedelta, left: str | None
) -> None:
    linked(context)
    context.add(consented(person, zalo_id=FOLLOWER, follows=True, updated_at=clock.now() - changed))
    context.add(Contact(user_id=person, channel="zalo", address=refused, state=state, since=clock.now()))
    address = found(context, person)
    assert (address.text if address else None) == left


def test_refused_mail_address_is_another_matter(context: Session, person: int) -> None:
    linked(context)
    context.add(consented(person))
    context.add(Contact(user_id=person, channel="email", address=PHONE, state="refused", since=clock.now()))
    assert found(context, person) is not None
