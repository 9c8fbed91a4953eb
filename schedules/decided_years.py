"""Which years' days off rest on an official decision, and which only on a rule that the decision may change.

The Labour Code names the holidays, but Tết and the second day of Quốc khánh are fixed by the Prime Minister for one
year at a time (Bộ luật Lao động 2019, Điều 112 khoản 3), usually in the last weeks of the year before. The `holidays`
package works out every later year by rule and does not mark it. So a year counts as decided when our own cited list
names it, when the package carries days entered for that year (its swapped days are announced with or after Tết), or
when the office has put announced days of both Tết and Quốc khánh on record.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from schedules.words import day_shown
from schedules.workdays import OverlayRow, SpecialDay, WorkCalendar, work_calendar

DECISIONS = Path(__file__).parent / "data" / "calendar_decisions.csv"

BY_RULE = "quy tắc của gói phần mềm holidays"
UNDECIDED = (
    "chưa có thông báo chính thức trong dữ liệu của hệ thống; Tết, Quốc khánh tính theo quy tắc, có thể đổi. "
    "Khi có thông báo, ghi các ngày nghỉ của Tết và Quốc khánh kèm số, ký hiệu văn bản vào lịch của văn phòng"
)
SWAPS_ONLY = (
    "Gói phần mềm holidays có ngày hoán đổi của năm này; Tết, Quốc khánh theo quy tắc, chưa đối chiếu thông báo"
)
READ_AT = "thông báo được dẫn lại tại {read_at}; chưa đối chiếu văn bản gốc"
OWN_DAYS = "văn phòng đã ghi {count} ngày: {days}"

NOT_VERIFIED = ("theo trí nhớ", "chưa đối chiếu")
"""What a citation says about itself while nobody has held it against the document."""

_TET = (1, 15), (2, 28)
_NATIONAL_DAY = (8, 25), (9, 10)


class Decision(NamedTuple):
    """The announcement of one year's days off, and where it was read."""

    decision: str
    read_at: str


@dataclass(frozen=True)
class YearBasis:
    """What the days off of a year rest on, in Vietnamese.

    Attributes:
        official: an announcement for the year is known.
        source: the announcement, or the rule that stands in for it.
        notes: what a person has to know or to check.
    """

    year: int
    official: bool
    source: str
    notes: tuple[str, ...]


def official(year: int, calendar: WorkCalendar | None = None) -> YearBasis:
    """What one year of a calendar rests on; the shipped calendar of the whole country where none is given."""
    calendar = calendar or work_calendar()
    known = decisions().get(year)
    announced = _announced(calendar.office, year)
    if announced:
        source, notes = "; ".join(announced), []
    elif known:
        source, notes = known.decision, [READ_AT.format(read_at=known.read_at)]
    elif year in _years_with_own_days():
        source, notes = SWAPS_ONLY, []
    else:
        source, notes = BY_RULE, [UNDECIDED]
    return YearBasis(year, source != BY_RULE, source, (*notes, *_own(calendar, year), *_unverified(calendar, year)))


@cache
def decisions() -> dict[int, Decision]:
    """The announcements that we know of, by year."""
    with DECISIONS.open(encoding="utf-8", newline="") as file:
        return {int(row["year"]): Decision(row["decision"], row["read_at"]) for row in csv.DictReader(file)}


def verified(citation: str) -> bool:
    """The citation does not say of itself that nobody has held it against the document."""
    return not any(mark in citation.lower() for mark in NOT_VERIFIED)


@cache
def _years_with_own_days() -> frozenset[int]:
    """The years for which the package carries days that somebody entered."""
    from holidays.countries.vietnam import VietnamStaticHolidays

    return frozenset(VietnamStaticHolidays.special_public_holidays)


def _announced(rows: Iterable[OverlayRow], year: int) -> list[str]:
    """The citations with which an office has put the country's Tết and Quốc khánh of a year on record, if both."""
    cited = [row for row in rows if row.day.year == year and row.province is None and verified(row.citation)]
    parts = [[row.citation for row in cited if _within(row.day, span)] for span in (_TET, _NATIONAL_DAY)]
    return list(dict.fromkeys(parts[0] + parts[1])) if all(parts) else []


def _within(day: date, span: tuple[tuple[int, int], tuple[int, int]]) -> bool:
    return span[0] <= (day.month, day.day) <= span[1]


def _own(calendar: WorkCalendar, year: int) -> Iterator[str]:
    days = [day_shown(day) for day, special in _in_order(calendar, year) if special.source == "office"]
    if days:
        yield OWN_DAYS.format(count=len(days), days=", ".join(days))


def _unverified(calendar: WorkCalendar, year: int) -> Iterator[str]:
    for day, special in _in_order(calendar, year):
        if not verified(special.citation):
            yield f"{day_shown(day)}: {special.reason}. Căn cứ: {special.citation}"


def _in_order(calendar: WorkCalendar, year: int) -> list[tuple[date, SpecialDay]]:
    return sorted(calendar.special(year).items())
