"""Instants are aware, days are Vietnamese days."""

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest

from schedules.zone import MORNING, at, first_day_from, local_day, midnight, parse_instant


def test_a_day_begins_seven_hours_before_utc():
    assert midnight(date(2023, 12, 1)) == datetime(2023, 11, 30, 17, tzinfo=UTC)


def test_the_day_is_the_one_on_a_vietnamese_calendar():
    assert local_day(datetime(2023, 11, 30, 16, 59, 59, tzinfo=UTC)) == date(2023, 11, 30)
    assert local_day(datetime(2023, 11, 30, 17, tzinfo=UTC)) == date(2023, 12, 1)


def test_naive_instants_are_refused():
    with pytest.raises(ValueError, match="naive"):
        local_day(datetime(2023, 12, 1))


def test_the_first_day_from_midnight_is_that_day_and_from_any_later_instant_the_next():
    due = midnight(date(2023, 12, 1))
    assert first_day_from(due) == date(2023, 12, 1)
    assert first_day_from(due + timedelta.resolution) == date(2023, 12, 2)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2023-12-01", at(date(2023, 12, 1), MORNING)),
        (" 2023-12-01T07:30+07:00 ", at(date(2023, 12, 1), MORNING)),
        ("2023-12-01T00:30:00Z", at(date(2023, 12, 1), MORNING)),
    ],
)
def test_instants_are_read_with_an_offset_or_as_a_bare_day(text: str, meant: datetime):
    read = parse_instant(text, clock=MORNING)
    assert read == meant
    assert read.utcoffset() == timedelta(hours=7)


def test_a_bare_day_takes_the_clock_it_is_given():
    assert parse_instant("2023-12-01", clock=time(20)) == at(date(2023, 12, 1), time(20))


@pytest.mark.parametrize("text", ["", "mai", "01/12/2023", "2023-02-30", "2023-12-01T07:30", "0001-01-01T00:00+14:00"])
def test_what_is_no_instant_is_refused_in_vietnamese(text: str):
    with pytest.raises(ValueError, match="Không hiểu thời điểm"):
        parse_instant(text, clock=MORNING)


def test_importing_the_package_stays_light():
    heavy = "{'holidays', 'prefect', 'httpx', 'apprise', 'sqlalchemy', 'pydantic'}"
    code = f"import sys, schedules.phrases, schedules.cadence, schedules.words; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
