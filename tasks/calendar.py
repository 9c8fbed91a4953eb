"""Changing the calendar: which open deadlines and steps would move, shown first and recorded when it is applied."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from models.calendars import Calendars, days_told
from models.ledger import Fact, append
from models.plan import Plan
from models.record import read_record
from models.unit_store import read_units
from models.versions import all_in_force
from schedules.workdays import OverlayRow, WorkCalendar
from tasks.impact import Impact, impact, outlook


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """Days to be put on record, and what they do to each plan, by code."""

    days: tuple[OverlayRow, ...]
    impacts: Mapping[str, Impact]


def calendar_change(
    db: sa.Connection, plans: Iterable[Plan], days: Sequence[OverlayRow], *, now: datetime
) -> CalendarChange:
    """What putting these days on record now would do. Reads only."""
    impacts: dict[str, Impact] = {}
    for code, plan in all_in_force(db, plans, as_of=now).items():
        units = read_units(db, province=plan.province)
        record = read_record(db, plan, as_of=now)
        calendars = _with(record.calendars, [day for day in days if day.province in (None, plan.province)], now)
        changed = replace(record, calendars=calendars)
        before, after = outlook(plan, units, record, as_of=now), outlook(plan, units, changed, as_of=now)
        impacts[code] = impact(db, code, before, after)
    return CalendarChange(tuple(days), impacts)


def apply_calendar(db: sa.Connection, change: CalendarChange, *, now: datetime, actor: str = "admin") -> None:
    """Put the days on record; the open deadlines that move by them follow (`models.regimes`)."""
    if not change.days:
        return
    cause = "; ".join(dict.fromkeys(day.citation for day in change.days))
    fact = Fact("calendar_changed", now, cause, data=(("days", days_told(change.days)),))
    append(db, [fact], actor=actor, now=now)


def _with(calendars: Calendars, days: Sequence[OverlayRow], now: datetime) -> Calendars:
    if not days:
        return calendars
    last = calendars.last
    return replace(
        calendars, changes=(*calendars.changes, (now, WorkCalendar(last.province, last.office + tuple(days))))
    )
