"""What Zalo tells us, taken once: who follows, what arrived, what became of the template. Of a person's words nothing is kept."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.actions.zalo import ALONE, note_trouble, recognise
from tracker.database import insert_into
from tracker.models import Message, ZaloEvent, ZaloLink
from tracker.queries.zalo import FOLLOW, UNFOLLOW, follows, links_by_phone
from tracker.rules.reminder_policy import ZALO
from tracker.rules.zalo import phone, reason

LONGEST = 100
Happening = Mapping[str, Any]
Settings = Mapping[str, Any]


def take(session: Session, settings: Settings, told: Happening, body: bytes, signed_with: str) -> str | None:
    """Keep the event and do what follows from it; return what that was. Nothing the second time.

    `signed_with`: app_id or oa_id, whichever the signature was made of. A moment that lies ahead counts as now.
    """
    name = _text(told.get("event_name"))
    when = _moment(told.get("timestamp"))
    subject = _subject(name, told)
    key = _key(name, told, body)
    new = insert_into(session)(ZaloEvent).values(
        key=key, name=name, subject=subject, happened_at=min(when or clock.now(), clock.now()), received_at=clock.now(),
        facts={**_facts(name, told), "signed_with": signed_with}, effect=None,
    )  # fmt: skip
    added = session.execute(new.on_conflict_do_nothing(index_elements=["key"]).returning(ZaloEvent.id)).scalar()
    if added is None or not _ours(settings, told):
        return None
    effect = EFFECTS[name](session, settings, told) if name in EFFECTS else None
    change = update(ZaloEvent).where(ZaloEvent.id == added).values(effect=effect)
    session.execute(change.execution_options(**ALONE))
    return effect


def _followed(session: Session, settings: Settings, told: Happening) -> str | None:
    """Write down whether a person follows, as the latest event says: they may come in another order than they happened."""
    zalo_id = _subject(FOLLOW, told)
    now = bool(zalo_id) and follows(session, str(zalo_id))
    change = update(ZaloLink).where(ZaloLink.zalo_id == zalo_id, ZaloLink.follows != now)
    found: Any = session.execute(change.values(follows=now, updated_at=clock.now()).execution_options(**ALONE))
    return ("follows" if now else "follows_no_more") if found.rowcount else None


def _arrived(session: Session, settings: Settings, told: Happening) -> str | None:
    """Write down that a message arrived: found by Zalo's id of it, else by ours, which also settles an uncertain one."""
    said = _part(told, "message")
    when = _moment(said.get("delivery_time")) or _moment(told.get("timestamp")) or clock.now()
    row = _message(session, _text(said.get("msg_id")), _text(said.get("tracking_id")))
    if row is None or row.delivered_at is not None:
        return None
    row.delivered_at = min(when, clock.now())
    if row.state != "uncertain":
        return "delivered"
    row.state, row.reason, row.provider_id = "sent", None, _text(said.get("msg_id"))
    row.sent_at = row.sent_at or row.delivered_at
    return "delivered_after_all"


def _message(session: Session, provider_id: str, tracking_id: str) -> Message | None:
    by_theirs = select(Message).where(Message.provider_id == provider_id, Message.channel == ZALO)
    found = session.scalars(by_theirs.order_by(Message.id).limit(1)).first() if provider_id else None
    ours = re.fullmatch(r"([a-z_]+)\.([0-9]{1,10})\.([0-9]{14})", tracking_id)
    if found is not None or ours is None:
        return found
    row = session.get(Message, int(ours[2])) if int(ours[2]) < 2**31 else None
    return row if row is not None and row.identity == tracking_id and row.channel == ZALO else None


def _submitted(session: Session, settings: Settings, told: Happening) -> str | None:
    """Recognise the person who gave Zalo the number that exactly one person gave us; the number itself is not kept again."""
    number = phone(_text(_part(told, "info").get("phone")))
    zalo_id = _subject("user_submit_info", told)
    people = links_by_phone(session, number) if number else []
    if len(people) != 1 or not zalo_id or people[0].zalo_id == zalo_id:
        return None
    return "recognised" if recognise(session, people[0], zalo_id) else "id_taken"


def _template(session: Session, settings: Settings, told: Happening) -> str | None:
    """Tell the administrator when the template of the reminders is no longer what it was."""
    status = _text(_part(told, "status").get("new_status"))
    if _text(told.get("template_id")) != settings["ZALO_TEMPLATE_REMINDER"]:
        return None
    if status not in {"ENABLE", "APPROVED"}:
        note_trouble(session, reason("template", f"{status} {_text(told.get('reason'))}"))
    return "template"


def _quota(session: Session, settings: Settings, told: Happening) -> str | None:
    return "quota"


EFFECTS: dict[str, Callable[[Session, Settings, Happening], str | None]] = {
    FOLLOW: _followed,
    UNFOLLOW: _followed,
    "user_received_message": _arrived,
    "user_submit_info": _submitted,
    "change_template_status": _template,
    "change_oa_daily_quota": _quota,
}


def _ours(settings: Settings, told: Happening) -> bool:
    """Return whether the event is of our Official Account; one that names none is, by its signature."""
    named = _text(told.get("oa_id") or told.get("oaId"))
    return not named or named == settings["ZALO_OA_ID"]


def _facts(name: str, told: Happening) -> dict[str, Any]:
    """Return what is kept: no words, names or numbers of a person."""
    if name == "change_template_status":
        return {
            "template_id": _text(told.get("template_id")), "status": _text(_part(told, "status").get("new_status")),
            "reason": _text(told.get("reason")),
        }  # fmt: skip
    if name == "change_oa_daily_quota":
        return {side: _text(_part(told, "quota").get(side)) for side in ("prev_value", "new_value")}
    return {}


def _subject(name: str, told: Happening) -> str | None:
    """Return what the event is about: the Zalo id of a person, the id of a message or of a template."""
    if name == "user_received_message":
        return _text(_part(told, "message").get("msg_id")) or None
    if name == "change_template_status":
        return _text(told.get("template_id")) or None
    person = _part(told, "follower" if name in {FOLLOW, UNFOLLOW} else "sender").get("id")
    return _text(person or told.get("user_id_by_app")) or None


def _key(name: str, told: Happening, body: bytes) -> str:
    """Return what makes the event one: Zalo repeats itself until it is answered, counting the times in `num_retry`."""
    message = _text(_part(told, "message").get("msg_id"))
    if message:
        return f"{name}:{message}"
    facts = {key: value for key, value in told.items() if key != "num_retry"}
    return f"{name}:{hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()}"


def _part(told: Happening, name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    """Return a value of the event as text fit for the database: printable, and not too long."""
    plain = str(value) if isinstance(value, str | int) else ""
    return "".join(letter for letter in plain[:LONGEST] if letter.isprintable())


def _moment(value: Any) -> datetime | None:
    """Return a moment that Zalo writes in milliseconds, mostly as a string; None when it is none."""
    text = _text(value)
    if not text.isdecimal() or not text.isascii() or len(text) > 14:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))


def older_than(timestamp: str, moment: datetime) -> bool:
    """Return whether the event happened before the moment; one without a readable time did."""
    when = _moment(timestamp)
    return when is None or when < moment
