"""What a change would do to the assignments that are open: dates that move, steps that come or go."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from models.change import Change
from models.course import course, steps
from models.owed import Key, Owed
from models.plan import Plan
from models.record import Record
from models.running import changes_of
from models.status import RUNNING, Standing, standings
from models.tables import assignment, notice
from models.units import Units
from models.words import SKIPPED_MOVED, SKIPPED_PAUSED
from tasks.waiting import UNSAID

AHEAD = timedelta(days=400)

Window = tuple[datetime, datetime | None, tuple[Change, ...]]
StepAt = tuple[str, str, str, datetime]
"""(duty, period, step, when)"""


@dataclass(frozen=True, slots=True)
class Ahead:
    """An open assignment, and the steps that it still has before it; of the weekly ones only the next."""

    owed: Owed
    steps: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class Move:
    """An open assignment whose dates change."""

    key: Key
    opens: datetime
    due: datetime | None
    new_opens: datetime
    new_due: datetime | None


@dataclass(frozen=True, slots=True)
class Impact:
    """The difference that a change makes to what is open.

    Attributes:
        moved: assignments whose dates change.
        withdrawn, opened: assignments that are no longer asked for, and new ones that are open at once.
        cancelled, added: steps with the number of assignments that lose or gain them at that time.
        unsaid: how many notices are waiting to leave about what moves or is withdrawn; they will not.
    """

    moved: tuple[Move, ...]
    withdrawn: tuple[Key, ...]
    opened: tuple[Key, ...]
    cancelled: tuple[tuple[StepAt, int], ...]
    added: tuple[tuple[StepAt, int], ...]
    unsaid: int = 0


def outlook(plan: Plan, units: Units, record: Record, *, as_of: datetime) -> Mapping[Key, Ahead]:
    """Every open assignment of a plan with what lies ahead of it, 400 days on."""
    found: dict[Key, Ahead] = {}
    for part in standings(plan, units, record, as_of=as_of):
        cadence = record.cadence(plan, part.duty, part.asked.period.opens)
        known: dict[Window, tuple[tuple[str, datetime], ...]] = {}
        for one in part.standings:
            if one.state not in RUNNING:
                continue
            window = _window(one, record)
            if window not in known:
                told = steps(
                    course(*window, record.calendars), cadence, one.owed.period, through=as_of + AHEAD,
                    moved=SKIPPED_MOVED, paused=SKIPPED_PAUSED,
                )  # fmt: skip
                coming = ((s.occurrence.step, s.occurrence.at) for s in told if not s.over and s.occurrence.at >= as_of)
                known[window] = tuple(_first_week(coming))
            found[one.owed.key] = Ahead(one.owed, known[window])
    return found


def impact(db: sa.Connection, plan: str, before: Mapping[Key, Ahead], after: Mapping[Key, Ahead]) -> Impact:
    """What changes between two outlooks of a plan."""
    both = [key for key in before if key in after]
    pairs = [(key, before[key].owed, after[key].owed) for key in both]
    lost, gained = _steps_of(before), _steps_of(after)
    withdrawn = tuple(key for key in before if key not in after)
    moved = tuple(
        Move(key, old.opens, old.due, new.opens, new.due)
        for key, old, new in pairs
        if (old.opens, old.due) != (new.opens, new.due)
    )
    gone, new_due = set(withdrawn), {move.key: move.new_due for move in moved}
    return Impact(
        moved=moved,
        withdrawn=withdrawn,
        opened=tuple(key for key in after if key not in before),
        cancelled=tuple(sorted((lost - gained).items(), key=_by_time)),
        added=tuple(sorted((gained - lost).items(), key=_by_time)),
        unsaid=sum(
            (duty, period, unit) in gone or due != new_due.get((duty, period, unit), due)
            for duty, period, unit, due in _waiting(db, plan)
        ),
    )


def _window(one: Standing, record: Record) -> Window:
    """Where the course of an assignment began, and what was decided since."""
    return (*one.owed.at_first, changes_of(one.owed, record))


def _first_week(coming: Iterable[tuple[str, datetime]]) -> Iterable[tuple[str, datetime]]:
    """The steps, and of the weekly ones only the first: they have no end."""
    told = False
    for step, at in coming:
        weekly = step.startswith("escalate:weekly")
        if not (weekly and told):
            yield step, at
        told = told or weekly


def _steps_of(ahead: Mapping[Key, Ahead]) -> Counter[StepAt]:
    return Counter((*key[:2], step, at) for key, one in ahead.items() for step, at in one.steps)


def _waiting(db: sa.Connection, plan: str) -> list[tuple[str, str, str, datetime]]:
    """(duty, period, unit, due) of each notice that waits to leave."""
    a = assignment.c
    query = (
        sa.select(a.duty, a.period, a.unit, notice.c.due)
        .join(assignment, a.id == notice.c.assignment)
        .where(a.plan == plan, notice.c.state.in_(UNSAID))
    )
    return [(duty, period, unit, due) for duty, period, unit, due in db.execute(query)]


def _by_time(step: tuple[StepAt, int]) -> tuple[datetime, StepAt]:
    return (step[0][3], step[0])
