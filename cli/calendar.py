"""`dondoc calendar …`: which days are worked, who says so, and which years still wait for a decision."""

import sys
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from cli import words
from cli.changes import calendar_rows, calendar_told
from cli.desk import Desk, show, table, tell
from models.calendars import read_calendar
from models.database import connect, has_schema, reading, writing
from models.refusal import Refusal, unknown
from models.unit_store import read_units, shipped_units
from schedules.decided_years import YearBasis, official
from schedules.office_days import COLUMNS, FIRST_YEAR, LAST_YEAR, OPTIONAL, BadDays, read_days
from schedules.words import day_shown, weekday_shown
from schedules.workdays import OverlayRow, SpecialDay, WorkCalendar, days_between, work_calendar
from schedules.zone import local_day
from tasks.calendar import apply_calendar, calendar_change
from tasks.sheet import Row, read_sheet

app = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help=words.JSON)]
Province = Annotated[str | None, typer.Option("--province", help=words.PROVINCE)]


@app.command("show", help=words.CALENDAR_SHOW)
def show_year(
    year: Annotated[int, typer.Argument(metavar="NĂM")], province: Province = None, as_json: Json = False
) -> None:
    calendar = _calendar(Desk(), province, year)
    rows = [_row(day, special) for day, special in sorted(calendar.special(year).items())]
    show(as_json, rows, lambda: _overview(calendar, year))


@app.command("check", help=words.CALENDAR_CHECK)
def check_years(
    years: Annotated[list[int] | None, typer.Argument(metavar="NĂM…")] = None,
    province: Province = None, as_json: Json = False,
) -> None:  # fmt: skip
    desk = Desk()
    this = local_day(desk.now).year
    asked = list(dict.fromkeys(years or (this, this + 1, this + 2)))
    calendar = _calendar(desk, province, *asked)
    found = [official(year, calendar) for year in asked]
    data = [
        {"year": one.year, "official": one.official, "source": one.source, "notes": list(one.notes)} for one in found
    ]
    show(as_json, {"years": data}, lambda: (line for one in found for line in _basis(one)))


def _calendar(desk: Desk, province: str | None, *years: int) -> WorkCalendar:
    """The days as the office has them, or as shipped where there is no database yet."""
    for year in years:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Refusal(words.CALENDAR_BEYOND.format(year=year, first=FIRST_YEAR, last=LAST_YEAR))
    if not has_schema(connect(desk.settings.database_url)):
        _known(province, {row["code"] for row in shipped_units() if row["level"] == "province"})
        return work_calendar(province)
    with reading(desk.engine) as db:
        if province is not None:
            _known(province, {unit.code for unit in read_units(db, province=province) if unit.level == "province"})
        return read_calendar(db, province)


def _known(province: str | None, codes: set[str]) -> None:
    if province is not None and province not in codes:
        raise unknown("tỉnh", province, codes, hint=words.PROVINCE)


def _row(day: date, special: SpecialDay) -> dict[str, Any]:
    return {
        "day": day.isoformat(), "weekday": weekday_shown(day), "working": special.working, "reason": special.reason,
        "source": special.source, "citation": special.citation, "province": special.province,
    }  # fmt: skip


def _overview(calendar: WorkCalendar, year: int) -> Iterator[str]:
    """The year at a glance, then its special days, then what is not sure about them."""
    worked = [day for day in days_between(date(year, 1, 1), date(year, 12, 31)) if calendar.is_working_day(day)]
    where = words.OF_PROVINCE.format(code=calendar.province) if calendar.province else words.OF_COUNTRY
    yield words.CALENDAR_YEAR.format(year=year, where=where, days=len(worked))
    yield ""
    yield from table([_month(worked, year, number) for number in range(1, 13)], words.CALENDAR_MONTH)
    yield ""
    yield from table(
        [_day(day, special) for day, special in sorted(calendar.special(year).items())], words.CALENDAR_DAY
    )
    yield ""
    yield from _basis(official(year, calendar))


def _month(worked: list[date], year: int, number: int) -> dict[str, Any]:
    count = sum(day.month == number for day in worked)
    return dict(zip(words.CALENDAR_MONTH, (number, count, monthrange(year, number)[1] - count), strict=True))


def _day(day: date, special: SpecialDay) -> dict[str, Any]:
    source = f"{words.CALENDAR_SOURCES[special.source]}: {special.citation}"
    cells = (day_shown(day), weekday_shown(day), words.WORKED[special.working], special.reason, source)
    return dict(zip(words.CALENDAR_DAY, cells, strict=True))


def _basis(basis: YearBasis) -> Iterator[str]:
    yield words.YEAR_BASIS[basis.official].format(year=basis.year, source=basis.source)
    yield from (f"  - {note}" for note in basis.notes)


@app.command("apply", help=words.CALENDAR_APPLY)
def apply_days(
    file: Annotated[Path, typer.Argument(metavar="TỆP")],
    preview: Annotated[bool, typer.Option("--preview", "--dry-run", help=words.PREVIEW_ONLY)] = False,
    yes: Annotated[bool, typer.Option("--yes", help=words.YES)] = False,
    as_json: Json = False,
) -> None:
    desk = Desk()
    rows = read_sheet(file, columns=COLUMNS, optional=OPTIONAL)
    plans = desk.plans().values()
    if preview or (not (yes or as_json) and sys.stdin.isatty()):
        with reading(desk.engine) as db:
            data = calendar_rows(calendar_change(db, plans, _read(db, rows), now=desk.now))
        show(as_json, {"applied": False, **data}, lambda: calendar_told(data, applied=False))
        if preview or not typer.confirm(words.APPLY_NOW):
            tell(words.NOT_APPLIED)
            return
    # Asked for nothing while it holds the lock; what is applied is worked out again, as things stand now.
    with writing(desk.engine) as db:
        change = calendar_change(db, plans, _read(db, rows), now=desk.now)
        apply_calendar(db, change, now=desk.now)
    data = calendar_rows(change)
    show(as_json, {"applied": True, **data}, lambda: calendar_told(data, applied=True))


def _read(db: sa.Connection, rows: Sequence[Row]) -> tuple[OverlayRow, ...]:
    """The days of a file. Raises Refusal, after naming each bad row on standard error."""
    provinces = {unit.code for unit in read_units(db) if unit.level == "province"}
    bad = [(row.line, words.NO_SUCH_PROVINCE.format(code=row["province"]))
           for row in rows if row["province"] and row["province"] not in provinces]  # fmt: skip
    try:
        days = read_days(rows, known=lambda province: read_calendar(db, province))
    except BadDays as wrong:
        bad += wrong.problems
    if bad:
        for line, problem in sorted(bad):
            tell(f"dòng {line}: {problem}")
        raise Refusal(words.MEND_DAYS)
    return days
