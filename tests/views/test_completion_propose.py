"""/phan-viec/<id>/hoan-thanh: what an agency hands in as its result, and what happens to the files when something is wrong."""

import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import evidence
from tests.evidence import file
from tests.pages import Page, parse
from tests.views.test_report_new import current, the_assignment
from tracker.models import Assignment, Evidence, ProgressReport, Setting

OTHER_MONTH = "2022-05-05"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    app.config["EVIDENCE"] = tmp_path
    return tmp_path


@pytest.fixture
def owed(folder: Path, db: Session, client: FlaskClient, sign_in: Any) -> Assignment:
    sign_in(client, "officer_vp")
    return the_assignment(db)


def send(client: FlaskClient, db: Session, owed: Assignment, *files: Any, **typed: Any) -> TestResponse:
    sent = {
        "seen": current(db, owed).id,
        "result_on": OTHER_MONTH,
        "result_document": "",
        "done": "Đã vận hành.",
        **typed,
    }
    return client.post(f"/phan-viec/{owed.id}/hoan-thanh", data={**sent, "files": list(files)})


def pieces(db: Session) -> list[Evidence]:
    db.rollback()
    return list(db.scalars(select(Evidence).order_by(Evidence.id)))


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def offered(page: Page) -> list[str]:
    return [box["value"] for box in page.select("input[name=kept][checked]")]


