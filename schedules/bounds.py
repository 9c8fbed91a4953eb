"""Bounds: a day, month, quarter or year that a duty must not pass, and the stretch between two of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Self

from schedules.periods import AS_WRITTEN, Explanation, Window
from schedules.term import Kind, Known, Need, Term
from schedules.windows import A_LEAP_YEAR, DayOf, Stretch, as_written
from schedules.words import day_shown
from schedules.workdays import ONE_DAY


def limit_explained(words: str, limit: str, last: date, inclusive: bool) -> Explanation:
    """Whether the named limit still counts, and which day is then the last one on time."""
    counts = "gồm cả" if inclusive else "không gồm"
    why = f"{words}: {counts} {limit}; báo cáo đúng hạn chậm nhất trong ngày {day_shown(last)}"
    return Explanation(why, AS_WRITTEN)


@dataclass(frozen=True)
class RangeOf(Term):
    """Từ ngày 01/03/2024 đến hết ngày 15/04/2024, both days included; months and quarters may stand for days."""

    first: Stretch
    last: Stretch
    kind: ClassVar[Kind] = "window"

    def __post_init__(self) -> None:
        if (self.first.year is None) != (self.last.year is None):
            raise ValueError("hãy ghi năm ở cả hai đầu của khoảng thời gian")
        first, last = self._days(A_LEAP_YEAR)
        if first > last:
            why = "ngày cuối đứng trước ngày đầu"
            raise ValueError(why if self.years else f"{why}: nếu khoảng thời gian sang năm sau, hãy ghi rõ năm")

    @property
    def text(self) -> str:
        return f"Từ {self.first.name} đến hết {self.last.name}"

    @property
    def needs(self) -> tuple[Need, ...]:
        return self.first.needs

    @property
    def years(self) -> tuple[int, ...]:
        return self.first.years + self.last.years

    def in_year(self, year: int) -> Self:
        return replace(self, first=self.first.in_year(year), last=self.last.in_year(year))

    def windows(self, known: Known) -> Iterator[Window]:
        if self.years:
            first, last = self._days(self.years[0])
            yield Window("-", first, last, (*self.read, as_written(self.text, first, last)))

    def _days(self, year: int) -> tuple[date, date]:
        """The outermost days, in that year where the phrase names none."""
        return self.first.days(self.first.year or year)[0], self.last.days(self.last.year or year)[1]


@dataclass(frozen=True)
class BoundOf(Term):
    """Trước ngày 01/12/2023: the day itself is late; chậm nhất ngày 30/09/2023: the day itself is still on time.

    The limit may be a month, a quarter or a year: before its first day, or until the end of its last.
    """

    limit: Stretch
    inclusive: bool
    kind: ClassVar[Kind] = "bound"
    opens_in_force: ClassVar[bool] = True

    @property
    def text(self) -> str:
        if not self.inclusive:
            return f"Trước {self.limit.name}"
        return f"{'Chậm nhất' if isinstance(self.limit, DayOf) else 'Đến hết'} {self.limit.name}"

    @property
    def needs(self) -> tuple[Need, ...]:
        return self.limit.needs

    @property
    def years(self) -> tuple[int, ...]:
        return self.limit.years

    def in_year(self, year: int) -> Self:
        return replace(self, limit=self.limit.in_year(year))

    def windows(self, known: Known) -> Iterator[Window]:
        if self.limit.year is None:
            return
        first, last = self.limit.days(self.limit.year)
        if not self.inclusive:
            last = first - ONE_DAY
        yield Window(
            "-", known.in_force, last, (*self.read, limit_explained(self.text, self.limit.name, last, self.inclusive))
        )
