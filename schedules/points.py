"""Points of the calendar as a line says them: ngày 01/12/2023, tháng 10/2023, quý 3/2023, 6 tháng đầu năm 2024."""

from schedules.windows import DayOf, HalfOf, MonthOf, NineMonthsOf, QuarterOf, Stretch, YearOf

DATE = r"(?:@ )?[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]+)?"
"""A day. The mark @ stands before a day that was not written as a date (see `schedules.civil_moments`)."""

STRETCH = (
    r"(?:tháng [0-9]{1,2}(?:/[0-9]+)?"
    r"|quý [0-9]{1,2}(?:/[0-9]+)?|quý [ivx]+(?:/[0-9]+)?"
    r"|0?6 tháng (?:đầu|cuối)(?: của)? năm(?: [0-9]+)?|0?9 tháng đầu(?: của)? năm(?: [0-9]+)?"
    r"|năm [0-9]+)"
)
POINT = rf"(?:(?:ngày )?{DATE}|{STRETCH})"


def day(words: str) -> DayOf:
    """01/12/2023 or 01/12. Raises ValueError, in Vietnamese, where there is no such day."""
    number, month, *of_year = words.removeprefix("@ ").split("/")
    return DayOf(year(of_year[0]) if of_year else None, int(month), int(number))


def point(words: str) -> Stretch:
    """The stretch of the calendar that the words name. Raises ValueError, in Vietnamese, where there is none such."""
    name, _, rest = words.removeprefix("ngày ").removeprefix("@ ").partition(" ")
    if not rest:
        return day(name)
    if name == "năm":
        return YearOf(year(rest))
    if name == "quý":
        return QuarterOf(_year_behind(rest), _quarter(rest))
    if name == "tháng":
        return MonthOf(_year_behind(rest), int(rest.partition("/")[0]))
    last = rest.rpartition(" ")[2]
    of_year = None if last == "năm" else year(last)
    return NineMonthsOf(of_year) if int(name) == 9 else HalfOf(of_year, 1 if "đầu" in rest else 2)


def year(digits: str) -> int:
    """Four digits. Raises ValueError, in Vietnamese, where the year is not written in full."""
    if len(digits) != 4:
        raise ValueError(f"năm phải ghi đủ bốn chữ số, không phải “{digits}”")
    return int(digits)


def _year_behind(words: str) -> int | None:
    _, slash, digits = words.partition("/")
    return year(digits) if slash else None


def _quarter(words: str) -> int:
    number = words.partition("/")[0]
    if number.isdigit():
        return int(number)
    raise ValueError(f"quý phải từ I đến IV, không phải {number.upper()}")
