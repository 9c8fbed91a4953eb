"""State is derived: from what is owed, the facts, and an instant. Nothing here is stored; no job flips it.

Meanings and colours stand in the glossary; `expected` is everyone less those who owe nothing at the instant.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from models.owed import Key, Owed, next_period, owed_for, owing, periods
from models.plan import Duty, Plan
from models.record import Record
from models.units import Units
from models.words import BEFORE_LIVE, CONTINUOUS_SHOWN, NOBODY_YET, STATE_SHOWN
from schedules.terms import Continuous, Period
from schedules.workdays import work_calendar
from schedules.zone import local_day

DUE_SOON = timedelta(days=7)
STATES = tuple(STATE_SHOWN)
NOT_EXPECTED = {"not_open", "no_term", "waived", "withdrawn", "transferred"}
REPORTED = {"submitted", "done", "done_late"}
OPEN = {"pending", "due_soon", "overdue", "no_term"}
"""States in which the unit can still do something about it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one obligation stands. `closed_at` is when it stopped being open, None while it is."""

    owed: Owed
    state: str
    submitted_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PeriodStandings:
    """Everyone's standing for one duty and period, with what has to be said beside the numbers."""

    duty: Duty
    period: Period
    standings: tuple[Standing, ...]
    notes: tuple[str, ...]


def standings(plan: Plan, units: Units, record: Record, *, as_of: datetime) -> list[PeriodStandings]:
    """Every duty and period that has opened by `as_of`, and the next one of each, with where each unit stands."""
    found = []
    for duty in plan.duties:
        today = local_day(as_of)
        opened = periods(plan, duty, through=today, events=record.events)
        coming = next_period(plan, duty, after=today)
        for period in [*opened, coming] if coming else opened:
            found.append(_period_standings(plan, duty, period, units, record, as_of))
    return _with_withdrawn(plan, units, found, record)


def before_live(period: Period, record: Record) -> bool:
    """The period had ended when the engine went live: shown, never chased."""
    return record.live_from is not None and period.due is not None and period.due <= record.live_from


def over_before_live(owed: Owed, record: Record) -> bool:
    """The unit had ended when the engine went live: it is not asked at all."""
    return record.live_from is not None and owed.ends is not None and owed.ends <= record.live_from


def standing(owed: Owed, record: Record, *, as_of: datetime) -> Standing:
    """Where one obligation stands at `as_of`."""
    submitted = record.submitted.get(owed.key)
    waiver = record.waiver(owed.duty.code, owed.unit)
    continuous = isinstance(owed.duty.term, Continuous)
    ended = owed.ends if owed.ends is not None and owed.ends <= as_of else None
    if as_of < owed.opens:
        return Standing(owed, "not_open", None, None)
    if submitted is not None and not continuous:
        state = "done" if owed.due is None or submitted < owed.due else "done_late"
        return Standing(owed, state, submitted, submitted)
    if waiver is not None:
        return Standing(owed, "waived", submitted, waiver[0])
    if ended is not None:
        return Standing(owed, "transferred", submitted, ended)
    return Standing(owed, _open_state(owed.due, as_of), submitted, None)


def shown(standing: Standing, *, province: str, as_of: datetime) -> str:
    """The state in words: "Quá hạn 3 ngày làm việc"."""
    if standing.state == "no_term" and isinstance(standing.owed.duty.term, Continuous):
        return CONTINUOUS_SHOWN
    if standing.state == "overdue" and (days := days_late(standing, province=province, as_of=as_of)):
        return f"{STATE_SHOWN['overdue']} {days} ngày làm việc"
    return STATE_SHOWN[standing.state]


def days_late(standing: Standing, *, province: str, as_of: datetime) -> int:
    """Working days begun since the due instant; 0 where nothing is overdue."""
    due = standing.owed.due
    return work_calendar(province).begun_since(due, as_of) if due is not None and due <= as_of else 0


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


def _period_standings(
    plan: Plan, duty: Duty, period: Period, units: Units, record: Record, as_of: datetime
) -> PeriodStandings:
    nobody = duty.lead.nobody(units, plan.province, local_day(max(period.opens, min(as_of, period.due or as_of))))
    notes = [f"{label}: {NOBODY_YET}" for label in nobody]
    if before_live(period, record):
        return PeriodStandings(duty, period, (), (BEFORE_LIVE, *notes))
    found = tuple(
        standing(frozen, record, as_of=as_of)
        for owed in owed_for(duty, period, units, plan.province)
        if _counts(frozen := _frozen(owed, record), record, as_of)
    )
    return PeriodStandings(duty, period, found, tuple(notes))


def _counts(owed: Owed, record: Record, as_of: datetime) -> bool:
    """A period that is open asks those who owe it by now; one still to come, those who will at its opening."""
    return owed.opens <= max(as_of, owed.period.opens) and not over_before_live(owed, record)


def _frozen(owed: Owed, record: Record) -> Owed:
    """The obligation with the dates that were frozen onto its assignment, where it has one."""
    stored = record.assigned.get(owed.key)
    if stored is None or (stored.opens, stored.due) == (owed.opens, owed.due):
        return owed
    return replace(owed, opens=stored.opens, due=stored.due)


def _with_withdrawn(plan: Plan, units: Units, found: list[PeriodStandings], record: Record) -> list[PeriodStandings]:
    """Adds the assignments that were made and that the plan, or the list of units, no longer asks for."""
    named = {(part.duty.code, part.period.key): owing(part.duty, part.period, units, plan.province) for part in found}
    gone: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key in record.assigned:
        part = key[:2]
        if part in named and key not in named[part]:
            gone[part].append(key)
    return [
        replace(part, standings=part.standings + tuple(_withdrawn(part, sorted(keys), record)))
        if (keys := gone.get((part.duty.code, part.period.key)))
        else part
        for part in found
    ]


def _withdrawn(part: PeriodStandings, keys: list[Key], record: Record) -> Iterator[Standing]:
    for key in keys:
        stored = record.assigned[key]
        owed = Owed(key, part.duty, part.period, stored.opens, stored.due, None)
        yield Standing(owed, "withdrawn", record.submitted.get(key), stored.opens)


def _open_state(due: datetime | None, as_of: datetime) -> str:
    if due is None:
        return "no_term"
    if as_of >= due:
        return "overdue"
    return "due_soon" if as_of >= due - DUE_SOON else "pending"
