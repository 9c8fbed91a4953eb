"""The sweep: one pass of a plan at an instant. It asks what is owed and not yet recorded, with no look-back window.

Sweeping twice does nothing the second time. One late sweep records the same steps as daily sweeps would have:
each is planned or skipped with its reason, and only the newest step per assignment and recipient is still said.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from models.alphabet import alphabetical
from models.ledger import Fact, append
from models.plan import Plan
from models.record import Record, read_record
from models.status import PeriodStandings, Standing, shown, standings, tally
from models.tables import assignment, ledger
from models.units import Units
from models.words import DID_SHOWN
from schedules.zone import local_day
from tasks.steps import plan_steps


@dataclass(frozen=True, slots=True)
class TouchedUnit:
    """A unit to which the sweep did something, or whose state changed since the sweep before.

    `state` is the worst of its states in the plan, `shown` the words for it, `did` what happened, in words.
    """

    unit: str
    name: str
    state: str
    shown: str
    did: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What one sweep did. `expected`, `overdue` and `due_soon` count assignments as they stand at `as_of`."""

    plan: str
    as_of: datetime
    opened: int
    reminded: int
    escalated: int
    notices: int
    expected: int
    overdue: int
    due_soon: int
    touched: list[TouchedUnit]


Did = list[tuple[str, str]]
"""(unit, what happened to it, in words)"""


@dataclass(frozen=True, slots=True)
class _Pass:
    """One pass of a plan: where everyone stands at `as_of`, and who records it when."""

    db: sa.Connection
    plan: Plan
    units: Units
    record: Record
    parts: list[PeriodStandings]
    as_of: datetime
    now: datetime
    actor: str

    def __iter__(self) -> Iterator[Standing]:
        for part in self.parts:
            yield from part.standings

    def tell(self, facts: list[Fact]) -> None:
        append(self.db, facts, actor=self.actor, now=self.now)

    def fact(self, kind: str, one: Standing, at: datetime, cause: str) -> Fact:
        return Fact(kind, at, cause, self.plan.code, *one.owed.key)


def sweep(
    db: sa.Connection, plan: Plan, units: Units, *, as_of: datetime, now: datetime, actor: str = "engine"
) -> SweepResult:
    """Open what has begun, plan the reminders and escalations that are due by `as_of`, pass on what has ended.

    Args:
        db: a connection inside a writing transaction; all of the sweep is kept, or nothing.
        as_of: the instant whose sweep this is.
        now: when it is recorded.
    """
    record = read_record(db, plan, as_of=as_of)
    parts = standings(plan, units, record, as_of=as_of)
    this = _Pass(db, plan, units, record, parts, as_of, now, actor)
    opened = _open(this)
    if opened:
        this = replace(this, record=read_record(db, plan, as_of=as_of))
    steps = plan_steps(db, plan, units, parts, this.record, as_of=as_of)
    passed_on = _pass_on(this)
    changed = _changed_since_last(this)
    touched = _touched(this, opened + steps.about + passed_on + changed)
    counts = tally(this)
    return SweepResult(
        plan.code, as_of, len(opened), steps.reminded, steps.escalated, steps.notices,
        expected=counts["expected"], overdue=counts["overdue"], due_soon=counts["due_soon"], touched=touched,
    )  # fmt: skip


def _open(this: _Pass) -> Did:
    """Assign what has begun: an assignment takes effect at its opening, whenever the sweep came."""
    known = this.record.assigned
    new = [one for one in this if one.owed.key not in known and one.state != "not_open" and not _never_asked(one)]
    if not new:
        return []
    names = ("plan", "duty", "period", "unit", "opens", "due")
    this.db.execute(
        sa.insert(assignment),
        [dict(zip(names, (this.plan.code, *one.owed.key, *one.owed.at_first), strict=True)) for one in new],
    )
    cause = f"kế hoạch {this.plan.code} phiên bản {this.plan.version}, rà soát {this.as_of.isoformat()}"
    this.tell([this.fact("assigned", one, one.owed.at_first[0], cause) for one in new])
    return [(one.owed.unit, f"Giao việc: {one.owed.duty.title}") for one in new]


def _never_asked(one: Standing) -> bool:
    """It was withdrawn before it opened."""
    return one.state == "withdrawn" and one.closed_at is not None and one.closed_at <= one.owed.opens


def _pass_on(this: _Pass) -> Did:
    """Record, once, that an open assignment left its unit."""
    gone = [one for one in this if one.state == "transferred" and one.owed.key not in this.record.transferred]
    cause = "đơn vị không còn thuộc diện giao việc"
    this.tell([this.fact("transferred", one, one.closed_at or one.owed.opens, cause) for one in gone])
    return [(one.owed.unit, f"Chuyển giao: {one.owed.duty.title}") for one in gone]


def _changed_since_last(this: _Pass) -> Did:
    """Units whose state changed since the sweep before without its doing: reported, exempted, fell overdue."""
    swept = ledger.c.kind == "swept", ledger.c.plan == this.plan.code, ledger.c.event_at <= this.as_of
    latest = sa.select(ledger.c.event_at, ledger.c.seq).where(*swept).order_by(ledger.c.event_at.desc()).limit(1)
    last = this.db.execute(latest).first()
    if last is None or last.event_at < this.as_of:
        this.tell([Fact("swept", this.as_of, "rà soát", this.plan.code)])
    if last is None:
        return []
    late = [
        (one.owed.unit, f"Đến hạn: {one.owed.duty.title}")
        for one in this
        if one.state == "overdue" and one.owed.due is not None and last.event_at < one.owed.due
    ]
    since = sa.select(ledger.c.duty, ledger.c.unit, ledger.c.kind).where(
        ledger.c.plan == this.plan.code, ledger.c.kind.in_(DID_SHOWN), ledger.c.event_at <= this.as_of,
        ledger.c.unit.is_not(None), sa.or_(ledger.c.seq > last.seq, ledger.c.event_at > last.event_at),
    )  # fmt: skip
    titles: Mapping[str | None, str] = {duty.code: duty.title for duty in this.plan.duties}
    return late + [
        (unit, f"{DID_SHOWN[kind]}: {titles.get(duty, 'mọi nhiệm vụ')}") for duty, unit, kind in this.db.execute(since)
    ]


SEVERITY = ("overdue", "due_soon", "returned", "undecided", "pending", "submitted", "paused", "done_late", "done")
"""Which of a unit's states its task run shows: the first of these that it has."""


def _touched(this: _Pass, did: Did) -> list[TouchedUnit]:
    """The touched units, red first, then by name."""
    happened: dict[str, list[str]] = defaultdict(list)
    for unit, what in did:
        happened[unit].append(what)
    rank = {state: place for place, state in enumerate(SEVERITY)}
    worst: dict[str, Standing] = {}
    for one in this:
        held = worst.get(one.owed.unit)
        if one.owed.unit in happened and (held is None or rank.get(one.state, 99) < rank.get(held.state, 99)):
            worst[one.owed.unit] = one
    day = local_day(this.as_of)
    found = [
        TouchedUnit(
            key, this.units.name(key, day), one.state, shown(one, as_of=this.as_of),
            tuple(dict.fromkeys(happened[key])),
        )
        for key, one in worst.items()
    ]  # fmt: skip
    return sorted(found, key=lambda touched: (rank.get(touched.state, 99), alphabetical(touched.name), touched.unit))
