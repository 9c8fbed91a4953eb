"""Rehearsing a plan on a scratch database that is gone afterwards."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from models.database import connect, reading
from models.plan import Plan
from models.unit_store import read_units
from schedules.zone import MORNING, at
from tasks.receive import desk, read_submissions
from tasks.roll_up import status
from tasks.set_up import set_up
from tasks.sheet import BadRow, Row
from tasks.simulate import assignments, replay


def rehearse(
    plan: Plan, *, since: date, through: date, seed: int, rows: Sequence[Row] | None = None
) -> tuple[dict[str, Any], list[BadRow]]:
    """Replay a plan and give its figures; where answers were given and some are bad, those and no figures."""
    engine = connect("sqlite://")
    end = at(through, MORNING)
    set_up(engine, [plan], now=at(since, MORNING), actor="simulation")
    answers = None
    if rows is not None:
        with reading(engine) as db:
            units = read_units(db, province=plan.province)
            answers, bad = read_submissions(rows, {plan.code: desk(db, plan, units, now=end)}, db)
        if bad:
            return {}, bad
    told = replay(engine, plan, since=since, through=through, seed=seed, answers=answers)
    with reading(engine) as db:
        rows_now = status(db, plan, read_units(db, province=plan.province), by="duty", as_of=end)
        made = assignments(db, plan.code)
    return {
        "days": told.days, "assignments": made, "reminders": told.reminders, "escalations": told.escalations,
        "submissions": told.submissions, "status": rows_now,
    }, []  # fmt: skip
