"""The plan's calendar: every milestone between two days, with how many units it concerns and how it was counted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from models.owed import periods, spans_of
from models.plan import Duty, Plan
from models.selector import covering
from models.units import Units
from schedules.terms import Period
from schedules.words import period_shown, step_shown
from schedules.workdays import work_calendar
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


def milestones(
    plan: Plan, units: Units, *, since: date, through: date, events: Iterable[tuple[str, date]] = ()
) -> list[Milestone]:
    """The milestones on the days from `since` to `through`, both included, in order, without the weekly ones."""
    known = list(events)
    found = [
        milestone
        for duty in plan.duties
        for period in periods(plan, duty, through=through, events=known)
        for milestone in _of_period(plan, duty, period, units, through)
        if since <= local_day(milestone.at) <= through
    ]
    return sorted(found, key=lambda m: (m.at, m.duty, m.period))


def _of_period(plan: Plan, duty: Duty, period: Period, units: Units, through: date) -> Iterator[Milestone]:
    counted = tuple(f"{step.why} ({step.article})" for step in period.explain)
    yield _milestone(plan, duty, period, units, "opens", period.opens, local_day(period.opens), counted)
    if period.due is None or period.last_day is None:
        return
    yield _milestone(plan, duty, period, units, "due", period.due, period.last_day, counted)
    steps = plan.cadence_of(duty).occurrences(
        period, through=at(through, time.max), calendar=work_calendar(plan.province), weekly=False
    )
    for step in steps:
        yield _milestone(plan, duty, period, units, step.step, step.at, local_day(step.at), (*counted, step.why))


def _milestone(
    plan: Plan, duty: Duty, period: Period, units: Units, step: str, when: datetime, day: date, explain: tuple[str, ...]
) -> Milestone:
    named = spans_of(duty.lead, units, plan.province)
    count = sum(covering(days, day) is not None for days in named.values())
    return Milestone(plan.code, duty.code, duty.title, period.key, step, when, count, explain)
