"""English readers get English: the catalogue says all that the program says, and pages and mails use it."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from gettext import GNUTranslations
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.architecture.code import ROOT, said
from tests.architecture.test_words import VIETNAMESE
from tests.jobs.world import World, at
from tests.smtp_sink import SmtpSink
from tests.views.test_report_new import the_assignment
from tracker import clock
from tracker.jobs import reminders, sender
from tracker.messages import outbox
from tracker.models import Agency, ProgressReport, Role, TaskItem, Theme, User
from tracker.models import Message as Mail

ENGLISH = ROOT / "translations/en/LC_MESSAGES/messages.po"
# Said in Vietnamese in every language: names, and the documents given as examples.
NAMES = re.compile("Ba Rõ|Tiếng Việt|Giỗ Tổ Hùng Vương|Thông báo 9441/TB-BNV|Nghị quyết 15/NQ-HĐND ngày 20/02/2025")
PLACE = re.compile(r"%(?:\((\w+)\))?([sd%])")
FILLED = dict.fromkeys(
    ["n", "total", "done", "all", "day", "at", "hour", "month", "year"], "[0-9.,:/ ]+"
)  # else any text
KEYWORDS = ["_l", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2"]  # as in the Makefile
SQLITE = pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # a language does not depend on the database


@cache
def catalogue() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def messages() -> list[Message]:
    return [message for message in catalogue() if message.id]


def forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_catalogue_holds_exactly_what_the_program_says() -> None:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT, methods, options, DEFAULT_KEYWORDS | parse_keywords(KEYWORDS),
        directory_filter=lambda folder: not folder.rsplit("/", 1)[-1].startswith("."),
    )  # fmt: skip
    program = {(context, forms(text)[0]) for _path, _line, text, _comments, context in found}
    kept = {(message.context, forms(message.id)[0]) for message in messages()}
    wrong = sorted(str(sentence) for sentence in program ^ kept)
    assert not wrong, said(wrong, "Type: make translations, then translate the empty ones.")


def test_every_sentence_has_its_english() -> None:
    wrong = [str(message.id) for message in messages() if message.fuzzy or not all(forms(message.string))]
    assert not wrong, said(wrong, f"Translate these in {ENGLISH.relative_to(ROOT)}.")


def test_placeholders_are_kept() -> None:
    wrong = [
        f"{message.id} → {english}"
        for message in messages() for english in forms(message.string)
        if Counter(PLACE.findall(english)) != Counter(PLACE.findall(forms(message.id)[0]))
    ]  # fmt: skip
    assert not wrong, said(wrong, "A translation names the same values as its sentence.")


def test_plurals_have_two_forms() -> None:
    assert catalogue().num_plurals == 2
    wrong = [str(message.id) for message in messages() if message.pluralizable and len(forms(message.string)) != 2]
    assert not wrong, said(wrong, "English has one form for one and another for more.")


def test_english_is_english() -> None:
    wrong = [
        english
        for message in messages()
        for english in forms(message.string)
        if VIETNAMESE.search(NAMES.sub("", english))
    ]
    assert not wrong, said(wrong, "Translate these; only names stay Vietnamese.")


def running(compiled: GNUTranslations, message: Message) -> tuple[str, ...]:
    context, texts = message.context, forms(message.id)
    if not message.pluralizable:
        return (compiled.pgettext(context, *texts) if context else compiled.gettext(*texts),)
    return tuple(compiled.npgettext(context, *texts, n) if context else compiled.ngettext(*texts, n) for n in (1, 2))


def test_what_runs_is_what_is_written() -> None:
    with ENGLISH.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    wrong = [str(message.id) for message in messages() if running(compiled, message) != forms(message.string)]
    assert not wrong, said(wrong, "The compiled catalogue is older than the written one. Type: make setup")


def as_seen(sentence: str) -> str:
    """Return the pattern of a sentence on a page: numbers where numbers go, anything where anything goes."""
    parts = PLACE.split(" ".join(sentence.split()))
    filled = [
        "%" if kind == "%" else r"\d+" if kind == "d" else FILLED.get(name, ".+")
        for name, kind in zip(parts[1::3], parts[2::3], strict=True)
    ]
    texts = [re.escape(part) for part in parts[0::3]]
    return "".join(text + place for text, place in zip(texts, [*filled, ""], strict=True))


@cache
def vietnamese_of_ours() -> re.Pattern[str]:
    """Return what matches a whole text that the program said in Vietnamese though it has English for it.

    A mere "và" between two places says nothing: whatever a document writes would match it.
    """
    sentences = {forms(message.id)[0] for message in messages() if message.string != message.id}
    own = {text: NAMES.sub("", PLACE.sub(" ", text)) for text in sentences}
    spoken = {
        text for text, said in own.items()
        if VIETNAMESE.search(said) and (not PLACE.search(text) or len(said.split()) > 1)
    }  # fmt: skip
    return re.compile("|".join(as_seen(text) for text in sorted(spoken)))


def texts(page: BeautifulSoup) -> Iterator[str]:
    for text in page.find_all(string=True):
        yield " ".join(text.split())
    for tag in page.find_all():
        for name in ("aria-label", "placeholder", "title", "alt", "data-label"):
            yield " ".join(str(tag.get(name, "")).split())


def untranslated(page: BeautifulSoup, facts: set[str]) -> list[str]:
    """Return what a page says in Vietnamese and should not; `facts` are names out of the database."""
    wrong = [text for text in texts(page) if text and text not in facts and vietnamese_of_ours().fullmatch(text)]
    controls = [
        tag.get_text(" ", strip=True) for tag in page.select("nav.wide a, button, thead th, label, legend, footer p")
    ]
    return wrong + [text for text in controls if text not in facts and VIETNAMESE.search(NAMES.sub("", text))]


def names(db: Session) -> set[str]:
    agencies = db.execute(select(Agency.name, Agency.short_name, Agency.kind)).all()
    return {name for row in agencies for name in row} | set(db.scalars(select(Theme.name)))


@pytest.fixture
def places(db: Session, people: dict[str, Any]) -> list[tuple[str, str]]:
    """Who opens which page: every noun, the forms and what stands behind them included."""
    owed = the_assignment(db)
    report = ProgressReport(
        assignment_id=owed.id, task_id=owed.task_id, agency_id=owed.agency_id, author_id=people["officer_vp"].id,
        kind="completion", reported_at=clock.now(), reported_on=clock.today(), progress=100, done="E-Cabinet.",
        result_on=clock.today(), result_document="45/BC-VP",
    )  # fmt: skip
    db.add(report)
    db.execute(update(User).values(language="en"))  # a letter is shown in the language of whom it is for
    db.flush()
    outbox.result_proposed(db, report)
    db.commit()
    mail, item = db.scalars(select(Mail.id)).first(), db.scalars(select(TaskItem.id).order_by(TaskItem.id)).first()
    account, agency = people["officer_sct"].id, people["officer_vp"].id and owed.agency_id
    everybody = {
        "admin": ["/quan-tri", "/quan-tri/tai-khoan", "/quan-tri/tai-khoan/moi", f"/quan-tri/tai-khoan/{account}",
                  f"/quan-tri/tai-khoan/{account}/ngung", "/quan-tri/co-quan", "/quan-tri/co-quan/moi",
                  f"/quan-tri/co-quan/{agency}", "/quan-tri/lich", "/quan-tri/lich?year=2022", "/quan-tri/lich/2022-04-30"],
        "monitor": ["/", "/nhiem-vu", "/nhiem-vu?timeliness=open_overdue&q=zzz", f"/nhiem-vu/{owed.task_id}", "/van-ban",
                    "/van-ban/TB1802", "/chi-tieu", "/co-quan", f"/co-quan/{agency}", "/nhac-viec", f"/nhac-viec/tin/{mail}",
                    "/cho-xac-nhan", f"/bao-cao/{report.id}/quyet-dinh", "/mat-khau", "/khong-co-trang-nay"],
        "standing": ["/", "/he-thong", "/he-thong/1", f"/he-thong/hang-muc/{item}/giao", f"/he-thong/hang-muc/{item}/tinh-trang",
                     "/chua-ro", f"/chua-ro/{owed.task_id}?what=lead", f"/chua-ro/{owed.task_id}?what=person",
                     f"/chua-ro/{owed.task_id}?what=deadline", f"/chua-ro/{owed.task_id}?what=deliverable"],
        "officer_vp": ["/", "/?on=2022-05-05", f"/nhiem-vu/{owed.task_id}?on=2022-05-05"],
    }  # fmt: skip
    return [(who, address) for who, addresses in everybody.items() for address in addresses]


def in_english(client: FlaskClient, address: str) -> BeautifulSoup:
    with client.session_transaction() as session:
        session["language"] = "en"
    answer = client.get(address)
    assert answer.status_code in {200, 404}, f"{address}: {answer.status}"
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.html is not None and page.html["lang"] == "en", address
    return page


@SQLITE
def test_every_page_speaks_english(
    client: FlaskClient, db: Session, sign_in: Any, places: list[tuple[str, str]]
) -> None:
    facts, wrong = names(db), [f"/dang-nhap: {text}" for text in untranslated(in_english(client, "/dang-nhap"), set())]
    for who, address in places:
        page = in_english(sign_in(client, who), address)
        wrong += [f"{address}: {text}" for text in untranslated(page, facts)]
    assert not wrong, said(wrong, "Say it when the page is asked for, not when the program starts: lazy_gettext.")


@SQLITE
def test_the_refusals_of_a_form_speak_english(client: FlaskClient, db: Session, sign_in: Any) -> None:
    sign_in(client, "admin")
    in_english(client, "/quan-tri/co-quan/moi")
    page = BeautifulSoup(client.post("/quan-tri/co-quan/moi", data={}).text, "html.parser")
    assert "Please enter the full name." in page.get_text()
    assert untranslated(page, names(db)) == []


@SQLITE
def test_the_language_is_chosen_and_left_again(client: FlaskClient) -> None:
    client.post("/ngon-ngu", data={"language": "en"})
    assert "Sign in" in client.get("/dang-nhap").text
    client.post("/ngon-ngu", data={"language": "vi"})
    assert "Sign in" not in client.get("/dang-nhap").text


TOLD = {None: outbox.result_proposed, "returned": outbox.result_returned, "confirmed": outbox.result_confirmed}


def strangers(text: str, facts: list[str]) -> list[str]:
    """Return the lines that are neither English nor facts."""
    for fact in sorted(facts, key=len, reverse=True):
        text = text.replace(fact, "")
    return [line for line in text.splitlines() if VIETNAMESE.search(NAMES.sub("", line))]


@SQLITE
@pytest.mark.unseeded
def test_mails_speak_the_recipients_language(app: Flask, db: Session, smtp: SmtpSink) -> None:
    app.config.update(SMTP_HOST=smtp.host, SMTP_PORT=smtp.port, SMTP_SECURITY="none")
    world = World(db)
    world.person("lan", world.trade, language="en")
    monitor = world.person("theo", world.office, role=Role.MONITOR, language="en")
    author = world.person("cong", world.trade, contact=False, language="en")
    fisheries = world.agency("so-thuy-san", "Sở Thủy sản")
    late, _soon = world.task(world.trade, date(2022, 4, 30)), world.task(world.trade, date(2022, 5, 9))
    world.task(fisheries, date(2022, 4, 30))
    with at("2022-05-05 08:00"):
        for decision, tell in TOLD.items():
            report = ProgressReport(
                assignment_id=late.id, task_id=late.task_id, agency_id=world.trade.id, author_id=author.id, kind="completion",
                reported_at=clock.now(), reported_on=date(2022, 5, 4), progress=100, done="Signed.",
                result_on=date(2022, 5, 4), result_document="12/CTr-SCT", decision=decision,
                decided_by_id=decision and monitor.id, decision_reason=decision and "Minutes missing.",
            )  # fmt: skip
            db.add(report)
            db.flush()
            tell(db, report)
        world.ready()
        with app.app_context():
            reminders.draw_up()
            sender.send_due()
    facts = ["Sở Công Thương", "Sở Thủy sản", "Văn phòng UBND tỉnh", "Ngày Chiến thắng", "Quốc tế Lao động", "Nghỉ bù",
             *(f"Việc thứ {n}, hoàn thành chậm nhất trong tháng" for n in (1, 2, 3)), "Việc 1", "Việc 2", "Việc 3",
             "VIỆC 1", "chậm nhất trong tháng"]  # fmt: skip
    subjects = sorted(str(mail.message["Subject"]) for mail in smtp.received)
    assert subjects == [
        "1 task overdue, 1 task due soon (reminders 05/05/2022)", "1 task with nobody to remind (reminders 05/05/2022)",
        "Awaiting confirmation: Sở Công Thương reports completion, Việc 1", "Result confirmed: Việc 1", "Result returned: Việc 1",
    ]  # fmt: skip
    wrong = [
        line for mail in smtp.received
        for text in (mail.message["Subject"], mail.body(), mail.body("html")) for line in strangers(str(text), facts)
    ]  # fmt: skip
    assert wrong == []
