"""The pair of tokens: refreshed by one worker only, written down before it is used, unreadable in the database."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy import Engine

from tests import zalo as world
from tests.zalo import WORDS, envelope, settings
from tests.zalo_protocol import CODE, VERIFIER
from tests.zalo_stand_in import ZaloStandIn
from tracker import clock
from tracker.messages import reasons
from tracker.messages.sealing import Unreadable, seal, unseal
from tracker.messages.transport import NeedsPerson, Unreachable
from tracker.messages.zalo import connected
from tracker.messages.zalo_tokens import LAPSE, RefusedPair, Tokens, first_pair, next_pair

pytestmark = pytest.mark.unseeded
WORKER = """
import json, sys
from sqlalchemy import create_engine
from tracker.messages.zalo_tokens import Tokens
url, settings = sys.argv[1], json.loads(sys.argv[2])
tokens = Tokens(create_engine(url), settings)
print("ready", flush=True)
sys.stdin.readline()
print(tokens.held().access, flush=True)
"""


@pytest.fixture
def engine(app: Flask, zalo: ZaloStandIn) -> Engine:
    engine = world.point_at(app, zalo)
    world.link(engine, zalo)
    return engine


@pytest.fixture
def ended(engine: Engine, zalo: ZaloStandIn) -> Engine:
    """The access token has ended: whoever comes next must refresh."""
    zalo.end_access()
    world.change_token(engine, access_expires_at=clock.now() - timedelta(hours=1))
    return engine


@pytest.fixture
def workers(app: Flask, zalo: ZaloStandIn) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes of their own that ask for the access token when they read a line."""
    import json

    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    made = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, url, json.dumps(settings(zalo))], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    for worker in made:
        assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
    yield made
    for worker in made:
        if worker.poll() is None:
            os.kill(worker.pid, signal.SIGKILL)
        worker.communicate()


def start(worker: subprocess.Popen[str]) -> None:
    assert worker.stdin is not None
    worker.stdin.write("\n")
    worker.stdin.flush()


def said(worker: subprocess.Popen[str]) -> str:
    assert worker.stdout is not None
    return worker.stdout.readline().strip()


def test_database_holds_no_token(engine: Engine, zalo: ZaloStandIn) -> None:
    row = world.token(engine)
    [access] = zalo.access
    kept = " ".join(str(getattr(row, column.name)) for column in row.__table__.columns)
    assert access not in kept and zalo.refresh_token not in kept
    if engine.dialect.name == "sqlite":
        with sqlite3.connect(str(engine.url.database)) as database:
            assert access not in "\n".join(database.iterdump())
    assert Tokens(engine, settings(zalo)).held().access == access


def test_the_same_secret_never_looks_the_same_twice() -> None:
    keys = {"SECRET_KEY": "s" * 32, "ZALO_KEY": ""}
    one, other = seal(keys, "bí mật"), seal(keys, "bí mật")
    assert one != other and unseal(keys, one) == unseal(keys, other) == "bí mật"
    for changed in ({**keys, "SECRET_KEY": "t" * 32}, {**keys, "ZALO_KEY": "k" * 32}):
        with pytest.raises(Unreadable):
            unseal(changed, one)
    with pytest.raises(Unreadable):
        unseal(keys, one[:-4] + "AAAA")


def test_a_key_of_its_own_outlives_the_secret_of_sessions() -> None:
    sealed = seal({"SECRET_KEY": "s" * 32, "ZALO_KEY": "k" * 32}, "x")
    assert unseal({"SECRET_KEY": "t" * 32, "ZALO_KEY": "k" * 32}, sealed) == "x"


def test_changed_key_is_a_sentence(engine: Engine, zalo: ZaloStandIn) -> None:
    with pytest.raises(NeedsPerson) as refused:
        Tokens(engine, {**settings(zalo), "SECRET_KEY": "z" * 32}).held()
    assert "SECRET_KEY đã đổi" in reasons.sentence(str(refused.value))
    assert world.token(engine).trouble == str(refused.value)


