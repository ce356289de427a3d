"""What an event of the log says in plain words, by its verb: one entry each, in the history of a task and wherever it is told."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from tracker.words import BASIS_KIND, OBSTACLE_LEVEL, WORK_STATE
from tracker.words.days import dmy_of
from tracker.words.periods import EVERY, recurrence

Facts = Mapping[str, Any]
# Each is given who (the agency, or "cơ quan") and the facts of the event.
SENTENCES: dict[str, Callable[[str, Facts], str]] = {
    "report_progress": lambda who, f: (
        _("%(who)s báo cáo tiến độ %(n)s%%", who=who, n=f["progress"])
        if "progress" in f
        else _("%(who)s báo cáo tiến độ", who=who)
    ),
    "propose_completion": lambda who, f: _("%(who)s báo đã hoàn thành, đề nghị xác nhận", who=who),
    "confirm": lambda who, f: _("Văn phòng UBND tỉnh xác nhận kết quả của %(who)s", who=who),
    "return": lambda who, f: _("Văn phòng UBND tỉnh trả lại kết quả của %(who)s", who=who),
    "ask_approval": lambda who, f: _("%(who)s trình lãnh đạo cơ quan duyệt kết quả", who=who),
    "approve": lambda who, f: _("Lãnh đạo %(who)s duyệt kết quả, gửi Văn phòng UBND tỉnh xác nhận", who=who),
    "decline": lambda who, f: _("Lãnh đạo %(who)s không duyệt kết quả", who=who),
    "recall": lambda who, f: _("%(who)s rút lại kết quả đã gửi", who=who),
    "pause": lambda who, f: _("Văn phòng UBND tỉnh tạm dừng phần việc của %(who)s", who=who),
    "resume": lambda who, f: _("Văn phòng UBND tỉnh cho tiếp tục phần việc của %(who)s", who=who),
    "drop": lambda who, f: _("Văn phòng UBND tỉnh ghi nhận phần việc của %(who)s không còn phù hợp", who=who),
    "restore": lambda who, f: _("Văn phòng UBND tỉnh khôi phục phần việc của %(who)s", who=who),
    "reopen": lambda who, f: _("Văn phòng UBND tỉnh mở lại kết quả của %(who)s", who=who),
    "require_approval": lambda who, f: (
        _("Kết quả của %(who)s phải qua lãnh đạo cơ quan duyệt", who=who)
        if f.get("required")
        else _("Kết quả của %(who)s không cần lãnh đạo cơ quan duyệt trước", who=who)
    ),
    "clarify_lead": lambda who, f: _("Làm rõ người: giao %(who)s chủ trì", who=who),
    "clarify_person": lambda who, f: _("Làm rõ người: nêu người phụ trách của %(who)s", who=who),
    "clarify_deadline": lambda who, f: (
        _("Làm rõ thời gian: định kỳ, %(when)s", when=recurrence(str(f["recurrence"])))
        if f.get("recurrence")
        else _("Làm rõ thời gian: hạn %(day)s", day=dmy_of(f.get("due_on")))
    ),
    "open_occurrence": lambda who, f: _("Mở kỳ đến hạn %(day)s của %(who)s", day=dmy_of(f.get("due_on")), who=who),
    "skip_occurrence": lambda who, f: _(
        "Văn phòng UBND tỉnh ghi kỳ %(day)s của %(who)s không phát sinh", day=dmy_of(f.get("due_on")), who=who
    ),
    "set_reporting": lambda who, f: (
        _("Yêu cầu báo cáo %(every)s về %(document)s", every=EVERY[str(f["every"])], document=f.get("document"))
        if f.get("every")
        else _("Thôi yêu cầu báo cáo theo kỳ về %(document)s", document=f.get("document"))
    ),
    "clarify_deliverable": lambda who, f: _("Làm rõ việc: %(what)s", what=f.get("deliverable") or _("nêu sản phẩm")),
    "clarify_authority": lambda who, f: _("Làm rõ thẩm quyền: %(what)s quyết định", what=f.get("authority")),
    "assign_item": lambda who, f: _("Giao hạng mục cho %(who)s", who=who),
    "report_item": lambda who, f: _(
        "%(who)s cập nhật hạng mục: %(state)s", who=who, state=WORK_STATE.get(str(f.get("state")), "")
    ),
    "star": lambda who, f: _("Lãnh đạo UBND tỉnh theo dõi nhiệm vụ này"),
    "unstar": lambda who, f: _("Lãnh đạo UBND tỉnh thôi theo dõi nhiệm vụ này"),
    "give_direction": lambda who, f: _direction(f),
    "acknowledge_direction": lambda who, f: _("%(who)s tiếp nhận ý kiến chỉ đạo", who=who),
    "name_people": lambda who, f: _("%(who)s: %(people)s", who=who, people=_people(f.get("after") or {})),
    "hand_over": lambda who, f: (
        _("%(person)s bàn giao phần việc của %(who)s cho %(to)s", person=f.get("person"), who=who, to=f.get("to"))
        if f.get("to")
        else _("%(person)s bàn giao phần việc của %(who)s, chưa có người nhận", person=f.get("person"), who=who)
    ),
    "succeed": lambda who, f: _(
        "%(after)s kế thừa phần việc của %(before)s", after=f.get("after") or who, before=f.get("before")
    ),
    "merge_assignment": lambda who, f: _(
        "Phần việc của %(before)s nhập vào phần việc cùng nhiệm vụ của %(after)s",
        before=f.get("before"),
        after=f.get("after") or who,
    ),
    "release_person": lambda who, f: _(
        "%(person)s thôi phụ trách phần việc của %(who)s", person=f.get("person"), who=who
    ),
    "acknowledge": lambda who, f: (
        _(
            "%(who)s báo đã nhận, đang xử lý; lời nhắc không chuyển lên cấp trên đến hết ngày %(day)s",
            who=who,
            day=dmy_of(f["until_on"]),
        )
        if f.get("until_on")
        else _("%(who)s báo đã nhận, đang xử lý", who=who)
    ),
    "hold_reminders": lambda who, f: _(
        "Văn phòng UBND tỉnh tạm ngừng nhắc phần việc của %(who)s đến hết ngày %(day)s",
        who=who,
        day=dmy_of(f.get("until_on")),
    ),
    "release_reminders": lambda who, f: _("Văn phòng UBND tỉnh nhắc lại phần việc của %(who)s", who=who),
    "recount_deadline": lambda who, f: _(
        "Tính lại theo lịch làm việc: từ %(before)s sang %(after)s",
        before=dmy_of(f.get("before")),
        after=dmy_of(f.get("after")),
    ),
}


def _level(facts: Facts) -> str:
    return str(OBSTACLE_LEVEL.get(str(facts.get("level")), ""))


def _late(said: str, facts: Facts) -> str:
    """Return the sentence, with the mark of an answer that came after its day."""
    return _("%(said)s (sau hạn)", said=said) if facts.get("late") else said


SENTENCES |= {
    "raise_obstacle": lambda who, f: _(
        "%(who)s nêu vướng mắc, gửi %(level)s; hạn trả lời %(day)s", who=who, level=_level(f), day=dmy_of(f.get("due_on"))
    ),
    "answer_obstacle": lambda who, f: _late(
        _("%(level)s trả lời vướng mắc của %(who)s", level=capital(_level(f)), who=who), f
    ),
    "escalate_obstacle": lambda who, f: _late(
        _(
            "Cơ quan thường trực chuyển UBND tỉnh vướng mắc vượt thẩm quyền của %(who)s; hạn trả lời %(day)s",
            who=who, day=dmy_of(f.get("due_on")),
        ), f
    ),
    "decide_obstacle": lambda who, f: _late(_("UBND tỉnh quyết định về vướng mắc của %(who)s", who=who), f),
    "ask_again_obstacle": lambda who, f: _(
        "%(who)s đề nghị %(level)s trả lời lại; hạn trả lời %(day)s", who=who, level=_level(f), day=dmy_of(f.get("due_on"))
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
        _("%(who)s xin gia hạn đến %(day)s (xin sau hạn)", who=who, day=dmy_of(f.get("proposed_on")))
        if f.get("late")
        else _("%(who)s xin gia hạn đến %(day)s", who=who, day=dmy_of(f.get("proposed_on")))
    ),
    "withdraw_extension": lambda who, f: _("%(who)s rút yêu cầu gia hạn", who=who),
    "grant_extension": lambda who, f: _("Gia hạn cho %(who)s đến %(day)s", who=who, day=dmy_of(f.get("granted_on"))),
    "refuse_extension": lambda who, f: _("Không đồng ý gia hạn cho %(who)s", who=who),
    "lapse_extension": lambda who, f: (
        _("Yêu cầu gia hạn của %(who)s hết hiệu lực vì phần việc không còn phải làm", who=who)
        if f.get("dropped")
        else _("Yêu cầu gia hạn của %(who)s hết hiệu lực vì đã có kết quả", who=who)
    ),
}


SENTENCES |= {
    "draft_letter": lambda who, f: _("Soạn dự thảo công văn đôn đốc %(who)s, %(n)s nhiệm vụ", who=who, n=f.get("tasks")),
    "edit_letter": lambda who, f: _(
        "Sửa dự thảo công văn đôn đốc %(who)s; báo cáo chậm nhất ngày %(day)s", who=who, day=dmy_of(f.get("answer_by"))
    ),
    "send_letter": lambda who, f: _(
        "Ghi công văn số %(number)s ngày %(day)s đôn đốc %(who)s, %(n)s nhiệm vụ",
        number=f.get("number"), day=dmy_of(f.get("sent_on")), who=who, n=f.get("tasks"),
    ),
    "urge": lambda who, f: _(
        "Đã đôn đốc %(who)s bằng Công văn số %(number)s ngày %(day)s, khi quá hạn %(n)s ngày",
        who=who, number=f.get("number"), day=dmy_of(f.get("sent_on")), n=f.get("days_overdue"),
    ),
    "drop_letter": lambda who, f: _("Bỏ dự thảo công văn đôn đốc %(who)s", who=who),
}  # fmt: skip


def sentence(verb: str, agency: str | None, facts: Facts) -> str:
    """Return what an event says; an unknown verb is told as a change. A basis stands behind in brackets."""
    told = SENTENCES.get(verb)
    said = told(agency or _("cơ quan"), facts) if told else _("Có thay đổi về nhiệm vụ này")
    basis = facts.get("basis") or (BASIS_KIND["proposal"] if facts.get("basis_kind") == "proposal" else None)
    return f"{said} ({basis})" if basis else said


def _direction(facts: Facts) -> str:
    given = _("Lãnh đạo UBND tỉnh cho ý kiến chỉ đạo ngày %(day)s", day=dmy_of(facts.get("given_on")))
    number = _("văn bản %(number)s", number=facts["document"]) if facts.get("document") else ""
    wanted = _("cần xong chậm nhất ngày %(day)s", day=dmy_of(facts["answer_by"])) if facts.get("answer_by") else ""
    return ", ".join(part for part in (given, number, wanted) if part)


def _people(after: Facts) -> str:
    """Return who answers now, of the parts somebody changed."""
    said = {
        "responsible": (_("người phụ trách %(name)s"), _("thôi nêu người phụ trách")),
        "head": (_("người đứng đầu chịu trách nhiệm %(name)s"), _("thôi nêu người đứng đầu")),
    }
    return "; ".join(said[part][0] % {"name": who["name"]} if who else said[part][1] for part, who in after.items())
