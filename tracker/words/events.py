"""What an event of the log says in plain words, by its verb: one entry each, in the history of a task and wherever it is told."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from tracker.words import BASIS_KIND, WORK_STATE

Facts = Mapping[str, Any]
# Each is given who (the agency, or "cơ quan") and the facts of the event.
SENTENCES: dict[str, Callable[[str, Facts], str]] = {
    "report_progress": lambda who, f: _("%(who)s báo cáo tiến độ %(n)s%%", who=who, n=f.get("progress")),
    "propose_completion": lambda who, f: _("%(who)s báo đã hoàn thành, đề nghị xác nhận", who=who),
    "confirm": lambda who, f: _("Văn phòng UBND tỉnh xác nhận kết quả của %(who)s", who=who),
    "return": lambda who, f: _("Văn phòng UBND tỉnh trả lại kết quả của %(who)s", who=who),
    "clarify_lead": lambda who, f: _("Làm rõ người: giao %(who)s chủ trì", who=who),
    "clarify_person": lambda who, f: _("Làm rõ người: nêu người phụ trách của %(who)s", who=who),
    "clarify_deadline": lambda who, f: _("Làm rõ thời gian: hạn %(day)s", day=_day(f.get("due_on"))),
    "clarify_deliverable": lambda who, f: _("Làm rõ việc: %(what)s", what=f.get("deliverable") or _("nêu sản phẩm")),
    "assign_item": lambda who, f: _("Giao hạng mục cho %(who)s", who=who),
    "report_item": lambda who, f: _(
        "%(who)s cập nhật hạng mục: %(state)s", who=who, state=WORK_STATE.get(str(f.get("state")), "")
    ),
    "release_person": lambda who, f: _(
        "%(person)s thôi phụ trách phần việc của %(who)s", person=f.get("person"), who=who
    ),
    "recount_deadline": lambda who, f: _(
        "Tính lại theo lịch làm việc: từ %(before)s sang %(after)s",
        before=_day(f.get("before")),
        after=_day(f.get("after")),
    ),
}


def sentence(verb: str, agency: str | None, facts: Facts) -> str:
    """Return what an event says; an unknown verb is told as a change. A basis stands behind in brackets."""
    told = SENTENCES.get(verb)
    said = told(agency or _("cơ quan"), facts) if told else _("Có thay đổi về nhiệm vụ này")
    basis = facts.get("basis") or (BASIS_KIND["proposal"] if facts.get("basis_kind") == "proposal" else None)
    return f"{said} ({basis})" if basis else said


def _day(iso: object) -> str:
    """Return a day as facts hold it ("2022-05-04") the way people write it ("04/05/2022")."""
    return "/".join(reversed(str(iso or "").split("-")))
