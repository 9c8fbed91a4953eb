"""Data periods: which days the figures of a report cover. Never the due date, and nothing here counts one.

A report for 2024 may be due on 30/11/2024 while the law closes the year's figures on 14/12/2024: both stand, apart.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from schedules.words import day_shown
from schedules.workdays import ONE_DAY


@dataclass(frozen=True)
class DataSpan:
    """The days that the figures cover, both included."""

    first: date
    last: date

    @property
    def shown(self) -> str:
        """15/12/2023–14/12/2024"""
        return f"{day_shown(self.first)}–{day_shown(self.last)}"


@dataclass(frozen=True)
class DataPeriod:
    """A rule that gives each reporting period the days that its figures cover.

    Attributes:
        text: the rule in Vietnamese, as people see it.
        citation: where it comes from.
        closes: the day of a period's last month on which its figures close, 1 to 28; the next period's figures begin
            on the day after. None: figures close with the month itself.
    """

    text: str
    citation: str
    closes: int | None = None

    def __post_init__(self) -> None:
        if self.closes is not None and not 1 <= self.closes <= 28:
            raise ValueError(f"ngày chốt số liệu phải từ 1 đến 28, không phải {self.closes}")

    def __str__(self) -> str:
        return f"{self.text} ({self.citation})"

    def span(self, period: str) -> DataSpan | None:
        """The days behind a period's key: 2024-10, 2024-Q3, 2024-H1, 2024-H2 or 2024.

        None for every other key (an event's date, "-", nine months): the rule says nothing about them.
        """
        months = _months(period)
        if months is None:
            return None
        year, first, last = months
        before = (year - 1, 12) if first == 1 else (year, first - 1)
        return DataSpan(self._closing(*before) + ONE_DAY, self._closing(year, last))

    def _closing(self, year: int, month: int) -> date:
        return date(year, month, self.closes or monthrange(year, month)[1])


STATUTORY = DataPeriod(
    text="Tháng: từ ngày 15 tháng trước đến ngày 14 của tháng; quý: từ ngày 15 tháng trước kỳ đến ngày 14 tháng cuối "
    "quý; 6 tháng đầu năm: từ ngày 15/12 năm trước đến ngày 14/6; 6 tháng cuối năm: từ ngày 15/6 đến ngày 14/12; "
    "năm: từ ngày 15/12 năm trước đến ngày 14/12",
    citation="Nghị định 09/2019/NĐ-CP, Điều 12",
    closes=14,
)
"""The reporting calendar of state agencies: month, quarter, half-year and year, each closed on the 14th.

The article's own text was not seen: the days are those of ministries' and provinces' rules that restate it.
"""

CALENDAR = DataPeriod(
    text="Trọn tháng, quý, 6 tháng hoặc năm theo dương lịch",
    citation="Bộ luật Dân sự 2015, Điều 145: thời hạn tính theo dương lịch",
)
"""The calendar month, quarter, half-year or year itself."""


def _months(period: str) -> tuple[int, int, int] | None:
    """The year of a period's key with its first and last month, None where the key names no such span."""
    found = re.fullmatch(r"([1-9][0-9]{3})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?", period)
    if found is None:
        return None
    year, month, quarter, half = (int(part) if part else 0 for part in found.groups())
    if month:
        return year, month, month
    if quarter:
        return year, 3 * quarter - 2, 3 * quarter
    if half:
        return year, 6 * half - 5, 6 * half
    return year, 1, 12
