"""Working days in Vietnam: the `holidays` package, corrected by our own dated and cited overlay, then by the office."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from schedules.words import day_shown, weekday_shown
from schedules.zone import first_day_from, local_day

OVERLAY = Path(__file__).parent / "data" / "calendar_overlay.csv"
ONE_DAY = timedelta(days=1)
DAYS_CACHED = 512

Source = Literal["holidays", "overlay", "office"]


class SpecialDay(NamedTuple):
    """A day that is not simply what its weekday says: who says so, and where it is written."""

    working: bool
    reason: str
    source: Source = "holidays"
    citation: str = ""
    province: str | None = None


class OverlayRow(NamedTuple):
    """One dated and cited correction; no province means the whole country."""

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
def packaged_days(year: int) -> Mapping[date, SpecialDay]:
    """The special days of one year as the `holidays` package knows them."""
    # Imported on first use: it costs about 0.1 s, and most commands never count a working day.
    from holidays.countries.vietnam import Vietnam

    vietnam = Vietnam(years=year, expand=False, language="vi")  # type: ignore[no-untyped-call]
    days = {day: SpecialDay(False, _reason(name), citation=_law(day, name)) for day, name in vietnam.items()}
    swapped = {name.partition(_FOR)[2].rstrip(")"): day for day, name in vietnam.items() if _FOR in name}
    for day in vietnam.weekend_workdays:
        if day.year == year:  # the package gives those of some other years too
            off = swapped.get(day_shown(day))  # None where the day off lies in another year
            days[day] = SpecialDay(True, f"làm bù cho ngày {day_shown(off)}" if off else "làm bù", citation=SWAP)
    return MappingProxyType(days)


SWAP = "Hoán đổi ngày làm việc do Thủ tướng Chính phủ quyết định, theo gói phần mềm holidays"
CULTURE_DAY = "Nghị quyết 80-NQ/TW; chưa đối chiếu văn bản sửa đổi Điều 112 Bộ luật Lao động"
_FOR = "(thay cho ngày "
_CODES = ((2021, "Bộ luật Lao động 2019, Điều 112"), (2014, "Bộ luật Lao động 2012, Điều 115"))


def _reason(name: str) -> str:
    if _FOR in name:
        return f"nghỉ hoán đổi (làm bù ngày {name.partition(_FOR)[2]}"
    return f"nghỉ lễ {name}"


def _law(day: date, name: str) -> str:
    """What the day rests on. The package itself cites laws and announcements by year, not by day."""
    if _FOR in name:
        return SWAP
    if name == "Ngày Văn hóa Việt Nam":
        return CULTURE_DAY
    code = next((code for since, code in _CODES if day.year >= since), "Bộ luật Lao động áp dụng khi đó")
    return f"{code}, theo gói phần mềm holidays"


@lru_cache(maxsize=DAYS_CACHED)
def special_days(province: str | None, office: tuple[OverlayRow, ...], year: int) -> Mapping[date, SpecialDay]:
    """Package, shipped overlay, office: the later has the last word; in each, the province after the country.

    Of two rows for the same day and scope the later one counts.
    """
    days = dict(packaged_days(year))
    sources: tuple[tuple[Source, Iterable[OverlayRow]], ...] = (("overlay", overlay()), ("office", office))
    for source, rows in sources:
        for scope in dict.fromkeys((None, province)):
            for row in rows:
                if row.province == scope and row.day.year == year:
                    days[row.day] = SpecialDay(row.working, row.reason, source, row.citation, scope)
    return MappingProxyType(days)


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of one province (GSO code), or of the whole country. A value: equal ones count alike.

    Attributes:
        office: days that the office itself has put on record, on top of what is shipped. Rows of other provinces
            change nothing here.
    """

    province: str | None = None
    office: tuple[OverlayRow, ...] = ()
    # Replaying a year asks for a day millions of times: the years already merged and the hash are kept at hand.
    _years: dict[int, Mapping[date, SpecialDay]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.province, self.office)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type["WorkCalendar"], tuple[object, ...]]:
        # A copy, or another process, whose hashes differ, keeps its own years and hash.
        return WorkCalendar, (self.province, self.office)

    def special(self, year: int) -> Mapping[date, SpecialDay]:
        """Every day of the year that is not simply what its weekday says, in no order."""
        days = self._years.get(year)
        if days is None:
            days = self._years[year] = special_days(self.province, self.office, year)
        return days

    def _special(self, day: date) -> SpecialDay | None:
        if isinstance(day, datetime):  # it never equals a date, so a holiday would pass for a working day
            raise TypeError(f"{day!r} is an instant, not a day: use schedules.zone.local_day")
        days = self._years.get(day.year) or self.special(day.year)
        return days.get(day)

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
    """The shipped calendar, without any office's days."""
    return WorkCalendar(province)
