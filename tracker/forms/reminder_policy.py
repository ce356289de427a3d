"""The policy of reminders as an administrator types it: shape and meaning of the input, and a sentence for each fault."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import TextInput

from tracker.forms.base import DayField, SeenForm, trimmed
from tracker.rules.climb import Level, Rung
from tracker.rules.ladder import LadderPolicy
from tracker.rules.reminder_policy import CHANNELS, Hours, Policy, faults
from tracker.words.reminder_policy import CHANNEL

ABOVE = (Level.HEAD, Level.MONITOR, Level.LEADER)
FULL = InputRequired(_l("Hãy ghi một số nguyên."))
EVERY = _l("Khoảng cách giữa hai lần nhắc từ 1 đến 90 ngày; ghi 0 để chỉ nhắc một lần.")

# By the code of a fault (rules.reminder_policy.FAULTS): at which field it is said, and how.
FAULT: dict[str, tuple[str, LazyString]] = {
    "before_many": ("before", _l("Nhiều nhất 6 lần nhắc trước hạn.")),
    "before_far": ("before", _l("Nhắc trước hạn nhiều nhất 60 ngày làm việc.")),
    "before_twice": ("before", _l("Có số bị lặp lại; mỗi số chỉ ghi một lần.")),
    "every": ("every", EVERY),
    "climb_order": ("head_after", _l("Cấp trên không được báo sớm hơn cấp dưới: số lần của cấp sau phải bằng hoặc lớn hơn.")),
    "climb_after": ("head_after", _l("Số lần nhắc từ 1 đến 100; để trống nếu không báo cấp này.")),
    "grace": ("grace", _l("Chờ từ 0 đến 30 ngày làm việc.")),
    "rest": ("rest", _l("Hoãn từ 1 đến 60 ngày làm việc.")),
    "rests": ("rests", _l("Từ 0 đến 20 lần.")),
    "hours_order": ("send_until", _l("Giờ thôi gửi phải sau giờ bắt đầu gửi.")),
    "hours_night": ("send_from", _l("Không gửi ban đêm: chỉ trong khoảng từ 06:00 đến 21:59.")),
    "digest_outside": ("digest_at", _l("Giờ lập bản nhắc phải nằm trong khoảng giờ gửi.")),
    "channel": ("channel_responsible", _l("Kênh gửi này không có; hãy chọn lại.")),
}  # fmt: skip


class Numbers(Field):
    """A short list of whole numbers from 1 on: "7, 3, 1"; `data` is a tuple. Nothing typed is an empty one."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(str(number) for number in self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        parts = (valuelist[0] if valuelist else "").replace(";", ",").replace(",", " ").split()
        if not all(part.isascii() and part.isdigit() and len(part) <= 6 and int(part) > 0 for part in parts):
            self.data = ()
            raise ValueError(_("Hãy ghi các số nguyên từ 1 trở lên, cách nhau bằng dấu phẩy, ví dụ 7, 3, 1."))
        self.data = tuple(sorted((int(part) for part in parts), reverse=True))


def _reminders(often: LazyString) -> IntegerField:
    return IntegerField(often, validators=[Optional()])


