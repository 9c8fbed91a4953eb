"""`dondoc notices …`: what is or was to be said, and what would be said next."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import dead_letters, words
from cli.address_shown import address_shown
from cli.desk import Desk, show, table
from models.database import reading
from models.refusal import Refusal, unknown
from models.unit_store import read_units
from models.versions import all_in_force
from models.words import NOTICE_STATE_SHOWN
from schedules.words import day_shown
from schedules.zone import local, local_day

if TYPE_CHECKING:
    from tasks.preview_digests import DigestPreview, Letter

app = typer.Typer(invoke_without_command=True)
app.registered_commands += dead_letters.app.registered_commands

Json = Annotated[bool, typer.Option("--json", help=words.JSON)]
AsOf = Annotated[str | None, typer.Option("--as-of", help=words.AS_OF)]


@app.callback()
def notices(
    context: typer.Context, as_of: AsOf = None,
    plan: Annotated[str | None, typer.Option("--plan", help=words.PLAN_CODE)] = None,
    unit: Annotated[str | None, typer.Option()] = None,
    state: Annotated[str | None, typer.Option()] = None, as_json: Json = False,
) -> None:  # fmt: skip
    if context.invoked_subcommand is None:
        _list(as_of, plan, unit, state, as_json)


def _list(as_of: str | None, plan: str | None, unit: str | None, state: str | None, as_json: bool) -> None:
    from tasks.notice_list import notices

    desk = Desk()
    if state is not None and state not in NOTICE_STATE_SHOWN:
        raise unknown(words.BAD_STATE, state, NOTICE_STATE_SHOWN)
    if plan is not None:
        desk.plan(plan)
    at = desk.instant(as_of)
    with reading(desk.engine) as db:
        key = read_units(db).find(unit, local_day(at)).key if unit is not None else None
        rows = notices(db, as_of=at, plan=plan, unit=key, state=state)
    columns = ("id", "planned_at", "step", "duty", "period", "unit", "recipient", "state", "reason")
    show(as_json, rows, lambda: table(rows, columns))


@app.command("preview", help=words.NOTICES_PREVIEW)
def preview(
    as_of: AsOf = None,
    unit: Annotated[str | None, typer.Option("--unit", help=words.PREVIEW_UNIT)] = None,
    html: Annotated[Path | None, typer.Option("--html", help=words.PREVIEW_HTML)] = None, as_json: Json = False,
) -> None:  # fmt: skip
    from tasks.preview_digests import parts, preview_digests

    desk = Desk()
    at = desk.instant(as_of)
    with reading(desk.engine) as db:
        plans = all_in_force(db, desk.plans().values(), as_of=at)
        units = {code: read_units(db, province=code) for code in {plan.province for plan in plans.values()}}
        key = read_units(db).find(unit, local_day(at)).key if unit is not None else None
    found = preview_digests(desk.engine, plans, units, desk.settings, as_of=at)
    letters = [one for one in found.letters if key in (None, one.recipient)]
    rows = [_row(one, parts(one, desk.settings)[0]) for one in letters]
    if html is not None and letters:
        _write(html, parts(letters[0], desk.settings)[1])
    show(as_json, rows, lambda: _told(rows, found, at, html, whole=key is not None))


def _row(one: "Letter", text: str) -> dict[str, Any]:
    """One digest; `to` names each person with the addresses that would be written to, rung by rung."""
    from channels.digest import subject

    to = [
        {"name": person.name, "role": person.role,
         "addresses": [[address_shown(address.url) for address in rung] for rung in rungs]}
        for person, rungs in one.people
    ]  # fmt: skip
    return {
        "recipient": f"{one.recipient}/{one.role}", "name": one.digest.recipient_name, "to": to,
        "reachable": one.reachable, "subject": subject(one.digest), "text": text,
    }  # fmt: skip


def _told(
    rows: list[dict[str, Any]], found: "DigestPreview", at: datetime, html: Path | None, *, whole: bool
) -> Iterator[str]:
    """One line for each digest and who gets it; the text too where one unit was asked for."""
    shown = f"{local(at):%H:%M} {day_shown(local_day(at))}"
    if not rows:
        yield (words.PREVIEW_SWEPT if found.swept else words.PREVIEW_NOTHING).format(at=shown)
        return
    yield words.PREVIEW_COUNT.format(count=len(rows), lost=sum(not row["reachable"] for row in rows))
    for row in rows:
        yield f"\n{row['recipient']}  {row['subject']}"
        for person in row["to"]:
            order = words.THEN.join(words.AT_ONCE.join(rung) for rung in person["addresses"])
            yield f"  {person['name'] or row['name']}: {order or words.PREVIEW_NOBODY}"
        if not row["to"]:
            yield f"  {words.PREVIEW_NOBODY}"
        if whole:
            yield f"\n{row['text']}"
    if html is not None:
        yield words.PREVIEW_HTML_WRITTEN.format(name=rows[0]["name"], path=html)


def _write(path: Path, html: str) -> None:
    try:
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        raise Refusal(words.PREVIEW_UNWRITTEN.format(path=path, error=error)) from error
