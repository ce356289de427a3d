"""Links of messages: what we signed for this purpose within their time, and nothing else, is read."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

from tracker.messages import links
from tracker.messages.links import LIFETIME, Link, acknowledge_address, read

pytestmark = pytest.mark.unseeded
SENT = datetime(2022, 5, 10, 1, 0, tzinfo=UTC)


def receipt(message_id: int, assignment_id: int = 0) -> str:
    return acknowledge_address(message_id, assignment_id).rpartition("/")[2]


@pytest.mark.config(BASE_URL="https://baro.tinh.gov.vn")
def test_the_address_is_a_full_one(app: Flask) -> None:
    with app.app_context():
        address = acknowledge_address(7, 3)
        assert address.startswith("https://baro.tinh.gov.vn/da-nhan/")
        assert read(address.rpartition("/")[2]) == Link(7, 3)
        assert read(receipt(7)) == Link(7, 0)


def test_it_is_good_for_thirty_days(app: Flask) -> None:
    with app.app_context():
        with time_machine.travel(SENT, tick=False):
            sent = receipt(7, 3)
        for late, expired in ((LIFETIME, False), (LIFETIME + timedelta(seconds=1), True)):
            with time_machine.travel(SENT + late, tick=False):
                assert read(sent) == Link(7, 3, expired=expired)


def test_no_letter_of_it_can_be_changed(app: Flask) -> None:
    with app.app_context():
        sent = receipt(7, 3)
        # The last letter of each part of base64 carries bits that mean nothing: the signature's bytes are the same.
        for place in range(len(sent) - 1):
            for other in ("A", "b", ".", "-"):
                if other != sent[place]:
                    forged = read(sent[:place] + other + sent[place + 1 :])
                    assert forged is None, (place, other)


def test_a_signature_for_another_purpose_is_none(app: Flask) -> None:
    with app.app_context():
        key, good = app.config["SECRET_KEY"], [7, 3]
        for other in (
            URLSafeTimedSerializer(key, salt="cookie-session").dumps(good),
            URLSafeTimedSerializer(key).dumps(good),
            URLSafeSerializer(key, salt=links.SALT).dumps(good),
            URLSafeTimedSerializer("x" * 40, salt=links.SALT).dumps(good),
        ):
            assert read(other) is None


@pytest.mark.parametrize(
    "named",
    [None, 7, "7", [7], [7, 3, 1], ["7", 3], [0, 3], [-1, 3], [7, -1], [2**31, 0], [7, 2**63], [7.5, 0], {"m": 7}, [[7], 3]],
    ids=repr,
)  # fmt: skip
def test_only_two_numbers_that_can_be_rows_are_read(app: Flask, named: object) -> None:
    with app.app_context():
        assert read(links._signer().dumps(named)) is None


@pytest.mark.parametrize(
    "junk", ["", ".", "..", "\0", "a.b.c", "x" * 100_000, "ế", "\ud800", "%", "W10.AAAA." + "A" * 43], ids=ascii
)
def test_junk_is_none(app: Flask, junk: str) -> None:
    with app.app_context():
        assert read(junk[:200]) is None and read(junk) is None
