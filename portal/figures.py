"""What the pages show: figures by duty and period, and the units that each figure is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models.alphabet import alphabetical
from models.plan import Duty, Plan
from models.record import read_record
from models.status import NOT_EXPECTED, STATES, PeriodStandings, Standing, days_late, shown, standings, tally
from models.units import Units
from models.versions import in_force
from models.words import CONTINUOUS_SHOWN, STATE_SHOWN
from portal.words import EXPECTED, EXPECTED_SHOWN, NOTICE_STATE
from schedules.terms import Continuous
from schedules.words import step_shown
from schedules.zone import local_day
from tasks.notice_list import notices
from tasks.sweep import SEVERITY

ALWAYS = ("overdue", "due_soon", "pending", "done", "done_late")
"""States whose figure is shown even where it is 0."""

FILTERS = {EXPECTED: EXPECTED_SHOWN, **STATE_SHOWN}
RANK = {state: place for place, state in enumerate(SEVERITY)}


@dataclass(frozen=True, slots=True)
class Row:
    """One duty and period: who stands where, and how many of each (`models.status.tally`)."""

    part: PeriodStandings
    counts: dict[str, Any]

    @property
    def duty(self) -> Duty:
        return self.part.duty

    @property
    def key(self) -> str:
        return self.part.period.key

    @property
    def last_day(self) -> date | None:
        return self.part.period.last_day

    @property
    def used(self) -> list[tuple[str, str, int]]:
        """(state, words, how many) for each state that somebody is in."""
        return [(state, label(self.duty, state), self.counts[state]) for state in STATES if self.counts[state]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A big number of a plan, and the rows that it is made of."""

    state: str
    label: str
    count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """Where one unit stands. `last_day` is the last day on time; `late` is in working days, 0 where not late."""

    key: str
    name: str
    above: str
    confirmed: bool
    state: str
    shown: str
    last_day: date | None
    submitted_at: datetime | None
    late: int
    said: str


def rows(db: sa.Connection, plan: Plan, units: Units, *, as_of: datetime) -> list[Row]:
    """A row for each duty and period that has opened, and for the next one of each duty."""
    plan = in_force(db, plan, as_of=as_of)
    record = read_record(db, plan, as_of=as_of)
    return [Row(part, tally(part.standings)) for part in standings(plan, units, record, as_of=as_of)]


def total(rows: Iterable[Row]) -> dict[str, Any]:
    """The same counts and rates over all rows."""
    return tally(one for row in rows for one in row.part.standings)


def figures(rows: list[Row]) -> list[Figure]:
    """The big numbers: those expected, and the states that they are in, which add up to it."""
    counts = total(rows)
    every = (EXPECTED, *ALWAYS, *(state for state in STATES if state not in ALWAYS and state not in NOT_EXPECTED))
    return [
        Figure(state, FILTERS[state], counts[state], tuple(row for row in rows if row.counts[state]))
        for state in every
        if counts[state] or state in ALWAYS or state == EXPECTED
    ]


def by_duty(plan: Plan, rows: Iterable[Row]) -> list[tuple[Duty, list[Row]]]:
    """Every duty with its rows, those that the plan no longer asks for at the end.

    A duty that waits for an event has no rows and is still there.
    """
    duties = {duty.code: duty for duty in plan.duties}
    of_duty: dict[str, list[Row]] = {code: [] for code in duties}
    for row in rows:
        of_duty.setdefault(row.duty.code, []).append(row)
        duties.setdefault(row.duty.code, row.duty)
    return [(duties[code], found) for code, found in of_duty.items()]


def label(duty: Duty, state: str) -> str:
    return CONTINUOUS_SHOWN if state == "no_term" and isinstance(duty.term, Continuous) else FILTERS[state]


def belongs(state: str, wanted: str) -> bool:
    """Whether a unit in `state` is part of the figure `wanted`."""
    return state not in NOT_EXPECTED if wanted == EXPECTED else state == wanted


def unit_rows(
    row: Row, plan: Plan, units: Units, said: Mapping[str, str], *, as_of: datetime, state: str = ""
) -> list[UnitRow]:
    """The units of a row, or those of one figure of it: red first, then the longest late, then by name."""
    wanted = [one for one in row.part.standings if not state or belongs(one.state, state)]
    found = [_unit_row(one, units, said, as_of) for one in wanted]
    return sorted(found, key=_red_first)


def _red_first(unit: UnitRow) -> tuple[Any, ...]:
    return (RANK.get(unit.state, len(RANK)), -unit.late, alphabetical(unit.name), unit.above)


def last_said(db: sa.Connection, plan: Plan, row: Row, *, as_of: datetime) -> dict[str, str]:
    """The newest notice about each unit of a row, in words, with what became of it; skipped ones were never said."""
    said: dict[str, str] = {}
    for one in notices(db, as_of=as_of, plan=plan.code):
        if (one["duty"], one["period"]) == (row.duty.code, row.key) and one["state"] in NOTICE_STATE:
            when = datetime.fromisoformat(one["sent_at"] or one["planned_at"])
            said[one["unit"]] = f"{step_shown(one['step'])}: {NOTICE_STATE[one['state']]}, {when:%d/%m/%Y}"
    return said


def _unit_row(one: Standing, units: Units, said: Mapping[str, str], as_of: datetime) -> UnitRow:
    day = local_day(as_of)
    unit = units.nearest(one.owed.unit, day)
    above = units.name(unit.parent, day) if unit.level == "commune" and unit.parent else ""
    late_until = {"overdue": as_of, "done_late": one.submitted_at}.get(one.state)
    return UnitRow(
        unit.key, unit.name, above, unit.confirmed, one.state,
        shown(one, as_of=as_of),
        local_day(one.owed.due - timedelta.resolution) if one.owed.due else None, one.submitted_at,
        days_late(one, as_of=late_until) if late_until else 0,
        said.get(unit.key, ""),
    )  # fmt: skip
