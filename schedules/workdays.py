"""Working days in Vietnam: the `holidays` package, corrected by our own dated and cited overlay."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from schedules.words import weekday_shown
from schedules.zone import first_day_from, local_day

OVERLAY = Path(__file__).parent / "data" / "calendar_overlay.csv"
ONE_DAY = timedelta(days=1)


class SpecialDay(NamedTuple):
    working: bool
    reason: str


class OverlayRow(NamedTuple):
    day: date
    working: bool
    reason: str
    citation: str
    province: str | None


@cache
def overlay() -> tuple[OverlayRow, ...]:
    """What the package lacks, each row with its citation; no province means the whole country."""
    with OVERLAY.open(encoding="utf-8", newline="") as file:
        return tuple(
            OverlayRow(
                day=date.fromisoformat(row["day"]),
                working={"1": True, "0": False}[row["working"]],
                reason=row["reason"],
                citation=row["citation"],
                province=row["province"] or None,
            )
            for row in csv.DictReader(file)
        )


@cache
def packaged_days(year: int) -> dict[date, SpecialDay]:
    """The special days of one year as the `holidays` package knows them."""
    # Imported on first use: it costs about 0.1 s, and most commands never count a working day.
    from holidays.countries.vietnam import Vietnam

    vietnam = Vietnam(years=year, expand=False, language="vi")  # type: ignore[no-untyped-call]
    days_off = {day: SpecialDay(False, _reason(name)) for day, name in vietnam.items()}
    return days_off | {day: SpecialDay(True, "làm bù") for day in vietnam.weekend_workdays}


def _reason(name: str) -> str:
    if name.startswith("Ngày nghỉ (thay cho ngày "):
        return name.replace("Ngày nghỉ (thay cho", "nghỉ hoán đổi (làm bù")
    return f"nghỉ lễ {name}"


@cache
def special_days(province: str | None, year: int) -> dict[date, SpecialDay]:
    """Package, then the country's overlay, then the province's: the nearer authority has the last word."""
    days = dict(packaged_days(year))
    for scope in dict.fromkeys((None, province)):
        rows = (row for row in overlay() if row.province == scope and row.day.year == year)
        days |= {row.day: SpecialDay(row.working, row.reason) for row in rows}
    return days


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of one province (GSO code), or of the whole country."""

    province: str | None = None

    def _special(self, day: date) -> SpecialDay | None:
        if isinstance(day, datetime):  # it never equals a date, so a holiday would pass for a working day
            raise TypeError(f"{day!r} is an instant, not a day: use schedules.zone.local_day")
        return special_days(self.province, day.year).get(day)

    def is_working_day(self, day: date) -> bool:
        special = self._special(day)
        return special.working if special else day.weekday() < 5

    def why(self, day: date) -> str:
        """In Vietnamese, why this is a working day or a day off."""
        special = self._special(day)
        if special:
            return special.reason
        return "ngày làm việc" if day.weekday() < 5 else weekday_shown(day)

    def on_or_after(self, day: date) -> date:
        return self.nth_from(day, 1)

    def on_or_before(self, day: date) -> date:
        return self.nth_before(day + ONE_DAY, 1)

    def nth_from(self, day: date, n: int) -> date:
        """The n-th working day that is not before `day` (n >= 1)."""
        return self._nth(day, n, ONE_DAY)

    def nth_before(self, day: date, n: int) -> date:
        """The n-th working day before `day`, counted backwards (n >= 1)."""
        return self._nth(day - ONE_DAY, n, -ONE_DAY)

    def begun_since(self, due: datetime, as_of: datetime) -> int:
        """How many working days have begun from `due` up to and including `as_of`."""
        return _count(self, first_day_from(due), local_day(as_of))

    def _nth(self, day: date, n: int, step: timedelta) -> date:
        if n < 1:
            raise ValueError(f"working days are counted from 1, not {n}")
        while True:
            n -= self.is_working_day(day)
            if n == 0:
                return day
            day += step


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from first to last, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@lru_cache(maxsize=4096)
def _count(calendar: WorkCalendar, first: date, last: date) -> int:
    # Cached because one sweep asks the same question for every late unit of a duty.
    return sum(calendar.is_working_day(day) for day in days_between(first, last))


@cache
def work_calendar(province: str | None = None) -> WorkCalendar:
    return WorkCalendar(province)
