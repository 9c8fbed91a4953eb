"""Legal terms: the forms in which a plan writes about time, as values that yield their periods."""

import re
from abc import ABC, abstractmethod
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import ClassVar, get_args

from schedules.periods import AS_WRITTEN, CIVIL_CODE, CONVENTION, Explanation, Period, Policy, Window, settle
from schedules.words import NOT_STATED, day_shown, period_shown, quarter_shown, tidy
from schedules.workdays import ONE_DAY, WorkCalendar, work_calendar
from schedules.zone import local_day

__all__ = [
    "AfterEvent", "Continuous", "Explanation", "MonthOf", "Period", "Policy",
    "QuarterOf", "Term", "Unstated", "YearlyBefore", "YearsFrom",
]  # fmt: skip

FIRST_YEAR, LAST_YEAR = 2000, 2099  # the lunar tables end here; outside lie only slips of the pen


class Term(ABC):
    """The rule that says when. `recurring`: it can have more than one period."""

    kind: ClassVar[str]
    recurring: ClassVar[bool] = False

    @property
    @abstractmethod
    def text(self) -> str:
        """The canonical Vietnamese phrase; `schedules.phrases.term` reads it back to the same value."""

    @abstractmethod
    def windows(self, in_force: date, events: Sequence[date]) -> Iterator[Window]:
        """Every window, in order of its first day."""

    def periods(
        self,
        in_force: date,
        through: date,
        *,
        events: Sequence[date] = (),
        policy: Policy = "nominal",
        calendar: WorkCalendar | None = None,
    ) -> list[Period]:
        """Every period that opens by `through`; what was over before the plan was in force is no period."""
        every = self._every(in_force, events, policy, calendar)
        return list(takewhile(lambda period: local_day(period.opens) <= through, every))

    def next_period(
        self,
        in_force: date,
        after: date,
        *,
        events: Sequence[date] = (),
        policy: Policy = "nominal",
        calendar: WorkCalendar | None = None,
    ) -> Period | None:
        """The first period that opens after that day, if one is known: nobody foretells an event."""
        every = self._every(in_force, events, policy, calendar)
        return next((period for period in every if local_day(period.opens) > after), None)

    def _every(
        self, in_force: date, events: Sequence[date], policy: Policy, calendar: WorkCalendar | None
    ) -> Iterator[Period]:
        if policy not in get_args(Policy):
            raise ValueError(f"unknown policy {policy!r}: use one of {get_args(Policy)}")
        calendar = calendar or work_calendar()
        windows = self.windows(in_force, events)
        return filter(None, (settle(window, in_force, policy, calendar) for window in windows))


@dataclass(frozen=True)
class QuarterOf(Term):
    """Trong Quý III năm 2023"""

    year: int
    quarter: int
    kind: ClassVar[str] = "quarter"

    def __post_init__(self) -> None:
        _check("năm", self.year, FIRST_YEAR, LAST_YEAR)
        _check("quý", self.quarter, 1, 4)

    @property
    def text(self) -> str:
        return f"Trong {quarter_shown(self.year, self.quarter)}"

    def windows(self, in_force: date, events: Sequence[date]) -> Iterator[Window]:
        month = 3 * self.quarter
        first, last = date(self.year, month - 2, 1), _month_end(self.year, month)
        yield _named(f"{self.year}-Q{self.quarter}", self.text, first, last)


@dataclass(frozen=True)
class MonthOf(Term):
    """Tháng 10 năm 2023"""

    year: int
    month: int
    kind: ClassVar[str] = "month"

    def __post_init__(self) -> None:
        _check("năm", self.year, FIRST_YEAR, LAST_YEAR)
        _check("tháng", self.month, 1, 12)

    @property
    def text(self) -> str:
        return f"Tháng {self.month} năm {self.year}"

    def windows(self, in_force: date, events: Sequence[date]) -> Iterator[Window]:
        first, last = date(self.year, self.month, 1), _month_end(self.year, self.month)
        yield _named(f"{self.year}-{self.month:02}", self.text, first, last)


@dataclass(frozen=True)
class YearsFrom(Term):
    """Năm 2024 và các năm tiếp theo: each year is a window of its own."""

    year: int
    kind: ClassVar[str] = "years"
    recurring: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _check("năm", self.year, FIRST_YEAR, LAST_YEAR)

    @property
    def text(self) -> str:
        return f"Năm {self.year} và các năm tiếp theo"

    def windows(self, in_force: date, events: Sequence[date]) -> Iterator[Window]:
        for year in range(self.year, LAST_YEAR + 1):
            head = f"{self.text}; {period_shown(str(year))}"
            yield _named(str(year), head, date(year, 1, 1), date(year, 12, 31))


