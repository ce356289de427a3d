"""Every door has a lock, and every address says what it takes."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.architecture.code import said

pytestmark = pytest.mark.unseeded

# Opening a page to everybody is a decision: it is written down here.
PUBLIC = {
    "account.sign_in", "account.language", "health.index", "static",
    "acknowledgement.show", "acknowledgement.press",  # the signed address of a reminder is the permission
    "mute.unsubscribe", "mute.give_up",  # the signed address in a mail is the permission
    "feed.read",  # the secret in the address is the permission
    "zalo.event",  # signed over every byte
}  # fmt: skip
DEMO_ONLY = {"account.demo_sign_in"}
VALUES = {"int": "1", "string": "x", "path": "x", "date": "2022-05-05", "default": "x"}


def _address(rule: Rule) -> str:
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", lambda found: VALUES.get(found[1] or "default", "1"), rule.rule)


def test_every_variable_is_typed(app: Flask) -> None:
    wrong = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if re.search(r"<\w+>", rule.rule)
    ]  # fmt: skip
    assert not wrong, said(wrong, "Type every variable of an address: <int:task_id>, <string:code>.")


def test_no_address_says_its_prefix_twice(app: Flask) -> None:
    wrong = [rule.rule for rule in app.url_map.iter_rules() if re.match(r"(/[^/<]+)\1(/|$)", rule.rule)]
    assert not wrong, said(wrong, "The blueprint has a url_prefix: leave it out of the route.")


def test_public_pages_are_the_written_ones(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if getattr(view, "public", False)} | {"static"}
    assert public - DEMO_ONLY == PUBLIC, "A view became @public or ceased to be: decide, then change PUBLIC here."


def test_every_other_page_sends_strangers_to_sign_in(app: Flask, client: FlaskClient) -> None:
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC | DEMO_ONLY:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            answer = client.open(_address(rule), method=method)
            if answer.status_code not in {302, 401} or "/static" in answer.headers.get("Location", ""):
                wrong.append(f"{method} {rule.rule} ({rule.endpoint}) answers {answer.status}")
    assert not wrong, said(wrong, "A stranger got in: every view needs a signed-in person unless it says @public.")
