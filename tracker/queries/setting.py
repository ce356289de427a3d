"""The numbers a province chooses for itself: what each means, what holds without a choice, and between which bounds."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Setting


@dataclass(frozen=True)
class Choice:
    """One number: its default and bounds (both included), and its words for the administrator."""

    default: int
    low: int
    high: int
    label: LazyString
    hint: LazyString


# No regulation we could read fixes these days; provinces commonly ask for three to five working days before the end.
CHOICES: dict[str, Choice] = {
    "extension_notice_days": Choice(
        3, 0, 30, _l("Xin gia hạn trước ít nhất (ngày làm việc)"),
        _l("Xin muộn hơn vẫn nhận, nhưng ghi rõ “xin sau hạn”."),
    ),
    "obstacle_days_standing_body": Choice(
        5, 1, 60, _l("Cơ quan thường trực trả lời vướng mắc trong (ngày làm việc)"),
        _l("Tính từ ngày làm việc kế tiếp ngày nhận."),
    ),
    "obstacle_days_province": Choice(
        10, 1, 90, _l("UBND tỉnh trả lời vướng mắc vượt thẩm quyền trong (ngày làm việc)"),
        _l("Tính từ ngày làm việc kế tiếp ngày chuyển lên."),
    ),
    "letter_rest_days": Choice(
        30, 1, 365, _l("Không tự soạn lại công văn đôn đốc trong (ngày)"),
        _l("Tính từ ngày công văn trước về cùng nhiệm vụ được gửi hoặc được bỏ."),
    ),
    "letter_answer_days": Choice(
        7, 1, 60, _l("Cơ quan được đôn đốc báo cáo trong (ngày làm việc)"),
        _l("Ngày ghi sẵn trong dự thảo công văn; Văn phòng sửa được trước khi ký."),
    ),
    "mail_per_minute_per_domain": Choice(
        300, 0, 10000, _l("Gửi tối đa mỗi phút đến một tên miền thư (thư)"),
        _l("Máy chủ nhận coi thư dồn dập là thư rác. Phần vượt chờ phút sau. 0: không hạn chế."),
    ),
    "evidence_megabytes": Choice(
        20, 1, 200, _l("Dung lượng tối đa một tập tin minh chứng (MB)"), _l("Máy chủ phải còn đủ chỗ trống.")
    ),
}  # fmt: skip


def setting(session: Session, name: str) -> int:
    """Return the number in force. Raises KeyError for a name that is not in CHOICES."""
    chosen = session.execute(select(Setting.value).where(Setting.name == name)).scalar_one_or_none()
    return CHOICES[name].default if chosen is None else chosen


def settings(session: Session) -> dict[str, int]:
    """Return every number in force by name."""
    chosen = dict(session.execute(select(Setting.name, Setting.value)).all())
    return {name: chosen.get(name, choice.default) for name, choice in CHOICES.items()}
