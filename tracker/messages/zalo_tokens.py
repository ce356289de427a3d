"""The pair of tokens: kept encrypted, refreshed by one worker at a time, and the new pair written down before it is used.

A refresh token works once. Whoever refreshes holds a mark in the database that outlives every answer of Zalo's; the mark of
a worker that died lapses. These are transactions of their own: what the caller writes or undoes never touches the pair.
"""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.messages.sealing import Unreadable, seal, unseal
from tracker.messages.transport import NeedsPerson, Unreachable
from tracker.messages.zalo_wire import OAUTH, TIMEOUT, Answer, Line, NotAnswered, NotAsked
from tracker.models import ZaloToken
from tracker.rules.zalo import PROBE, blocks, of_tokens, reason

LAPSE = timedelta(seconds=6 * TIMEOUT)
"""A mark older than this belonged to a worker that died: no answer takes so long."""
REFRESH_TOKEN_LASTS = timedelta(days=90)
ACCESS_LASTS = timedelta(hours=25)
SPARE = timedelta(minutes=10)
TWICE_A_DAY = timedelta(hours=11)
PATH = "/v4/oa/access_token"


@dataclass(frozen=True)
class Pair:
    """What the token endpoint gives: both tokens, and until when."""

    access: str
    refresh: str
    access_expires_at: datetime
    refresh_expires_at: datetime


@dataclass(frozen=True)
class Held:
    """An access token in use. `version` tells its pair from the one before; `limits` and `trouble` stand beside it."""

    access: str
    version: str
    limits: Mapping[str, int]
    trouble: str | None


class RefusedPair(NeedsPerson):
    """The token endpoint did not take what it was given."""


def first_pair(settings: Mapping[str, Any], code: str, verifier: str) -> Pair:
    """Return the pair for an authorisation code (10 minutes, once). Raises RefusedPair or Unreachable."""
    return _ask(settings, {"code": code, "code_verifier": verifier, "grant_type": "authorization_code"})


def next_pair(settings: Mapping[str, Any], refresh_token: str) -> Pair:
    """Return the next pair; the refresh token given is spent. Raises RefusedPair or Unreachable."""
    return _ask(settings, {"refresh_token": refresh_token, "grant_type": "refresh_token"})


def columns(settings: Mapping[str, Any], pair: Pair) -> dict[str, Any]:
    """Return the pair as the columns of ZaloToken, encrypted; no trouble and nobody refreshing."""
    return {
        "access_token": seal(settings, pair.access), "refresh_token": seal(settings, pair.refresh),
        "access_expires_at": pair.access_expires_at, "refresh_expires_at": pair.refresh_expires_at,
        "refreshed_at": clock.now(), "refreshing_since": None, "refreshing_by": None, "trouble": None, "trouble_at": None,
    }  # fmt: skip


