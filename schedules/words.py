"""The Vietnamese words of time that people see."""

import re
import unicodedata
from datetime import date

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
NOT_STATED = "nguồn không nêu"
QUARTERS = ("I", "II", "III", "IV")
HALVES = ("6 tháng đầu năm", "6 tháng cuối năm")
NINE_MONTHS = "9 tháng đầu năm"


def tidy(text: str) -> str:
    """NFC, single spaces, no full stop at the end: what two copies of one phrase have in common."""
    return " ".join(unicodedata.normalize("NFC", text).split()).rstrip(" .")


def day_shown(day: date) -> str:
    """01/12/2023"""
    return f"{day:%d/%m}/{day.year:04}"


def weekday_shown(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def quarter_shown(year: int | None, quarter: int) -> str:
    """Quý III năm 2023; without its year Quý III"""
    return f"Quý {QUARTERS[quarter - 1]}" + ("" if year is None else f" năm {year}")


def half_shown(year: int | None, half: int) -> str:
    """6 tháng đầu năm 2024; without its year 6 tháng đầu năm"""
    return HALVES[half - 1] + ("" if year is None else f" {year}")


def period_shown(key: str) -> str:
    """A period's key in words: 2023-Q4, 2023-10, 2024-H1, 2024-9M, 2024, 2024-03-05 (an event) or "-"."""
    if key == "-":
        return "không chia kỳ"
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", key):
        return quarter_shown(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", key):
        return f"tháng {int(found[2])} năm {found[1]}"
    if found := re.fullmatch(r"(\d{4})-H([12])", key):
        return half_shown(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{4})-9M", key):
        return f"{NINE_MONTHS} {found[1]}"
    if re.fullmatch(r"\d{4}", key):
        return f"năm {key}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", key):
        return f"theo sự kiện ngày {day_shown(date.fromisoformat(key))}"
    raise ValueError(f"not a period key: {key!r}")


def step_shown(step: str) -> str:
    """A step's name in words: opens, due, remind:-30d, escalate:+1wd, escalate:weekly:2023-12-18."""
    if step in _MILESTONES:
        return _MILESTONES[step]
    if found := re.fullmatch(r"(remind:-|escalate:\+)(\d+)(d|wd)", step):
        return f"{_STEPS[found[1]]} {found[2]} {_UNITS[found[3]]}"
    if found := re.fullmatch(r"escalate:weekly:(\d{4}-\d\d-\d\d)", step):
        return f"đôn đốc hằng tuần (tuần từ {day_shown(date.fromisoformat(found[1]))})"
    raise ValueError(f"not a step name: {step!r}")


_MILESTONES = {"opens": "bắt đầu", "due": "đến hạn"}
_STEPS = {"remind:-": "nhắc trước", "escalate:+": "quá hạn"}
_UNITS = {"d": "ngày", "wd": "ngày làm việc"}
