"""An office's own calendar file: days off and working days that the shipped calendar does not know."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Protocol

from schedules.words import day_shown, weekday_shown
from schedules.workdays import OverlayRow, SpecialDay, WorkCalendar, work_calendar

COLUMNS = ("day", "working", "reason", "citation")
OPTIONAL = ("province",)
FIRST_YEAR, LAST_YEAR = 2000, 2099  # the lunar tables end here


class CellRow(Protocol):
    """One row of a table: the line it stands on, and its cells by column, trimmed; "" where there is none."""

    @property
    def line(self) -> int: ...

    def __getitem__(self, column: str) -> str: ...


class BadDays(ValueError):
    """Rows that cannot be used. `problems` are (line, what is wrong and how to mend it), in Vietnamese."""

    def __init__(self, problems: Iterable[tuple[int, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"dòng {line}: {problem}" for line, problem in self.problems))


def read_days(
    rows: Iterable[CellRow], *, known: Callable[[str | None], WorkCalendar] = work_calendar
) -> tuple[OverlayRow, ...]:
    """The days of an office's file, without those that the office has on record word for word already.

    A row may restate a holiday to give it a reason or a citation of its own, for example when the announcement has
    come; one that says what the weekday says anyway is useless, and most likely a slip.

    Args:
        rows: columns `day` (2026-01-02 or 02/01/2026), `working` (0 or 1), `reason`, `citation`, `province` (two
            digits, or empty for the whole country).
        known: the calendar that counts so far, for a province or (None) the country.

    Raises:
        BadDays: names every row that cannot be used; nothing of the file counts then.
    """
    read: dict[tuple[date, str | None], tuple[int, OverlayRow]] = {}
    bad: list[tuple[int, str]] = []
    for row in rows:
        try:
            day = _read(row)
            first = read.setdefault((day.day, day.province), (row.line, day))[0]
            if first != row.line:
                raise ValueError(TWICE.format(day=day_shown(day.day), line=first))
        except ValueError as error:
            bad.append((row.line, str(error)))
    days = [day for _, day in read.values()]
    before = _before(days, known)
    useless = ((line, _useless(day, before[day.province])) for line, day in read.values())
    if bad := [*bad, *((line, why) for line, why in useless if why)]:
        raise BadDays(sorted(bad))
    return tuple(day for day in days if not _recorded(day, before[day.province]))


def _before(days: list[OverlayRow], known: Callable[[str | None], WorkCalendar]) -> dict[str | None, WorkCalendar]:
    """What each row of the file is held against: what counted so far and, for a province, the file's own country."""
    national = tuple(day for day in days if day.province is None)
    calendars = {scope: known(scope) for scope in {day.province for day in days}}
    return {
        scope: calendar if scope is None else WorkCalendar(scope, calendar.office + national)
        for scope, calendar in calendars.items()
    }


def _recorded(row: OverlayRow, before: WorkCalendar) -> bool:
    """The office has this very row on record, and no other has taken its place."""
    same = SpecialDay(row.working, row.reason, "office", row.citation, row.province)
    return before.special(row.day.year).get(row.day) == same


NO_DAY = "cột day: «{text}» không phải là một ngày; ghi như 2026-01-02 hoặc 02/01/2026"
BEYOND = "cột day: {day} nằm ngoài lịch mà hệ thống biết (từ năm {first} đến năm {last}); xem lại năm"
NO_WORKING = "cột working: «{text}»; ghi 0 (ngày nghỉ) hoặc 1 (ngày làm việc)"
NO_REASON = "cột reason còn trống; ghi lý do, ví dụ: nghỉ hoán đổi (làm bù ngày 10/01/2026)"
NO_CITATION = "cột citation còn trống; ghi số, ký hiệu và ngày của văn bản quyết định ngày này"
NO_PROVINCE = "cột province: «{text}»; ghi mã tỉnh gồm hai chữ số, ví dụ 40, hoặc để trống cho cả nước"
TWICE = "ngày {day} đã có ở dòng {line} cho cùng phạm vi; chỉ giữ một dòng"
OFF_ANYWAY = "{weekday}, ngày {day}, vốn là ngày nghỉ hằng tuần, dòng này không đổi gì; bỏ dòng hoặc xem lại ngày"
WORKED_ANYWAY = "{weekday}, ngày {day}, vốn là ngày làm việc, dòng này không đổi gì; bỏ dòng hoặc xem lại ngày"


def _read(row: CellRow) -> OverlayRow:
    if row["working"] not in ("0", "1"):
        raise ValueError(NO_WORKING.format(text=row["working"]))
    if not row["reason"]:
        raise ValueError(NO_REASON)
    if not row["citation"]:
        raise ValueError(NO_CITATION)
    if row["province"] and not re.fullmatch(r"[0-9]{2}", row["province"]):
        raise ValueError(NO_PROVINCE.format(text=row["province"]))
    return OverlayRow(_day(row["day"]), row["working"] == "1", row["reason"], row["citation"], row["province"] or None)


def _day(text: str) -> date:
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    written = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text)
    parts = iso.groups() if iso else written.groups()[::-1] if written else None
    try:
        if parts is None:
            raise ValueError
        day = date(*map(int, parts))
    except ValueError:
        raise ValueError(NO_DAY.format(text=text)) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(BEYOND.format(day=day_shown(day), first=FIRST_YEAR, last=LAST_YEAR))
    return day


def _useless(row: OverlayRow, before: WorkCalendar) -> str | None:
    """Why the row changes nothing, None where it does."""
    special = before.special(row.day.year).get(row.day)
    if special is not None or row.working != (row.day.weekday() < 5):
        return None
    said = WORKED_ANYWAY if row.working else OFF_ANYWAY
    return said.format(weekday=weekday_shown(row.day), day=day_shown(row.day))
