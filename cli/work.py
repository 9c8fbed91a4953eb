"""The verbs of the daily work: advance, submit, status, simulate, reports, event."""

from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import words
from cli.desk import Desk, show, table, tell
from models.database import reading, writing
from models.plan import Plan
from models.refusal import Refusal
from models.status import STATES
from models.unit_store import read_units
from schedules.words import day_shown, period_shown
from schedules.zone import local, local_day
from tasks.advance import FIGURES, advance, figures
from tasks.receive import Submission, checked, open_event, read_submissions, submit
from tasks.receive import desk as receiving_desk
from tasks.roll_up import BY, status
from tasks.sheet import read_sheet, write_refused

app = typer.Typer()
reports = typer.Typer()
event = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help=words.JSON)]
PlanCode = Annotated[str, typer.Option("--plan", help=words.PLAN_CODE)]
MaybePlan = Annotated[str | None, typer.Option("--plan", help=words.PLAN_CODE)]
AsOf = Annotated[str | None, typer.Option("--as-of", help=words.AS_OF)]

MOST_NAMED = 3
REPORT_COLUMNS = ("plan", "duty", "period", "unit", "submitted_at")


@app.command("advance", help=words.ADVANCE)
def advance_plans(plan: MaybePlan = None, as_of: AsOf = None, as_json: Json = False) -> None:
    desk = Desk()
    at = desk.not_ahead(as_of)
    plans = desk.chosen(plan)
    results = [figures(one) for one in advance(desk.engine, plans, as_of=at, now=desk.now, actor="office")]
    if len(results) == 1:
        data = results[0]
    else:
        sums = {name: sum(int(str(one[name])) for one in results) for name in FIGURES}
        data = {"plan": None, "as_of": at.isoformat(), **sums, "plans": results}
    show(as_json, data, lambda: table(results, ("plan", *FIGURES)))


@app.command("submit", help=words.SUBMIT)
def submit_report(
    plan: PlanCode, duty: Annotated[str, typer.Option()], period: Annotated[str, typer.Option()],
    unit: Annotated[str, typer.Option()], at: Annotated[str, typer.Option(help=words.AT)],
    by: Annotated[str, typer.Option(help=words.BY_NAME)] = "", as_json: Json = False,
) -> None:  # fmt: skip
    desk = Desk()
    chosen = desk.running(plan)
    given = Submission(plan, duty, period, unit, desk.instant(at, clock=time.min), by)
    with writing(desk.engine) as db:
        units = read_units(db, province=chosen.province)
        one = checked(given, receiving_desk(db, chosen, units, now=desk.now))
        submit(db, [one], now=desk.now)
    data = {"plan": plan, "duty": duty, "period": period, "unit": one.unit, "submitted_at": one.at.isoformat()}
    show(as_json, data, lambda: [f"Đã ghi nhận: {units.nearest(one.unit, one.at.date()).name}, {duty} {period}"])


@app.command("status", help=words.STATUS)
def show_status(
    plan: PlanCode, as_of: AsOf = None, by: Annotated[str, typer.Option(help=words.BY)] = "duty",
    known_at: Annotated[str | None, typer.Option("--known-at", help=words.KNOWN_AT)] = None,
    unit: Annotated[str | None, typer.Option("--unit", help=words.UNIT_STATUS)] = None,
    explain: Annotated[bool, typer.Option("--explain", help=words.EXPLAIN)] = False, as_json: Json = False,
) -> None:  # fmt: skip
    desk = Desk()
    if by not in BY:
        raise typer.BadParameter(f"--by {by}: {', '.join(BY)}")
    chosen, at = desk.running(plan), desk.instant(as_of)
    known = desk.instant(known_at) if known_at else None
    if unit is not None:
        _show_unit(desk, chosen, unit, at, known, as_json)
        return
    with reading(desk.engine) as db:
        units = read_units(db, province=chosen.province)
        rows = status(db, chosen, units, by=by, as_of=at, known_at=known, explain=explain)
    data = {"plan": plan, "as_of": at.isoformat(), "rows": rows}
    show(as_json, data, lambda: (*_human(rows), *(_reckonings(rows) if explain else ())))


def _show_unit(desk: Desk, plan: Plan, unit: str, at: datetime, known: datetime | None, as_json: bool) -> None:
    from tasks.history import unit_status

    with reading(desk.engine) as db:
        units = read_units(db, province=plan.province)
        found = units.find(unit, local_day(at))
        rows = unit_status(db, plan, units, unit=found.key, as_of=at, known_at=known)
    data = {"plan": plan.code, "as_of": at.isoformat(), "unit": found.key, "name": found.name, "rows": rows}
    show(as_json, data, lambda: _told(data))


def _told(data: dict[str, Any]) -> Iterator[str]:
    """A unit's duties for people: the state, how the date was counted, what happened."""
    yield f"{data['name']} ({data['unit']})"
    for row in data["rows"]:
        yield f"\n{row['title']}, {period_shown(row['period'])}: {row['shown']}"
        yield f"  {words.COUNTED}"
        yield from _steps(row)
        yield f"  {words.HISTORY}"
        for one in row["history"]:
            at = local(datetime.fromisoformat(one["at"]))
            yield f"    {at:%H:%M} {day_shown(at.date())}  {one['what']} ({one['by']})"