@dataclass(frozen=True)
class YearlyBefore(Term):
    """Hằng năm, trước ngày 01/12: due as that day begins, so the day itself is already late.

    Before 29/02 is, in every year, no later than 28/02.
    """

    month: int
    day: int
    kind: ClassVar[str] = "yearly"
    recurring: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _check("tháng", self.month, 1, 12)
        _check(f"ngày của tháng {self.month}", self.day, 1, monthrange(2024, self.month)[1])
        if (self.month, self.day) == (1, 1):
            raise ValueError("trước ngày 01/01 thì trong năm không còn ngày nào: hãy ghi trước ngày 31/12")

    @property
    def _limit(self) -> str:
        return f"trước ngày {self.day:02}/{self.month:02}"

    @property
    def text(self) -> str:
        return f"Hằng năm, {self._limit}"

    def windows(self, in_force: date, events: Sequence[date]) -> Iterator[Window]:
        for year in range(in_force.year, LAST_YEAR + 1):
            last = date(year, self.month, 1) + timedelta(days=self.day - 2)
            limit = (
                f"{self.text}: không gồm ngày {self.day:02}/{self.month:02}; "
                f"báo cáo đúng hạn chậm nhất trong ngày {day_shown(last)}"
            )
            start = f"Kỳ của năm {year} bắt đầu từ ngày {day_shown(date(year, 1, 1))}"
            steps = Explanation(limit, AS_WRITTEN), Explanation(start, CONVENTION)
            yield Window(str(year), date(year, 1, 1), last, steps)


@dataclass(frozen=True)
class AfterEvent(Term):
    """Sau khi có văn bản hướng dẫn của Trung ương: opens the day after each such event, without a due date."""

    event: str
    kind: ClassVar[str] = "event"
    recurring: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "event", tidy(self.event))
        if not self.event:
            raise ValueError("thiếu tên sự kiện sau “Sau khi”")
        if found := _LIMIT.search(self.event):
            raise ValueError(f"“{found[0].strip()}” là thời hạn, không thuộc tên sự kiện “{self.event}”")

    @property
    def text(self) -> str:
        return f"Sau khi {self.event}"

    def windows(self, in_force: date, events: Sequence[date]) -> Iterator[Window]:
        for day in sorted(set(events)):
            first = day + ONE_DAY
            happened = (
                f"“{self.event}” xảy ra ngày {day_shown(day)}; ngày xảy ra sự kiện không được tính, "
                f"kỳ bắt đầu từ ngày {day_shown(first)}"
            )
            steps = (
                Explanation(happened, f"{CIVIL_CODE}, Điều 147 khoản 3"),
                Explanation("Văn bản không ghi phải xong khi nào nên không có ngày đến hạn", AS_WRITTEN),
            )
            yield Window(day.isoformat(), first, None, steps)


@dataclass(frozen=True)
class Continuous(Term):
    """Thường xuyên: from the day the plan is in force, without a due date."""

    kind: ClassVar[str] = "continuous"

    @property
    def text(self) -> str:
        return "Thường xuyên"

    def windows(self, in_force: date, events: Sequence[date]) -> Iterator[Window]:
        yield _open_ended(in_force, f"{self.text}: việc làm liên tục, không có ngày đến hạn")


@dataclass(frozen=True)
class Unstated(Term):
    """The source gives no date; the reason says how we know."""

    reason: str
    kind: ClassVar[str] = "unstated"

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("hãy ghi lý do vì sao nguồn không nêu thời hạn")

    @property
    def text(self) -> str:
        return NOT_STATED

    def windows(self, in_force: date, events: Sequence[date]) -> Iterator[Window]:
        yield _open_ended(in_force, f"Nguồn không nêu thời hạn: {self.reason}")


# Words that would make an event's name a deadline; read as part of the name they would be silently lost.
_SPELLED = "một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mươi|lăm"
_LIMIT = re.compile(
    rf"\b(?:\d{{1,3}}|{_SPELLED}) (?:ngày|tuần|tháng)\b(?! \d)"
    r"|\b(?:thời hạn|trong vòng|chậm nhất|muộn nhất|trước|đến hết|ngày làm việc|định kỳ)\b"
    r"|\b(?:h[ằà]ng|trong|vào) (?:ngày|tuần|tháng|quý|năm)\b"
    r"|[,;:].*\b(?:ngày|tuần|tháng|quý|năm)\b",
    re.IGNORECASE,
)


def _check(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} phải từ {low} đến {high}, không phải {value}")


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _named(key: str, words: str, first: date, last: date) -> Window:
    why = f"{words}: từ {day_shown(first)} đến hết {day_shown(last)}"
    return Window(key, first, last, (Explanation(why, AS_WRITTEN),))


def _open_ended(in_force: date, why: str) -> Window:
    return Window("-", in_force, None, (Explanation(why, AS_WRITTEN),))