class Tokens:
    """The pair in the database, for whoever sends. `insist`: ask Zalo whatever trouble it made a moment ago."""

    def __init__(self, engine: Engine, settings: Mapping[str, Any], insist: bool = False) -> None:
        self._engine, self._settings, self._insist = engine, settings, insist
        self._name = f"{socket.gethostname()}:{uuid4().hex[:12]}"

    def held(self) -> Held:
        """Return an access token that is still good, refreshed when it ends soon.

        Raises NeedsPerson when there is none or an administrator has something to do, Unreachable when Zalo is away.
        """
        row = self._row()
        usable = row.access_expires_at > clock.now()
        stopped = blocks(row.trouble) and _recent(row.trouble_at) and not (usable and of_tokens(row.trouble))
        if row.trouble and stopped and not self._insist:
            raise (Unreachable if row.trouble.startswith("zalo:no_answer") else NeedsPerson)(row.trouble)
        if row.access_expires_at - SPARE > clock.now():
            return self._open(row)
        try:
            return self._renewed(row.refresh_token, usable)
        except Unreachable:
            if not usable:
                raise
            return self._open(self._row())

    def renewed(self, spent: Held) -> Held:
        """Return another access token than the one Zalo did not take; refreshed once, by whoever comes first."""
        return self._renewed(spent.version, usable=False)

    def refresh_if_old(self) -> bool:
        """Refresh a pair that is half a day old; return whether it was done. Raises as `held`."""
        row = self._row()
        if row.refreshed_at > clock.now() - TWICE_A_DAY:
            return False
        self._renewed(row.refresh_token, usable=False)
        return True

    def note(self, trouble: str) -> None:
        """Write down, for the administrator, why Zalo does not work."""
        self._write({"trouble": trouble, "trouble_at": clock.now()})

    def note_end(self) -> None:
        """Zalo works again."""
        self._write({"trouble": None, "trouble_at": None})

    def learn_limits(self, limits: Mapping[str, int]) -> None:
        """Keep how long each parameter of the template may be."""
        self._write({"limits": dict(limits)})

    def _row(self) -> ZaloToken:
        with Session(self._engine) as session:
            row = session.get(ZaloToken, 1)
        if row is None:
            raise NeedsPerson(reason("not_linked"))
        return row

    def _open(self, row: ZaloToken) -> Held:
        try:
            return Held(unseal(self._settings, row.access_token), row.refresh_token, row.limits, row.trouble)
        except Unreadable as error:
            self.note(reason("key"))
            raise NeedsPerson(reason("key")) from error

    def _renewed(self, version: str, usable: bool) -> Held:
        """Return a pair other than `version`. `usable`: the old access token does until the other worker is ready."""
        waited_until = time.monotonic() + LAPSE.total_seconds()
        while True:
            row = self._row()
            if row.refresh_token != version:
                return self._open(row)
            if self._mark(version):
                return self._refresh(row)
            if usable:
                return self._open(row)
            if time.monotonic() > waited_until:
                raise Unreachable(reason("no_answer"))
            time.sleep(0.1)

    def _mark(self, version: str) -> bool:
        """Become the one who refreshes; False while another is."""
        now = clock.now()
        free = (
            ZaloToken.refreshing_since.is_(None)
            | (ZaloToken.refreshing_since < now - LAPSE)
            | (ZaloToken.refreshing_since > now + LAPSE)
        )
        values = {"refreshing_since": now, "refreshing_by": self._name}
        return self._write(values, ZaloToken.refresh_token == version, free)

    def _refresh(self, row: ZaloToken) -> Held:
        """Ask for the next pair and write it down; whoever refreshes sees the spent token once and never again."""
        version = row.refresh_token
        try:
            pair = next_pair(self._settings, unseal(self._settings, version))
        except Unreadable as error:
            self._leave(version, reason("key"))
            raise NeedsPerson(reason("key")) from error
        except Unreachable as error:
            # Zalo away for a moment is no trouble while the access token serves.
            quiet = not isinstance(error, NeedsPerson) and row.access_expires_at > clock.now()
            if self._leave(version, None if quiet else str(error)):
                raise
            return self._open(self._row())  # linked anew in the meantime
        new = columns(self._settings, pair)
        # Not the mark but the token spent says whose the place is: a mark may lapse while Zalo dawdles.
        self._write(new, ZaloToken.refresh_token == version)
        return self._open(self._row())

    def _leave(self, version: str, trouble: str | None) -> bool:
        """Write down why there is no next pair; False when it is no longer this pair that matters."""
        values: dict[str, Any] = {"refreshing_since": None, "refreshing_by": None}
        if trouble:
            values |= {"trouble": trouble, "trouble_at": clock.now()}
        return self._write(values, ZaloToken.refresh_token == version)

    def _write(self, values: Mapping[str, Any], *conditions: Any) -> bool:
        with _own_transaction(self._engine) as session:
            change = update(ZaloToken).where(ZaloToken.id == 1, *conditions).values(**values)
            found: Any = session.execute(change.execution_options(synchronize_session=False))
            return bool(found.rowcount == 1)


@contextmanager
def _own_transaction(engine: Engine) -> Iterator[Session]:
    """Give a writing transaction that is committed when the block ends, whatever becomes of the caller's."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield session


def _recent(moment: datetime | None) -> bool:
    return moment is not None and abs(clock.now() - moment) < PROBE


def _ask(settings: Mapping[str, Any], grant: Mapping[str, str]) -> Pair:
    line = Line(OAUTH, settings["ZALO_API_URL"])
    headers = {"secret_key": settings["ZALO_APP_SECRET"], "Content-Type": "application/x-www-form-urlencoded"}
    try:
        answer = line.ask("POST", PATH, headers, urlencode({**grant, "app_id": settings["ZALO_APP_ID"]}).encode())
    except (NotAsked, NotAnswered) as error:
        raise Unreachable(reason("no_answer", str(error))) from error
    finally:
        line.close()
    return _pair(answer)


def _pair(answer: Answer) -> Pair:
    """Return the pair of an answer. Errors come with status 200 too, as error_name, error_reason, error_description."""
    access, refresh = answer.body.get("access_token"), answer.body.get("refresh_token")
    if isinstance(access, str) and isinstance(refresh, str) and access and refresh:
        now = clock.now()
        return Pair(
            access, refresh, now + _seconds(answer.body.get("expires_in"), ACCESS_LASTS), now + REFRESH_TOKEN_LASTS
        )
    if answer.status >= 500 or answer.status == 429 or answer.error == -32 or not answer.body:
        raise Unreachable(reason("no_answer", f"HTTP {answer.status}"))
    parts = [str(answer.body.get(name) or "") for name in ("error_name", "error_reason", "error_description")]
    said = ", ".join(dict.fromkeys(part for part in parts if part)) or answer.said
    raise RefusedPair(reason("relink", f"{answer.error or ''} {said}"))


def _seconds(value: Any, otherwise: timedelta) -> timedelta:
    """Return how long the access token lasts: Zalo says it in seconds, as a string."""
    text = str(value)
    return timedelta(seconds=int(text)) if text.isdecimal() and len(text) < 8 else otherwise
