"""The verbs that decide about running terms: extend, correct, pause, resume, waive, withdraw."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from cli import words
from cli.desk import Desk, show
from models.database import writing
from models.refusal import Refusal
from models.running import until_shown
from models.unit_store import read_units
from schedules.terms import FIRST_YEAR
from schedules.words import day_shown
from schedules.zone import midnight
from tasks import decide
from tasks.decide import Decided, Decision, end_of
from tasks.receive import Desk as Receiving
from tasks.receive import desk as receiving_desk
from tasks.receive import exempt

app = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help=words.JSON)]
PlanCode = Annotated[str, typer.Option("--plan", help=words.PLAN_CODE)]
DutyCode = Annotated[str, typer.Option("--duty", help=words.DUTY_CODE)]
PeriodKey = Annotated[str, typer.Option("--period", help=words.PERIOD_KEY)]
Unit = Annotated[str | None, typer.Option("--unit", help=words.ONE_UNIT)]
Everybody = Annotated[bool, typer.Option("--all", help=words.EVERYBODY)]
Reason = Annotated[str, typer.Option("--reason", help=words.REASON)]
By = Annotated[str, typer.Option("--by", help=words.DECIDED_BY)]
On = Annotated[str | None, typer.Option("--on", "--at", help=words.DECIDED_ON)]
To = Annotated[str, typer.Option("--to", "--until", help=words.LAST_DAY)]
MaybeTo = Annotated[str | None, typer.Option("--to", "--until", help=words.LAST_DAY)]

Verb = Callable[[sa.Connection, Receiving, Decision, datetime], Decided]


@app.command("extend", help=words.EXTEND)
def extend(
    plan: PlanCode, duty: DutyCode, period: PeriodKey, to: To, reason: Reason, unit: Unit = None,
    everybody: Everybody = False, by: By = "", on: On = None, as_json: Json = False,
) -> None:  # fmt: skip
    until = _end(to)
    _decide("extended", plan, duty, period, unit, everybody, reason, by, on, as_json,
            lambda db, at, decision, now: decide.extend(db, at, decision, to=until, now=now))  # fmt: skip


@app.command("correct", help=words.CORRECT)
def correct(
    plan: PlanCode, duty: DutyCode, period: PeriodKey, reason: Reason, unit: Unit = None,
    everybody: Everybody = False, to: MaybeTo = None,
    opens: Annotated[str | None, typer.Option("--opens", help=words.FIRST_DAY)] = None, by: By = "", on: On = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    if to is None and opens is None:
        raise typer.BadParameter(words.NO_DATE)
    due, start = _end(to) if to else None, midnight(Desk().day(opens)) if opens else None
    _decide("corrected", plan, duty, period, unit, everybody, reason, by, on, as_json,
            lambda db, at, decision, now: decide.correct(db, at, decision, due=due, opens=start, now=now))  # fmt: skip


@app.command("pause", help=words.PAUSE)
def pause(
    plan: PlanCode, duty: DutyCode, period: PeriodKey, reason: Reason, unit: Unit = None,
    everybody: Everybody = False, by: By = "", on: On = None, as_json: Json = False,
) -> None:  # fmt: skip
    _decide("paused", plan, duty, period, unit, everybody, reason, by, on, as_json,
            lambda db, at, decision, now: decide.pause(db, at, decision, now=now))  # fmt: skip


@app.command("resume", help=words.RESUME)
def resume(
    plan: PlanCode, duty: DutyCode, period: PeriodKey, reason: Reason = words.RESUMED, unit: Unit = None,
    everybody: Everybody = False, to: MaybeTo = None, by: By = "", on: On = None, as_json: Json = False,
) -> None:  # fmt: skip
    until = _end(to) if to else None
    _decide("resumed", plan, duty, period, unit, everybody, reason, by, on, as_json,
            lambda db, at, decision, now: decide.resume(db, at, decision, to=until, now=now))  # fmt: skip


@app.command("withdraw", help=words.WITHDRAW)
def withdraw(
    plan: PlanCode, duty: DutyCode, period: PeriodKey, reason: Reason, unit: Unit = None,
    everybody: Everybody = False, by: By = "", on: On = None, as_json: Json = False,
) -> None:  # fmt: skip
    _decide("withdrawn", plan, duty, period, unit, everybody, reason, by, on, as_json,
            lambda db, at, decision, now: decide.withdraw(db, at, decision, now=now))  # fmt: skip


@app.command("waive", help=words.WAIVE)
def waive(
    plan: PlanCode, unit: Annotated[str, typer.Option("--unit", help=words.ONE_UNIT)],
    duty: Annotated[str | None, typer.Option("--duty", help=words.DUTY_CODE)] = None,
    period: Annotated[str | None, typer.Option("--period", help=words.PERIOD_KEY)] = None,
    ground: Annotated[str, typer.Option("--ground", "--basis", help=words.GROUND)] = "",
    reason: Annotated[str, typer.Option("--reason", help=words.REASON)] = "",
    by: By = "", on: On = None, as_json: Json = False,
) -> None:  # fmt: skip
    desk = Desk()
    if not (ground.strip() or reason.strip()):
        raise Refusal(words.NO_GROUND)
    if period is not None and duty is None:
        raise Refusal(words.PERIOD_OF_WHAT)
    chosen, day = desk.running(plan), _since(desk.day(on))
    with writing(desk.engine) as db:
        units = read_units(db, province=chosen.province)
        key = exempt(
            db, chosen, units, unit=unit, duty=duty, period=period, day=day, reason=reason or ground, ground=ground,
            by=by, now=desk.now,
        )  # fmt: skip
    data = {
        "plan": plan, "duty": duty, "period": period, "unit": key, "on": day.isoformat(), "reason": reason,
        "ground": ground,
    }  # fmt: skip
    show(as_json, data, lambda: [words.WAIVED.format(unit=key, day=day_shown(day), why=ground or reason)])


def _decide(
    kind: str, plan: str, duty: str, period: str, unit: str | None, everybody: bool, reason: str, by: str,
    on: str | None, as_json: bool, verb: Verb,
) -> None:  # fmt: skip
    if (unit is None) != everybody:
        raise typer.BadParameter(words.UNIT_OR_ALL)
    desk = Desk()
    chosen, since = desk.running(plan), desk.instant(on, clock=time.min)
    _since(since.date())
    decision = Decision(duty, period, unit, reason, since, by)
    with writing(desk.engine) as db:
        units = read_units(db, province=chosen.province)
        done = verb(db, receiving_desk(db, chosen, units, now=decision.on), decision, desk.now)
    data: dict[str, Any] = {
        "plan": plan, "duty": done.key[0], "period": done.key[1], "unit": done.key[2] or None, "decided": kind,
        "units": done.units, "on": decision.on.isoformat(), "reason": reason,
        "was_due": done.was_due.isoformat() if done.was_due else None,
        "due": done.due.isoformat() if done.due else None,
    }  # fmt: skip
    show(as_json, data, lambda: [words.DECIDED[kind].format(
        who=done.key[2] or f"{done.units} đơn vị", duty=duty, period=period, was=until_shown(done.was_due),
        due=until_shown(done.due), why=reason,
    )])  # fmt: skip


def _since(day: date) -> date:
    """Refuse a day that no plan of ours knows: surely a slip."""
    if day.year < FIRST_YEAR:
        raise Refusal(words.TOO_EARLY.format(day=day_shown(day), year=FIRST_YEAR))
    return day


def _end(text: str) -> datetime:
    """The end of the day that was given as the last one; or the very instant, where one with its hour was given."""
    desk = Desk()
    return desk.instant(text) if "T" in text else end_of(desk.day(text))
