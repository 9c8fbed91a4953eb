"""The plan's calendar: every milestone between two days, with how many units it concerns and how it was counted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from models.course import course, steps
from models.owed import spans_of
from models.plan import Duty, Plan
from models.record import Record
from models.regimes import Asked, asked, regimes
from models.running import period_changes, running_period
from models.selector import covering
from models.units import Units
from models.words import SKIPPED_MOVED, SKIPPED_PAUSED
from schedules.cadence import Occurrence
from schedules.periods import Period
from schedules.words import period_shown, step_shown
from schedules.zone import at, local_day


@dataclass(frozen=True, slots=True)
class Milestone:
    """One instant of a plan's calendar. `units` is how many units the duty names on that day."""

    plan: str
    duty: str
    title: str
    period: str
    step: str
    at: datetime
    units: int
    explain: tuple[str, ...]

    @property
    def name(self) -> str:
        """ "Báo cáo năm kết quả thực hiện Luật, năm 2026 · nhắc trước 7 ngày"."""
        period = "" if self.period == "-" else f", {period_shown(self.period)}"
        return f"{self.title}{period} · {step_shown(self.step)}"


def milestones(plan: Plan, units: Units, record: Record, *, since: date, through: date) -> list[Milestone]:
    """The milestones on the days from `since` to `through`, both included, in order, without the weekly ones.

    They are those of the periods as they run; what was granted to single units stands in their own status.
    """
    found = [
        milestone
        for one in asked(regimes(plan, record.versions, record.calendars), through=through, events=record.events)
        if not one.dropped
        for milestone in _of_period(plan, one, units, record, through)
        if since <= local_day(milestone.at) <= through
    ]
    return sorted(found, key=lambda m: (m.at, m.duty, m.period))


def period_steps(plan: Plan, one: Asked, record: Record, *, through: datetime, weekly: bool) -> list[Occurrence]:
    """The steps of a period's course up to `through`, less those that are over because its term changed."""
    period = one.period
    cadence = record.cadence(plan, one.duty, period.opens)
    course_ = course(period.opens, period.due, period_changes(one, record), record.calendars)
    found = steps(
        course_, cadence if weekly else replace(cadence, weekly_to=()), period, through=through,
        moved=SKIPPED_MOVED, paused=SKIPPED_PAUSED,
    )  # fmt: skip
    return [step.occurrence for step in found if not step.over]


def _of_period(plan: Plan, one: Asked, units: Units, record: Record, through: date) -> Iterator[Milestone]:
    end, duty = at(through, time.max), one.duty
    period = running_period(one, record, as_of=end)
    counted = tuple(f"{step.why} ({step.article})" for step in period.explain)
    yield _milestone(plan, duty, period, units, "opens", period.opens, local_day(period.opens), counted)
    if period.due is None or period.last_day is None:
        return
    yield _milestone(plan, duty, period, units, "due", period.due, period.last_day, counted)
    for step in period_steps(plan, one, record, through=end, weekly=False):
        yield _milestone(plan, duty, period, units, step.step, step.at, local_day(step.at), (*counted, step.why))


def _milestone(
    plan: Plan, duty: Duty, period: Period, units: Units, step: str, when: datetime, day: date, explain: tuple[str, ...]
) -> Milestone:
    named = spans_of(duty.lead, units, plan.province)
    count = sum(covering(days, day) is not None for days in named.values())
    return Milestone(plan.code, duty.code, duty.title, period.key, step, when, count, explain)
