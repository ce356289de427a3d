"""Zalo: template messages (ZBS) to a follower by id or to anybody by telephone number, and every error of Zalo's told apart.

Nothing more of a task leaves than its code, short title, day and address.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, NoReturn, Protocol

from flask_babel import gettext as _
from sqlalchemy import Engine

from tracker import clock
from tracker.messages.transport import Envelope, NeedsPerson, NeverDeliverable, TryLater, Uncertain, Unreachable, Words
from tracker.messages.zalo_tokens import Held, Tokens
from tracker.messages.zalo_wire import BUSINESS, OPEN_API, Answer, Line, NotAnswered, NotAsked
from tracker.rules import zalo as rules
from tracker.rules.zalo import Fate, fate_of, reason
from tracker.words.days import dmy

BY_ID = "zalo:"
"""What the address of a follower begins with; all others are telephone numbers."""
PER_MINUTE = 3000
"""Zalo takes 4,000 a minute of an app; the rest is for other workers and for its own pages."""
PATIENCE = 2
"""After so many questions without an answer, one after the other, nobody else is asked for a quarter of an hour."""


class Nearest(Protocol):
    """The work a reminder names first."""

    @property
    def task_code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def effective_on(self) -> date: ...


def is_configured(settings: Mapping[str, Any]) -> bool:
    """Return whether the channel may be used at all; otherwise nothing ever connects."""
    return bool(settings["ZALO_APP_ID"])


@contextmanager
def connected(settings: Mapping[str, Any], engine: Engine, insist: bool = False) -> Iterator["ZaloServer"]:
    """Give a way of sending. The caller has no transaction open: tokens are read and written in transactions of their own.

    `insist`: ask Zalo whatever trouble it made a moment ago, because a person wants to see.
    """
    server = ZaloServer(settings, Tokens(engine, settings, insist))
    try:
        yield server
    finally:
        server.close()


def digest_parameters(
    late: int, soon: int, first: Nearest | None, day: date, address: str, name: str = ""
) -> dict[str, str]:
    """Return what a reminder says, for Words.template: who, how many are late and soon due, the nearest one, where to look.

    `day`: the day the numbers are of, said when there is no nearest one. Cut to the template's lengths when sent.
    """
    return {
        "nguoi_nhan": name or _("Đồng chí"),
        "so_qua_han": str(late),
        "so_sap_den": str(soon),
        "ma_viec": first.task_code if first else "—",
        "ten_viec": first.title if first else "—",
        "han": dmy(first.effective_on if first else day),
        "duong_dan": address,
    }


class ZaloServer:
    """Sends; see transport.Transport. `send` may wait for its turn."""

    def __init__(self, settings: Mapping[str, Any], tokens: Tokens) -> None:
        self._settings, self._tokens = settings, tokens
        self._business = Line(BUSINESS, settings["ZALO_API_URL"])
        self._open_api = Line(OPEN_API, settings["ZALO_API_URL"])
        self._free_at = 0.0
        self._lost = 0

    def send(self, envelope: Envelope, words: Words) -> str:
        """Hand the message over and return Zalo's id of it.

        Raises Unreachable or NeedsPerson when nobody can be served, TryLater, Uncertain (it may have gone out), or
        NeverDeliverable, whose `address_fault` says whether this person cannot be reached so.
        """
        held = self._tokens.held()
        self._wait_for_turn()
        answer = self._ask(envelope, words, held)
        if answer.error is not None and fate_of(answer.error) == Fate.REFRESH:
            held = self._tokens.renewed(held)
            answer = self._ask(envelope, words, held)
        if answer.error != 0:
            self._refuse(answer)
        if rules.over(held.trouble):
            self._tokens.note_end()
        found = answer.part("data")
        return str(found.get("msg_id") or found.get("message_id") or rules.tracking_id(envelope.identity))

    def look(self, path: str) -> Answer:
        """Return the answer to a question that changes nothing: quota, template. Raises Unreachable or NeedsPerson."""
        held = self._tokens.held()
        answer = self._get(path, held)
        if answer.error is not None and fate_of(answer.error) == Fate.REFRESH:
            answer = self._get(path, self._tokens.renewed(held))
        return answer

    def learn_limits(self, limits: Mapping[str, int]) -> None:
        """Keep how long each parameter of the template may be."""
        self._tokens.learn_limits(limits)

    def close(self) -> None:
        """Let the connections go."""
        self._business.close()
        self._open_api.close()

    def _get(self, path: str, held: Held) -> Answer:
        try:
            return self._business.ask("GET", path, {"access_token": held.access})
        except (NotAsked, NotAnswered) as error:
            raise Unreachable(reason("no_answer", str(error))) from error

    def _ask(self, envelope: Envelope, words: Words, held: Held) -> Answer:
        line, path, body = self._question(envelope, words, held)
        headers = {"access_token": held.access, "Content-Type": "application/json"}
        try:
            answer = line.ask("POST", path, headers, json.dumps(body, ensure_ascii=False).encode())
        except NotAsked as error:
            raise Unreachable(reason("no_answer", str(error))) from error
        except NotAnswered as error:
            self._give_up(str(error))
        if answer.error is None and (answer.status == 200 or answer.status == 504):
            self._give_up(f"HTTP {answer.status}")
        self._lost = 0
        if answer.remain == 0:
            self._free_at = time.monotonic() + 60
        return answer

    def _question(self, envelope: Envelope, words: Words, held: Held) -> tuple[Line, str, dict[str, Any]]:
        content = {
            "template_id": self._settings["ZALO_TEMPLATE_REMINDER"],
            "template_data": rules.fitted(words.template, held.limits),
        }
        if envelope.address.startswith(BY_ID):
            return (
                self._open_api,
                "/v3.0/oa/message/template",
                {"user_id": envelope.address.removeprefix(BY_ID), **content},
            )
        number = rules.phone(envelope.address)
        if number is None:
            raise NeverDeliverable(reason(-108))
        tracking_id = rules.tracking_id(envelope.identity)
        return self._business, "/message/template", {"phone": number, **content, "tracking_id": tracking_id}

    def _give_up(self, said: str) -> NoReturn:
        """No answer came: the message may have gone out, and the next ones would only meet the same fate."""
        self._lost += 1
        if self._lost >= PATIENCE:
            self._tokens.note(reason("no_answer", said))
        raise Uncertain(reason("lost", said))

    def _refuse(self, answer: Answer) -> NoReturn:
        code = answer.error
        if code is None:
            later = timedelta(minutes=1) if answer.status == 429 else None
            raise TryLater(reason("http", f"HTTP {answer.status}"), after=later)
        why, fate = reason(code, answer.said), fate_of(code)
        if fate == Fate.RECIPIENT:
            raise NeverDeliverable(why)
        if fate == Fate.LATER:
            if code in rules.UNTIL_TOMORROW:
                self._tokens.note(why)
            raise TryLater(why, after=rules.wait(code, clock.local(clock.now())))
        self._tokens.note(why)
        if fate == Fate.PAYLOAD:
            raise NeverDeliverable(why, address_fault=False)
        raise NeedsPerson(why)

    def _wait_for_turn(self) -> None:
        """Keep a pace that Zalo takes; where it has said that the minute is used up, the others wait too."""
        ahead = self._free_at - time.monotonic()
        if ahead > 1:
            raise TryLater(reason(rules.RATE), after=timedelta(seconds=ahead))
        if ahead > 0:
            time.sleep(ahead)
        self._free_at = time.monotonic() + 60 / PER_MINUTE
