"""The sweep: one pass of a plan at an instant. It asks what is owed and not yet recorded, with no look-back window.

Sweeping twice does nothing the second time. One late sweep records the same steps as daily sweeps would have:
each is planned or skipped with its reason, and only the newest step per assignment and recipient is still said.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.ledger import Fact, append, ledger
from models.plan import Plan
from models.record import Assigned, Record, assignment, read_record
from models.status import PeriodStandings, Standing, shown, standings, tally
from models.tables import NoticeRow
from models.units import Units
from models.words import SKIPPED_BEFORE_LIVE, SKIPPED_CLOSED, SKIPPED_DUE, SKIPPED_SUPERSEDED
from schedules.cadence import Occurrence
from schedules.words import step_shown
from schedules.workdays import work_calendar
from tasks.recipients import recipients

notice = NoticeRow.__table__  # type: ignore[attr-defined]


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

    @property
    def changed(self) -> bool:
        return bool(self.opened or self.reminded or self.escalated or self.notices)


@dataclass(slots=True)
class _Happened:
    """What the sweep does, as it does it."""

    opened: int = 0
    steps: dict[str, int] = field(default_factory=lambda: {"remind": 0, "escalate": 0})
    notices: int = 0
    units: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def sweep(
    db: sa.Connection, plan: Plan, units: Units, *, as_of: datetime, now: datetime, actor: str = "engine"
) -> SweepResult:
    """Open what has begun, plan the reminders and escalations that are due by `as_of`, pass on what has ended.

    Args:
        db: a connection inside a writing transaction; all of the sweep is kept, or nothing.
        as_of: the instant whose sweep this is.
        now: when it is recorded.
    """
    record = read_record(db, plan.code, as_of=as_of)
    parts = standings(plan, units, record, as_of=as_of)
    happened = _Happened()
    _open(db, plan, parts, record, happened, as_of=as_of, now=now, actor=actor)
    record = read_record(db, plan.code, as_of=as_of) if happened.opened else record
    _plan_steps(db, plan, units, parts, record, happened, as_of=as_of)
    _pass_on(db, plan, parts, record, happened, now=now, actor=actor)
    last = _last_sweep(db, plan, as_of)
    if last is not None:
        _note_changes(db, plan, parts, happened, last, as_of=as_of)
    if last is None or last.event_at < as_of:
        append(db, [Fact("swept", as_of, "rà soát", plan.code)], actor=actor, now=now)
    return _result(plan, units, parts, happened, as_of)


def _open(
    db: sa.Connection,
    plan: Plan,
    parts: list[PeriodStandings],
    record: Record,
    happened: _Happened,
    *,
    as_of: datetime,
    now: datetime,
    actor: str,
) -> None:
    new = [s for s in _each(parts) if s.state not in ("not_open", "withdrawn") and s.owed.key not in record.assigned]
    if not new:
        return
    db.execute(sa.insert(assignment), [
        {"plan": plan.code, "duty": s.owed.duty.code, "period": s.owed.period.key, "unit": s.owed.unit,
         "opens": s.owed.opens, "due": s.owed.due} for s in new
    ])  # fmt: skip
    cause = f"kế hoạch {plan.code} phiên bản {plan.version}, rà soát {as_of.isoformat()}"
    append(db, (
        Fact("assigned", s.owed.opens, cause, plan.code, s.owed.duty.code, s.owed.period.key, s.owed.unit,
             (("due", s.owed.due.isoformat() if s.owed.due else None),)) for s in new
    ), actor=actor, now=now)  # fmt: skip
    happened.opened = len(new)
    for s in new:
        happened.units[s.owed.unit].append(f"Giao việc: {s.owed.duty.title}")


def _plan_steps(
    db: sa.Connection,
    plan: Plan,
    units: Units,
    parts: list[PeriodStandings],
    record: Record,
    happened: _Happened,
    *,
    as_of: datetime,
) -> None:
    recorded = _recorded_steps(db, plan.code)
    rows: list[dict[str, Any]] = []
    for part in parts:
        steps = _Steps(plan, part, as_of)
        for one in part.standings:
            stored = record.assigned.get(one.owed.key)
            if stored is None or one.state in ("not_open", "withdrawn") or one.owed.due is None:
                continue
            if new := steps.missing(one, recorded.get(stored.id, frozenset())):
                rows.extend(_notices(plan, units, one, stored, new, record, happened))
    if rows:
        db.execute(sa.insert(notice), rows)
        _supersede(db, plan.code)
        happened.notices = sum(row["state"] == "planned" for row in rows)


class _Steps:
    """The steps of one duty and period up to an instant, worked out once for all units that opened together."""

    def __init__(self, plan: Plan, part: PeriodStandings, as_of: datetime) -> None:
        self._cadence = plan.cadence_of(part.duty)
        self._calendar = work_calendar(plan.province)
        self._as_of = as_of
        self._of_window: dict[tuple[datetime, datetime | None], list[Occurrence]] = {}
        self._names: dict[tuple[datetime, datetime | None, int], frozenset[str]] = {}

    def missing(self, one: Standing, recorded: Set[str]) -> list[Occurrence]:
        """The steps that fell while the obligation was open and are not recorded yet."""
        window = (one.owed.opens, one.owed.due)
        steps = self._of_window.get(window)
        if steps is None:
            period = replace(one.owed.period, opens=one.owed.opens, due=one.owed.due)
            steps = self._cadence.occurrences(period, through=self._as_of, calendar=self._calendar)
            self._of_window[window] = steps
        count = len(steps) if one.closed_at is None else bisect_left(steps, one.closed_at, key=lambda step: step.at)
        names = self._names.get((*window, count))
        if names is None:
            names = self._names[(*window, count)] = frozenset(step.step for step in steps[:count])
        return [] if names <= recorded else [step for step in steps[:count] if step.step not in recorded]


def _notices(
    plan: Plan,
    units: Units,
    one: Standing,
    stored: Assigned,
    steps: list[Occurrence],
    record: Record,
    happened: _Happened,
) -> Iterator[dict[str, Any]]:
    """The notices of an assignment's new steps: per recipient the newest is planned, the others are skipped."""
    said: set[tuple[str, str]] = set()
    for step in reversed(steps):
        planned = False
        for to in recipients(step, one.owed, plan, units):
            reason = _why_skipped(one, step, (to.unit, to.role) in said, record)
            said.add((to.unit, to.role))
            planned = planned or not reason
            yield {
                "assignment": stored.id, "step": step.step, "kind": to.kind, "recipient": to.unit, "role": to.role,
                "planned_at": step.at, "state": "skipped" if reason else "planned", "reason": reason,
            }  # fmt: skip
        if planned:
            happened.steps[step.kind] += 1
            happened.units[one.owed.unit].append(f"{step_shown(step.step)}: {one.owed.duty.title}")


