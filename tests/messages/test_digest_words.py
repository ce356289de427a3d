"""What a digest says: what matters first, both versions complete, dates as a file, and never more than a phone can bear."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.jobs.world import at
from tracker.messages import render
from tracker.messages.links import read
from tracker.messages.sections import AT_LEAST, IN_ALL, IN_FULL, own_links, sections, whole_sections
from tracker.messages.transport import Words
from tracker.queries.digest import Line, Returned, Summary, Waiting
from tracker.queries.message import Addressee
from tracker.queries.reminder_item import REPORT, Item
from tracker.rules.climb import Level
from tracker.rules.report_periods import ReportPeriod
from tracker.rules.timeliness import Timeliness

DAY = date(2022, 11, 22)
MONTH = ReportPeriod("month", date(2022, 11, 1), date(2022, 11, 30))
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = pytest.mark.unseeded


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with at("2022-11-22 08:00"):
        yield


def item(number: int, late: int = 0, left: int = 0, **facts: Any) -> Item:
    """Return an item overdue by so many days, or due in so many."""
    effective_on = DAY - timedelta(late) if late else DAY + timedelta(left)
    known: dict[str, Any] = {
        "assignment_id": number, "task_id": number, "task_code": f"T:{number}", "title": f"Việc số {number}.",
        "clause_code": "6.b", "clause_text": "Vận hành <E-Cabinet> & báo cáo.", "document_id": 1, "document_code": "TB",
        "document_name": "TB 18/02/2022", "document_number": None, "document_issued_on": None, "agency_id": 1,
        "agency_name": "Sở Công Thương", "lead_basis_kind": "document", "lead_basis": None, "state": "in_progress",
        "progress": 40, "due_on": effective_on, "effective_on": effective_on, "wording": "chậm nhất trong tháng",
        "deadline_basis_kind": "document", "deadline_basis": None, "days_overdue": late, "days_left": left, "step": "",
        "responsible": None, "head": None, "slips": 0, "original_on": None, "asked": None, "told": 3 if late else 0,
        "responsible_name": "Phạm Văn Công",
    }  # fmt: skip
    return Item(**{**known, **facts})


def report(number: int, late: int = 0, **facts: Any) -> Item:
    return item(number, late, kind=REPORT, report_period=MONTH, **facts)


def person(role: str = "officer", language: str = "vi") -> Addressee:
    return Addressee(7, "Trần Thị Vân", "van@tinh.gov.vn", None, role, True, language, 1, "Sở Công Thương")


def write(app: Flask, items: list[Item], role: str = "officer", **more: Any) -> Words:
    with app.app_context():
        return render.reminder_digest(person(role), items, DAY, {}, links=own_links(9), **more)


def plain(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").body.get_text(" ").split())


COUNTS = {label: number for number, label in enumerate(Timeliness, 3)}
RETURNED = Returned(1, 77, "Việc bị trả lại", "6.c", "TB 18/02/2022", None, DAY, "Thiếu biên bản.", 77)
SUMMARY = Summary(Line(COUNTS, 2), None, (RETURNED,), 6, (Waiting("approval", 4), Waiting("direction", 1)))


@sqlite_only
@pytest.mark.parametrize(
    ("items", "unreachable", "subject", "first"),
    [
        ([item(1, 5), item(2, 9), item(3, left=3)], 0, "2 việc quá hạn, 1 việc sắp đến hạn",
         "2 việc quá hạn, 1 việc đến hạn trong 3 ngày làm việc tới"),
        ([item(1)], 0, "1 việc đến hạn hôm nay", "1 việc đến hạn hôm nay"),
        ([report(1)], 0, "1 báo cáo chưa có", "1 báo cáo chưa có"),
        ([item(1, 30, level=Level.MONITOR)], 6, "1 việc nhắc nhiều lần chưa phản hồi",
         "1 việc nhắc nhiều lần chưa phản hồi, 6 việc không có người nhận nhắc"),
        ([], 6, "6 việc không có người nhận nhắc", "6 việc không có người nhận nhắc"),
        ([item(1, 5), report(2), item(3, 40, level=Level.HEAD)], 0, "1 việc quá hạn, 1 báo cáo chưa có",
         "1 việc quá hạn, 1 báo cáo chưa có, 1 việc nhắc nhiều lần chưa phản hồi"),
    ],
)  # fmt: skip
def test_the_most_important_number_comes_first(
    app: Flask, items: list[Item], unreachable: int, subject: str, first: str
) -> None:
    mail = write(app, items, unreachable=unreachable)
    assert mail.subject == f"{subject} (nhắc việc 22/11/2022)" and len(mail.subject) <= 70
    assert mail.text.splitlines()[0] == first
    assert BeautifulSoup(mail.html, "html.parser").h1.get_text() == first


@sqlite_only
def test_both_versions_say_everything(app: Flask) -> None:
    items = [
        item(1, 26),
        item(2, left=2, slips=1, original_on=date(2022, 5, 4)),
        report(3, 2),
        item(4, 60, level=Level.HEAD),
    ]
    mail = write(app, items, "agency_head", summary=SUMMARY)
    for said in (
        "Quá hạn 26 ngày · nhắc lần thứ 3", "Việc số 1.", "Sở Công Thương chủ trì", "TB 18/02/2022, điều khoản 6.b",
        "Vận hành <E-Cabinet> & báo cáo.", "Hạn: 27/10/2022", "văn bản viết “chậm nhất trong tháng”", "Còn 2 ngày làm việc",
        "Đã gia hạn 1 lần; hạn gốc 04/05/2022.", "Chưa có báo cáo tháng 11/2022, quá hạn 2 ngày", "Việc bị trả lại",
        "Lý do: Thiếu biên bản.", "Và 5 việc khác", "4 kết quả chờ duyệt", "1 ý kiến chỉ đạo chưa tiếp nhận",
        "Đã nhắc 3 lần sau hạn 23/09/2022 mà chưa có phản hồi. Người phụ trách: Phạm Văn Công.", "Kính gửi Ông/Bà Trần Thị Vân",
        "Dữ liệu tính đến 08:00 ngày 22/11/2022", "nhắc việc".capitalize() + " thứ Ba, ngày 22/11/2022",
    ):  # fmt: skip
        assert said in " ".join(mail.text.split()), said
        assert said in plain(mail.html), said
    links = {link["href"] for link in BeautifulSoup(mail.html, "html.parser").select("a[href]")}
    assert links == {word for word in mail.text.split() if word.startswith("http")}


@sqlite_only
def test_only_who_owes_overdue_work_answers_from_the_mail(app: Flask) -> None:
    items = [item(1, 5), item(2, left=3), item(3, 40, level=Level.HEAD), report(4, 2), item(5, 60, level=Level.MONITOR)]
    mail = write(app, items)
    with app.app_context():
        named = [read(word.rpartition("/")[2]) for word in mail.text.split() if "/da-nhan/" in word]
    assert [(link.message_id, link.assignment_id) for link in named if link] == [(9, 1), (9, 3)]
    with app.app_context():
        preview = render.reminder_digest(person(), items, DAY, {})
    assert "/da-nhan/" not in preview.text + preview.html


@sqlite_only
def test_a_long_list_is_shortened_and_leads_to_all_of_it(app: Flask) -> None:
    mail = write(app, [item(number, number) for number in range(1, 71)] + [item(80), report(81)], summary=SUMMARY)
    page = BeautifulSoup(mail.html, "html.parser")
    assert len(page.select("h3")) == IN_FULL and mail.text.count("Việc số ") == IN_ALL
    assert "Và 22 việc khác" in plain(mail.html) and "/thu-nhac/9" in mail.text and "/thu-nhac/9" in mail.html
    assert "Quá hạn (70)" in plain(mail.html) and "Việc số 80." in mail.text and "Việc số 81." in mail.text
    assert page.select("h3")[0].get_text() == "Việc số 70.", "the longest overdue first"


@sqlite_only
def test_the_days_to_come_go_along_as_a_file(app: Flask) -> None:
    items = [item(1, 5), item(2, left=3), report(3, 0), item(4, left=0), item(5, 60, level=Level.LEADER)]
    [file] = write(app, items).attachments
    assert (file.name, file.media_type) == ("thoi-han.ics", "text/calendar; charset=utf-8; method=PUBLISH")
    events = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    found = sorted((event["DTSTART"].dt.isoformat(), str(event["SUMMARY"])) for event in events)
    assert found == [
        ("2022-11-22", "Hạn báo cáo: Việc số 3."), ("2022-11-22", "Hạn: Việc số 4."), ("2022-11-25", "Hạn: Việc số 2."),
    ]  # fmt: skip
    assert {event["URL"].rpartition("/")[2] for event in events} == {"2", "3", "4"}
    assert write(app, [item(1, 5)]).attachments == ()


@sqlite_only
def test_dark_screens_have_colours_of_their_own_and_nothing_is_fetched(app: Flask) -> None:
    html = write(app, [item(1, 5), item(2)], summary=SUMMARY).html
    assert '<meta name="color-scheme" content="light dark">' in html and "prefers-color-scheme:dark" in html
    page = BeautifulSoup(html, "html.parser")
    assert not page.select("img, link, script, table") and "url(" not in html
    bare = [
        str(tag)[:90] for tag in page.select("[style*='color:#']") if not tag.get("class") and tag.name != "blockquote"
    ]
    assert bare == [], "a colour without a class stays dark on dark"


items_strategy = st.lists(
    st.builds(
        lambda late, level, kind: (late, level, kind),
        st.integers(0, 9), st.sampled_from(list(Level)), st.booleans(),
    ),
    max_size=90,
)  # fmt: skip


@given(items_strategy)
def test_every_item_is_in_one_part_and_none_is_lost(drawn: list[tuple[int, Level, bool]]) -> None:
    items = [
        replace(report(number, late) if of_report else item(number, late), level=level)
        for number, (late, level, of_report) in enumerate(drawn)
    ]
    found = sections(items)
    assert sum(part.number for part in found) == len(items)
    told = [one for part in found for one in (*part.full, *part.brief)]
    assert len(told) == min(len(items), max(IN_ALL, len(told))) and len(told) <= IN_ALL
    assert sum(len(part.full) for part in found) == min(IN_FULL, len(told))
    assert all(len(part.full) + len(part.brief) >= min(AT_LEAST, part.number) for part in found)
    assert [part.code for part in found] == [
        c for c in ("late", "ahead", "reports", "above") if c in {p.code for p in found}
    ]
    whole = whole_sections(items)
    assert sorted(one.assignment_id for part in whole for one in part.full) == sorted(
        one.assignment_id for one in items
    )
