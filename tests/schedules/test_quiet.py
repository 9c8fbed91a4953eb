"""When a person may be written to: the hours of sending, working days, and the person's own quiet hours."""

from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.cadence import may_send
from schedules.quiet import leaves_no_hours, may_disturb, next_allowed
from schedules.workdays import OverlayRow, WorkCalendar
from schedules.zone import VIETNAM

NOON = (time(12), time(13, 30))
NIGHT = (time(18), time(7, 30))
CALENDAR = WorkCalendar()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("when", "quiet", "free"),
    [
        ("2026-11-23 11:59:59", NOON, True),
        ("2026-11-23 12:00", NOON, False),
        ("2026-11-23 13:29:59", NOON, False),
        ("2026-11-23 13:30", NOON, True),
        ("2026-11-23 17:59", NIGHT, True),
        ("2026-11-23 18:00", NIGHT, False),
        ("2026-11-23 23:59:59", NIGHT, False),
        ("2026-11-24 00:00", NIGHT, False),
        ("2026-11-24 07:29", NIGHT, False),
        ("2026-11-24 07:30", NIGHT, True),
        ("2026-11-24 03:00", None, True),
    ],
)
def test_quiet_hours_are_half_open_and_may_pass_midnight(when, quiet, free):
    assert may_disturb(at(when), quiet) is free


def test_quiet_hours_are_in_vietnam_wherever_the_instant_was_written():
    assert not may_disturb(datetime.fromisoformat("2026-11-23T05:00:00+00:00"), NOON)


@pytest.mark.parametrize(
    ("when", "quiet", "then"),
    [
        ("2026-11-23 06:59", None, "2026-11-23 07:00"),
        ("2026-11-23 07:00", None, "2026-11-23 07:00"),
        ("2026-11-23 19:59:59", None, "2026-11-23 19:59:59"),
        ("2026-11-23 20:00", None, "2026-11-25 07:00"),  # 24/11/2026 is a holiday
        ("2026-11-23 00:00", NIGHT, "2026-11-23 07:30"),
        ("2026-11-23 12:10", NOON, "2026-11-23 13:30"),
        ("2026-11-23 18:00", NIGHT, "2026-11-25 07:30"),
        ("2026-11-20 20:01", None, "2026-11-23 07:00"),  # a Friday night: after the weekend
        ("2026-11-21 10:00", NOON, "2026-11-23 07:00"),
        ("2026-02-13 20:00", None, "2026-02-23 07:00"),  # Tết 2026: Monday after
        ("2026-02-17 09:00", NIGHT, "2026-02-23 07:30"),
        ("2027-02-05 09:00", None, "2027-02-11 07:00"),  # Tết 2027
    ],
)
def test_the_next_instant_at_which_a_person_may_be_written_to(when, quiet, then):
    assert next_allowed(at(when), CALENDAR, quiet) == at(then)


def test_a_working_saturday_counts():
    saturday = OverlayRow(datetime(2026, 11, 28).date(), True, "làm bù", "Thông báo", None)
    calendar = WorkCalendar(office=(saturday,))
    assert next_allowed(at("2026-11-28 05:00"), calendar, NOON) == at("2026-11-28 07:00")
    assert next_allowed(at("2026-11-28 05:00"), CALENDAR, NOON) == at("2026-11-30 07:00")
    assert next_allowed(at("2024-05-04 06:00"), CALENDAR, None) == at("2024-05-04 07:00")


@pytest.mark.parametrize(
    ("quiet", "nothing"),
    [
        ((time(7), time(20)), True),
        ((time(0), time(23, 59)), True),
        ((time(20), time(19, 59)), False),
        ((time(6), time(19, 59)), False),
        ((time(7, 1), time(20)), False),
        ((time(20), time(7)), False),
        ((time(19), time(20)), False),
        ((time(21), time(20)), True),
        (NOON, False),
        (NIGHT, False),
    ],
)
def test_quiet_hours_that_leave_nothing_are_told(quiet, nothing):
    assert leaves_no_hours(quiet) is nothing
    if nothing:
        with pytest.raises(ValueError, match="cover"):
            next_allowed(at("2026-11-23 10:00"), CALENDAR, quiet)


TIMES = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1)), st.one_of(st.none(), st.tuples(TIMES, TIMES)))
def test_what_comes_is_allowed_and_nothing_before_it_was(naive, quiet):
    when = naive.replace(tzinfo=VIETNAM)
    if quiet is not None and (quiet[0] == quiet[1] or leaves_no_hours(quiet)):
        return
    then = next_allowed(when, CALENDAR, quiet)
    assert then >= when and may_send(then, CALENDAR) and may_disturb(then, quiet)
    steps = [when + (then - when) * part / 40 for part in range(40)]
    assert then == when or not any(may_send(one, CALENDAR) and may_disturb(one, quiet) for one in steps)
