"""Advancing: sweeping plans as of an instant, and the figures that it reports."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from models.database import writing
from models.plan import Plan
from models.unit_store import read_units
from models.versions import in_force
from tasks.sweep import SweepResult, sweep

FIGURES = ("opened", "reminded", "escalated", "notices", "overdue")


def advance(
    engine: sa.Engine, plans: Iterable[Plan], *, as_of: datetime, now: datetime, actor: str
) -> list[SweepResult]:
    """Sweep each plan as it is in force, each in its own transaction."""
    results = []
    for plan in plans:
        with writing(engine) as db:
            running = in_force(db, plan, as_of=as_of)
            units = read_units(db, province=running.province)
            results.append(sweep(db, running, units, as_of=as_of, now=now, actor=actor))
    return results


def figures(result: SweepResult) -> dict[str, object]:
    """One sweep as plain values."""
    return {"plan": result.plan, "as_of": result.as_of.isoformat()} | {name: getattr(result, name) for name in FIGURES}
