"""What a unit's own link shows: what it owes across all plans, and the late units that it was told of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from models.plan import Plan
from models.status import OPEN, Standing, shown
from models.tables import assignment, delivery, notice
from models.units import Unit, Units
from models.words import ROLE_SHOWN
from portal import words
from portal.desk import Desk
from portal.figures import rows
from portal.unit_duties import UnitDuty, unit_duties
from schedules.words import step_shown
from schedules.zone import local_day
from tasks.fallback import number_of
from tasks.notice_list import notices

SAID = ("sending", "sent", "phoned")
COMING = ("due_soon", "pending", "returned", "submitted")
RESTING = ("paused", "no_term")
Place = tuple[str, str, str]
"""(plan, duty, period)"""


@dataclass(frozen=True, slots=True)
class Work:
    """One duty and period of the unit. `left` in days, None where late or without a date; `sent`: when and what."""

    plan: Plan
    one: UnitDuty
    left: int | None
    sent: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Another unit's duty that this unit was told of."""

    unit: str
    title: str
    period: str
    last_day: date | None
    shown: str


@dataclass(frozen=True, slots=True)
class UnitWork:
    """The page: overdue first, then what comes, then what rests; late units below, and what is only to be known."""

    unit: Unit
    overdue: tuple[Work, ...]
    coming: tuple[Work, ...]
    resting: tuple[Work, ...]
    below: tuple[Other, ...]
    copies: tuple[Other, ...]


def unit_work(db: sa.Connection, desk: Desk, unit: str, *, as_of: datetime) -> UnitWork | None:
    """Everything that concerns a unit now; None where no plan's province knows it."""
    found: dict[str, list[Work]] = defaultdict(list)
    others: dict[bool, list[Other]] = defaultdict(list)
    known: Unit | None = None
    sent = _sent(db, desk, unit, as_of)
    for plan in desk.plans().values():
        units = desk.units(db, plan.province)
        if unit not in units:
            continue
        known = units.nearest(unit, local_day(as_of))
        for one in unit_duties(db, plan, units, unit, as_of=as_of):
            place = (plan.code, *one.standing.owed.key[:2])
            found[one.standing.state].append(Work(plan, one, _left(one, as_of), tuple(sent[place])))
        for late, other in _others(db, plan, units, unit, as_of):
            others[late].append(other)
    if known is None:
        return None
    return UnitWork(
        known, _in_order(found, ("overdue",)), _in_order(found, COMING), _in_order(found, RESTING),
        tuple(others[True]), tuple(others[False]),
    )  # fmt: skip


def notice_number(db: sa.Connection, unit: str, tracking: str) -> str:
    """The number of the notice that carried a link, as the message has it; "" where it is not on record."""
    query = sa.select(delivery).where(delivery.c.tracking_id == tracking, delivery.c.recipient == unit)
    row = db.execute(query).first()
    return number_of(db, row) if row is not None else ""


def _in_order(found: Mapping[str, list[Work]], states: Iterable[str]) -> tuple[Work, ...]:
    """The soonest due, or the longest late, first."""
    every = [work for state in states for work in found[state]]
    return tuple(sorted(every, key=lambda work: work.one.last_day or date.max))


def _left(one: UnitDuty, as_of: datetime) -> int | None:
    if one.last_day is None or one.standing.state == "overdue":
        return None
    return (one.last_day - local_day(as_of)).days


def _sent(db: sa.Connection, desk: Desk, unit: str, as_of: datetime) -> Mapping[Place, list[tuple[datetime, str]]]:
    """The messages about this unit that have left, by what they are about."""
    found: dict[Place, list[tuple[datetime, str]]] = defaultdict(list)
    for row in notices(db, as_of=as_of, unit=unit, state="sent"):
        units = desk.units(db, desk.plan(row["plan"]).province) if row["plan"] in desk.plans() else None
        said = words.LINK_SENT.format(step=step_shown(row["step"]).capitalize(), to=_receiver(row, units, as_of))
        at = datetime.fromisoformat(row["sent_at"])
        found[row["plan"], row["duty"], row["period"]].append((at, said))
    return found


def _receiver(row: Mapping[str, Any], units: Units | None, as_of: datetime) -> str:
    key, _, role = row["recipient"].rpartition("/")
    name = units.nearest(key, local_day(as_of)).addressed if units is not None and key in units else key
    return f"{name} ({ROLE_SHOWN.get(role, role)})"


def _others(
    db: sa.Connection, plan: Plan, units: Units, unit: str, as_of: datetime
) -> Iterable[tuple[bool, Other]]:  # fmt: skip
    """(late, other) for what the unit was told of others and what is still so: late units below it, or copies."""
    n, a = notice.c, assignment.c
    query = (
        sa.select(a.duty, a.period, a.unit, n.step)
        .join(assignment, a.id == n.assignment)
        .where(n.recipient == unit, a.unit != unit, a.plan == plan.code, n.state.in_(SAID), n.planned_at <= as_of)
    )
    told: dict[tuple[str, str, str], bool] = {}
    for row in db.execute(query):
        key = (row.duty, row.period, row.unit)
        told[key] = told.get(key, False) or row.step.startswith("escalate")
    if not told:
        return []
    standing = [one for row in rows(db, plan, units, as_of=as_of) for one in row.part.standings]
    standing.sort(key=lambda one: (one.owed.due is None, one.owed.due))
    return [
        (told[one.owed.key], _other(one, units, as_of))
        for one in standing
        if one.owed.key in told and (one.state == "overdue" if told[one.owed.key] else one.state in OPEN)
    ]


def _other(one: Standing, units: Units, as_of: datetime) -> Other:
    period = one.owed.period
    name = units.nearest(one.owed.unit, local_day(as_of)).addressed
    return Other(name, one.owed.duty.title, period.key, period.last_day, shown(one, as_of=as_of))
