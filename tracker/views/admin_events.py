"""The whole log, and what it says of administration in words."""

from datetime import date
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.extensions import db
from tracker.queries import audit
from tracker.queries.audit import Entry, LogEntry, LogFilters
from tracker.queries.event_chain import chain_end
from tracker.queries.setting import CHOICES
from tracker.views.admin import blueprint
from tracker.views.typed import day_of, typed, typed_number
from tracker.words import USER_ROLE, events
from tracker.words.days import dmy_of

VERB: dict[str, LazyString] = {
    "create_account": _l("tạo tài khoản"),
    "edit_account": _l("sửa tài khoản"),
    "deactivate_account": _l("ngừng tài khoản"),
    "reactivate_account": _l("mở lại tài khoản"),
    "reset_password": _l("cấp lại mật khẩu"),
    "change_password": _l("đổi mật khẩu"),
    "sign_in": _l("đăng nhập"),
    "mute_kind": _l("thôi nhận một loại thư:"),
    "unmute_kind": _l("nhận lại một loại thư:"),
    "appoint_acting": _l("cử người thay cho"),
    "end_acting": _l("kết thúc việc thay cho"),
    "hand_over_all": _l("bàn giao công việc của"),
    "add_agency": _l("thêm cơ quan"),
    "edit_agency": _l("sửa cơ quan"),
    "plan_reorganisation": _l("lập phương án sắp xếp"),
    "cancel_reorganisation": _l("bỏ phương án sắp xếp"),
    "reorganise": _l("sắp xếp, chuyển việc của"),
    "inherit": _l("nhận việc kế thừa:"),
    "move_account": _l("chuyển cơ quan của tài khoản"),
    "set_calendar_day": _l("ghi vào lịch"),
    "clear_calendar_day": _l("bỏ khỏi lịch"),
    "make_calendar_feed": _l("tạo địa chỉ lịch riêng"),
    "revoke_calendar_feed": _l("thu hồi địa chỉ lịch riêng"),
    "choose_setting": _l("đổi thông số"),
    "resend": _l("cho gửi lại tin"),
    "set_reminder_policy": _l("đổi quy tắc nhắc việc"),
    "put_in_charge": _l("ghi lãnh đạo phụ trách"),
    "contact_unwell": _l("ghi nhận địa chỉ không nhận tin của"),
    "contact_works": _l("ghi nhận địa chỉ nhận tin lại của"),
    "retry_contact": _l("cho thử lại địa chỉ của"),
    "link_zalo": _l("liên kết với Zalo"),
    "unlink_zalo": _l("thôi liên kết với Zalo"),
    "settle_zalo_trouble": _l("xử lý xong vướng mắc với Zalo"),
    "test_zalo": _l("gửi thử qua Zalo"),
    "consent_zalo": _l("đồng ý nhận qua Zalo:"),
    "withdraw_zalo": _l("thôi nhận qua Zalo:"),
    "identify_zalo": _l("ghi mã Zalo của"),
    "message_arrived": _l("ghi nhận tin đã đến"),
}
COLUMN: dict[str, LazyString] = {
    "name": _l("họ và tên"),
    "position": _l("chức vụ"),
    "role": _l("vai trò"),
    "agency_id": _l("cơ quan"),
    "is_contact": _l("đầu mối"),
    "short_name": _l("tên ngắn"),
    "aliases": _l("tên gọi khác"),
    "official_code": _l("mã chính thức"),
    "note": _l("ghi chú"),
    "valid_from": _l("hoạt động từ ngày"),
    "valid_to": _l("thôi hoạt động từ ngày"),
    "leader": _l("lãnh đạo phụ trách"),
}


NOUN: dict[str, LazyString] = {
    "task": _l("nhiệm vụ"),
    "assignment": _l("phần việc"),
    "task_item": _l("hạng mục"),
    "direction": _l("ý kiến chỉ đạo"),
    "user": _l("tài khoản"),
    "agency": _l("cơ quan"),
    "calendar_day": _l("lịch làm việc"),
    "calendar_feed": _l("địa chỉ lịch"),
    "setting": _l("thông số"),
    "reminder_policy": _l("quy tắc nhắc việc"),
    "extension": _l("gia hạn"),
    "obstacle": _l("vướng mắc"),
    "message": _l("tin gửi"),
    "letter": _l("công văn đôn đốc"),
    "zalo": _l("kênh Zalo"),
}


@blueprint.get("/nhat-ky", endpoint="events")
def log() -> str:
    filters = LogFilters(typed_number("person"), _day())
    rows = audit.log_page(db.session(), filters, typed_number("before"))
    more = rows[audit.LOG_PAGE - 1].id if len(rows) > audit.LOG_PAGE else None
    return render_template(
        "admin/events.html", rows=rows[: audit.LOG_PAGE], more=more, filters=filters, people=audit.actors(db.session()),
        end=chain_end(db.session()), first_page="before" not in request.args, nouns=NOUN,
    )  # fmt: skip


def _day() -> date | None:
    text = typed("day")
    day = day_of(text)
    if text and day is None:
        flash(_("“%(text)s” không phải là ngày; đang hiển thị mọi ngày.", text=text[:40]), "error")
    return day


@blueprint.app_template_filter("told")
def told(entry: LogEntry) -> str:
    """What happened, in the words of administration or of a task's history."""
    of_a_task = entry.verb in events.SENTENCES or entry.task_id is not None
    return events.sentence(entry.verb, entry.agency, entry.facts) if of_a_task else administered(entry)


@blueprint.app_template_filter("administered")
def administered(entry: Entry) -> str:
    verb = str(VERB.get(entry.verb) or _("thay đổi"))
    said = " ".join(part for part in (verb, entry.subject or _subject(entry.facts)) if part)
    changes = [_change(key, pair) for key, pair in entry.facts.get("changes", {}).items()]
    return f"{said}: {'; '.join(changes)}" if changes else said


def _subject(facts: dict[str, Any]) -> str:
    if facts.get("name") in CHOICES:
        label = CHOICES[facts["name"]].label
        return _(
            "“%(label)s” %(before)s → %(after)s", label=label, before=facts.get("before"), after=facts.get("after")
        )
    if "day" not in facts:
        return str(facts.get("email") or facts.get("code") or "")
    day = dmy_of(facts["day"])
    name = facts.get("name") or (facts.get("before") or {}).get("name")
    return f"{day}, {name}" if name else day


def _change(key: str, pair: list[Any]) -> str:
    """A role and a name are said; long texts and numbers of rows are only named."""
    label = str(COLUMN.get(key, key))
    if key == "role":
        return _("%(label)s %(before)s → %(after)s", label=label, before=USER_ROLE[pair[0]], after=USER_ROLE[pair[1]])
    if key == "leader":
        return _("%(before)s → %(after)s", before=pair[0] or _("chưa ghi"), after=pair[1] or _("chưa ghi"))
    if key in {"name", "short_name"}:
        return _("%(label)s %(before)s → %(after)s", label=label, before=pair[0], after=pair[1])
    return label
