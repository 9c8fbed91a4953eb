"""What one unit owes in a plan: each duty and period with its own dates, and everything that happened to it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from models.change import DECISIONS as TERM_DECISIONS
from models.plan import Duty, Plan
from models.status import Standing, shown
from models.units import Units
from models.words import NOTICE_STATE_SHOWN, ROLE_SHOWN
from portal import words
from portal.decisions import unit_hold, unit_mark
from portal.figures import RANK, Row, lateness, rows
from schedules.periods import Explanation
from schedules.words import step_shown
from schedules.zone import local_day
from tasks.history import unit_status
from tasks.notice_list import notices

DECISIONS = {*TERM_DECISIONS, "waived", "withdrawn"}
Place = tuple[str, str]
"""(duty, period)"""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened. `by` says who did it, `entry` is its place in the ledger; both may be empty.

    `entered` is when it was recorded, where that was on a later day.
    """

    at: datetime
    kind: str
    what: str
    by: str = ""
    entry: int | None = None
    entered: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnitDuty:
    """One duty and period of a unit. `asked` tells whether the plan still has the duty."""

    row: Row
    standing: Standing
    shown: str
    late: int
    mark: str
    hold: str
    asked: bool
    moments: tuple[Moment, ...]

    @property
    def duty(self) -> Duty:
        return self.row.duty

    @property
    def anchor(self) -> str:
        return anchor(self.duty.code, self.row.key)

    @property
    def last_day(self) -> date | None:
        return self.standing.owed.period.last_day

    @property
    def steps(self) -> tuple[Explanation, ...]:
        return self.standing.owed.period.explain


def anchor(duty: str, period: str) -> str:
    """The place of a duty and period on a unit's page."""
    return f"{duty}.{period}"


def unit_duties(db: sa.Connection, plan: Plan, units: Units, unit: str, *, as_of: datetime) -> list[UnitDuty]:
    """What a unit owes or owed, red first, then the soonest due."""
    history = {
        (row["duty"], row["period"]): row["history"] for row in unit_status(db, plan, units, unit=unit, as_of=as_of)
    }
    letters: Mapping[Place, list[dict[str, Any]]] = _by_place(notices(db, as_of=as_of, plan=plan.code, unit=unit))
    asked = {duty.code for duty in plan.duties}
    found = [
        UnitDuty(
            row, one, shown(one, as_of=as_of), lateness(one, as_of=as_of), unit_mark(one, row.part.period, row.record),
            unit_hold(one, row.record, as_of=as_of), row.duty.code in asked,
            tuple(_moments(history.get(one.owed.key[:2], ()), letters.get(one.owed.key[:2], ()), units)),
        )
        for row in rows(db, plan, units, as_of=as_of)
        for one in row.part.standings
        if one.owed.unit == unit
    ]  # fmt: skip
    return sorted(found, key=_red_first)


def _red_first(one: UnitDuty) -> tuple[Any, ...]:
    due = one.standing.owed.due
    return (RANK.get(one.standing.state, len(RANK)), due is None, due or one.standing.owed.opens)


def _by_place(told: Sequence[dict[str, Any]]) -> Mapping[Place, list[dict[str, Any]]]:
    found: dict[Place, list[dict[str, Any]]] = defaultdict(list)
    for one in told:
        found[one["duty"], one["period"]].append(one)
    return found


def _moments(
    history: Sequence[dict[str, Any]], letters: Sequence[dict[str, Any]], units: Units
) -> Iterator[Moment]:  # fmt: skip
    facts = [_fact(one) for one in history if one["seq"] is not None]
    yield from sorted([*facts, *(_letter(one, units) for one in letters)], key=lambda moment: moment.at)


def _fact(one: dict[str, Any]) -> Moment:
    at, recorded = datetime.fromisoformat(one["at"]), datetime.fromisoformat(one["recorded_at"])
    # A sweep makes up for the days that it missed: only for what people enter does the day of entering matter.
    late = one["kind"] != "assigned" and local_day(recorded) > local_day(at)
    return Moment(at, one["kind"], one["what"], _by(one["kind"], one["by"]), one["seq"], recorded if late else None)


def _by(kind: str, name: str) -> str:
    if name in words.ACTOR_SHOWN:
        return words.RECORDED_BY.format(name=words.ACTOR_SHOWN[name])
    said = words.DECIDED_BY if kind in DECISIONS else words.REPORTED_BY if kind == "submitted" else words.RECORDED_BY
    return said.format(name=name)


def _letter(one: dict[str, Any], units: Units) -> Moment:
    at = datetime.fromisoformat(one["sent_at"] or one["planned_at"])
    key, _, role = one["recipient"].rpartition("/")
    name = units.nearest(key, local_day(at)).addressed if key in units else key
    said = words.NOTICE_SHOWN.format(
        step=step_shown(one["step"]).capitalize(), to=f"{name} ({ROLE_SHOWN.get(role, role)})",
        state=NOTICE_STATE_SHOWN[one["state"]],
    )  # fmt: skip
    return Moment(at, one["kind"], f"{said} ({one['reason']})" if one["reason"] else said)