def test_a_number_and_files_make_a_result(client: FlaskClient, db: Session, owed: Assignment, folder: Path) -> None:
    answer = send(
        client, db, owed, file(evidence.PDF, "C:/Tài liệu/báo cáo.pdf"), file(evidence.DOCX, "phụ lục"),
        result_document="45/BC-VP", issuer="", title="Kết quả vận hành",
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (302, f"/nhiem-vu/{owed.task_id}")
    document, first, second = pieces(db)
    assert (document.number, document.issuer, document.title) == ("45/BC-VP", "Văn phòng UBND tỉnh", "Kết quả vận hành")
    assert (first.name, first.media_type, first.size) == ("báo cáo.pdf", "application/pdf", len(evidence.PDF))
    assert (second.name, second.sha256 is not None) == ("phụ lục.docx", True)
    assert len(kept(folder)) == 2
    assert current(db, owed).state == "awaiting_confirmation"


def test_a_file_alone_is_enough(client: FlaskClient, db: Session, owed: Assignment, folder: Path) -> None:
    assert send(client, db, owed, file(evidence.PNG, "anh.png"), file(evidence.PNG, "anh-2.png")).status_code == 302
    [piece] = pieces(db)  # the same content twice is one file
    assert (piece.kind, piece.name, piece.media_type) == ("file", "anh.png", "image/png")
    report = db.scalars(select(ProgressReport)).one()
    assert (report.result_document, len(kept(folder))) == (None, 1)


BAD = [
    ([], {}, "Hãy kèm ít nhất một tập tin, hoặc ghi số, ký hiệu văn bản kết quả ở trên."),
    ([(evidence.PNG, "anh.pdf")], {}, "Tên “anh.pdf” không khớp với nội dung, là ảnh PNG"),
    ([(evidence.DOCM, "a.docx")], {}, "“a.docx” chứa macro nên không nhận"),
    ([(evidence.OLE, "a.xls")], {}, "“a.xls” là dạng Word, Excel cũ hoặc có đặt mật khẩu"),
    ([(b"<html>", "a.pdf")], {}, "“a.pdf” không phải Word (.docx), Excel (.xlsx), PDF hoặc ảnh (PNG, JPEG)."),
    ([(b"", "a.pdf")], {}, "“a.pdf” không có nội dung."),
    ([(evidence.DOCX[:60], "a.docx")], {}, "“a.docx” bị hỏng"),
    ([(evidence.PDF + b"x" * 1024 * 1024, "nang.pdf")], {}, "“nang.pdf” nặng 1 MB, quá mức 1 MB một tập tin."),
    ([(evidence.PDF, f"{n}.pdf") for n in range(6)], {}, "Tối đa 5 tập tin"),
    ([(evidence.PDF, "a.pdf")], {"secret": "y", "result_document": "1/BC"}, "hãy bỏ các tập tin, chỉ ghi số, ký hiệu."),
]


@pytest.mark.parametrize(("files", "typed", "sentence"), BAD, ids=[sentence[:20] for _, _, sentence in BAD])
def test_what_is_wrong_with_a_file_is_said_and_the_form_kept(
    client: FlaskClient, db: Session, owed: Assignment, files: Any, typed: Any, sentence: str
) -> None:
    db.add(Setting(name="evidence_megabytes", value=1))
    answer = send(client, db, owed, *(file(*one) for one in files), **typed)
    shown = parse(answer.text)
    assert answer.status_code == 422
    assert sentence in " ".join(shown.find(id="files-error").get_text().split())
    assert shown.find("textarea", {"name": "done"}).get_text().strip() == "Đã vận hành."
    assert pieces(db) == []


def test_a_secret_document_has_its_number_only(
    client: FlaskClient, db: Session, owed: Assignment, folder: Path
) -> None:
    answer = send(client, db, owed, secret="y", title="Về việc mật")
    shown = parse(answer.text)
    assert answer.status_code == 422
    assert shown.find(id="result_document-error").get_text() == "Văn bản mật cần số, ký hiệu."
    assert shown.find(id="title-error").get_text() == "Văn bản mật không ghi trích yếu; hãy bỏ nội dung này."
    refused = send(client, db, owed, file(evidence.PDF, "mat.pdf"), secret="y", result_document="7/BC-M")
    assert refused.status_code == 422 and kept(folder) == []
    assert send(client, db, owed, secret="y", result_document="7/BC-M").status_code == 302
    [piece] = pieces(db)
    assert (piece.kind, piece.number, piece.secret) == ("document", "7/BC-M", True)


def test_files_need_not_be_sent_again(client: FlaskClient, db: Session, owed: Assignment, folder: Path) -> None:
    answer = send(client, db, owed, file(evidence.PDF, "mot.pdf"), file(b"MZ..", "hai.exe"), done=" ")
    shown = parse(answer.text)
    assert answer.status_code == 422
    [token] = offered(shown)
    assert "mot.pdf" in shown.find("label", {"for": shown.select_one("input[name=kept]")["id"]}).get_text()
    assert send(client, db, owed, file(evidence.XLSX, "ba.xlsx"), kept=token).status_code == 302
    assert sorted(piece.name or "" for piece in pieces(db)) == ["ba.xlsx", "mot.pdf"]


def test_nobody_hands_in_what_another_person_sent_or_what_is_gone(
    client: FlaskClient, db: Session, owed: Assignment, folder: Path, sign_in: Any
) -> None:
    [token] = offered(parse(send(client, db, owed, file(evidence.PDF, "mot.pdf"), done=" ").text))
    for forged in (f"{token}x", "x"):
        answer = send(client, db, owed, kept=forged)
        assert answer.status_code == 422 and "không còn trên máy chủ; hãy chọn lại tập tin" in answer.text
    shutil.rmtree(folder)
    folder.mkdir()
    assert send(client, db, owed, kept=token).status_code == 422
    other = the_assignment(db, "TB1802:2.a")
    sign_in(client, "officer_stttt")
    assert send(client, db, other, kept=token).status_code == 422
    assert pieces(db) == []


def test_no_room_on_the_disk_is_a_sentence_and_the_form_stays(
    client: FlaskClient, db: Session, owed: Assignment, folder: Path
) -> None:
    folder.rmdir()
    for content in (evidence.PDF, evidence.PDF + b"x" * 600_000):  # in memory while it comes in, and on the disk
        answer = send(client, db, owed, file(content, "mot.pdf"), result_document="45/BC-VP")
        shown = parse(answer.text)
        assert answer.status_code in {409, 422}
        assert "Máy chủ chưa ghi được tập tin" in shown.find(role="alert").get_text()
        assert shown.find("input", {"name": "result_document"})["value"] == "45/BC-VP"
        assert shown.find("textarea", {"name": "done"}).get_text().strip() == "Đã vận hành."
    assert (pieces(db), current(db, owed).state) == ([], "not_started")
    folder.mkdir()
    assert send(client, db, owed, file(evidence.PDF, "mot.pdf")).status_code == 302


def test_a_body_beyond_all_measure_is_not_read(
    client: FlaskClient, db: Session, owed: Assignment, folder: Path
) -> None:
    db.add(Setting(name="evidence_megabytes", value=1))
    answer = send(client, db, owed, *(file(evidence.PDF + b"x" * 1024 * 1024, f"{n}.pdf") for n in range(11)))
    assert answer.status_code == 413
    assert "máy chủ dừng nhận giữa chừng và chưa ghi gì, kể cả phần chữ đã nhập" in answer.text
    assert (pieces(db), kept(folder)) == ([], [])


def test_files_are_for_those_pages_that_ask_for_them(
    client: FlaskClient, db: Session, owed: Assignment, folder: Path
) -> None:
    large = {"seen": "1", "done": "x", "files": (BytesIO(b"x" * 2 * 1024 * 1024), "a.pdf")}
    assert client.post(f"/phan-viec/{owed.id}/tien-do", data=large).status_code == 413
    stranger = client.application.test_client()
    answer = stranger.post(
        f"/phan-viec/{owed.id}/hoan-thanh", data={**large, "files": (BytesIO(b"x" * 2_000_000), "a.pdf")}
    )
    assert (answer.status_code, kept(folder)) == (302, [])


def test_sent_twice_is_done_once(client: FlaskClient, db: Session, owed: Assignment, folder: Path) -> None:
    once = "x" * 22
    seen = current(db, owed).id
    for _ in range(2):
        answer = send(client, db, owed, file(evidence.PDF, "mot.pdf"), once=once, seen=seen)
        assert (answer.status_code, answer.location) == (302, f"/nhiem-vu/{owed.task_id}")
    assert len(pieces(db)) == 1


def test_after_a_lost_race_the_files_are_still_there(client: FlaskClient, db: Session, owed: Assignment) -> None:
    answer = send(client, db, owed, file(evidence.PDF, "mot.pdf"), seen="0")
    shown = parse(answer.text)
    assert answer.status_code == 409 and len(offered(shown)) == 1
    again = shown.find("input", {"name": "seen"})["value"]
    assert send(client, db, owed, kept=offered(shown), seen=again).status_code == 302
    assert [piece.name for piece in pieces(db)] == ["mot.pdf"]


@pytest.mark.config(WTF_CSRF_ENABLED=True)
def test_a_form_without_its_token_is_refused(client: FlaskClient, db: Session, owed: Assignment, folder: Path) -> None:
    assert send(client, db, owed, file(evidence.PDF, "mot.pdf")).status_code == 400
    assert (pieces(db), kept(folder)) == ([], [])
