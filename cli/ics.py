"""`dondoc plan ics`: deadlines for people's own calendar programs."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli import words
from cli.desk import Desk, show, tell
from models.database import reading
from models.record import read_record
from models.refusal import Refusal
from models.unit_store import read_units
from models.versions import in_force
from schedules.words import day_shown
from schedules.zone import local_day

BACK, AHEAD = timedelta(days=30), timedelta(days=400)


def plan_ics(
    code: Annotated[str, typer.Argument(metavar="CODE", help=words.PLAN_CODE)],
    unit: Annotated[str | None, typer.Option(help=words.ICS_UNIT)] = None,
    since: Annotated[str | None, typer.Option("--from", help=words.ICS_FROM)] = None,
    through: Annotated[str | None, typer.Option("--to", help=words.ICS_TO)] = None,
    out: Annotated[Path | None, typer.Option(help=words.ICS_OUT)] = None,
    as_json: Annotated[bool, typer.Option("--json", help=words.JSON)] = False,
) -> None:
    from tasks.ics import export  # on first use: it reads the iCalendar library

    desk = Desk()
    plan, today = desk.plan(code), local_day(desk.now)
    first = desk.day(since) if since is not None else today - BACK
    last = desk.day(through) if through is not None else today + AHEAD
    if first > last:
        raise Refusal(words.BACKWARDS.format(since=day_shown(first), through=day_shown(last)))
    with reading(desk.engine) as db:
        plan = in_force(db, plan, as_of=desk.now)
        units = read_units(db, province=plan.province)
        record = read_record(db, plan, as_of=desk.now)
    one = units.find(unit, today) if unit is not None else None
    made = export(
        plan, units, record, desk.settings, unit=one.key if one else None, since=first, through=last, as_of=desk.now
    )
    if not made.deadlines:
        of = words.ICS_OF_UNIT.format(name=one.name, plan=code) if one else words.ICS_OF_PLAN.format(plan=code)
        raise Refusal(words.ICS_NONE.format(since=day_shown(first), through=day_shown(last), of=of, plan=code))
    if made.without_due:
        tell(words.ICS_WITHOUT_DUE.format(count=len(made.without_due), duties="; ".join(made.without_due)))
    if out is not None:
        _write(out, made.content)
    data = {"plan": code, "unit": one.key if one else None, "deadlines": made.deadlines,
            "without_due": len(made.without_due), "file": str(out) if out is not None else None}  # fmt: skip
    if as_json:
        show(True, data if out is not None else data | {"ics": made.content.decode()}, list)
    elif out is not None:
        tell(words.ICS_WRITTEN.format(count=made.deadlines, path=out))
    else:
        _print(made.content)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refusal(words.ICS_UNWRITTEN.format(path=path, error=error)) from error


def _print(content: bytes) -> None:
    """The file as it is: its line ends and its UTF-8, whatever the terminal's own."""
    sys.stdout.flush()
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(content.decode())
