"""/minh-chung/<id>: a file of evidence, to be saved and never to be run, for those who may read the report."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import evidence
from tests.evidence import file
from tests.views.test_completion_propose import send
from tests.views.test_report_new import the_assignment
from tracker.models import Evidence
from tracker.queries.evidence import path_of


@pytest.fixture
def piece(app: Flask, tmp_path: Path, client: FlaskClient, db: Session, sign_in: Any) -> Evidence:
    app.config["EVIDENCE"] = tmp_path
    sign_in(client, "officer_vp")
    answer = send(client, db, the_assignment(db), file(evidence.PDF, "Kết quả “mới”.pdf"), result_document="9/BC")
    assert answer.status_code == 302
    return db.scalars(select(Evidence).where(Evidence.kind == "file")).one()


def test_is_handed_out_to_be_saved(client: FlaskClient, piece: Evidence) -> None:
    answer = client.get(f"/minh-chung/{piece.id}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, evidence.PDF, "application/pdf")
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert (
        "filename*=UTF-8''K%E1%BA%BFt%20qu%E1%BA%A3%20%E2%80%9Cm%E1%BB%9Bi%E2%80%9D.pdf"
        in headers["Content-Disposition"]
    )
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert headers["Content-Security-Policy"].startswith("sandbox;")


def test_only_for_those_who_may_read_the_report(client: FlaskClient, piece: Evidence, sign_in: Any) -> None:
    for person, code in (
        ("officer_vp", 200), ("monitor", 200), ("standing", 200), ("leader", 200), ("officer_sct", 404), ("viewer", 404),
        ("admin", 404),
    ):  # fmt: skip
        sign_in(client, person)
        assert (person, client.get(f"/minh-chung/{piece.id}").status_code) == (person, code)
    sign_in(client, "monitor")
    assert client.get("/minh-chung/999999").status_code == 404
    assert client.post(f"/minh-chung/{piece.id}").status_code == 405


def test_a_number_is_no_file(client: FlaskClient, db: Session, piece: Evidence) -> None:
    document = db.scalars(select(Evidence).where(Evidence.kind == "document")).one()
    assert client.get(f"/minh-chung/{document.id}").status_code == 404


def test_a_file_that_is_gone_is_a_sentence(app: Flask, client: FlaskClient, piece: Evidence) -> None:
    path_of(app.config["EVIDENCE"], piece.sha256 or "").unlink()
    answer = client.get(f"/minh-chung/{piece.id}")
    assert answer.status_code == 409 and "Tập tin này không còn trên máy chủ" in answer.text


def test_stands_on_the_pages_of_the_task_and_of_the_decision(
    client: FlaskClient, piece: Evidence, sign_in: Any, page: Any
) -> None:
    link = f'a[href="/minh-chung/{piece.id}"]'
    assert page(client, f"/nhiem-vu/{piece.task_id}").select_one(link) is not None
    sign_in(client, "viewer")
    assert page(client, f"/nhiem-vu/{piece.task_id}").select_one(link) is None
    sign_in(client, "monitor")
    decision = page(client, f"/bao-cao/{piece.report_id}/quyet-dinh")
    assert decision.select_one(link).get_text() == "Kết quả “mới”.pdf"
    assert "Văn bản 9/BC ngày 05/05/2022, Văn phòng UBND tỉnh" in " ".join(decision.get_text().split())
