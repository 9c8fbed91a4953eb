"""What the pages show: figures by duty and period, and the units that each figure is made of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from models.alphabet import alphabetical
from models.plan import Duty, Plan
from models.record import Record, read_record
from models.status import NOT_EXPECTED, STATES, PeriodStandings, Standing, days_late, shown, standings, tally
from models.units import Units
from models.versions import in_force
from models.words import CONTINUOUS_SHOWN, STATE_SHOWN
from portal.decisions import period_hold, period_mark, unit_hold, unit_mark
from portal.words import EXPECTED, EXPECTED_SHOWN, NOTICE_STATE
from schedules.periods import Explanation, Period
from schedules.terms import Continuous
from schedules.words import step_shown
from schedules.zone import local_day
from tasks.notice_list import notices
from tasks.sweep import SEVERITY

ALWAYS = ("overdue", "due_soon", "pending", "done", "done_late")
"""States whose figure is shown even where it is 0."""

WAITING = ("pending", "due_soon")
FILTERS = {EXPECTED: EXPECTED_SHOWN, **STATE_SHOWN}
RANK = {state: place for place, state in enumerate(SEVERITY)}


@dataclass(frozen=True, slots=True)
class Row:
    """One duty and period: who stands where, and how many of each (`models.status.tally`)."""

    part: PeriodStandings
    counts: dict[str, Any]
    record: Record = field(repr=False)

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
    def mark(self) -> str:
        """What was decided about the date of the whole period, "" where nothing was."""
        return period_mark(self.part.asked, self.record)

    @property
    def hold(self) -> str:
        """Why the whole period is paused or no longer asked for, "" where it runs."""
        return period_hold(self.part.asked, self.record)

    @property
    def own_dates(self) -> int:
        """How many units have another date than the period."""
        return sum(one.owed.due != self.part.period.due for one in self.part.standings)

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
    """Where one unit stands.

    Attributes:
        last_day: the last day on time.
        late: in working days, 0 where not late.
        mark: why its date is another than the period's, "" where it is the same.
        hold: why nothing is asked of it, "" where something is.
        steps: how its own date came about, where that is marked.
    """

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
    mark: str = ""
    hold: str = ""
    steps: tuple[Explanation, ...] = ()


def rows(db: sa.Connection, plan: Plan, units: Units, *, as_of: datetime) -> list[Row]:
    """A row for each duty and period that has opened, and for the next one of each duty."""
    plan = in_force(db, plan, as_of=as_of)
    record = read_record(db, plan, as_of=as_of)
    return [Row(part, tally(part.standings), record) for part in standings(plan, units, record, as_of=as_of)]


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


def split(blocks: list[tuple[Duty, list[Row]]], plan: Plan) -> tuple[list[tuple[Duty, list[Row]]], ...]:
    """The duties that the plan asks for, and those that it no longer does."""
    asked = {duty.code for duty in plan.duties}
    return [b for b in blocks if b[0].code in asked], [b for b in blocks if b[0].code not in asked]


@dataclass(frozen=True, slots=True)
class ComingDue:
    """A due date that lies ahead, and how many units have still to report by it."""

    row: Row
    period: Period
    waiting: int


def nearest(rows: Iterable[Row], *, as_of: datetime, most: int = 3) -> list[ComingDue]:
    """The due dates that come next and by which somebody has to report; a unit may have one of its own."""
    ahead: dict[tuple[datetime, str, str], list[Standing]] = defaultdict(list)
    of_duty = {(row.duty.code, row.key): row for row in rows}
    for row in of_duty.values():
        for one in row.part.standings:
            if one.state in WAITING and one.owed.due is not None and one.owed.due > as_of:
                ahead[one.owed.due, row.duty.code, row.key].append(one)
    return [ComingDue(of_duty[key[1:]], ahead[key][0].owed.period, len(ahead[key])) for key in sorted(ahead)[:most]]


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
    found = [_unit_row(one, row, units, said, as_of) for one in wanted]
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


def lateness(one: Standing, *, as_of: datetime) -> int:
    """For how many working days it is, or was, late; 0 where not."""
    until = {"overdue": as_of, "done_late": one.submitted_at}.get(one.state)
    return days_late(one, as_of=until) if until else 0


def _unit_row(one: Standing, row: Row, units: Units, said: Mapping[str, str], as_of: datetime) -> UnitRow:
    day = local_day(as_of)
    unit = units.nearest(one.owed.unit, day)
    above = units.name(unit.parent, day) if unit.level == "commune" and unit.parent else ""
    mark = unit_mark(one, row.part.period, row.record)
    return UnitRow(
        unit.key, unit.name, above, unit.confirmed, one.state,
        shown(one, as_of=as_of),
        one.owed.period.last_day, one.submitted_at, lateness(one, as_of=as_of), said.get(unit.key, ""),
        mark, unit_hold(one, row.record, as_of=as_of), one.owed.period.explain if mark else (),
    )  # fmt: skip