class DocumentPolicyForm(SeenForm):
    """The rules of one document."""

    before = Numbers(_l("Nhắc trước hạn (ngày làm việc)"), description=_l("Ví dụ 7, 3, 1. Để trống: không nhắc trước."))
    on_the_day = BooleanField(_l("Nhắc đúng ngày hạn"))
    every = IntegerField(_l("Quá hạn, nhắc lại sau mỗi (ngày)"), [FULL], description=_l("Ghi 0: chỉ nhắc một lần."))
    head_after = _reminders(_l("Lãnh đạo cơ quan, từ lần thứ"))
    monitor_after = _reminders(_l("Văn phòng UBND tỉnh, từ lần thứ"))
    leader_after = _reminders(_l("Lãnh đạo UBND tỉnh phụ trách, từ lần thứ"))
    grace = IntegerField(_l("Chờ trước mỗi cấp (ngày làm việc)"), [FULL])
    rest = IntegerField(_l("“Đã nhận, đang xử lý” hoãn báo lên (ngày làm việc)"), [FULL])
    rests = IntegerField(_l("Số lần được hoãn cho một thời hạn"), [FULL])
    letter = BooleanField(_l("Sau cấp cuối cùng, soạn dự thảo công văn đôn đốc"))
    reports_before = Numbers(_l("Nhắc trước ngày cuối gửi báo cáo (ngày làm việc)"), description=_l("Ví dụ 2."))
    reports_on_the_day = BooleanField(_l("Nhắc đúng ngày cuối gửi báo cáo"))
    reports_every = IntegerField(_l("Chưa có báo cáo, nhắc lại sau mỗi (ngày)"), [FULL])
    reports_head_after = _reminders(_l("Lãnh đạo cơ quan, từ lần thứ"))
    reports_monitor_after = _reminders(_l("Văn phòng UBND tỉnh, từ lần thứ"))
    reports_leader_after = _reminders(_l("Lãnh đạo UBND tỉnh phụ trách, từ lần thứ"))
    channel_responsible = SelectField(_l("Gửi người phụ trách bằng"))
    channel_head = SelectField(_l("Gửi lãnh đạo cơ quan bằng"))
    channel_monitor = SelectField(_l("Gửi Văn phòng UBND tỉnh bằng"))
    channel_leader = SelectField(_l("Gửi lãnh đạo UBND tỉnh bằng"))
    note = StringField(
        _l("Lý do thay đổi"),
        filters=[trimmed],
        validators=[Optional(), Length(max=500, message=_l("Tối đa %(max)d ký tự."))],
    )
    example_on = DayField(_l("Xem thử với thời hạn"), [Optional()])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for level in Level:
            channel: Any = self[f"channel_{level.value}"]
            channel.choices = [SelectChoice(code, str(CHANNEL[code])) for code in CHANNELS]

    def validate_every(self, field: Field) -> None:
        if field.data is not None and field.data < 0:
            raise ValidationError(str(EVERY))

    validate_reports_every = validate_every

    def validate(self, extra_validators: Any = None) -> bool:
        """Also ask the rules whether this can be carried out, and say at each field what cannot."""
        if not super().validate(extra_validators):
            return False
        found = faults(self.policy())
        for code in found:
            name, said = self._place(code)
            self[name].errors = [*self[name].errors, str(said)]
        return not found

    def policy(self) -> Policy:
        """Return what was typed, of a form whose fields are of the right shape."""
        return Policy(
            ladder=self._ladder(""), climb=self._rungs(""), grace=self.grace.data or 0, rest=self.rest.data or 0,
            rests=self.rests.data or 0, letter=self.letter.data, reports=self._ladder("reports_"),
            reports_climb=self._rungs("reports_"),
            channels={level: self[f"channel_{level.value}"].data for level in Level},
        )  # fmt: skip

    def _ladder(self, prefix: str) -> LadderPolicy:
        parts = (self[f"{prefix}{name}"].data for name in ("before", "on_the_day", "every"))
        return LadderPolicy(*parts)

    def _rungs(self, prefix: str) -> tuple[Rung, ...]:
        typed = ((level, self[f"{prefix}{level.value}_after"].data) for level in ABOVE)
        return tuple(Rung(level, after) for level, after in typed if after is not None)

    def _place(self, code: str) -> tuple[str, LazyString]:
        """Return the field of a fault and its sentence: of the numbers of the levels, the one that is wrong."""
        prefix = "reports_" if code.startswith("reports_") else ""
        name, said = FAULT[code.removeprefix(prefix)]
        if code.endswith(("climb_order", "climb_after")):
            return self._wrong_rung(prefix, code.endswith("order")), said
        return prefix + name, said

    def _wrong_rung(self, prefix: str, by_order: bool) -> str:
        rungs, low = self._rungs(prefix), 1
        for rung in rungs:
            if rung.after < low or (not by_order and rung.after > 100):
                return f"{prefix}{rung.level.value}_after"
            low = rung.after if by_order else 1
        return f"{prefix}head_after"


class ProvincePolicyForm(DocumentPolicyForm):
    """The rules of the province: also at what hours."""

    digest_at = TimeField(_l("Lập bản nhắc lúc"), [InputRequired(_l("Hãy ghi giờ và phút, ví dụ 08:00."))])
    send_from = TimeField(_l("Gửi từ"), [InputRequired(_l("Hãy ghi giờ và phút, ví dụ 08:00."))])
    send_until = TimeField(_l("Gửi đến"), [InputRequired(_l("Hãy ghi giờ và phút, ví dụ 08:00."))])

    def policy(self) -> Policy:
        """Return what was typed, of a form whose fields are of the right shape."""
        hours = Hours(self.digest_at.data, self.send_from.data, self.send_until.data)
        return replace(super().policy(), hours=hours)


def shown(policy: Policy, example_on: date) -> dict[str, Any]:
    """Return what a form shows of the policy, by field."""
    return {
        **_ladder_shown(policy.ladder, policy.climb, ""), **_ladder_shown(policy.reports, policy.reports_climb, "reports_"),
        **{name: getattr(policy, name) for name in ("grace", "rest", "rests", "letter")},
        **{f"channel_{level.value}": channel for level, channel in policy.channels.items()},
        **{name: getattr(policy.hours, name) for name in ("digest_at", "send_from", "send_until")},
        "example_on": example_on,
    }  # fmt: skip


def _ladder_shown(ladder: LadderPolicy, rungs: Sequence[Rung], prefix: str) -> dict[str, Any]:
    return {
        f"{prefix}before": tuple(sorted(ladder.before, reverse=True)), f"{prefix}on_the_day": ladder.on_the_day,
        f"{prefix}every": ladder.overdue_every_days,
        **{f"{prefix}{rung.level.value}_after": rung.after for rung in rungs},
    }  # fmt: skip


class GiveUpForm(SeenForm):
    """A document goes back to the rules of the province."""
