"""Named stretches of the calendar: a day, a month, a quarter, a half, nine months, a year. Each is a term by itself."""

from abc import abstractmethod
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Self

from schedules.periods import AS_WRITTEN, Explanation, Window
from schedules.term import Kind, Known, Need, Term, check, check_year
from schedules.words import NINE_MONTHS, day_shown, half_shown, quarter_shown

A_LEAP_YEAR = 2024
NO_SUCH_DAY = "ngày {day:02}/{month:02}/{year} không có trong lịch"


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def as_written(words: str, first: date, last: date) -> Explanation:
    """The first step of every window: the days that its words name."""
    return Explanation(f"{words}: từ {day_shown(first)} đến hết {day_shown(last)}", AS_WRITTEN)


@dataclass(frozen=True)
class Stretch(Term):
    """A stretch of the calendar with a name; its year may still be missing.

    Attributes:
        year: None where the phrase does not say it.
        name: its name as other terms use it, e.g. "Quý III năm 2023".
    """

    year: int | None
    kind: ClassVar[Kind] = "window"

    def __post_init__(self) -> None:
        check_year(self.year)

    @property
    @abstractmethod
    def name(self) -> str: ...

    @abstractmethod
    def key(self, year: int) -> str:
        """The period's key in that year."""

    @abstractmethod
    def days(self, year: int) -> tuple[date, date]:
        """Its first and last day in that year. Raises ValueError, in Vietnamese, where the year has none."""

    @property
    def text(self) -> str:
        return f"Trong {self.name}"

    @property
    def needs(self) -> tuple[Need, ...]:
        return ("year",) if self.year is None else ()

    @property
    def years(self) -> tuple[int, ...]:
        return () if self.year is None else (self.year,)

    def in_year(self, year: int) -> Self:
        return replace(self, year=year) if self.year is None else self

    def windows(self, known: Known) -> Iterator[Window]:
        if self.year is not None:
            first, last = self.days(self.year)
            yield Window(self.key(self.year), first, last, (*self.read, as_written(self.text, first, last)))

    def _of_year(self) -> str:
        return "" if self.year is None else f" năm {self.year}"


@dataclass(frozen=True)
class DayOf(Stretch):
    """Trong ngày 01/12/2023"""

    month: int
    day: int
    kind: ClassVar[Kind] = "bound"

    def __post_init__(self) -> None:
        super().__post_init__()
        check("tháng", self.month, 1, 12)
        check(f"ngày của tháng {self.month}", self.day, 1, monthrange(A_LEAP_YEAR, self.month)[1])
        if self.year is not None:
            self.days(self.year)

    @property
    def name(self) -> str:
        return f"ngày {self.day:02}/{self.month:02}" + ("" if self.year is None else f"/{self.year}")

    def key(self, year: int) -> str:
        return "-"

    def days(self, year: int) -> tuple[date, date]:
        if self.day > monthrange(year, self.month)[1]:
            raise ValueError(NO_SUCH_DAY.format(day=self.day, month=self.month, year=year))
        day = date(year, self.month, self.day)
        return day, day


@dataclass(frozen=True)
class MonthOf(Stretch):
    """Tháng 10 năm 2023"""

    month: int

    def __post_init__(self) -> None:
        super().__post_init__()
        check("tháng", self.month, 1, 12)

    @property
    def text(self) -> str:
        return self.name[0].upper() + self.name[1:]

    @property
    def name(self) -> str:
        return f"tháng {self.month}{self._of_year()}"

    def key(self, year: int) -> str:
        return f"{year}-{self.month:02}"

    def days(self, year: int) -> tuple[date, date]:
        return date(year, self.month, 1), month_end(year, self.month)


@dataclass(frozen=True)
class QuarterOf(Stretch):
    """Trong Quý III năm 2023"""

    quarter: int

    def __post_init__(self) -> None:
        super().__post_init__()
        check("quý", self.quarter, 1, 4)

    @property
    def name(self) -> str:
        return quarter_shown(self.year, self.quarter)

    def key(self, year: int) -> str:
        return f"{year}-Q{self.quarter}"

    def days(self, year: int) -> tuple[date, date]:
        return date(year, 3 * self.quarter - 2, 1), month_end(year, 3 * self.quarter)


@dataclass(frozen=True)
class HalfOf(Stretch):
    """Trong 6 tháng đầu năm 2024; the second half: 6 tháng cuối năm 2024"""

    half: int

    def __post_init__(self) -> None:
        super().__post_init__()
        check("nửa năm", self.half, 1, 2)

    @property
    def name(self) -> str:
        return half_shown(self.year, self.half)

    def key(self, year: int) -> str:
        return f"{year}-H{self.half}"

    def days(self, year: int) -> tuple[date, date]:
        return date(year, 6 * self.half - 5, 1), month_end(year, 6 * self.half)


@dataclass(frozen=True)
class NineMonthsOf(Stretch):
    """Trong 9 tháng đầu năm 2024"""

    @property
    def name(self) -> str:
        return NINE_MONTHS + ("" if self.year is None else f" {self.year}")

    def key(self, year: int) -> str:
        return f"{year}-9M"

    def days(self, year: int) -> tuple[date, date]:
        return date(year, 1, 1), date(year, 9, 30)


@dataclass(frozen=True)
class YearOf(Stretch):
    """Trong năm 2024"""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.year is None:
            raise ValueError("hãy ghi rõ là năm nào")

    @property
    def name(self) -> str:
        return f"năm {self.year}"

    def key(self, year: int) -> str:
        return str(year)

    def days(self, year: int) -> tuple[date, date]:
        return date(year, 1, 1), date(year, 12, 31)
