"""When the engine may write to one person: within the hours of sending, and outside that person's quiet hours."""

from datetime import datetime, time, timedelta

from schedules.cadence import SENDING_HOURS, may_send
from schedules.workdays import WorkCalendar
from schedules.zone import at, local, local_day

Quiet = tuple[time, time]
"""From the first, included, until the second, excluded, in Vietnam; over midnight where the second is earlier."""


def may_disturb(as_of: datetime, quiet: Quiet | None) -> bool:
    """Whether these quiet hours leave the person free now. Says nothing of the hours of sending."""
    return quiet is None or not _within(local(as_of).time(), quiet)


def next_allowed(as_of: datetime, calendar: WorkCalendar, quiet: Quiet | None) -> datetime:
    """The first instant from `as_of` on at which the engine may write to the person.

    Raises:
        ValueError: the quiet hours leave nothing of the hours of sending.
    """
    if quiet is not None and leaves_no_hours(quiet):
        raise ValueError(f"quiet hours {quiet} cover all hours of sending")
    day = local_day(as_of)
    starts = [SENDING_HOURS[0], *(quiet or ())[1:]]
    while True:
        candidates = sorted(at(day, clock) for clock in starts)
        for instant in [as_of, *(one for one in candidates if one > as_of)]:
            if may_send(instant, calendar) and may_disturb(instant, quiet):
                return instant
        day = calendar.on_or_after(day + timedelta(days=1))
        as_of = max(as_of, at(day, time.min))


def leaves_no_hours(quiet: Quiet) -> bool:
    """Whether nothing of the hours of sending is left."""
    first, last = SENDING_HOURS
    # Free time begins with the hours of sending or at the end of the quiet hours, or there is none.
    return all(_within(clock, quiet) for clock in (first, quiet[1]) if first <= clock < last)


def _within(clock: time, quiet: Quiet) -> bool:
    begins, ends = quiet
    return begins <= clock < ends if begins <= ends else clock >= begins or clock < ends
