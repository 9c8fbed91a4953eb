"""Terms that come back by the calendar: every year, every quarter, every month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from schedules.periods import CONVENTION, Explanation, Window
from schedules.term import LAST_YEAR, Kind, Known, Term, check_year
from schedules.windows import (
    HalfOf,
    MonthOf,
    NineMonthsOf,
    QuarterOf,
    Stretch,
    YearOf,
    as_written,
)
from schedules.words import period_shown

Length = Literal["month", "quarter", "half", "nine months", "year"]

LENGTHS: dict[Length, str] = {
    "month": "tháng", "quarter": "quý", "half": "6 tháng", "nine months": "9 tháng", "year": "năm",
}  # fmt: skip
RECURRENCES: dict[Length, str] = {
    "month": "monthly", "quarter": "quarterly", "half": "half-yearly", "nine months": "nine-monthly", "year": "yearly",
}  # fmt: skip


@dataclass(frozen=True)
class Recurring(Term):
    """What comes back; each time is a period of its own."""

    kind: ClassVar[Kind] = "recurring"

    @property
    def recurring(self) -> bool:
        return True


@dataclass(frozen=True)
class YearsFrom(Recurring):
    """Năm 2024 và các năm tiếp theo: each year is a window of its own."""

    year: int

    def __post_init__(self) -> None:
        check_year(self.year)

    @property
    def text(self) -> str:
        return f"Năm {self.year} và các năm tiếp theo"

    @property
    def recurrence(self) -> tuple[str, ...]:
        return ("yearly",)

    @property
    def years(self) -> tuple[int, ...]:
        return (self.year,)

    def windows(self, known: Known) -> Iterator[Window]:
        for year in range(self.year, LAST_YEAR + 1):
            first, last = date(year, 1, 1), date(year, 12, 31)
            said = as_written(f"{self.text}; {period_shown(str(year))}", first, last)
            yield Window(str(year), first, last, (*self.read, said))


@dataclass(frozen=True)
class Every(Recurring):
    """Hằng năm; hằng quý; hằng tháng; định kỳ 6 tháng, năm: every such stretch of the calendar.

    Where a shorter stretch ends on the day on which a longer one of the same list ends, it is reported with that one.
    """

    lengths: tuple[Length, ...]

    def __post_init__(self) -> None:
        order = tuple(LENGTHS)
        if not self.lengths or any(length not in order for length in self.lengths):
            raise ValueError(f"kỳ phải là: {', '.join(LENGTHS.values())}")
        ordered = tuple(sorted(set(self.lengths), key=order.index))
        if len(ordered) < len(self.lengths):
            raise ValueError("một kỳ được nêu hai lần")
        object.__setattr__(self, "lengths", ordered)

    @property
    def text(self) -> str:
        if self.lengths in (("month",), ("quarter",), ("year",)):
            return f"Hằng {LENGTHS[self.lengths[0]]}"
        return f"Định kỳ {', '.join(LENGTHS[length] for length in self.lengths)}"

    @property
    def recurrence(self) -> tuple[str, ...]:
        return tuple(RECURRENCES[length] for length in self.lengths)

    def windows(self, known: Known) -> Iterator[Window]:
        for year in range(known.in_force.year, LAST_YEAR + 1):
            longest: dict[date, Stretch] = {}
            for length in self.lengths:  # from the shortest to the longest: of two that end together the longer stays
                longest |= {stretch.days(year)[1]: stretch for stretch in _stretches(length, year)}
            for stretch in sorted(longest.values(), key=lambda one: one.days(year)):
                first, last = stretch.days(year)
                said = as_written(f"{self.text}; {stretch.name}", first, last)
                yield Window(stretch.key(year), first, last, (*self.read, said, *self._convention()))

    def _convention(self) -> tuple[Explanation, ...]:
        if len(self.lengths) == 1:
            return ()
        why = "Kỳ ngắn kết thúc cùng ngày với kỳ dài hơn thì báo cáo chung trong kỳ dài hơn"
        return (Explanation(why, CONVENTION, "convention"),)


def _stretches(length: Length, year: int) -> list[Stretch]:
    if length == "month":
        return [MonthOf(year, month) for month in range(1, 13)]
    if length == "quarter":
        return [QuarterOf(year, quarter) for quarter in range(1, 5)]
    if length == "half":
        return [HalfOf(year, half) for half in (1, 2)]
    return [NineMonthsOf(year)] if length == "nine months" else [YearOf(year)]
