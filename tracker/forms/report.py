"""What an agency says about its assignment: shape and meaning of the input."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from tracker.forms.base import SeenForm, trimmed

LONG = Length(max=4000, message=_l("Tối đa 4.000 ký tự; hãy rút gọn."))


class ReportForm(SeenForm):
    period = SelectField(_l("Kỳ báo cáo"))
    progress = IntegerField(
        _l("Tiến độ (%)"),
        validators=[
            InputRequired(_l("Hãy ghi tiến độ bằng số phần trăm, từ 0 đến 100.")),
            NumberRange(0, 100, _l("Tiến độ nằm trong khoảng 0 đến 100.")),
        ],
    )
    done = TextAreaField(
        _l("Đã làm được gì"),
        filters=[trimmed],
        validators=[DataRequired(_l("Hãy ghi ngắn gọn việc đã làm trong kỳ.")), LONG],
    )
    difficulty = TextAreaField(_l("Khó khăn, vướng mắc"), filters=[trimmed], validators=[Optional(), LONG])
    proposal = TextAreaField(_l("Kiến nghị"), filters=[trimmed], validators=[Optional(), LONG])
    next_step = TextAreaField(_l("Việc kỳ tới"), filters=[trimmed], validators=[Optional(), LONG])

    def offer(self, periods: Sequence[tuple[str, str]], wanted: str | None) -> None:
        """Let the person choose among (last day, words) of the periods, `wanted` first chosen; without any there is no field."""
        if not periods:
            del self.period
            return
        self.period.choices = list(periods)
        if not self.period.raw_data:  # also in a form opened before anybody asked for reports
            self.period.data = wanted

    def said(self) -> tuple[int, str, str | None]:
        """Return percent, what was done, and the difficulty or None, of a form that validated."""
        return self.progress.data or 0, self.done.data or "", self.difficulty.data or None

    def said_more(self) -> dict[str, Any]:
        """Return the proposal, the next step, and the last day of the period it speaks of (None: of no chosen one)."""
        chosen = self.period.data if "period" in self else None
        return {
            "proposal": self.proposal.data or None, "next_step": self.next_step.data or None,
            "period_end": date.fromisoformat(chosen) if chosen else None,
        }  # fmt: skip
