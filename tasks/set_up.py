"""Setting up: the schema, the units, the plans. Doing it twice changes nothing."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from models.database import migrate, version_of, writing
from models.ledger import Fact, append
from models.plan import Plan
from models.plan_check import problems
from models.record import live_from
from models.refusal import Refusal
from models.tables import ledger
from models.unit_store import load_shipped, read_units
from models.versions import has_version, store_version
from tasks.amend import Amendment, amendment


@dataclass(frozen=True, slots=True)
class SetUp:
    """What was done: whether the schema is new, how many unit versions changed, which plans were recorded.

    `waiting` are plans whose file says something else than what is in force: an officer looks at the difference first.
    `missing` are plans in force whose file is gone: nobody sweeps them any more.
    """

    migrated: bool
    units: int
    plans: list[str]
    waiting: list[str]
    missing: list[str]


def set_up(engine: sa.Engine, plans: Iterable[Plan], *, now: datetime, actor: str = "engine") -> SetUp:
    """Create or migrate the schema, load the shipped units, apply the plans."""
    before = version_of(engine)
    migrate(engine)
    with writing(engine) as db:
        units = load_shipped(db)
        if units:
            append(
                db,
                [Fact("units_imported", now, "dữ liệu kèm chương trình", data=(("rows", units),))],
                actor=actor,
                now=now,
            )
    plans = list(plans)
    with writing(engine) as db:
        known = applied(db)
        new = [plan for plan in plans if plan.code not in known or _to_be_kept(db, plan, known[plan.code][0])]
        made = [plan.code for plan in new if apply_plan(db, plan, now=now, actor=actor)]
    waiting = [p.code for p in plans if p not in new and known[p.code] != (p.version, p.hash)]
    missing = sorted(known.keys() - {plan.code for plan in plans})
    return SetUp(before is None, units, made, waiting, missing)


def _to_be_kept(db: sa.Connection, plan: Plan, version: int) -> bool:
    """It was applied before declarations were kept, and the file still says the same version."""
    return plan.version == version and not has_version(db, plan.code)


def apply_plan(db: sa.Connection, plan: Plan, *, now: datetime, actor: str = "engine") -> Amendment | None:
    """Put a plan's declaration in force, with what it does to open assignments; None where it is in force already.

    Raises:
        Refusal: the plan does not hold together, or it changed under an unchanged version number.
    """
    units = read_units(db, province=plan.province)
    if found := problems(plan, units):
        raise Refusal("; ".join(str(problem) for problem in found))
    last = applied(db).get(plan.code)
    # A version applied before declarations were kept is put on record again, as long as the file still says it.
    on_record = has_version(db, plan.code)
    if last == (plan.version, plan.hash) and on_record:
        return None
    if on_record and last is not None and last[0] >= plan.version:
        raise Refusal(
            f"Kế hoạch {plan.code} đã đổi nội dung nhưng vẫn ghi phiên bản {plan.version} (đang áp dụng: {last[0]}). "
            f"Tăng version lên {last[0] + 1} để nhật ký phân biệt được hai bản."
        )
    change = amendment(db, plan, units, now=now)
    append(db, [Fact(
        "plan_applied", now, plan.title, plan.code, data=(("hash", plan.hash), ("version", plan.version)),
    )], actor=actor, now=now)  # fmt: skip
    store_version(db, plan, now=now)
    return change


def applied(db: sa.Connection) -> dict[str, tuple[int, str]]:
    """The plans in force: code → (version, hash) as last applied."""
    # By the order of recording, not by the clock: a clock that steps back must not bring an older version into force.
    query = sa.select(ledger.c.plan, ledger.c.data).where(ledger.c.kind == "plan_applied").order_by(ledger.c.seq)
    told = ((plan, json.loads(data)) for plan, data in db.execute(query))
    return {plan: (data["version"], data["hash"]) for plan, data in told}


def go_live(db: sa.Connection, *, now: datetime, actor: str = "engine") -> datetime:
    """Remember when the engine first went live; later starts change nothing."""
    since = live_from(db)
    if since is None:
        append(db, [Fact("went_live", now, "lần khởi động đầu tiên")], actor=actor, now=now)
    return since or now
