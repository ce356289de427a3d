"""What the log says of administration, in words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.queries.audit import Entry
from tracker.views.admin import blueprint
from tracker.words import USER_ROLE

VERB: dict[str, LazyString] = {
    "create_account": _l("tạo tài khoản"),
    "edit_account": _l("sửa tài khoản"),
    "deactivate_account": _l("ngừng tài khoản"),
    "reactivate_account": _l("mở lại tài khoản"),
    "reset_password": _l("cấp lại mật khẩu"),
    "change_password": _l("đổi mật khẩu"),
    "sign_in": _l("đăng nhập"),
    "add_agency": _l("thêm cơ quan"),
    "edit_agency": _l("sửa cơ quan"),
    "set_calendar_day": _l("ghi vào lịch"),
    "clear_calendar_day": _l("bỏ khỏi lịch"),
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
}


@blueprint.app_template_filter("administered")
def administered(entry: Entry) -> str:
    verb = str(VERB.get(entry.verb, entry.verb))
    said = " ".join(part for part in (verb, entry.subject or _subject(entry.facts)) if part)
    changes = [_change(key, pair) for key, pair in entry.facts.get("changes", {}).items()]
    return f"{said}: {'; '.join(changes)}" if changes else said


def _subject(facts: dict[str, Any]) -> str:
    if "day" not in facts:
        return str(facts.get("email") or facts.get("code") or "")
    day = "/".join(reversed(facts["day"].split("-")))
    name = facts.get("name") or (facts.get("before") or {}).get("name")
    return f"{day}, {name}" if name else day


def _change(key: str, pair: list[Any]) -> str:
    """A role and a name are said; long texts and numbers of rows are only named."""
    label = str(COLUMN.get(key, key))
    if key == "role":
        return _("%(label)s %(before)s → %(after)s", label=label, before=USER_ROLE[pair[0]], after=USER_ROLE[pair[1]])
    if key in {"name", "short_name"}:
        return _("%(label)s %(before)s → %(after)s", label=label, before=pair[0], after=pair[1])
    return label
