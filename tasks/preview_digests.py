"""Previewing a day's digests: the day is swept in a transaction that is rolled back, so nothing of it stays."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from channels.digest import Digest
from models.database import writing
from models.owed import Key, periods
from models.people import contacts
from models.plan import Plan
from models.record import read_record
from models.settings import Settings
from models.status import OPEN, Standing, standings
from models.tables import assignment, ledger, notice
from models.units import Units
from schedules.workdays import work_calendar
from schedules.zone import at, local_day
from tasks.digests import Waiting, digest_of
from tasks.sweep import sweep

SLOT = "xem trước"
A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest that would leave. `plans` are those it speaks of; not `reachable`: nobody's address is known."""

    recipient: str
    role: str
    plans: frozenset[str]
    reachable: bool
    digest: Digest


@dataclass(frozen=True, slots=True)
class DigestPreview:
    """The letters of one sweep; `swept` tells that the instant was swept already, so there is nothing new to plan."""

    letters: list[Letter]
    swept: bool


def preview_digests(
    engine: sa.Engine, plans: Mapping[str, Plan], units: Mapping[str, Units], settings: Settings, *, as_of: datetime
) -> DigestPreview:
    """The digests that the sweep at `as_of` would send, if everything planned before it had left in time.

    Holds the write lock while it sweeps; keeps nothing.

    Args:
        units: the tree of each plan's province, by its code.
    """
    with writing(engine) as db:
        swept = _swept(db, plans, as_of)
        _sweep(db, plans, units, as_of - A_MOMENT)
        before = db.execute(sa.select(sa.func.coalesce(sa.func.max(notice.c.id), 0))).scalar_one()
        _sweep(db, plans, units, as_of)
        waiting = list(_waiting(db, plans, before))
        standing = _standing(db, plans, units, {one.plan for one in waiting}, as_of)
        known = contacts(db).keys()
        db.rollback()
    groups: dict[tuple[str, str], list[Waiting]] = defaultdict(list)
    for one in waiting:
        if one.key in standing:
            groups[one.recipient, one.role].append(one)
    slot = f"{local_day(as_of).isoformat()} ({SLOT})"
    letters = [
        Letter(
            *to, frozenset(one.plan for one in group), settings.mailbox_only or to[0] in known,
            digest_of(to, group, standing, plans, units, settings, as_of=as_of, slot=slot),
        )
        for to, group in groups.items()
    ]  # fmt: skip
    return DigestPreview(letters, swept)


def sending_days(
    plan: Plan, *, after: datetime, through: date, late: Collection[tuple[str, str]], events: Iterable[tuple[str, date]]
) -> list[date]:
    """The days after an instant on which the plan has a reminder or an escalation, in order.

    Args:
        late: (duty, period) of what has overdue units, which are urged every week.
    """
    known, calendar, end = list(events), work_calendar(plan.province), at(through, time.max)
    steps = (
        step
        for duty in plan.duties
        for period in periods(plan, duty, through=through, events=known)
        for step in plan.cadence_of(duty).occurrences(
            period, through=end, calendar=calendar, weekly=(duty.code, period.key) in late
        )
    )
    return sorted({local_day(step.at) for step in steps if step.at > after})


def _sweep(db: sa.Connection, plans: Mapping[str, Plan], units: Mapping[str, Units], as_of: datetime) -> None:
    for plan in plans.values():
        sweep(db, plan, units[plan.province], as_of=as_of, now=as_of)


def _swept(db: sa.Connection, plans: Mapping[str, Plan], as_of: datetime) -> bool:
    swept = (
        sa.select(ledger.c.plan)
        .where(ledger.c.kind == "swept", ledger.c.plan.in_(list(plans)), ledger.c.event_at >= as_of)
        .distinct()
    )
    return len(db.execute(swept).all()) == len(plans)


def _waiting(db: sa.Connection, plans: Mapping[str, Plan], before: int) -> Iterator[Waiting]:
    n, a = notice.c, assignment.c
    query = (
        sa.select(n.id, n.step, n.kind, n.recipient, n.role, a.plan, a.duty, a.period, a.unit)
        .join(assignment, a.id == n.assignment)
        .where(n.id > before, n.state == "planned", a.plan.in_(list(plans)))
        .order_by(n.recipient, n.role, n.planned_at, n.id)
    )
    return (Waiting(*row) for row in db.execute(query))


def _standing(
    db: sa.Connection, plans: Mapping[str, Plan], units: Mapping[str, Units], codes: Collection[str], as_of: datetime
) -> dict[tuple[str, Key], Standing]:
    return {
        (code, one.owed.key): one
        for code in codes
        for part in standings(plans[code], units[plans[code].province], read_record(db, code, as_of=as_of), as_of=as_of)
        for one in part.standings
        if one.state in OPEN
    }
