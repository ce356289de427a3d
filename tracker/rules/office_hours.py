"""When the tracker speaks to people: on working days only, and never at night. What is due outside the hours waits.

No regulation fixes the hours; they are the policy of product rule 10, in Viet Nam's time.
"""

from datetime import date, datetime, time

from tracker.rules.workdays import WorkCalendar

REMIND_FROM = time(8, 0)
SEND_FROM = time(7, 30)
SEND_UNTIL = time(20, 30)


def may_plan(moment: datetime, calendar: WorkCalendar) -> bool:
    """Return whether the day's reminders may be drawn up; `moment` reads as on a clock in Viet Nam."""
    return calendar.is_working(moment.date()) and moment.time() >= REMIND_FROM


def may_send(moment: datetime, calendar: WorkCalendar) -> bool:
    """Return whether a message may leave; `moment` reads as on a clock in Viet Nam."""
    return calendar.is_working(moment.date()) and SEND_FROM <= moment.time() <= SEND_UNTIL


def next_planning_day(moment: datetime, calendar: WorkCalendar) -> date:
    """Return the day whose reminders are drawn up next: today before the hour on a working day, else the next one."""
    today = moment.date()
    if moment.time() < REMIND_FROM:
        return calendar.on_or_after(today)
    return calendar.shift(today, 1)