def _why_skipped(one: Standing, step: Occurrence, newer_said: bool, record: Record) -> str:
    if record.live_from is not None and step.at < record.live_from:
        return SKIPPED_BEFORE_LIVE
    if one.closed_at is not None:
        return SKIPPED_CLOSED
    if newer_said:
        return SKIPPED_SUPERSEDED
    return SKIPPED_DUE if step.kind == "remind" and one.state == "overdue" else ""


def _supersede(db: sa.Connection, plan: str) -> None:
    """What was planned earlier and has not left yet gives way to the newer step for the same recipient."""
    newer = notice.alias()
    ours = sa.select(assignment.c.id).where(assignment.c.plan == plan)
    same = (
        (newer.c.assignment == notice.c.assignment)
        & (newer.c.recipient == notice.c.recipient)
        & (newer.c.role == notice.c.role)
    )
    db.execute(
        sa.update(notice)
        .where(notice.c.state == "planned", notice.c.assignment.in_(ours))
        .where(sa.exists().where(same, newer.c.state == "planned", newer.c.planned_at > notice.c.planned_at))
        .values(state="skipped", reason=SKIPPED_SUPERSEDED)
    )


def _pass_on(
    db: sa.Connection,
    plan: Plan,
    parts: list[PeriodStandings],
    record: Record,
    happened: _Happened,
    *,
    now: datetime,
    actor: str,
) -> None:
    """Record, once, that an open assignment left its unit."""
    gone = [s for s in _each(parts) if s.state == "transferred" and s.owed.key not in record.transferred]
    append(db, (
        Fact("transferred", s.closed_at or s.owed.opens, "đơn vị không còn thuộc diện giao việc", plan.code,
             s.owed.duty.code, s.owed.period.key, s.owed.unit) for s in gone
    ), actor=actor, now=now)  # fmt: skip
    for s in gone:
        happened.units[s.owed.unit].append(f"Chuyển giao: {s.owed.duty.title}")


