"""What every legal term can do: say itself in Vietnamese, say what it lacks, and yield its periods."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile
from typing import ClassVar, Literal, Self, get_args

from schedules.periods import Explanation, Period, Policy, Window, settle
from schedules.workdays import WorkCalendar, work_calendar
from schedules.zone import local_day

FIRST_YEAR, LAST_YEAR = 2000, 2099  # the lunar tables end here; outside lie only slips of the pen

Kind = Literal["window", "bound", "recurring", "counted", "backward", "minimum", "event", "continuous", "unstated"]
Need = Literal["year", "issued", "event"]


@dataclass(frozen=True)
class Known:
    """What is known when a term is asked for its periods."""

    in_force: date
    events: Sequence[date]
    issued: date | None
    calendar: WorkCalendar


@dataclass(frozen=True)
class Term(ABC):
    """The rule that says when.

    Attributes:
        kind: the family it belongs to.
        recurring: it can have more than one period.
        default_policy: how its last day is counted where nobody says otherwise.
        rolls: False where no policy may move its last day.
        opens_in_force: it opens when its plan is in force, for want of a day of its own.
        recurrence: how often it comes back by the calendar: yearly, half-yearly, quarterly, monthly, nine-monthly.
        event: the name of what it waits for; "" where the phrase names nothing, None where it waits for nothing.
        read: how its phrase was read, where that rests on an article or a convention. No part of what it means.
    """

    kind: ClassVar[Kind]
    default_policy: ClassVar[Policy] = "nominal"
    rolls: ClassVar[bool] = True
    opens_in_force: ClassVar[bool] = False
    event: ClassVar[str | None] = None  # no property, so that a term may have it for a field

    read: tuple[Explanation, ...] = field(default=(), compare=False, repr=False, kw_only=True)

    @property
    @abstractmethod
    def text(self) -> str:
        """The canonical Vietnamese phrase; `schedules.phrases.term` reads it back to the same value."""

    @abstractmethod
    def windows(self, known: Known) -> Iterator[Window]:
        """Every window, in order of its first day; none while what it needs is not known."""

    @property
    def recurring(self) -> bool:
        return False

    @property
    def recurrence(self) -> tuple[str, ...]:
        return ()

    @property
    def needs(self) -> tuple[Need, ...]:
        """What the phrase itself lacks to have dates: "year", "issued" (the day of issue) or "event"."""
        return ()

    @property
    def years(self) -> tuple[int, ...]:
        """The years that the phrase names."""
        return ()

    def in_year(self, year: int) -> Self:
        """The term with its missing year filled in; itself where none is missing.

        Raises ValueError, in Vietnamese, where the year has no such day.
        """
        return self

    def read_as(self, *steps: Explanation) -> Self:
        """The same term, with how its phrase was read."""
        return replace(self, read=steps)

    def periods(
        self,
        in_force: date,
        through: date,
        *,
        events: Sequence[date] = (),
        issued: date | None = None,
        policy: Policy | None = None,
        calendar: WorkCalendar | None = None,
    ) -> list[Period]:
        """Every period that opens by `through`; what was over before the plan was in force is no period.

        `events` are the days on which what it waits for happened, `issued` the day of the document itself.
        Without a policy the term's own counts.
        """
        every = self._every(Known(in_force, events, issued, calendar or work_calendar()), policy)
        return list(takewhile(lambda period: local_day(period.opens) <= through, every))

    def next_period(
        self,
        in_force: date,
        after: date,
        *,
        events: Sequence[date] = (),
        issued: date | None = None,
        policy: Policy | None = None,
        calendar: WorkCalendar | None = None,
    ) -> Period | None:
        """The first period that opens after that day, if one is known: nobody foretells an event."""
        every = self._every(Known(in_force, events, issued, calendar or work_calendar()), policy)
        return next((period for period in every if local_day(period.opens) > after), None)

    def _every(self, known: Known, policy: Policy | None) -> Iterator[Period]:
        if policy is not None and policy not in get_args(Policy):
            raise ValueError(f"unknown policy {policy!r}: use one of {get_args(Policy)}")
        chosen = self.policy(policy)
        settled = (settle(window, known.in_force, chosen, known.calendar, self.rolls) for window in self.windows(known))
        return filter(None, settled)

    def policy(self, asked: Policy | None) -> Policy:
        """The policy that counts where that one is asked for: none moves a term that never rolls."""
        return asked or self.default_policy if self.rolls else "nominal"


def check(name: str, value: int, low: int, high: int) -> None:
    """Refuse, in Vietnamese, a number outside its bounds."""
    if not low <= value <= high:
        raise ValueError(f"{name} phải từ {low} đến {high}, không phải {value}")


def check_year(year: int | None) -> None:
    """Refuse a year that no calendar of ours knows; None is a year not yet named."""
    if year is not None:
        check("năm", year, FIRST_YEAR, LAST_YEAR)
