"""State is derived: from what is owed, the facts, and an instant. Nothing here is stored; no job flips it.

Meanings and colours stand in the glossary; `expected` is everyone less those who owe nothing at the instant.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from models.owed import Key, Owed, next_period
from models.plan import Duty, Plan
from models.record import Record
from models.regimes import Asked, Place, asked, owed_of, owing_of, regimes
from models.running import running_now, running_owed, running_period
from models.units import Units
from models.words import BEFORE_LIVE, CONTINUOUS_SHOWN, NOBODY_YET, STATE_SHOWN
from schedules.terms import Continuous, Period
from schedules.workdays import WorkCalendar
from schedules.zone import local_day

DUE_SOON = timedelta(days=7)
STATES = tuple(STATE_SHOWN)
NOT_EXPECTED = {"not_open", "no_term", "waived", "withdrawn", "transferred"}
REPORTED = {"submitted", "done", "done_late"}
OPEN = {"pending", "due_soon", "overdue", "no_term"}
"""States in which the unit can still do something about it."""
RUNNING = OPEN | {"paused"}
"""States in which the term runs, or waits to run on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one obligation stands.

    `closed_at` is when it stopped being open, None while it is; `calendar` tells its working days.
    """

    owed: Owed
    state: str
    submitted_at: datetime | None
    closed_at: datetime | None
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True)
class PeriodStandings:
    """Everyone's standing for one duty and period, with what has to be said beside the numbers.

    `period` has the dates that hold for everybody at the instant.
    """

    asked: Asked
    period: Period
    standings: tuple[Standing, ...]
    notes: tuple[str, ...]

    @property
    def duty(self) -> Duty:
        return self.asked.duty


def standings(plan: Plan, units: Units, record: Record, *, as_of: datetime) -> list[PeriodStandings]:
    """Every duty and period that has opened by `as_of`, and the next one of each, with where each unit stands."""
    known = regimes(plan, record.versions, record.calendars)
    last, today = known[-1], local_day(as_of)
    of_duty: dict[str, list[PeriodStandings]] = {duty.code: [] for duty in last.plan.duties}
    named: dict[Place, frozenset[Key]] = {}
    for one in asked(known, through=today, events=record.events):
        of_duty.setdefault(one.duty.code, []).append(_period_standings(plan, one, units, record, as_of))
        named[one.place] = owing_of(one, units, plan.province)
    for duty in last.plan.duties:
        period = next_period(last.plan, duty, after=today, calendar=last.calendar)
        if period is not None:
            coming = Asked(duty, period, (), ((last, duty),), dropped=False)
            of_duty[duty.code].append(_period_standings(plan, coming, units, record, as_of))
            named[coming.place] = owing_of(coming, units, plan.province)
    return _with_former([part for parts in of_duty.values() for part in parts], named, record, as_of)


def before_live(period: Period, record: Record) -> bool:
    """The period had ended when the engine went live: shown, never chased."""
    return record.live_from is not None and period.due is not None and period.due <= record.live_from


def over_before_live(owed: Owed, record: Record) -> bool:
    """The unit had ended when the engine went live: it is not asked at all."""
    return record.live_from is not None and owed.ends is not None and owed.ends <= record.live_from


def standing(owed: Owed, record: Record, *, as_of: datetime) -> Standing:
    """Where one obligation stands at `as_of`; its dates are those of that instant (`models.running`)."""
    state, submitted, closed = _state(owed, record, as_of)
    return Standing(owed, state, submitted, closed, record.calendars.last)


def shown(standing: Standing, *, as_of: datetime) -> str:
    """The state in words: "Quá hạn 3 ngày làm việc"."""
    if standing.state == "no_term" and isinstance(standing.owed.duty.term, Continuous):
        return CONTINUOUS_SHOWN
    if standing.state == "overdue" and (days := days_late(standing, as_of=as_of)):
        return f"{STATE_SHOWN['overdue']} {days} ngày làm việc"
    return STATE_SHOWN[standing.state]


def days_late(standing: Standing, *, as_of: datetime) -> int:
    """Working days begun since the due instant; 0 where nothing is overdue."""
    due = standing.owed.due
    return standing.calendar.begun_since(due, as_of) if due is not None and due <= as_of else 0


def tally(standings: Iterable[Standing]) -> dict[str, Any]:
    """One row of the status table: a count per state, `expected`, and both rates (null where nobody is expected)."""
    counts = dict.fromkeys(STATES, 0)
    for one in standings:
        counts[one.state] += 1
    expected = sum(count for state, count in counts.items() if state not in NOT_EXPECTED)
    reported = sum(counts[state] for state in REPORTED)
    return {
        "expected": expected,
        **counts,
        "reporting_rate": round(reported / expected, 4) if expected else None,
        "on_time_rate": round(counts["done"] / expected, 4) if expected else None,
    }


def _state(owed: Owed, record: Record, as_of: datetime) -> tuple[str, datetime | None, datetime | None]:
    """The state, when it was submitted, and when it stopped being open."""
    submitted = record.submitted.get(owed.key)
    if as_of < owed.opens:
        return "not_open", None, None
    if submitted is not None and not isinstance(owed.duty.term, Continuous):
        return _done(owed, submitted), submitted, submitted
    if record.waived and (waiver := record.waiver(owed.key)) is not None:
        return "waived", submitted, waiver[0]
    if owed.ends is not None and owed.ends <= as_of:
        return "transferred", submitted, owed.ends
    if record.withdrawn and (withdrawal := record.withdrawal(owed.key)) is not None:
        return "withdrawn", submitted, max(withdrawal[0], owed.opens)
    if record.changes or owed.turns:
        now = running_now(owed, record, as_of=as_of)
        if now.dropped is not None:
            return "withdrawn", submitted, max(now.dropped[0], owed.opens)
        if now.paused:
            return "paused", submitted, None
    return _open_state(owed.due, as_of), submitted, None


def _period_standings(plan: Plan, one: Asked, units: Units, record: Record, as_of: datetime) -> PeriodStandings:
    period = running_period(one, record, as_of=as_of)
    day = local_day(max(period.opens, min(as_of, period.due or as_of)))
    nobody = () if one.dropped else one.duty.lead.nobody(units, plan.province, day)
    notes = tuple(f"{label}: {NOBODY_YET}" for label in nobody)
    if before_live(period, record):
        return PeriodStandings(one, period, (), (BEFORE_LIVE, *notes))
    found = tuple(
        standing(now, record, as_of=as_of)
        for owed in owed_of(one, units, plan.province)
        if _counts(owed, now := running_owed(owed, record, as_of=as_of), record, as_of)
    )
    return PeriodStandings(one, period, found, notes)


def _counts(owed: Owed, now: Owed, record: Record, as_of: datetime) -> bool:
    """A period that is open asks those who owe it by now; one still to come, those who will at its opening.

    Whose opening was put off by a decision stays in the count, as not open yet.
    """
    begun = min(owed.opens, now.opens) <= max(as_of, owed.period.opens)
    return begun and not over_before_live(now, record)


def _with_former(
    found: list[PeriodStandings], named: Mapping[Place, frozenset[Key]], record: Record, as_of: datetime
) -> list[PeriodStandings]:
    """Adds the assignments that were made and that the list of units no longer asks for.

    `named` are those that are asked for, by duty and period.
    """
    former: dict[Place, list[Key]] = defaultdict(list)
    for key in record.assigned:
        if key[:2] in named and key not in named[key[:2]]:
            former[key[:2]].append(key)
    return [
        replace(part, standings=part.standings + tuple(_former(part, key, record, as_of) for key in sorted(keys)))
        if (keys := former.get(part.asked.place)) and not before_live(part.period, record)
        else part
        for part in found
    ]


def _former(part: PeriodStandings, key: Key, record: Record, as_of: datetime) -> Standing:
    stored = record.assigned[key]
    owed = Owed(key, part.duty, part.asked.period, stored.opens, stored.due, None, part.asked.changes)
    now = running_owed(owed, record, as_of=as_of)
    state, submitted, closed = _state(now, record, as_of)
    if submitted is None or closed is None:
        withdrawal = record.withdrawal(key)
        state, closed = "withdrawn", withdrawal[0] if withdrawal else stored.opens
    return Standing(now, state, submitted, closed, record.calendars.last)


def _done(owed: Owed, submitted: datetime) -> str:
    return "done" if owed.due is None or submitted < owed.due else "done_late"


def _open_state(due: datetime | None, as_of: datetime) -> str:
    if due is None:
        return "no_term"
    if as_of >= due:
        return "overdue"
    return "due_soon" if as_of >= due - DUE_SOON else "pending"