def _last_sweep(db: sa.Connection, plan: Plan, as_of: datetime) -> Any:
    """(event_at, seq) of the latest sweep by `as_of`, None before the first."""
    swept = ledger.c.kind == "swept", ledger.c.plan == plan.code, ledger.c.event_at <= as_of
    latest = sa.select(ledger.c.event_at, ledger.c.seq).where(*swept).order_by(ledger.c.event_at.desc()).limit(1)
    return db.execute(latest).first()


def _note_changes(
    db: sa.Connection, plan: Plan, parts: list[PeriodStandings], happened: _Happened, last: Any, *, as_of: datetime
) -> None:
    """Units whose state changed since the sweep before, without the sweep's doing: reported, waived, fell overdue."""
    for one in _each(parts):
        due = one.owed.due
        if one.state == "overdue" and due is not None and last.event_at < due:
            happened.units[one.owed.unit].append(f"Đến hạn: {one.owed.duty.title}")
    since = sa.select(ledger.c.duty, ledger.c.unit, ledger.c.kind).where(
        ledger.c.plan == plan.code, ledger.c.kind.in_(("submitted", "waived")), ledger.c.event_at <= as_of,
        sa.or_(ledger.c.seq > last.seq, ledger.c.event_at > last.event_at),
    )  # fmt: skip
    titles = {duty.code: duty.title for duty in plan.duties}
    for duty, unit, kind in db.execute(since):
        happened.units[unit].append(
            f"{'Đã nộp' if kind == 'submitted' else 'Miễn'}: {titles.get(duty, 'mọi nhiệm vụ')}"
        )


def _recorded_steps(db: sa.Connection, plan: str) -> Mapping[int, Set[str]]:
    query = (
        sa.select(notice.c.assignment, notice.c.step)
        .join(assignment, assignment.c.id == notice.c.assignment)
        .where(assignment.c.plan == plan)
        .distinct()
    )
    recorded: defaultdict[int, set[str]] = defaultdict(set)
    for row, step in db.execute(query):
        recorded[row].add(step)
    return recorded


SEVERITY = ("overdue", "due_soon", "returned", "undecided", "pending", "submitted", "paused", "done_late", "done")
"""Which of a unit's states its task run shows: the first of these that it has."""


def _result(
    plan: Plan, units: Units, parts: list[PeriodStandings], happened: _Happened, as_of: datetime
) -> SweepResult:
    every = list(_each(parts))
    states = [one.state for one in every]
    return SweepResult(
        plan.code, as_of, happened.opened, happened.steps["remind"], happened.steps["escalate"], happened.notices,
        expected=tally(every)["expected"], overdue=states.count("overdue"), due_soon=states.count("due_soon"),
        touched=_touched(plan, units, every, happened, as_of),
    )  # fmt: skip


def _touched(
    plan: Plan, units: Units, every: list[Standing], happened: _Happened, as_of: datetime
) -> list[TouchedUnit]:
    """The touched units, red first, then by name."""
    if not happened.units:
        return []
    rank = {state: place for place, state in enumerate(SEVERITY)}
    worst: dict[str, Standing] = {}
    for one in every:
        if one.owed.unit in happened.units:
            held = worst.get(one.owed.unit)
            if held is None or rank.get(one.state, 99) < rank.get(held.state, 99):
                worst[one.owed.unit] = one
    found = [
        TouchedUnit(
            key, units.name(key, as_of.date()), worst[key].state, shown(worst[key], province=plan.province, as_of=as_of),
            tuple(dict.fromkeys(did)),
        )
        for key, did in happened.units.items()
        if key in worst
    ]  # fmt: skip
    return sorted(found, key=lambda t: (rank.get(t.state, 99), t.name, t.unit))


def _each(parts: Iterable[PeriodStandings]) -> Iterator[Standing]:
    for part in parts:
        yield from part.standings
