"""The course of a running term: what was decided about it, and which dates held when.

A decision never rewrites a term: it ends one stretch of its course and begins the next, so that what was said
under the old dates stays right for its time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models.calendars import Calendars
from models.change import Change
from schedules.cadence import Cadence, Occurrence
from schedules.periods import Period
from schedules.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Running:
    """A term after some changes.

    Attributes:
        paused: the reason, "" while it runs.
        dropped: since when and why the plan no longer asks for it; None while it does.
        granted: the unit's own extension.
        set_by_hand: the unit's own date was corrected.
    """

    opens: datetime
    due: datetime | None
    paused: str = ""
    granted: datetime | None = None
    set_by_hand: bool = False
    dropped: tuple[datetime, str] | None = None

    def after(self, change: Change) -> "Running":
        """The term after one more change."""
        if change.kind in ("paused", "resumed"):
            return replace(self, paused=change.why if change.kind == "paused" else "")
        if change.kind == "dropped":
            return replace(self, dropped=(change.at, change.why))
        back = change.kind == "reinstated"
        moved = replace(self, opens=change.opens or self.opens, dropped=None if back else self.dropped)
        if not change.moves_due:
            return moved
        if change.kind == "extended":
            # To a later date, never an earlier one, whatever was decided in the meantime.
            due = max(filter(None, (self.due, change.due)), default=None)
            return replace(moved, due=due, granted=self.granted if change.wide else due)
        if change.kind == "corrected" and not change.wide:
            return replace(moved, due=change.due, granted=None, set_by_hand=True)
        # What an officer decided for one unit is not taken back by a change for everybody.
        if change.wide and self.set_by_hand:
            return moved
        if self.granted is not None and change.due is not None:
            return replace(moved, due=max(change.due, self.granted))
        return replace(moved, due=change.due, granted=None, set_by_hand=False)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the course, `[start, end)`, during which one term and one calendar held."""

    start: datetime
    end: datetime | None
    term: Running
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder on a term's course.

    Attributes:
        due: the due instant that it counts towards.
        over: why it is not said any more: the dates changed, or the term was paused, when it fell; "" otherwise.
    """

    occurrence: Occurrence
    due: datetime
    over: str = ""


def running(opens: datetime, due: datetime | None, changes: Sequence[Change], *, as_of: datetime) -> Running:
    """The term as it runs at an instant. `changes` are in the order in which they count."""
    term = Running(opens, due)
    for change in changes:
        if change.at <= as_of:
            term = term.after(change)
    return term


def course(
    opens: datetime, due: datetime | None, changes: Sequence[Change], calendars: Calendars
) -> tuple[Stretch, ...]:
    """The stretches of a term's course, in order; the last one has no end."""
    term = Running(opens, due)
    stretches: list[Stretch] = []
    turns = sorted({*(change.at for change in changes), *(at for at, _ in calendars.changes)})
    starts = [opens, *(at for at in turns if at > opens)]
    # Decided before the opening: the term opens with it.
    opening = [change for change in changes if change.at <= opens]
    rest = [change for change in changes if change.at > opens]
    for change in opening:
        term = term.after(change)
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        for change in rest:
            if change.at == start:
                term = term.after(change)
        stretches.append(Stretch(start, end, term, calendars.at(start)))
    return tuple(stretches)


def steps(
    stretches: Sequence[Stretch], cadence: Cadence, period: Period, *, through: datetime, moved: str, paused: str
) -> list[Step]:
    """The steps of a term's course up to `through`, in order; each due has each step once.

    When the dates change, a reminder whose moment has passed is not made up; an escalation is, at the change.

    Args:
        moved, paused: the words for a step that is over because of it.
    """
    found = sorted(_steps(stretches, cadence, period, through), key=lambda pair: pair[1].occurrence.at)
    now = next((s.term for s in reversed(stretches) if s.start <= through), stretches[0].term)
    seen: set[tuple[str, datetime]] = set()
    told = []
    for stretch, step in found:
        name = (step.occurrence.step, step.due)
        if name in seen:
            continue
        seen.add(name)
        over = paused if stretch.term.paused else moved if step.due != now.due or stretch.term.dropped else ""
        told.append(replace(step, over=over))
    return told


def _steps(
    stretches: Sequence[Stretch], cadence: Cadence, period: Period, through: datetime
) -> Iterator[tuple[Stretch, Step]]:
    for stretch in stretches:
        due = stretch.term.due
        if due is None or stretch.start > through:
            continue
        until = through if stretch.end is None else min(through, stretch.end - timedelta.resolution)
        window = replace(period, opens=stretch.term.opens, due=due)
        for one in cadence.occurrences(window, through=until, calendar=stretch.calendar):
            if one.at >= stretch.start:
                yield stretch, Step(one, due)
            elif one.kind == "escalate" and stretch is not stretches[0]:
                yield stretch, Step(replace(one, at=stretch.start), due)
