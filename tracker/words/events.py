"""What an event of the log says in plain words, by its verb: one entry each, in the history of a task and wherever it is told."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from tracker.words import BASIS_KIND, OBSTACLE_LEVEL, WORK_STATE

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
    "clarify_authority": lambda who, f: _("Làm rõ thẩm quyền: %(what)s quyết định", what=f.get("authority")),
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


def _level(facts: Facts) -> str:
    return str(OBSTACLE_LEVEL.get(str(facts.get("level")), ""))


def _late(said: str, facts: Facts) -> str:
    """Return the sentence, with the mark of an answer that came after its day."""
    return _("%(said)s (sau hạn)", said=said) if facts.get("late") else said


SENTENCES |= {
    "raise_obstacle": lambda who, f: _(
        "%(who)s nêu vướng mắc, gửi %(level)s; hạn trả lời %(day)s", who=who, level=_level(f), day=_day(f.get("due_on"))
    ),
    "answer_obstacle": lambda who, f: _late(
        _("%(level)s trả lời vướng mắc của %(who)s", level=capital(_level(f)), who=who), f
    ),
    "escalate_obstacle": lambda who, f: _late(
        _(
            "Cơ quan thường trực chuyển UBND tỉnh vướng mắc vượt thẩm quyền của %(who)s; hạn trả lời %(day)s",
            who=who, day=_day(f.get("due_on")),
        ), f
    ),
    "decide_obstacle": lambda who, f: _late(_("UBND tỉnh quyết định về vướng mắc của %(who)s", who=who), f),
    "ask_again_obstacle": lambda who, f: _(
        "%(who)s đề nghị %(level)s trả lời lại; hạn trả lời %(day)s", who=who, level=_level(f), day=_day(f.get("due_on"))
    ),
    "close_obstacle": lambda who, f: _("%(who)s khép lại vướng mắc", who=who),
    "settle_obstacle": lambda who, f: _(
        "%(level)s khép lại vướng mắc đã trả lời vì %(who)s không có ý kiến thêm", level=capital(_level(f)), who=who
    ),
    "lapse_obstacle": lambda who, f: _("Phần việc của %(who)s đã khép lại nên vướng mắc tự khép lại", who=who),
}  # fmt: skip


def capital(text: str) -> str:
    """Return the text with its first letter as at the start of a sentence."""
    return text[:1].upper() + text[1:]


SENTENCES |= {
    "ask_extension": lambda who, f: (
        _("%(who)s xin gia hạn đến %(day)s (xin sau hạn)", who=who, day=_day(f.get("proposed_on")))
        if f.get("late")
        else _("%(who)s xin gia hạn đến %(day)s", who=who, day=_day(f.get("proposed_on")))
    ),
    "withdraw_extension": lambda who, f: _("%(who)s rút yêu cầu gia hạn", who=who),
    "grant_extension": lambda who, f: _("Gia hạn cho %(who)s đến %(day)s", who=who, day=_day(f.get("granted_on"))),
    "refuse_extension": lambda who, f: _("Không đồng ý gia hạn cho %(who)s", who=who),
    "lapse_extension": lambda who, f: _("Yêu cầu gia hạn của %(who)s hết hiệu lực vì đã có kết quả", who=who),
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
