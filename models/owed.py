"""What is owed: which unit owes which duty for which period, derived from the plan and the units over time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from models.calendars import Calendars
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
        began_with: (opens, due) as they were assigned, where they stand otherwise now.
    """

    key: Key
    duty: Duty
    period: Period
    opens: datetime
    due: datetime | None
    ends: datetime | None
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
    calendars: Calendars | None = None,
) -> list[Period]:
    """The periods of a duty that open by `through`, each by the calendar that counted when it opened.

    `events` are (duty code, day) of what has happened.
    """
    happened = sorted(day for code, day in events if code == duty.code)
    known = calendars or Calendars(work_calendar(plan.province))
    found = _periods(plan, duty, through, happened, known.first)
    for since, calendar in known.changes:
        counted_anew = _periods(plan, duty, through, happened, calendar)
        found = [p for p in found if p.opens < since] + [p for p in counted_anew if p.opens >= since]
    return found


def next_period(plan: Plan, duty: Duty, *, after: date, calendars: Calendars | None = None) -> Period | None:
    """The first period of a duty that opens after a day; None where an event or nothing more would open one."""
    calendar = calendars.last if calendars else work_calendar(plan.province)
    return duty.term.next_period(
        plan.in_force, after, issued=_issued(plan), policy=duty.counting, calendar=calendar
    )  # fmt: skip


def _periods(plan: Plan, duty: Duty, through: date, happened: Sequence[date], calendar: WorkCalendar) -> list[Period]:
    return duty.term.periods(
        plan.in_force, through, events=happened, issued=_issued(plan), policy=duty.counting, calendar=calendar
    )


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
