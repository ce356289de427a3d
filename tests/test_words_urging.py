"""Every reason, channel and kind of line has its words."""

import pytest
from flask import Flask

from tracker.queries import reminder_timeline as timeline
from tracker.rules.inhibition import Reason
from tracker.rules.reminder_policy import CHANNELS
from tracker.words import urging

pytestmark = pytest.mark.unseeded


def test_nothing_is_shown_as_a_code(app: Flask) -> None:
    assert set(urging.SKIP_REASON) == {reason.value for reason in Reason}
    assert set(urging.CHANNEL) == set(CHANNELS)
    assert set(urging._SAID) == set(timeline.KINDS)


def test_a_step_of_a_report_is_said_so(app: Flask) -> None:
    with app.test_request_context():
        assert urging.step("report_before_2") == "gửi báo cáo, trước 2 ngày làm việc"
        assert urging.step("overdue_3") == "quá hạn, mốc thứ 3"
