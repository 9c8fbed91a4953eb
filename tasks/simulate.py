"""Replaying a plan day by day, with answers from a file or made up from a seed; the same seed gives the same days."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

import sqlalchemy as sa

from models.database import reading, writing
from models.owed import Owed, owed_for, periods
from models.plan import Plan
from models.record import Record, read_decisions
from models.status import before_live, over_before_live
from models.tables import assignment
from models.unit_store import read_units
from models.units import Units
from schedules.terms import Continuous
from schedules.workdays import WorkCalendar, work_calendar
from schedules.zone import MORNING, at, local_day
from tasks.receive import Submission, checked, desk, submit
from tasks.sweep import SweepResult, sweep

Answers = Sequence[Submission]


@dataclass(slots=True)
class Replay:
    """What happened over the days."""

    days: int = 0
    reminders: int = 0
    escalations: int = 0
    submissions: int = 0
    last: SweepResult | None = field(default=None)


def replay(
    engine: sa.Engine,
    plan: Plan,
    *,
    since: date,
    through: date,
    seed: int,
    answers: Answers | None = None,
    after_day: Callable[[datetime], object] | None = None,
) -> Replay:
    """Sweep every morning from `since` to `through`; before each sweep, record what came in since the last one.

    Args:
        answers: what units submit; None makes up plausible answers from the seed.
        after_day: called with each sweep's instant once the day is recorded, for example to deliver.
    """
    told = Replay()
    with reading(engine) as db:
        units = read_units(db, province=plan.province)
        made_up = _MadeUp(plan, units, read_decisions(db, plan, as_of=at(through, MORNING)), seed)
    for number in range((through - since).days + 1):
        as_of = at(since + timedelta(days=number), MORNING)
        with writing(engine) as db:
            came = made_up.by(as_of) if answers is None else [a for a in answers if _came(a, as_of, number)]
            told.submissions += _hand_in(db, plan, units, came, as_of)
            told.last = sweep(db, plan, units, as_of=as_of, now=as_of, actor="simulation")
        told.days += 1
        told.reminders += told.last.reminded
        told.escalations += told.last.escalated
        if after_day is not None:
            after_day(as_of)
    return told


def report_since(engine: sa.Engine, plan: Plan, *, after: datetime, until: datetime, seed: int) -> int:
    """Record what would have come in between the last sweep of a replay and the morning of `until`, unswept."""
    with writing(engine) as db:
        units = read_units(db, province=plan.province)
        came = _MadeUp(plan, units, read_decisions(db, plan, as_of=until), seed).by(until)
        return _hand_in(db, plan, units, [one for one in came if local_day(one.at) >= local_day(after)], until)


def assignments(db: sa.Connection, plan: str) -> int:
    """How many assignments the plan has made."""
    return int(db.execute(sa.select(sa.func.count()).where(assignment.c.plan == plan)).scalar_one())


def _came(one: Submission, as_of: datetime, number: int) -> bool:
    return one.at <= as_of and (number == 0 or one.at > as_of - timedelta(days=1))


def _hand_in(db: sa.Connection, plan: Plan, units: Units, came: Sequence[Submission], as_of: datetime) -> int:
    if not came:
        return 0
    at_desk = desk(db, plan, units, now=as_of)
    return submit(db, [checked(one, at_desk) for one in came], now=as_of, actor="simulation")


class _MadeUp:
    """Plausible answers: most on time and near the end, some late, a few never."""

    NEVER, LATE = 0.06, 0.22

    def __init__(self, plan: Plan, units: Units, record: Record, seed: int) -> None:
        self._plan, self._units, self._record, self._seed = plan, units, record, seed
        self._calendar = work_calendar(plan.province)
        self._seen: set[tuple[str, str]] = set()
        self._coming: dict[date, list[Submission]] = defaultdict(list)

    def by(self, as_of: datetime) -> list[Submission]:
        """What came in by the morning of `as_of` and has not been handed out yet."""
        self._foresee(as_of)
        days = sorted(day for day in self._coming if day < local_day(as_of))
        return [one for day in days for one in self._coming.pop(day) if not self._out(one)]

    def _foresee(self, as_of: datetime) -> None:
        for duty in self._plan.duties:
            for period in periods(self._plan, duty, through=local_day(as_of), events=self._record.events):
                if (duty.code, period.key) in self._seen or before_live(period, self._record):
                    continue
                self._seen.add((duty.code, period.key))
                for owed in owed_for(duty, period, self._units, self._plan.province):
                    if not over_before_live(owed, self._record):
                        for one in self._answer(owed):
                            self._coming[local_day(one.at)].append(one)

    def _answer(self, owed: Owed) -> Iterator[Submission]:
        if isinstance(owed.duty.term, Continuous):
            return
        chance = Random(f"{self._seed}/{self._plan.code}/{'/'.join(owed.key)}")
        when = _when(chance, owed, self._calendar, never=self.NEVER, late=self.LATE)
        if when is not None and (owed.ends is None or when < owed.ends):
            yield Submission(self._plan.code, *owed.key, when)

    def _out(self, one: Submission) -> bool:
        waiver = self._record.waiver(one.key)
        return waiver is not None and waiver[0] <= one.at


def _when(chance: Random, owed: Owed, calendar: WorkCalendar, *, never: float, late: float) -> datetime | None:
    luck = chance.random()
    clock = time(8 + chance.randrange(9), chance.randrange(60))
    if luck < never:
        return None
    if owed.due is None:
        return at(calendar.on_or_after(local_day(owed.opens) + timedelta(days=chance.randrange(5, 150))), clock)
    if luck < late:
        return at(calendar.nth_from(local_day(owed.due), chance.randrange(1, 26)), clock)
    # Most reports come in during the last fifth of the window.
    part = chance.betavariate(6, 1.3)
    day = local_day(owed.opens + (owed.due - owed.opens) * part)
    return max(min(at(calendar.on_or_before(day), clock), owed.due - timedelta(minutes=1)), owed.opens)
