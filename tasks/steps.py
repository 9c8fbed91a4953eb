"""Reminders and escalations: which steps have come, whom each is for, and which of them is still worth saying."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.plan import Plan
from models.record import Record
from models.status import PeriodStandings, Standing
from models.tables import assignment, notice
from models.units import Units
from models.words import SKIPPED_BEFORE_LIVE, SKIPPED_CLOSED, SKIPPED_DUE, SKIPPED_SUPERSEDED
from schedules.cadence import Occurrence
from schedules.words import step_shown
from schedules.workdays import work_calendar
from tasks.recipients import recipients
from tasks.waiting import UNSAID


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
        steps = _Steps(plan, part, as_of)
        for one in part.standings:
            stored = record.assigned.get(one.owed.key)
            if stored is None or one.state in ("not_open", "withdrawn") or one.owed.due is None:
                continue
            new = steps.missing(one, recorded.get(stored.id, frozenset()))
            for step, notices in _notices(plan, units, one, stored.id, new, record):
                rows.extend(notices)
                if any(row["state"] == "planned" for row in notices):
                    planned.count(one, step)
    if rows:
        db.execute(sa.insert(notice), rows)
        _supersede(db, plan.code)
    planned.notices = sum(row["state"] == "planned" for row in rows)
    return planned


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
    plan: Plan, units: Units, one: Standing, assigned: int, steps: list[Occurrence], record: Record
) -> Iterator[tuple[Occurrence, list[dict[str, Any]]]]:
    """The notices of an assignment's new steps, newest first: per recipient the newest is planned, others skipped."""
    said: set[tuple[str, str]] = set()
    for step in reversed(steps):
        rows = []
        for to in recipients(step, one.owed, plan, units):
            reason = _why_skipped(one, step, (to.unit, to.role) in said, record)
            said.add((to.unit, to.role))
            rows.append({
                "assignment": assigned, "step": step.step, "kind": to.kind, "recipient": to.unit, "role": to.role,
                "planned_at": step.at, "state": "skipped" if reason else "planned", "reason": reason,
            })  # fmt: skip
        yield step, rows


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
        .where(notice.c.state.in_(UNSAID), notice.c.assignment.in_(ours))
        .where(sa.exists().where(same, newer.c.state.in_(UNSAID), newer.c.planned_at > notice.c.planned_at))
        .values(state="skipped", reason=SKIPPED_SUPERSEDED)
    )


def _recorded_steps(db: sa.Connection, plan: str) -> Mapping[int, Set[str]]:
    """The names of each assignment's recorded steps. One row an assignment: thousands of rows a day add up."""
    names = sa.func.aggregate_strings(notice.c.step, ",")
    query = (
        sa.select(notice.c.assignment, names)
        .join(assignment, assignment.c.id == notice.c.assignment)
        .where(assignment.c.plan == plan)
        .group_by(notice.c.assignment)
    )
    return {id: set(steps.split(",")) for id, steps in db.execute(query).all()}
