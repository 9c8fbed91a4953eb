"""The coming milestones of a plan, day by day, as people read a calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

import sqlalchemy as sa

from models.plan import Plan
from models.record import read_decisions
from models.units import Units
from schedules.zone import local, local_day
from tasks.preview import Milestone, milestones

AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Coming:
    """A milestone on the day and at the clock time at which people expect it."""

    day: date
    clock: str
    milestone: Milestone

    @property
    def sends(self) -> bool:
        """Whether notices leave at it."""
        return self.milestone.step not in ("opens", "due")


def coming(db: sa.Connection, plan: Plan, units: Units, *, as_of: datetime) -> list[tuple[date, list[Coming]]]:
    """The milestones of the next 60 days, by day."""
    today = local_day(as_of)
    record = read_decisions(db, plan, as_of=as_of)
    found = milestones(plan, units, record, since=today, through=today + AHEAD)
    # 24:00 of a day is the same instant as 00:00 of the next one: people read both under their own day.
    shown = sorted((_coming(one) for one in found if one.at >= as_of), key=lambda one: (one.day, one.milestone.at))
    return [(day, list(group)) for day, group in groupby(shown, key=lambda one: one.day)]


def _coming(milestone: Milestone) -> Coming:
    if milestone.step == "due":
        # A term ends at 24:00 of its last day (Điều 148 khoản 6 BLDS 2015), which is 00:00 of the day after.
        last = local(milestone.at - timedelta.resolution)
        midnight = local(milestone.at).date() != last.date()
        return Coming(last.date(), "24:00" if midnight else f"{local(milestone.at):%H:%M}", milestone)
    return Coming(local_day(milestone.at), f"{local(milestone.at):%H:%M}", milestone)