def test_not_linked_is_a_sentence(app: Flask, zalo: ZaloStandIn) -> None:
    with pytest.raises(NeedsPerson) as refused:
        Tokens(world.point_at(app, zalo), settings(zalo)).held()
    assert "chưa được liên kết" in reasons.sentence(str(refused.value)) and zalo.asked == 0


def test_new_pair_is_written_before_it_is_used(ended: Engine, zalo: ZaloStandIn) -> None:
    old = world.token(ended).refresh_token
    held = Tokens(ended, settings(zalo)).held()
    row = world.token(ended)
    assert row.refresh_token != old and held.version == row.refresh_token and held.access in zalo.access
    assert unseal(settings(zalo), row.refresh_token) == zalo.refresh_token
    assert row.refreshing_since is None and row.trouble is None
    assert timedelta(hours=24) < row.access_expires_at - clock.now() <= timedelta(hours=25)


def test_every_refresh_uses_the_last_token_given(engine: Engine, zalo: ZaloStandIn) -> None:
    tokens = Tokens(engine, settings(zalo))
    for _ in range(4):
        tokens.renewed(tokens.held())
    assert zalo.refreshes == 4


def test_many_threads_refresh_once(ended: Engine, zalo: ZaloStandIn) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: Tokens(ended, settings(zalo)).held().access, range(8)))
    assert zalo.refreshes == 1 and set(found) == zalo.access


def test_many_senders_whose_token_is_refused_refresh_once(engine: Engine, zalo: ZaloStandIn) -> None:
    zalo.end_access()

    def send(number: int) -> str:
        with connected(settings(zalo), engine) as server:
            return server.send(envelope(identity=f"reminder_digest.{number}.20231115013000"), WORDS)

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(send, range(6)))) == 6
    assert zalo.refreshes == 1


def test_two_processes_refresh_once(ended: Engine, zalo: ZaloStandIn, workers: list[subprocess.Popen[str]]) -> None:
    zalo.hold_tokens.clear()
    for worker in workers:
        start(worker)
    assert zalo.tokens_asked.wait(20)
    zalo.hold_tokens.set()
    assert {said(worker) for worker in workers} == zalo.access and zalo.refreshes == 1


def test_killed_between_the_answer_and_the_writing(
    ended: Engine, zalo: ZaloStandIn, workers: list[subprocess.Popen[str]]
) -> None:
    """The refresh token is spent and its follower lost: the mark lapses, and the administrator is told to link again."""
    zalo.hold_tokens.clear()
    start(workers[0])
    assert zalo.tokens_asked.wait(20)
    os.kill(workers[0].pid, signal.SIGKILL)
    workers[0].wait()
    zalo.hold_tokens.set()
    assert world.token(ended).refreshing_since is not None
    tokens = Tokens(ended, settings(zalo))
    with time_machine.travel(clock.now() + LAPSE + timedelta(seconds=1)), pytest.raises(NeedsPerson) as refused:
        tokens.held()
    assert "xin liên kết lại" in reasons.sentence(str(refused.value))
    row = world.token(ended)
    assert row.trouble == str(refused.value) and row.refreshing_since is None


def test_killed_before_the_question_costs_nothing(ended: Engine, zalo: ZaloStandIn) -> None:
    world.change_token(ended, refreshing_since=clock.now() - LAPSE - timedelta(seconds=1), refreshing_by="dead:1")
    assert Tokens(ended, settings(zalo)).held().access in zalo.access


def test_while_another_refreshes_the_old_token_still_serves(engine: Engine, zalo: ZaloStandIn) -> None:
    world.change_token(
        engine,
        refreshing_since=clock.now(),
        refreshing_by="other:1",
        access_expires_at=clock.now() + timedelta(minutes=5),
    )
    assert Tokens(engine, settings(zalo)).held().access in zalo.access and zalo.refreshes == 0


@pytest.mark.parametrize("answered", [True, False])
def test_linked_anew_while_a_refresh_was_on_its_way(ended: Engine, zalo: ZaloStandIn, answered: bool) -> None:
    """What an administrator has just entered is not overwritten by a refresh of the pair before, well or badly ended."""
    zalo.refuse_tokens_with = None if answered else {"error": -14014}
    zalo.hold_tokens.clear()
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(lambda: Tokens(ended, settings(zalo)).held().version)
        assert zalo.tokens_asked.wait(20)
        mine = seal(settings(zalo), "cua-quan-tri")
        world.change_token(ended, refresh_token=mine, refreshing_since=None, refreshing_by=None)
        zalo.hold_tokens.set()
        assert late.result(20) == mine
    row = world.token(ended)
    assert (row.refresh_token, row.trouble) == (mine, None)