def _reckonings(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The steps under the table, once for all the rows of a duty and period that share them."""
    shared: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        told = (row["duty"], row["period"], *(text for step in row["explain"] for text in step.values()))
        shared.setdefault(told, []).append(row)
    yield f"\n{words.COUNTED}"
    for group in shared.values():
        units = [row["name"] for row in group if "name" in row]
        whose = f" ({', '.join(units)})" if 0 < len(units) <= MOST_NAMED else f" ({len(units)} đơn vị)" if units else ""
        yield f"  {group[0]['title']}, {period_shown(group[0]['period'])}{whose}"
        yield from _steps(group[0])


def _steps(row: dict[str, Any]) -> Iterator[str]:
    return (f"    - {step['why']} ({step['article']})" for step in row["explain"])


@app.command("simulate", help=words.SIMULATE)
def simulate(
    plan: str, since: Annotated[str, typer.Option("--from", help=words.ON)],
    through: Annotated[str, typer.Option("--to", help=words.ON)], seed: Annotated[int, typer.Option()] = 1,
    answers: Annotated[Path | None, typer.Option()] = None, as_json: Json = False,
) -> None:  # fmt: skip
    from tasks.rehearsal import rehearse

    desk = Desk()
    first, last = desk.day(since), desk.day(through)
    if first > last:
        raise Refusal(words.BACKWARDS.format(since=day_shown(first), through=day_shown(last)))
    rows = read_sheet(answers, columns=REPORT_COLUMNS, optional=("by",)) if answers else None
    data, bad = rehearse(desk.plan(plan), since=first, through=last, seed=seed, rows=rows)
    if bad:
        _refuse(bad, words.MEND_ANSWERS)
    show(as_json, data, lambda: [f"{k}: {v}" for k, v in data.items() if k != "status"] + list(_human(data["status"])))


@reports.command("import", help=words.REPORTS_IMPORT)
def reports_import(
    file: Path,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help=words.SKIP_BAD)] = False,
    as_json: Json = False,
) -> None:
    desk = Desk()
    rows = read_sheet(file, columns=REPORT_COLUMNS, optional=("by",))
    plans = desk.plans()
    with writing(desk.engine) as db:
        named = {row["plan"] for row in rows}
        desks = {
            code: receiving_desk(db, plan, read_units(db, province=plan.province), now=desk.now)
            for code, plan in plans.items() if code in named or not named & plans.keys()
        }  # fmt: skip
        made, bad = read_submissions(rows, desks, db)
        if bad and not skip_bad:
            _refuse(bad)
        refused = str(write_refused(file, bad)) if bad else None
        submit(db, made, now=desk.now)
    for one in bad:
        tell(str(one))
    data = {"imported": len(made), "refused": len(bad), "refused_file": refused}
    told = [f"{len(made)} dòng đã nhập, {len(bad)} dòng bị từ chối"]
    show(as_json, data, lambda: [*told, words.REFUSED_ROWS.format(path=refused)] if refused else told)


@reports.callback()
def _reports() -> None:
    """Keeps `reports` a group while it has one verb."""


@event.command("guidance-issued", help=words.GUIDANCE)
def guidance_issued(
    plan: PlanCode, on: Annotated[str, typer.Option(help=words.ON)], basis: Annotated[str, typer.Option()],
    duty: Annotated[str | None, typer.Option()] = None, as_json: Json = False,
) -> None:  # fmt: skip
    desk = Desk()
    chosen = desk.running(plan)
    waiting = [one.code for one in chosen.duties if one.term.event is not None]
    if not waiting:
        raise Refusal(words.NO_EVENT_DUTY.format(plan=plan))
    if duty is None and len(waiting) > 1:
        raise Refusal(words.MANY_EVENT_DUTIES.format(plan=plan, codes=", ".join(waiting)))
    with writing(desk.engine) as db:
        period = open_event(db, chosen, duty or waiting[0], day=desk.day(on), basis=basis, now=desk.now)
    data = {"plan": plan, "duty": duty or waiting[0], "period": period.key, "opens": period.opens.isoformat()}
    show(as_json, data, lambda: [f"{data['duty']}: kỳ {period.key} mở từ {period.opens:%d/%m/%Y}"])


@event.callback()
def _event() -> None:
    """Keeps `event` a group while it has one verb."""


def _refuse(bad: list[Any], why: str = words.NOTHING_IMPORTED) -> None:
    for one in bad:
        tell(str(one))
    raise Refusal(why)


def _human(rows: list[dict[str, Any]]) -> Any:
    used = [state for state in STATES if any(row[state] for row in rows)]
    units = ("unit", "name") if rows and "unit" in rows[0] else ()
    flat = [row | {"notes": "; ".join(row["notes"])} for row in rows]
    return table(flat, ("duty", "period", *units, "expected", *used, "reporting_rate", "on_time_rate", "notes"))
