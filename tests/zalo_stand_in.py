"""Zalo, as its documents describe it, on this machine: template messages, tokens that rotate, quota, errors, events.

Strict where Zalo is: bare access_token header, JSON, NFC, lengths, tracking_id by telephone and not by id; errors come with status
200. The tests tell it what to refuse; `python -m tests.zalo_demo` runs it by hand. It knows nothing of the program it stands
before: the signature and the rules are written here a second time.
"""

import hashlib
import http.client
import json
import secrets
import socket
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.zalo_bubbles import page
from tests.zalo_protocol import (
    APP_ID,
    APP_SECRET,
    CODE,
    FIRST_REFRESH,
    LENGTHS,
    OA_ID,
    OA_SECRET,
    TEMPLATE,
    VERIFIER,
    wrong_message,
)

DROP = 0  # instead of a code: take the message and hang up without an answer
GARBLE, HTTP_500, HTTP_504 = 1, 500, 504


@dataclass(frozen=True)
class Received:
    """A message that was taken."""

    to: str
    values: dict[str, str]
    tracking_id: str
    id: str
    at: float


@dataclass
class ZaloStandIn:
    """Start it, point ZALO_API_URL at `address`, tell it what to refuse."""

    received: list[Received] = field(default_factory=list)
    followers: set[str] = field(default_factory=set)
    refreshes: int = 0
    asked: int = 0
    remain: int = 4000
    expires_in: str = "90000"
    refuse_tokens_with: dict[str, Any] | None = None
    webhook: str = ""  # where deliveries are told of
    hold_tokens: Event = field(default_factory=Event)  # set: the token endpoint answers at once
    tokens_asked: Event = field(default_factory=Event)
    headers: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hold_tokens.set()
        self.refresh_token, self.code = FIRST_REFRESH, CODE
        self.access: set[str] = set()
        self._next: dict[str, list[int]] = defaultdict(list)
        self._lock = Lock()
        self._lines: list[socket.socket] = []

    def start(self, port: int = 0) -> "ZaloStandIn":
        handler = type("Door", (_Door,), {"zalo": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.address = f"http://127.0.0.1:{self.port}"
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self.hold_tokens.set()
        self._server.shutdown()
        self._server.server_close()

    def hang_up(self) -> None:
        """Close every connection that stands idle, without a word."""
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._lines.clear()

    def refuse(self, to: str, *codes: int) -> None:
        """Answer the next messages to the number or id ("*": to anybody) with these codes, one after the other."""
        self._next[to] += codes

    def end_access(self) -> None:
        """Every access token ends now, as after 25 hours."""
        self.access.clear()

    def to(self, address: str) -> list[Received]:
        return [message for message in self.received if message.to == address]

    # ---- What Zalo answers ---------------------------------------------------------------------------

    def send(self, by_phone: bool, token: str, body: Any) -> tuple[dict[str, Any], int]:
        """Return the answer and what else happens to it (a code above, or 200)."""
        if token not in self.access:
            return _error(*((-124, "Access token invalid") if by_phone else (-216, "Access token is invalid"))), 200
        wrong = wrong_message(body, by_phone) or self._refused(body, by_phone)
        if wrong is not None and wrong[0] in {DROP, GARBLE, HTTP_500, HTTP_504}:
            if wrong[0] in {DROP, GARBLE}:
                self._take(body, by_phone)
            return _error(-100, "x"), wrong[0]
        if wrong is not None:
            return _error(*wrong), 200
        message = self._take(body, by_phone)
        if self.webhook and by_phone:
            Thread(target=self.deliver, args=(self.webhook, delivery(message)), daemon=True).start()
        quota = {"dailyQuota": "500", "remainingQuota": str(500 - len(self.received))}
        data = {"msg_id": message.id, "sent_time": str(int(message.at * 1000)), "sending_mode": "1", "quota": quota}
        if not by_phone:
            data = {"message_id": message.id, "quota": {"quota_type": "purchase_quota", "remain": 4821}}
        return {"error": 0, "message": "Success", "data": data}, 200

    def _refused(self, body: dict[str, Any], by_phone: bool) -> tuple[int, str] | None:
        to = body["phone" if by_phone else "user_id"]
        for key in (to, "*"):
            if self._next[key]:
                code = self._next[key].pop(0)
                return code, f"Documented error {code}"
        return None if by_phone or to in self.followers else (-213, "User has not followed OA")

    def _take(self, body: dict[str, Any], by_phone: bool) -> Received:
        to = body["phone" if by_phone else "user_id"]
        message = Received(to, body["template_data"], body.get("tracking_id", ""), secrets.token_hex(10), time.time())
        with self._lock:
            self.received.append(message)
        return message

    def give_tokens(self, secret: str, form: dict[str, str]) -> dict[str, Any]:
        """Return the next pair; a refresh token and a code work once."""
        self.tokens_asked.set()
        with self._lock:
            if secret != APP_SECRET or form.get("app_id") != APP_ID:
                return _oauth("Invalid secret key.", -14004)
            if self.refuse_tokens_with is not None:
                return self.refuse_tokens_with
            by_code = form.get("grant_type") == "authorization_code"
            if by_code and (form.get("code") != self.code or form.get("code_verifier") != VERIFIER):
                return _oauth("Invalid authorization code.", -14019)
            if not by_code and (
                form.get("grant_type") != "refresh_token" or form.get("refresh_token") != self.refresh_token
            ):
                return _oauth("Invalid refresh token.", -14014)
            self.code = "" if by_code else self.code
            self.refreshes += not by_code
            self.refresh_token = f"lam-moi-{secrets.token_hex(16)}"
            access = f"truy-cap-{secrets.token_hex(16)}"
            self.access.add(access)
        return {"access_token": access, "refresh_token": self.refresh_token, "expires_in": self.expires_in}

    def look(self, path: str, query: dict[str, list[str]], token: str) -> dict[str, Any]:
        if token not in self.access:
            return _error(-124, "Access token invalid")
        if path == "/message/quota":
            data: dict[str, Any] = {"dailyQuota": "500", "remainingQuota": str(500 - len(self.received))}
        elif path == "/template/info/v2" and query.get("template_id") == [TEMPLATE]:
            params = [
                {
                    "name": name,
                    "require": True,
                    "type": "STRING",
                    "maxLength": most,
                    "minLength": 1,
                    "acceptNull": False,
                }
                for name, most in LENGTHS.items()
            ]
            data = {"templateId": int(TEMPLATE), "templateName": "Nhắc việc", "status": "ENABLE", "listParams": params,
                    "timeout": 7200000, "price_sdt": 800, "price_uid": 560, "templateTag": "TRANSACTION"}  # fmt: skip
        else:
            return _error(-109, "Template ID invalid")
        return {"error": 0, "message": "Success", "data": data}

    # ---- What Zalo tells -----------------------------------------------------------------------------

    def deliver(self, url: str, event: dict[str, Any], owner: str = APP_ID, **headers: str) -> int:
        """Tell the program of an event, signed as Zalo does; return the status it answers with."""
        body = json.dumps(event, ensure_ascii=False).encode()
        return post(url, body, {"X-ZEvent-Signature": f"mac={mac(body, event['timestamp'], owner)}", **headers})


def mac(body: bytes, timestamp: str, owner: str = APP_ID, secret: str = OA_SECRET) -> str:
    return hashlib.sha256(owner.encode() + body + str(timestamp).encode() + secret.encode()).hexdigest()


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    line.request("POST", parts.path, body, {"Content-Type": "application/json", **headers})
    status = line.getresponse().status
    line.close()
    return status


def delivery(message: Received) -> dict[str, Any]:
    """Return the event that says that a message by telephone arrived."""
    stamp = str(int((message.at + 2) * 1000))
    told = {"delivery_time": stamp, "msg_id": message.id, "tracking_id": message.tracking_id}
    return {"sender": {"id": OA_ID}, "recipient": {"id": message.to}, "event_name": "user_received_message",
            "message": told, "app_id": APP_ID, "timestamp": stamp}  # fmt: skip


def _error(code: int, said: str) -> dict[str, Any]:
    return {"error": code, "message": said}


def _oauth(said: str, code: int) -> dict[str, Any]:
    return {"error_name": said, "error_reason": said, "error_description": f"{said} See the documents.", "error": code}


class _Door(BaseHTTPRequestHandler):
    zalo: ZaloStandIn
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.zalo._lines.append(self.connection)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.zalo.asked += 1
        self.zalo.headers.append((self.path, dict(self.headers.items())))
        if self.path == "/v4/oa/access_token":
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            if self.headers.get("Content-Type") != "application/x-www-form-urlencoded":
                return self._answer(_oauth("Invalid content type.", -14000))
            answer = self.zalo.give_tokens(self.headers.get("secret_key", ""), form)
            self.zalo.hold_tokens.wait(30)
            return self._answer(answer)
        if self.path not in {"/message/template", "/v3.0/oa/message/template"}:
            return self._answer(_error(-106, "Method unsupported"), 404)
        token = "" if self.headers.get("Authorization") else self.headers.get("access_token", "")
        try:
            said = json.loads(body) if self.headers.get("Content-Type") == "application/json" else None
        except ValueError:
            said = None
        answer, fate = self.zalo.send(self.path == "/message/template", token, said)
        if fate == DROP:
            self.close_connection = True
            return None
        return self._raw(b"<html>Bad gateway", 200) if fate == GARBLE else self._answer(answer, fate)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/":
            return self._raw(page(self.zalo.received).encode(), 200, "text/html; charset=utf-8")
        self.zalo.headers.append((parts.path, dict(self.headers.items())))
        return self._answer(self.zalo.look(parts.path, parse_qs(parts.query), self.headers.get("access_token", "")))

    def _answer(self, body: dict[str, Any], status: int = 200) -> None:
        if status in {HTTP_500, HTTP_504}:
            return self._raw(b"upstream", status, "text/plain")
        return self._raw(json.dumps(body, ensure_ascii=False).encode(), status)

    def _raw(self, body: bytes, status: int, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-RateLimit-Limit", "4000")
        self.send_header("X-RateLimit-Remain", str(self.zalo.remain))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a test's output is its own."""
