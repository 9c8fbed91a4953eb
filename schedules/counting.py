"""Counting days, working days, weeks, months and years from a day, each step with its article."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

from schedules.periods import CIVIL_CODE, Explanation
from schedules.term import LAST_YEAR
from schedules.words import day_shown
from schedules.workdays import ONE_DAY, WorkCalendar, days_between

Unit = Literal["day", "working day", "week", "month", "year"]

UNITS: dict[Unit, str] = {
    "day": "ngày", "working day": "ngày làm việc", "week": "tuần", "month": "tháng", "year": "năm",
}  # fmt: skip

_CLAUSES: dict[Unit, str] = {
    "day": "khoản 1", "working day": "khoản 1", "week": "khoản 2", "month": "khoản 3", "year": "khoản 4",
}  # fmt: skip
LAW_ON_COUNTING = f"{CIVIL_CODE}, Điều 148"
INFERRED = f"{CIVIL_CODE}, Điều 147–148 (suy luận: nguồn luật không quy định cách tính lùi)"


def shown(count: int, unit: Unit) -> str:
    """05 ngày làm việc"""
    return f"{count:02} {UNITS[unit]}"


def forward(day: date, count: int, unit: Unit, calendar: WorkCalendar) -> date:
    """The last of so many units after a day, which is not counted itself. Raises ValueError beyond the calendar."""
    return _moved(day, count, unit, calendar)


def backward(day: date, count: int, unit: Unit, calendar: WorkCalendar) -> date:
    """The day that lies so many units before a day, which is not counted itself."""
    return _moved(day, -count, unit, calendar)


def _moved(day: date, count: int, unit: Unit, calendar: WorkCalendar) -> date:
    moved = _arrived(day, count, unit, calendar)
    if moved.year > LAST_YEAR:
        raise ValueError(f"ngày {day_shown(moved)} nằm ngoài lịch mà hệ thống biết (đến hết năm {LAST_YEAR})")
    return moved


def _arrived(day: date, count: int, unit: Unit, calendar: WorkCalendar) -> date:
    if unit == "working day":
        return calendar.nth_from(day + ONE_DAY, count) if count > 0 else calendar.nth_before(day, -count)
    if unit == "day":
        return day + timedelta(days=count)
    if unit == "week":
        return day + timedelta(weeks=count)
    return _months_later(day, count if unit == "month" else 12 * count)


def _months_later(day: date, months: int) -> date:
    """Counted from the day itself, never month by month: 31/1 and two months are 31/3."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def counted_on(day: date, count: int, unit: Unit, calendar: WorkCalendar) -> tuple[Explanation, ...]:
    """How `forward` came to its day."""
    last = forward(day, count, unit, calendar)
    why = f"Tính {shown(count, unit)} từ ngày {day_shown(day + ONE_DAY)}: ngày cuối là {day_shown(last)}"
    why += _days_off(day + ONE_DAY, last, unit, calendar)
    article = f"{LAW_ON_COUNTING} {_CLAUSES[unit]}"
    if unit == "working day":
        article += " (ngày làm việc theo Bộ luật Lao động 2019, Điều 111 và 112)"
    return (Explanation(why, article, "count"), *_month_end(day, last, unit))


def counted_back(day: date, count: int, unit: Unit, calendar: WorkCalendar) -> tuple[Explanation, ...]:
    """How `backward` came to its day, and why it stays there."""
    last = backward(day, count, unit, calendar)
    why = f"Tính lùi {shown(count, unit)} từ ngày {day_shown(day)}: muộn nhất là ngày {day_shown(last)}"
    why += _days_off(last, day - ONE_DAY, unit, calendar)
    kept = "Thời hạn tính lùi không chuyển sang ngày làm việc khác, vì chuyển thì không còn đủ thời gian trước sự kiện"
    return (
        Explanation(why, INFERRED, "count"),
        *_month_end(day, last, unit),
        Explanation(kept, f"{LAW_ON_COUNTING} khoản 5 (không áp dụng)", "kept"),
    )


def _month_end(day: date, last: date, unit: Unit) -> tuple[Explanation, ...]:
    if unit not in ("month", "year") or last.day == day.day:
        return ()
    why = f"Tháng {last.month} năm {last.year} không có ngày {day.day} nên lấy ngày cuối cùng của tháng"
    return (Explanation(why, f"{LAW_ON_COUNTING} khoản 3", "month end"),)


def _days_off(first: date, last: date, unit: Unit, calendar: WorkCalendar) -> str:
    """The days off that a count in working days passed over, by name and date; worked weekends too."""
    if unit != "working day":
        return ""
    days = list(days_between(first, last))
    off = [f"{day_shown(day)} ({calendar.why(day)})" for day in days if not calendar.is_working_day(day)]
    worked = [f"{day_shown(day)} ({calendar.why(day)})" for day in days if _worked_weekend(day, calendar)]
    passed = f"; không tính {', '.join(off)}" if off else ""
    return passed + (f"; có tính {', '.join(worked)}" if worked else "")


def _worked_weekend(day: date, calendar: WorkCalendar) -> bool:
    return day.weekday() >= 5 and calendar.is_working_day(day)