@pytest.mark.parametrize(
    "answer",
    [
        {
            "error_name": "Invalid refresh token.",
            "error_reason": "Expired",
            "error_description": "See",
            "error": -14014,
        },
        {"error_name": "App disabled", "error": "-14002"},
        {"error": -123, "message": "nope"},
    ],
)
def test_refused_refresh_is_trouble(ended: Engine, zalo: ZaloStandIn, answer: dict[str, object]) -> None:
    zalo.refuse_tokens_with = answer
    with pytest.raises(RefusedPair) as refused:
        Tokens(ended, settings(zalo)).held()
    assert world.token(ended).trouble == str(refused.value)
    assert str(answer["error"]) in reasons.sentence(str(refused.value))
    zalo.refuse_tokens_with = None
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert Tokens(ended, settings(zalo)).held().access in zalo.access  # what passes by itself needs nobody
    assert world.token(ended).trouble is None


@pytest.mark.parametrize("answer", [{}, {"error": -32, "message": "too fast"}])
def test_token_endpoint_in_trouble_is_asked_again(ended: Engine, zalo: ZaloStandIn, answer: dict[str, object]) -> None:
    zalo.refuse_tokens_with = answer
    with pytest.raises(Unreachable) as refused:
        Tokens(ended, settings(zalo)).held()
    assert not isinstance(refused.value, NeedsPerson)


@pytest.mark.parametrize(
    ("said", "hours"), [("90000", 25), ("3600", 1), ("", 25), ("-1", 25), ("9" * 40, 25), ("soon", 25)]
)
def test_how_long_an_access_token_lasts(zalo: ZaloStandIn, said: str, hours: int) -> None:
    zalo.expires_in = said
    left = next_pair(settings(zalo), zalo.refresh_token).access_expires_at - clock.now()
    assert timedelta(hours=hours) - timedelta(minutes=1) < left <= timedelta(hours=hours)


def test_code_works_once(zalo: ZaloStandIn) -> None:
    assert first_pair(settings(zalo), CODE, VERIFIER).access in zalo.access
    with pytest.raises(RefusedPair, match="Invalid authorization code"):
        first_pair(settings(zalo), CODE, VERIFIER)


@pytest.mark.parametrize(
    ("answer", "stays"), [({}, False), ({"error": -14014, "error_name": "Invalid refresh token."}, True)]
)
def test_token_that_still_serves_is_used_while_the_refresh_fails(
    engine: Engine, zalo: ZaloStandIn, answer: dict[str, object], stays: bool
) -> None:
    world.change_token(engine, refreshed_at=clock.now() - timedelta(hours=12))
    zalo.refuse_tokens_with = answer
    with pytest.raises(Unreachable):
        Tokens(engine, settings(zalo)).refresh_if_old()
    for _ in range(2):
        with connected(settings(zalo), engine) as server:
            server.send(envelope(), WORDS)
    assert (world.token(engine).trouble is not None) == stays  # the administrator reads of it before it hurts


def test_pair_is_refreshed_twice_a_day(engine: Engine, zalo: ZaloStandIn) -> None:
    tokens = Tokens(engine, settings(zalo))
    assert not tokens.refresh_if_old() and zalo.refreshes == 0
    world.change_token(engine, refreshed_at=clock.now() - timedelta(hours=12))
    assert tokens.refresh_if_old() and not tokens.refresh_if_old() and zalo.refreshes == 1


def test_nothing_of_it_is_in_the_callers_transaction(ended: Engine, zalo: ZaloStandIn) -> None:
    with ended.connect() as outer:
        outer.execute(sa.text("SELECT 1"))
        held = Tokens(ended, settings(zalo)).held()
        outer.rollback()
    assert world.token(ended).refresh_token == held.version
