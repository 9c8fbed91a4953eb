"""Previewing a day's digests: the day is swept in a transaction that is rolled back, so nothing of it stays."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from channels.digest import Digest
from models.database import writing
from models.people import contacts
from models.plan import Plan
from models.record import Record
from models.regimes import asked, regimes
from models.settings import Settings
from models.tables import ledger, notice
from models.units import Units
from schedules.zone import at, local_day
from tasks.digests import digest_of
from tasks.preview import period_steps
from tasks.sweep import sweep
from tasks.waiting import by_recipient, still_open, waiting_notices

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
        waiting = list(waiting_notices(db, plans, (notice.c.id > before) & (notice.c.state == "planned")))
        standing = still_open(db, {one.plan for one in waiting}, plans, units, as_of=as_of)
        known = contacts(db).keys()
        db.rollback()
    groups = by_recipient(one for one in waiting if one.key in standing)
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
    plan: Plan, *, after: datetime, through: date, late: Collection[tuple[str, str]], record: Record
) -> list[date]:
    """The days after an instant on which the plan has a reminder or an escalation, in order.

    Args:
        late: (duty, period) of what has overdue units, which are urged every week.
    """
    end = at(through, time.max)
    found = (
        step
        for one in asked(regimes(plan, record.versions, record.calendars), through=through, events=record.events)
        if not one.dropped
        for step in period_steps(plan, one, record, through=end, weekly=one.place in late)
    )
    return sorted({local_day(step.at) for step in found if step.at > after})


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
