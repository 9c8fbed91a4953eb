"""The working days as an office knew them over time: each change is a fact, and counts from its own instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from models.ledger import Fact, facts
from schedules.workdays import OverlayRow, WorkCalendar, work_calendar


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendar at first, and each later one with the instant from which it counts."""

    first: WorkCalendar
    changes: tuple[tuple[datetime, WorkCalendar], ...] = ()

    def at(self, instant: datetime) -> WorkCalendar:
        """The calendar that counts at an instant."""
        return next((calendar for since, calendar in reversed(self.changes) if since <= instant), self.first)

    @property
    def last(self) -> WorkCalendar:
        return self.changes[-1][1] if self.changes else self.first


def calendars_told(told: Iterable[Fact], province: str | None) -> Calendars:
    """The calendars that the facts of kind "calendar_changed" tell, for one province; oldest fact first."""
    calendar = work_calendar(province)
    changes: list[tuple[datetime, WorkCalendar]] = []
    for fact in told:
        rows = tuple(_row(one) for one in fact.value("days") if one["province"] in (None, province))
        if rows:
            calendar = WorkCalendar(province, calendar.office + rows)
            changes = [change for change in changes if change[0] != fact.event_at]
            changes.append((fact.event_at, calendar))
    return Calendars(work_calendar(province), tuple(changes))


def read_calendar(db: sa.Connection, province: str | None, *, as_of: datetime | None = None) -> WorkCalendar:
    """The working days of a province as they count at an instant, or after everything that was recorded."""
    return calendars_told(facts(db, ("calendar_changed",), as_of=as_of), province).last


def days_told(rows: Iterable[OverlayRow]) -> list[dict[str, Any]]:
    """Days as a fact's data."""
    return [
        {"day": row.day.isoformat(), "working": row.working, "reason": row.reason, "citation": row.citation,
         "province": row.province}
        for row in rows
    ]  # fmt: skip


def _row(stored: dict[str, Any]) -> OverlayRow:
    return OverlayRow(
        day=date.fromisoformat(stored["day"]), working=stored["working"], reason=stored["reason"],
        citation=stored["citation"], province=stored["province"],
    )  # fmt: skip
