"""A named day of every year, every quarter or every month, as a bound."""

from abc import abstractmethod
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from schedules.bounds import limit_explained
from schedules.periods import CIVIL_CODE, CONVENTION, Explanation, Window
from schedules.recurring import Recurring
from schedules.term import LAST_YEAR, Known, check
from schedules.windows import A_LEAP_YEAR, MonthOf, QuarterOf, Stretch, month_end
from schedules.words import day_shown
from schedules.workdays import ONE_DAY


@dataclass(frozen=True)
class Yearly(Recurring):
    """A day of every year, as a bound."""

    month: int
    day: int

    def __post_init__(self) -> None:
        check("tháng", self.month, 1, 12)
        check(f"ngày của tháng {self.month}", self.day, 1, monthrange(A_LEAP_YEAR, self.month)[1])

    @property
    def recurrence(self) -> tuple[str, ...]:
        return ("yearly",)

    @property
    def _limit(self) -> str:
        return f"ngày {self.day:02}/{self.month:02}"

    @abstractmethod
    def _last(self, year: int) -> tuple[date, bool, tuple[Explanation, ...]]:
        """The last day of the year's period, whether the named day counts, and what must be said of it."""

    def windows(self, known: Known) -> Iterator[Window]:
        for year in range(known.in_force.year, LAST_YEAR + 1):
            last, inclusive, steps = self._last(year)
            said = limit_explained(self.text, self._limit, last, inclusive)
            first = date(year, 1, 1)
            yield Window(str(year), first, last, (*self.read, said, *steps, _start(f"năm {year}", first)))


@dataclass(frozen=True)
class YearlyBefore(Yearly):
    """Hằng năm, trước ngày 01/12: due as that day begins, so the day itself is already late.

    Before 29/02 is, in every year, no later than 28/02.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.month, self.day) == (1, 1):
            raise ValueError("trước ngày 01/01 thì trong năm không còn ngày nào: hãy ghi chậm nhất ngày 31/12")

    @property
    def text(self) -> str:
        return f"Hằng năm, trước {self._limit}"

    def _last(self, year: int) -> tuple[date, bool, tuple[Explanation, ...]]:
        return date(year, self.month, 1) + (self.day - 2) * ONE_DAY, False, ()


@dataclass(frozen=True)
class YearlyBy(Yearly):
    """Hằng năm, chậm nhất ngày 30/11: the day itself is still on time; 29/02 means 28/02 where February is short."""

    @property
    def text(self) -> str:
        return f"Hằng năm, chậm nhất {self._limit}"

    def _last(self, year: int) -> tuple[date, bool, tuple[Explanation, ...]]:
        last, steps = day_or_month_end(year, self.month, self.day)
        return last, True, steps


@dataclass(frozen=True)
class DayOfEach(Recurring):
    """A day of every month, or of the first, second or last month of every quarter, as a bound.

    A month that lacks the day ends on its last day (Bộ luật Dân sự 2015, Điều 148 khoản 3).
    """

    day: int
    inclusive: bool

    def __post_init__(self) -> None:
        check("ngày", self.day, 1, 31)

    @property
    def _bound(self) -> str:
        return f"{'Chậm nhất' if self.inclusive else 'Trước'} ngày {self.day:02}"

    def _window(self, stretch: Stretch, year: int, month: int) -> Window:
        # Before the 31st is, in a month of thirty days, no later than the 30th.
        last, steps = day_or_month_end(year, month, self.day if self.inclusive else self.day - 1)
        said = limit_explained(self.text, f"ngày {self.day:02}/{month:02}", last, self.inclusive)
        first = stretch.days(year)[0]
        return Window(stretch.key(year), first, last, (*self.read, *steps, said, _start(stretch.name, first)))


@dataclass(frozen=True)
class DayOfEachMonth(DayOfEach):
    """Trước ngày 15 hằng tháng"""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.day == 1 and not self.inclusive:
            raise ValueError("trước ngày 01 thì trong tháng không còn ngày nào: hãy ghi chậm nhất ngày cuối cùng (31)")

    @property
    def text(self) -> str:
        return f"{self._bound} hằng tháng"

    @property
    def recurrence(self) -> tuple[str, ...]:
        return ("monthly",)

    def windows(self, known: Known) -> Iterator[Window]:
        for year in range(known.in_force.year, LAST_YEAR + 1):
            for month in range(1, 13):
                yield self._window(MonthOf(year, month), year, month)


@dataclass(frozen=True)
class DayOfEachQuarter(DayOfEach):
    """Chậm nhất ngày 20 của tháng cuối quý: `place` is 1, 2 or 3, the month within the quarter."""

    place: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        check("tháng trong quý", self.place, 1, 3)
        if (self.day, self.place, self.inclusive) == (1, 1, False):
            raise ValueError("trước ngày 01 của tháng đầu quý thì trong quý không còn ngày nào")

    @property
    def text(self) -> str:
        return f"{self._bound} của tháng {PLACES[self.place - 1]} quý"

    @property
    def recurrence(self) -> tuple[str, ...]:
        return ("quarterly",)

    def windows(self, known: Known) -> Iterator[Window]:
        for year in range(known.in_force.year, LAST_YEAR + 1):
            for quarter in range(1, 5):
                yield self._window(QuarterOf(year, quarter), year, 3 * quarter - 3 + self.place)


PLACES = ("đầu", "giữa", "cuối")


def day_or_month_end(year: int, month: int, day: int) -> tuple[date, tuple[Explanation, ...]]:
    """That day of the month; where the month lacks it, its last day, with the article that says so.

    Day 0 is the day before the month.
    """
    end = month_end(year, month)
    if day <= end.day:
        return date(year, month, 1) + (day - 1) * ONE_DAY, ()
    why = f"Tháng {month} năm {year} không có ngày {day} nên lấy ngày cuối cùng của tháng, {day_shown(end)}"
    return end, (Explanation(why, f"{CIVIL_CODE}, Điều 148 khoản 3", "month end"),)


def _start(name: str, first: date) -> Explanation:
    return Explanation(f"Kỳ của {name} bắt đầu từ ngày {day_shown(first)}", CONVENTION, "convention")
