"""How long something has waited, counted only while messages may leave."""

from datetime import datetime, timedelta

from schedules.cadence import SENDING_HOURS
from schedules.workdays import ONE_DAY, WorkCalendar
from schedules.zone import at, local_day


def sending_time_ago(now: datetime, span: timedelta, calendar: WorkCalendar) -> datetime:
    """The latest instant from which on `span` of the hours of sending has passed by `now`.

    Nights and days off do not count: an hour before Monday 07:30 is Friday 19:30.
    """
    day, left = local_day(now), span
    while True:
        if calendar.is_working_day(day):
            begins, ends = at(day, SENDING_HOURS[0]), min(at(day, SENDING_HOURS[1]), now)
            if ends - begins >= left:
                return ends - left
            left -= max(ends - begins, timedelta())
        day -= ONE_DAY
