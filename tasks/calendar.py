"""Changing the calendar: which open deadlines and steps would move, shown first and recorded when it is applied."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from models.calendars import Calendars, days_told
from models.ledger import Fact, append
from models.owed import Key, periods
from models.plan import Duty, Plan
from models.record import Record, read_record
from models.running import running_period
from models.unit_store import read_units
from models.versions import all_in_force
from models.words import CALENDAR_MOVED
from schedules.workdays import OverlayRow, WorkCalendar
from schedules.zone import local_day
from tasks.impact import Ahead, Impact, impact, outlook, supposing


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """Days to be put on record, and what they do to each plan, by code."""

    days: tuple[OverlayRow, ...]
    impacts: Mapping[str, Impact]
    facts: tuple[Fact, ...]


def calendar_change(
    db: sa.Connection, plans: Iterable[Plan], days: Sequence[OverlayRow], *, now: datetime
) -> CalendarChange:
    """What putting these days on record now would do. Reads only."""
    impacts: dict[str, Impact] = {}
    facts: list[Fact] = []
    for code, plan in all_in_force(db, plans, as_of=now).items():
        units = read_units(db, province=plan.province)
        record = read_record(db, plan, as_of=now)
        calendars = _with(record.calendars, [day for day in days if day.province in (None, plan.province)], now)
        before = outlook(plan, units, record, as_of=now)
        moved = tuple(_moved(plan, record, calendars, before, now))
        after = outlook(plan, units, supposing(record, moved, calendars=calendars), as_of=now)
        impacts[code] = impact(db, code, before, after)
        facts += moved
    return CalendarChange(tuple(days), impacts, tuple(facts))


def apply_calendar(db: sa.Connection, change: CalendarChange, *, now: datetime, actor: str = "admin") -> None:
    """Put the days on record, and the open deadlines that move by them."""
    if not change.days:
        return
    cause = "; ".join(dict.fromkeys(day.citation for day in change.days))
    fact = Fact("calendar_changed", now, cause, data=(("days", days_told(change.days)),))
    append(db, [fact, *change.facts], actor=actor, now=now)


def _with(calendars: Calendars, days: Sequence[OverlayRow], now: datetime) -> Calendars:
    if not days:
        return calendars
    last = calendars.last
    return replace(
        calendars, changes=(*calendars.changes, (now, WorkCalendar(last.province, last.office + tuple(days))))
    )


def _moved(
    plan: Plan, record: Record, calendars: Calendars, before: Mapping[Key, Ahead], now: datetime
) -> Iterator[Fact]:
    """A fact for each period with open assignments whose last day the new calendar counts otherwise.

    What an officer has set beside the plan stays as it was set.
    """
    open_now = {key[:2] for key in before}
    cause = "; ".join(dict.fromkeys(day.citation for day in calendars.last.office))
    for duty in plan.duties:
        counted, anew = (_dues(plan, duty, record, calendar, now) for calendar in (record.calendars, calendars))
        for period in periods(plan, duty, through=local_day(now), events=record.events, calendars=record.calendars):
            due = running_period(duty.code, period, record, as_of=now).due
            new = anew.get(period.key)
            if (duty.code, period.key) in open_now and due is not None and due == counted[period.key] != new:
                data = (("due", new and new.isoformat()), ("was_due", due.isoformat()), ("citation", cause))
                yield Fact("corrected", now, CALENDAR_MOVED, plan.code, duty.code, period.key, None, data)


def _dues(plan: Plan, duty: Duty, record: Record, calendars: Calendars, now: datetime) -> dict[str, datetime | None]:
    """When each period is due if the latest calendar had always counted."""
    always = Calendars(calendars.last)
    found = periods(plan, duty, through=local_day(now), events=record.events, calendars=always)
    return {period.key: period.due for period in found}
