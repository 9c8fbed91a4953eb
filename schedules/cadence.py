"""When a duty's unit is reminded before it is due, and who hears of it step by step once it is late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from schedules.periods import Period
from schedules.words import day_shown, step_shown
from schedules.workdays import ONE_DAY, WorkCalendar
from schedules.zone import MORNING, at, first_day_from, local, local_day

Recipient = Literal["unit", "superior", "standing_office", "chair", "coordinating"]

SENDING_HOURS = (time(7), time(20))  # nobody's telephone rings at midnight
ONE_WEEK = timedelta(weeks=1)


def within_sending_hours(as_of: datetime) -> bool:
    """Whether a message may leave now: from 07:00 until just before 20:00 in Vietnam."""
    start, end = SENDING_HOURS
    return start <= local(as_of).time() < end


def may_send(as_of: datetime, calendar: WorkCalendar) -> bool:
    """Whether the engine sends of its own accord now: on a working day, within the hours of sending."""
    return within_sending_hours(as_of) and calendar.is_working_day(local_day(as_of))


@dataclass(frozen=True)
class Occurrence:
    """One step of a cadence at its instant, with whom it is for and, in Vietnamese, why then."""

    step: str
    kind: Literal["remind", "escalate"]
    at: datetime
    to: tuple[Recipient, ...]
    why: str


@dataclass(frozen=True)
class Reminder:
    """So many days ("d") or working days ("wd") before the due instant."""

    count: int
    unit: Literal["d", "wd"]
    to: tuple[Recipient, ...] = ("unit", "coordinating")

    @property
    def step(self) -> str:
        return f"remind:-{self.count}{self.unit}"


@dataclass(frozen=True)
class Escalation:
    """On the count-th working day that begins at or after the due instant."""

    count: int
    to: tuple[Recipient, ...]

    @property
    def step(self) -> str:
        return f"escalate:+{self.count}wd"


@dataclass(frozen=True)
class Cadence:
    """A reminder ladder and an escalation ladder; after the last rung every Monday, if `weekly_to` names anyone."""

    reminders: tuple[Reminder, ...]
    escalations: tuple[Escalation, ...]
    weekly_to: tuple[Recipient, ...] = ()
    clock: time = MORNING

    def __post_init__(self) -> None:
        rungs: tuple[Reminder | Escalation, ...] = (*self.reminders, *self.escalations)
        if len({rung.step for rung in rungs}) < len(rungs):
            raise ValueError(f"two steps have the same name: {[rung.step for rung in rungs]}")
        if any(rung.count < 1 or not rung.to for rung in rungs):
            raise ValueError("every step needs a count of at least 1 and a recipient")
        if self.weekly_to and not self.escalations:
            raise ValueError("weekly urging follows the last escalation, and there is none")

    def occurrences(
        self, period: Period, *, through: datetime, calendar: WorkCalendar, weekly: bool = True
    ) -> list[Occurrence]:
        """Every step up to and including `through`, in order; none when the period has no due."""
        if period.due is None:
            return []
        steps = [
            *self._reminders(period.due, calendar),
            *self._escalations(period.due, calendar),
            *(self._weekly(period.due, local_day(through), calendar) if weekly and self.weekly_to else ()),
        ]
        return sorted((step for step in steps if period.opens <= step.at <= through), key=lambda step: step.at)

    def _reminders(self, due: datetime, calendar: WorkCalendar) -> Iterator[Occurrence]:
        due_day = local_day(due)
        for reminder in self.reminders:
            if reminder.unit == "wd":
                nominal = calendar.nth_before(due_day, reminder.count)
            else:
                nominal = due_day - timedelta(days=reminder.count)
            day = calendar.on_or_before(nominal)
            why = step_shown(reminder.step) + _moved(nominal, day, calendar, "liền trước")
            yield Occurrence(reminder.step, "remind", at(day, self.clock), reminder.to, why)

    def _escalations(self, due: datetime, calendar: WorkCalendar) -> Iterator[Occurrence]:
        for rung in self.escalations:
            day = calendar.nth_from(first_day_from(due), rung.count)
            yield Occurrence(rung.step, "escalate", at(day, self.clock), rung.to, step_shown(rung.step))

    def _weekly(self, due: datetime, through: date, calendar: WorkCalendar) -> Iterator[Occurrence]:
        last_rung = calendar.nth_from(first_day_from(due), max(rung.count for rung in self.escalations))
        monday = last_rung + ONE_WEEK - last_rung.weekday() * ONE_DAY
        while monday <= through:
            # Named by the Monday itself, so that a change of calendar moves the notice and makes no second one.
            step = f"escalate:weekly:{monday.isoformat()}"
            day = calendar.on_or_after(monday)
            why = step_shown(step) + _moved(monday, day, calendar, "tiếp theo")
            yield Occurrence(step, "escalate", at(day, self.clock), self.weekly_to, why)
            monday += ONE_WEEK


def _moved(nominal: date, day: date, calendar: WorkCalendar, where: str) -> str:
    if day == nominal:
        return ""
    return (
        f"; {day_shown(nominal)} rơi vào {calendar.why(nominal)} nên chuyển sang ngày làm việc {where} {day_shown(day)}"
    )


DEFAULT_CADENCE = Cadence(
    reminders=(Reminder(30, "d"), Reminder(7, "d"), Reminder(3, "wd"), Reminder(1, "wd")),
    escalations=(
        Escalation(1, ("unit", "superior")),
        Escalation(3, ("superior",)),
        Escalation(5, ("standing_office",)),
        Escalation(10, ("chair",)),
    ),
    weekly_to=("unit", "superior", "standing_office"),
)
