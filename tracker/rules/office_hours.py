"""When the tracker speaks to people: on working days only, and never at night. What is due outside the hours waits.

No regulation fixes the hours; they are the province's policy (rules.reminder_policy), in Viet Nam's time.
"""

from datetime import date, datetime

from tracker.rules.reminder_policy import DEFAULT, Hours
from tracker.rules.workdays import WorkCalendar


def may_plan(moment: datetime, calendar: WorkCalendar, hours: Hours = DEFAULT.hours) -> bool:
    """Return whether the day's reminders may be drawn up; `moment` reads as on a clock in Viet Nam."""
    return calendar.is_working(moment.date()) and moment.time() >= hours.digest_at


def may_send(moment: datetime, calendar: WorkCalendar, hours: Hours = DEFAULT.hours) -> bool:
    """Return whether a message may leave; `moment` reads as on a clock in Viet Nam. The last minute is still within."""
    return calendar.is_working(moment.date()) and hours.send_from <= moment.time() <= hours.send_until


def next_planning_day(moment: datetime, calendar: WorkCalendar, hours: Hours = DEFAULT.hours) -> date:
    """Return the day whose reminders are drawn up next: today before the hour on a working day, else the next one."""
    today = moment.date()
    if moment.time() < hours.digest_at:
        return calendar.on_or_after(today)
    return calendar.shift(today, 1)
