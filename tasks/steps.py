"""Reminders and escalations: which steps have come, whom each is for, and which of them is still worth saying."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.change import Change
from models.course import Step, course, steps
from models.plan import Plan
from models.record import Record
from models.running import changes_of
from models.status import PeriodStandings, Standing
from models.tables import assignment, notice
from models.units import Units
from models.words import (
    SKIPPED_BEFORE_LIVE,
    SKIPPED_CLOSED,
    SKIPPED_DUE,
    SKIPPED_MOVED,
    SKIPPED_PAUSED,
    SKIPPED_SUPERSEDED,
)
from schedules.cadence import Occurrence
from schedules.words import step_shown
from tasks.recipients import recipients
from tasks.waiting import UNSAID, not_left


@dataclass(slots=True)
class PlannedSteps:
    """What was planned: steps that will be said to at least one recipient, and the notices for it."""

    reminded: int = 0
    escalated: int = 0
    notices: int = 0
    about: list[tuple[str, str]] = field(default_factory=list)
    """(unit, what it is told, in words)"""

    def count(self, one: Standing, step: Occurrence) -> None:
        if step.kind == "remind":
            self.reminded += 1
        else:
            self.escalated += 1
        self.about.append((one.owed.unit, f"{step_shown(step.step)}: {one.owed.duty.title}"))


def plan_steps(
    db: sa.Connection, plan: Plan, units: Units, parts: list[PeriodStandings], record: Record, *, as_of: datetime
) -> PlannedSteps:
    """Record every step that fell by `as_of`, while the obligation was open, and is not recorded yet."""
    recorded = _recorded_steps(db, plan.code)
    planned = PlannedSteps()
    rows: list[dict[str, Any]] = []
    for part in parts:
        fallen = _Fallen(plan, part, record, as_of)
        for one in part.standings:
            stored = record.assigned.get(one.owed.key)
            if stored is None or one.state == "not_open":
                continue
            new = fallen.missing(one, recorded[stored.id])
            for step, notices in _notices(plan, units, one, stored.id, new, record):
                rows.extend(notices)
                if any(row["state"] == "planned" for row in notices):
                    planned.count(one, step)
    if rows:
        db.execute(sa.insert(notice), rows)
        _supersede(db, plan.code)
    planned.notices = sum(row["state"] == "planned" for row in rows)
    return planned


Named = tuple[str, datetime]
"""A step's name and the due that it counts towards."""
Window = tuple[datetime, datetime | None, tuple[Change, ...]]


class _Fallen:
    """The steps of one duty and period up to an instant, worked out once for all units whose terms ran alike."""

    def __init__(self, plan: Plan, part: PeriodStandings, record: Record, as_of: datetime) -> None:
        self._cadence = record.cadence(plan, part.duty, part.asked.period.opens)
        self._part, self._record, self._as_of = part, record, as_of
        self._steps: dict[Window, list[Step]] = {}
        self._names: dict[tuple[Window, int], frozenset[Named]] = {}

    def missing(self, one: Standing, recorded: Set[Named]) -> list[Step]:
        """The steps that fell while the obligation was open and are not recorded yet."""
        window = (*one.owed.at_first, changes_of(one.owed, self._record))
        if one.owed.due is None and not window[2]:
            return []
        found = self._steps.get(window)
        if found is None:
            found = self._steps[window] = self._of(window)
        count = len(found)
        if one.closed_at is not None:
            count = bisect_left(found, one.closed_at, key=lambda step: step.occurrence.at)
        names = self._names.get((window, count))
        if names is None:
            names = frozenset((step.occurrence.step, step.due) for step in found[:count])
            self._names[window, count] = names
        if names <= recorded:
            return []
        return [step for step in found[:count] if (step.occurrence.step, step.due) not in recorded]

    def _of(self, window: Window) -> list[Step]:
        return steps(
            course(*window, self._record.calendars), self._cadence, self._part.period, through=self._as_of,
            moved=SKIPPED_MOVED, paused=SKIPPED_PAUSED,
        )  # fmt: skip


def _notices(
    plan: Plan, units: Units, one: Standing, assigned: int, steps: list[Step], record: Record
) -> Iterator[tuple[Occurrence, list[dict[str, Any]]]]:
    """The notices of an assignment's new steps, newest first: per recipient the newest is planned, others skipped."""
    said: set[tuple[str, str]] = set()
    for step in reversed(steps):
        occurrence = step.occurrence
        rows = []
        for to in recipients(occurrence, one.owed, plan, units):
            reason = step.over or _why_skipped(one, occurrence, (to.unit, to.role) in said, record)
            if not step.over:
                said.add((to.unit, to.role))
            rows.append({
                "assignment": assigned, "due": step.due, "step": occurrence.step, "kind": to.kind,
                "recipient": to.unit, "role": to.role, "planned_at": occurrence.at,
                "state": "skipped" if reason else "planned", "reason": reason,
            })  # fmt: skip
        yield occurrence, rows


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
        .where(not_left(), notice.c.assignment.in_(ours))
        .where(sa.exists().where(same, newer.c.state.in_(UNSAID), newer.c.planned_at > notice.c.planned_at))
        .values(state="skipped", reason=SKIPPED_SUPERSEDED)
    )


def _recorded_steps(db: sa.Connection, plan: str) -> Mapping[int, Set[Named]]:
    """Each assignment's recorded steps. One row an assignment and due: thousands of rows a day add up."""
    names = sa.func.aggregate_strings(notice.c.step, ",")
    query = (
        sa.select(notice.c.assignment, notice.c.due, names)
        .join(assignment, assignment.c.id == notice.c.assignment)
        .where(assignment.c.plan == plan)
        .group_by(notice.c.assignment, notice.c.due)
    )
    recorded: dict[int, set[Named]] = defaultdict(set)
    for id, due, told in db.execute(query).all():
        recorded[id].update((step, due) for step in told.split(","))
    return recorded
