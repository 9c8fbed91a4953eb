"""What is owed: which unit owes which duty for which period, derived from the plan and the units over time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from models.change import Change
from models.plan import Duty, Plan
from models.selector import Selector, Span
from models.units import Units
from schedules.terms import Period
from schedules.workdays import WorkCalendar, work_calendar
from schedules.zone import local_day, midnight

Key = tuple[str, str, str]
"""(duty, period, unit)"""


@dataclass(frozen=True, slots=True)
class Owed:
    """One unit's obligation.

    Attributes:
        opens: when it takes effect for this unit: the period's opening, or later where the unit came later.
        ends: when the unit stopped being named (it was abolished, or the rule passed the duty on), if ever.
        turns: what later versions of the plan, or calendars, changed about it.
        began_with: (opens, due) as they were assigned, where they stand otherwise now.
    """

    key: Key
    duty: Duty
    period: Period
    opens: datetime
    due: datetime | None
    ends: datetime | None
    turns: tuple[Change, ...] = ()
    began_with: tuple[datetime, datetime | None] | None = None

    @property
    def at_first(self) -> tuple[datetime, datetime | None]:
        """(opens, due) before anything was decided."""
        return self.began_with or (self.opens, self.due)

    @property
    def unit(self) -> str:
        return self.key[2]


def periods(
    plan: Plan,
    duty: Duty,
    *,
    through: date,
    events: Iterable[tuple[str, date]] = (),
    calendar: WorkCalendar | None = None,
) -> list[Period]:
    """The periods of a duty that open by `through`, as one version of the plan and one calendar count them.

    `events` are (duty code, day) of what has happened.
    """
    return duty.term.periods(
        plan.in_force, through, events=sorted(day for code, day in events if code == duty.code), issued=_issued(plan),
        policy=duty.counting, calendar=calendar or work_calendar(plan.province),
    )  # fmt: skip


def next_period(plan: Plan, duty: Duty, *, after: date, calendar: WorkCalendar | None = None) -> Period | None:
    """The first period of a duty that opens after a day; None where an event or nothing more would open one."""
    return duty.term.next_period(
        plan.in_force, after, issued=_issued(plan), policy=duty.counting,
        calendar=calendar or work_calendar(plan.province),
    )  # fmt: skip


def _issued(plan: Plan) -> date | None:
    return plan.issued if isinstance(plan.issued, date) else None


@lru_cache(maxsize=256)
def owed_for(duty: Duty, period: Period, units: Units, province: str) -> tuple[Owed, ...]:
    """Everyone who owes a duty for a period at some time while its window is open, sorted by unit key."""
    named = spans_of(duty.lead, units, province)
    found = (_owed(duty, period, key, named[key]) for key in sorted(named))
    return tuple(owed for owed in found if owed is not None)


@lru_cache(maxsize=256)
def owing(duty: Duty, period: Period, units: Units, province: str) -> frozenset[Key]:
    """The keys of `owed_for`."""
    return frozenset(owed.key for owed in owed_for(duty, period, units, province))


@lru_cache(maxsize=256)
def spans_of(selector: Selector, units: Units, province: str) -> dict[str, tuple[Span, ...]]:
    """`Selector.spans`, remembered: the tree of units is immutable."""
    return selector.spans(units, province)


def _owed(duty: Duty, period: Period, unit: str, spans: Sequence[Span]) -> Owed | None:
    first = local_day(period.opens)
    for start, end in spans:
        ended_before = end is not None and end <= first
        begins = midnight(start) if start > first else period.opens
        if ended_before or (period.due is not None and begins >= period.due):
            continue
        key = (duty.code, period.key, unit)
        return Owed(key, duty, period, begins, period.due, midnight(end) if end is not None else None)
    return None
