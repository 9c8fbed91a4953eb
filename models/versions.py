"""The versions of a plan as they were applied. What runs is what was applied, not what stands in a file meanwhile."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from models.declaration import read_back, written
from models.plan import Plan
from models.tables import plan_version

Versions = tuple[tuple[datetime, Plan], ...]
"""(applied at, plan), oldest first."""


def store_version(db: sa.Connection, plan: Plan, *, now: datetime) -> None:
    """Keep a plan's declaration as it is applied."""
    db.execute(sa.insert(plan_version).values(
        plan=plan.code, version=plan.version, hash=plan.hash, declaration=written(plan), applied_at=now
    ))  # fmt: skip


def versions(db: sa.Connection, code: str) -> Versions:
    """Every version of a plan that was applied."""
    v = plan_version.c
    query = sa.select(v.applied_at, v.declaration).where(v.plan == code).order_by(v.version)
    return tuple((at, read_back(text)) for at, text in db.execute(query).all())


def amended(db: sa.Connection, code: str) -> bool:
    """Whether the plan was applied in more than one version."""
    query = sa.select(sa.func.count()).where(plan_version.c.plan == code)
    return int(db.execute(query).scalar_one()) > 1


def has_version(db: sa.Connection, code: str) -> bool:
    """Whether a declaration of the plan is kept."""
    return db.execute(sa.select(plan_version.c.version).where(plan_version.c.plan == code).limit(1)).first() is not None


def version_at(known: Versions, instant: datetime) -> Plan:
    """The latest version that was applied by an instant; the first one where that came later."""
    return next((plan for at, plan in reversed(known) if at <= instant), known[0][1])


def in_force(db: sa.Connection, plan: Plan, *, as_of: datetime) -> Plan:
    """The version that counts at an instant; the given declaration itself where no version was ever applied."""
    v = plan_version.c
    stored = db.execute(sa.select(v.hash).where(v.plan == plan.code)).scalars().all()
    if not stored or list(stored) == [plan.hash]:
        return plan
    return version_at(versions(db, plan.code), as_of)


def all_in_force(db: sa.Connection, plans: Iterable[Plan], *, as_of: datetime) -> Mapping[str, Plan]:
    """The same for several plans, by code."""
    return {plan.code: in_force(db, plan, as_of=as_of) for plan in plans}
