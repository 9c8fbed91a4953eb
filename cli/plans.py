"""`dondoc plan …`"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import words
from cli.changes import amendment_rows, amendment_told, impact_rows
from cli.desk import Desk, show, table, tell
from flows.catalog import BadPlan, lines_of, load_plan, new_plan, plan_files
from models.database import connect, has_schema, reading, writing
from models.plan import Duty, Plan
from models.plan_check import problems
from models.record import read_decisions
from models.refusal import Refusal
from models.unit_store import read_units, shipped_tree
from models.units import Units
from schedules.words import day_shown
from schedules.zone import local_day
from tasks.amend import amendment
from tasks.preview import milestones
from tasks.receive import exempt
from tasks.set_up import applied, apply_plan

app = typer.Typer()
AHEAD = timedelta(days=400)
Json = Annotated[bool, typer.Option("--json", help=words.JSON)]


@app.command("list", help=words.PLAN_LIST)
def list_plans(as_json: Json = False) -> None:
    rows = [{"code": p.code, "title": p.title, "version": p.version} for p in Desk().plans().values()]
    show(as_json, rows, lambda: table(rows, ("code", "version", "title")))


@app.command("show", help=words.PLAN_SHOW)
def show_plan(code: str, as_json: Json = False) -> None:
    plan = Desk().plan(code)
    data = {
        "code": plan.code, "title": plan.title, "version": plan.version, "hash": plan.hash, "province": plan.province,
        "issuer": plan.issuer, "number": str(plan.number), "issued": str(plan.issued), "in_force": str(plan.in_force),
        "source": str(plan.source), "legal_basis": [str(one) for one in plan.legal_basis], "notes": list(plan.notes),
        "duties": [_duty(duty) for duty in plan.duties],
    }  # fmt: skip
    show(as_json, data, lambda: _described(data))


@app.command("check", help=words.PLAN_CHECK)
def check(file: Annotated[Path | None, typer.Argument()] = None, as_json: Json = False) -> None:
    desk = Desk()
    found: list[dict[str, Any]] = []
    codes: dict[str, Path] = {}
    for path in [file] if file else plan_files(desk.settings.plans_folder):
        try:
            plan = load_plan(path)
        except BadPlan as bad:
            found.append({"file": str(path), "line": bad.line, "duty": None, "problem": bad.problem})
            continue
        if plan.code in codes:
            found.append(
                {
                    "file": str(path),
                    "line": 1,
                    "duty": None,
                    "problem": f"mã kế hoạch «{plan.code}» đã có ở {codes[plan.code]}",
                }
            )
        codes[plan.code] = path
        found.extend(_located(path, plan, _units(desk, plan)))
    for one in found:
        tell(f"{one['file']}:{one['line']}: {one['problem']}")
    show(
        as_json,
        {"ok": not found, "problems": found},
        lambda: [] if found else [words.CHECKED.format(codes=", ".join(codes))],
    )
    if found:
        raise typer.Exit(1)


@app.command("preview", help=words.PLAN_PREVIEW)
def preview(
    code: str,
    since: Annotated[str | None, typer.Option("--from", help=words.ON)] = None,
    through: Annotated[str | None, typer.Option("--to", help=words.ON)] = None, as_json: Json = False,
) -> None:  # fmt: skip
    desk = Desk()
    plan = desk.plan(code)
    first = desk.day(since)
    last = desk.day(through) if through else first + AHEAD
    if first > last:
        raise Refusal(words.BACKWARDS.format(since=day_shown(first), through=day_shown(last)))
    with reading(desk.engine) as db:
        units = read_units(db, province=plan.province)
        record = read_decisions(db, plan, as_of=desk.now)
    rows = [
        {"duty": m.duty, "period": m.period, "step": m.step, "at": m.at.isoformat(), "units": m.units,
         "explain": list(m.explain)}
        for m in milestones(plan, units, record, since=first, through=last)
    ]  # fmt: skip
    show(as_json, {"plan": code, "milestones": rows}, lambda: table(rows, ("at", "duty", "period", "step", "units")))


@app.command("diff", help=words.PLAN_DIFF)
def diff(code: str, as_json: Json = False) -> None:
    desk = Desk()
    plan = desk.plan(code)
    with reading(desk.engine) as db:
        units = read_units(db, province=plan.province)
        if found := problems(plan, units):
            raise Refusal("; ".join(str(problem) for problem in found))
        change = amendment(db, plan, units, now=desk.now)
    data = {"plan": code, "version": change.version, "new_version": plan.version} | amendment_rows(change)
    show(as_json, data, lambda: amendment_told(data))


@app.command("apply", help=words.PLAN_APPLY)
def apply(code: str, as_json: Json = False) -> None:
    desk = Desk()
    plan = desk.plan(code)
    with writing(desk.engine) as db:
        change = apply_plan(db, plan, now=desk.now, actor="admin")
        version, hash_ = applied(db)[plan.code]
    rows = impact_rows(change.impact) if change else {}
    data = {"plan": code, "version": version, "hash": hash_, "changed": change is not None} | {
        name: len(rows.get(name, ())) for name in ("moved", "withdrawn", "opened")
    }
    show(as_json, data, lambda: [f"{code} v{version} {hash_[:12]}{'' if change else ' (không đổi)'}"])


@app.command("exempt", help=words.PLAN_EXEMPT)
def exempt_unit(
    code: str, unit: Annotated[str, typer.Option()], reason: Annotated[str, typer.Option()],
    duty: Annotated[str | None, typer.Option()] = None,
    on: Annotated[str | None, typer.Option(help=words.FORCE_DAY)] = None, as_json: Json = False,
) -> None:  # fmt: skip
    desk = Desk()
    plan, day = desk.running(code), desk.day(on)
    with writing(desk.engine) as db:
        units = read_units(db, province=plan.province)
        key = exempt(db, plan, units, unit=unit, duty=duty, day=day, reason=reason, now=desk.now)
    data = {"plan": code, "unit": key, "duty": duty, "on": day.isoformat(), "reason": reason}
    show(as_json, data, lambda: [f"{key}: không áp dụng từ {day_shown(day)} ({reason})"])


@app.command("new", help=words.PLAN_NEW)
def new(code: str, province: Annotated[str, typer.Option(help=words.PROVINCE)] = "40", as_json: Json = False) -> None:
    desk = Desk()
    folder = desk.settings.plans_folder or Path.cwd()
    path = new_plan(folder, code, province=province, day=local_day(desk.now))
    show(as_json, {"file": str(path)}, lambda: [words.NEWLY_MADE.format(path=path)])


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "code": duty.code, "title": duty.title, "asks": duty.asks, "lead": duty.lead.label,
        "coordinating": duty.coordinating.label if duty.coordinating else None, "term": duty.term.text,
        "counting": duty.policy, "citation": str(duty.citation),
        "evidence": list(duty.evidence) if isinstance(duty.evidence, tuple) else str(duty.evidence),
        "report_to": str(duty.report_to), "data_period": str(duty.data_period),
        "assumptions": list(duty.lead.assumptions + (duty.coordinating.assumptions if duty.coordinating else ())),
    }  # fmt: skip


def _described(data: dict[str, Any]) -> list[str]:
    lines = [f"{data['code']} v{data['version']}: {data['title']}"]
    lines += [f"  {name}: {data[name]}" for name in ("issuer", "number", "issued", "in_force", "source")]
    for duty in data["duties"]:
        lines.append(f"\n{duty['code']}: {duty['title']}")
        lines += [f"  {name}: {value}" for name, value in duty.items() if name not in ("code", "title") and value]
    return lines


def _located(path: Path, plan: Plan, units: Units) -> list[dict[str, Any]]:
    lines = lines_of(path)
    return [
        {"file": str(path), "line": lines.get(one.duty or "", lines[""]), "duty": one.duty, "problem": str(one)}
        for one in problems(plan, units)
    ]


def _units(desk: Desk, plan: Plan) -> Units:
    """The units to check against: the office's, or the shipped ones where there is no database yet."""
    if has_schema(connect(desk.settings.database_url)):
        with reading(desk.engine) as db:
            return read_units(db, province=plan.province)
    return shipped_tree(plan.province)
