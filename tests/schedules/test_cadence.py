"""Reminders before, escalations after, and never on a day off."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.cadence import DEFAULT_CADENCE, Cadence, Escalation, Occurrence, Reminder, may_send, within_sending_hours
from schedules.periods import Period
from schedules.workdays import work_calendar
from schedules.zone import MORNING, at, local, local_day, midnight

VN = work_calendar()


def period(due: date, opens: date | None = None) -> Period:
    return Period("2023", midnight(opens or date(due.year, 1, 1)), midnight(due))


def steps(due: date, days: int = 60, opens: date | None = None, weekly: bool = True) -> dict[str, Occurrence]:
    through = midnight(due + timedelta(days=days))
    found = DEFAULT_CADENCE.occurrences(period(due, opens), through=through, calendar=VN, weekly=weekly)
    assert len({each.step for each in found}) == len(found)
    return {each.step: each for each in found}


@pytest.mark.parametrize(
    ("due", "step", "expected", "why"),
    [
        (date(2023, 12, 1), "remind:-30d", "2023-11-01", "T-30"),
        (date(2023, 12, 1), "remind:-7d", "2023-11-24", "T-7"),
        (date(2023, 12, 1), "remind:-3wd", "2023-11-28", "28, 29, 30"),
        (date(2023, 12, 1), "remind:-1wd", "2023-11-30", "the last working day before"),
        (date(2023, 12, 1), "escalate:+1wd", "2023-12-01", "Friday begins as the term ends"),
        (date(2023, 12, 1), "escalate:+3wd", "2023-12-05", "1, 4, 5"),
        (date(2023, 12, 1), "escalate:+5wd", "2023-12-07", "6, 7"),
        (date(2023, 12, 1), "escalate:+10wd", "2023-12-14", "a week later"),
        (date(2023, 12, 1), "escalate:weekly:2023-12-18", "2023-12-18", "the first Monday after"),
        (date(2023, 12, 1), "escalate:weekly:2023-12-25", "2023-12-25", "Christmas is a working day"),
        (date(2023, 12, 1), "escalate:weekly:2024-01-01", "2024-01-02", "BLLĐ 112: New Year, name keeps"),
        (date(2024, 12, 1), "remind:-30d", "2024-11-01", "T-30"),
        (date(2024, 12, 1), "remind:-7d", "2024-11-22", "24/11/2024 is a Sunday"),
        (date(2024, 12, 1), "remind:-3wd", "2024-11-27", "27, 28, 29"),
        (date(2024, 12, 1), "remind:-1wd", "2024-11-29", "research B: remind on the last working day"),
        (date(2024, 12, 1), "escalate:+1wd", "2024-12-02", "01/12/2024 is a Sunday"),
        (date(2026, 12, 1), "remind:-30d", "2026-10-30", "01/11/2026 is a Sunday"),
        (date(2026, 12, 1), "remind:-7d", "2026-11-23", "NQ 80-NQ/TW: 24/11 is a holiday"),
        (date(2026, 12, 1), "remind:-3wd", "2026-11-26", "26, 27, 30"),
        (date(2026, 12, 1), "remind:-1wd", "2026-11-30", "a Monday"),
    ],
)
def test_vectors(due: date, step: str, expected: str, why: str):
    assert steps(due)[step].at == at(date.fromisoformat(expected), time(7, 30)), why


@pytest.mark.parametrize(
    ("step", "to"),
    [
        ("remind:-30d", ("unit", "coordinating")),
        ("remind:-1wd", ("unit", "coordinating")),
        ("escalate:+1wd", ("unit", "superior")),
        ("escalate:+3wd", ("superior",)),
        ("escalate:+5wd", ("standing_office",)),
        ("escalate:+10wd", ("chair",)),
        ("escalate:weekly:2023-12-18", ("unit", "superior", "standing_office")),
    ],
)
def test_each_step_tells_its_own_people(step: str, to: tuple[str, ...]):
    assert steps(date(2023, 12, 1))[step].to == to


def test_nothing_is_between_the_steps_that_the_vectors_name():
    assert list(steps(date(2023, 12, 1), days=33)) == [
        "remind:-30d", "remind:-7d", "remind:-3wd", "remind:-1wd",
        "escalate:+1wd", "escalate:+3wd", "escalate:+5wd", "escalate:+10wd",
        "escalate:weekly:2023-12-18", "escalate:weekly:2023-12-25", "escalate:weekly:2024-01-01",
    ]  # fmt: skip


def test_a_moved_step_says_why():
    assert steps(date(2024, 12, 1))["remind:-7d"].why == (
        "nhắc trước 7 ngày; 24/11/2024 rơi vào Chủ Nhật nên chuyển sang ngày làm việc liền trước 22/11/2024"
    )
    assert "rơi vào nghỉ lễ Tết Dương lịch" in steps(date(2023, 12, 1))["escalate:weekly:2024-01-01"].why
    assert steps(date(2023, 12, 1))["remind:-7d"].why == "nhắc trước 7 ngày"


def test_steps_before_the_window_opens_do_not_exist():
    found = steps(date(2023, 12, 1), opens=date(2023, 11, 24))
    assert list(found)[:2] == ["remind:-7d", "remind:-3wd"]
    assert next(iter(steps(date(2023, 12, 1), opens=date(2023, 11, 25)))) == "remind:-3wd"


def test_without_a_due_there_is_nothing_to_say():
    continuous = Period("-", midnight(date(2023, 1, 1)), None)
    assert DEFAULT_CADENCE.occurrences(continuous, through=midnight(date(2030, 1, 1)), calendar=VN) == []


def test_weekly_urging_can_be_left_out():
    assert list(steps(date(2023, 12, 1), weekly=False))[-1] == "escalate:+10wd"


def test_weekly_urging_starts_on_the_monday_after_a_tenth_day_that_is_a_monday():
    found = steps(date(2023, 12, 5))
    assert found["escalate:+10wd"].at == at(date(2023, 12, 18), MORNING)
    assert next(step for step in found if "weekly" in step) == "escalate:weekly:2023-12-25"


def test_through_is_inclusive_to_the_instant():
    due, instant = date(2023, 12, 1), at(date(2023, 12, 1), MORNING)
    found = DEFAULT_CADENCE.occurrences(period(due), through=instant, calendar=VN)
    earlier = DEFAULT_CADENCE.occurrences(period(due), through=instant - timedelta.resolution, calendar=VN)
    assert [each.step for each in found if each not in earlier] == ["escalate:+1wd"]


def test_an_extension_to_five_in_the_afternoon_is_late_from_the_next_working_day():
    extended = Period("2023", midnight(date(2023, 1, 1)), at(date(2023, 12, 8), time(17)))
    found = DEFAULT_CADENCE.occurrences(extended, through=midnight(date(2023, 12, 13)), calendar=VN)
    assert [(each.step, local_day(each.at).day) for each in found[-2:]] == [
        ("remind:-1wd", 7),
        ("escalate:+1wd", 11),
    ]


def test_a_plan_can_declare_its_own():
    own = Cadence((Reminder(10, "wd", ("unit",)),), (Escalation(2, ("chair",)),), clock=time(9))
    found = own.occurrences(period(date(2023, 12, 1)), through=midnight(date(2024, 12, 1)), calendar=VN)
    assert [(each.step, each.kind, each.at, each.to) for each in found] == [
        ("remind:-10wd", "remind", at(date(2023, 11, 17), time(9)), ("unit",)),
        ("escalate:+2wd", "escalate", at(date(2023, 12, 4), time(9)), ("chair",)),
    ]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Cadence((Reminder(3, "d"), Reminder(3, "d", ("unit",))), ()), "same name"),
        (lambda: Cadence((Reminder(0, "d"),), ()), "at least 1"),
        (lambda: Cadence((), (Escalation(1, ()),)), "recipient"),
        (lambda: Cadence((), (), weekly_to=("unit",)), "there is none"),
    ],
)
def test_a_cadence_that_makes_no_sense_is_refused(build, message: str):
    with pytest.raises(ValueError, match=message):
        build()


@pytest.mark.parametrize(
    ("clock", "allowed"),
    [
        ("00:00", False),
        ("06:59:59", False),
        ("07:00", True),
        ("07:30", True),
        ("19:59:59", True),
        ("20:00", False),
    ],
)
def test_sending_hours_are_vietnamese_hours(clock: str, allowed: bool):
    instant = at(date(2023, 12, 1), time.fromisoformat(clock))
    assert within_sending_hours(instant) is allowed
    assert within_sending_hours(instant.astimezone(UTC)) is allowed


def test_sending_hours_refuse_naive_instants():
    with pytest.raises(ValueError, match="naive"):
        within_sending_hours(datetime(2023, 12, 1, 8))


DUES = st.dates(date(2021, 1, 1), date(2035, 12, 31))
LENGTHS = st.integers(1, 400)
AHEAD = st.integers(-40, 200)


def occurrences(due: date, length: int, ahead: int) -> list[Occurrence]:
    window = period(due, opens=due - timedelta(days=length))
    return DEFAULT_CADENCE.occurrences(window, through=midnight(due + timedelta(days=ahead)), calendar=VN)


@given(DUES, LENGTHS, AHEAD)
def test_occurrences_are_in_order_in_the_morning_and_never_on_a_day_off(due: date, length: int, ahead: int):
    found = occurrences(due, length, ahead)
    assert [each.at for each in found] == sorted(each.at for each in found)
    assert len({each.step for each in found}) == len(found)
    for each in found:
        assert VN.is_working_day(local_day(each.at))
        assert local(each.at).time() == MORNING
        assert (each.at < midnight(due)) == (each.kind == "remind")
        assert midnight(due - timedelta(days=length)) <= each.at <= midnight(due + timedelta(days=ahead))


@given(DUES, LENGTHS, AHEAD, st.integers(0, 60))
def test_a_later_through_only_adds(due: date, length: int, ahead: int, more: int):
    earlier = occurrences(due, length, ahead)
    assert occurrences(due, length, ahead + more)[: len(earlier)] == earlier


@given(DUES)
def test_after_the_ladder_no_week_is_left_out(due: date):
    names = [each.step for each in occurrences(due, 1, 120) if "weekly" in each.step]
    mondays = [date.fromisoformat(name.removeprefix("escalate:weekly:")) for name in names]
    assert mondays[0].weekday() == 0
    assert mondays == [mondays[0] + timedelta(weeks=n) for n in range(len(mondays))]
    # Tết can put a Monday off by a week.
    assert mondays[-1] + timedelta(weeks=3) > due + timedelta(days=120)


@pytest.mark.parametrize(
    ("instant", "allowed"),
    [
        (at(date(2023, 12, 1), time(7, 30)), True),
        (at(date(2023, 12, 2), time(7, 30)), False),  # a Saturday
        (at(date(2024, 5, 4), time(7, 30)), True),  # a Saturday worked for 29/4/2024
        (at(date(2026, 11, 24), time(7, 30)), False),  # a holiday
        (at(date(2023, 12, 1), time(6, 59)), False),
    ],
)
def test_the_engine_sends_on_working_days_only(instant: datetime, allowed: bool):
    assert may_send(instant, work_calendar("40")) is allowed
