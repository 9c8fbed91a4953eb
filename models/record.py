"""What the ledger and the assignments say about one plan, as of an instant and as known at another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa

from models.calendars import Calendars, calendars_told
from models.change import DECISIONS, Change
from models.ledger import Fact, facts
from models.owed import Key
from models.plan import Duty, Plan
from models.tables import assignment, ledger
from models.versions import Versions, amended, version_at, versions
from schedules.cadence import Cadence
from schedules.workdays import work_calendar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment as it was frozen when it opened."""

    id: int
    opens: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """The facts about a plan that counted at an instant. In a key, "" stands for every duty, period or unit.

    Attributes:
        submitted: when each (duty, period, unit) was first submitted.
        waived, withdrawn: when something stopped being asked, and why.
        changes: what was decided about running terms, in the order in which it counts.
        events: (duty, day) for each event that opened a period.
        transferred: what is already recorded as passed on.
        assigned: the stored assignments.
        live_from: when the engine first went live; None when it replays everything.
        calendars: the working days, as they changed.
        versions: the plan's versions that had been applied, where it was ever amended.
    """

    submitted: dict[Key, datetime] = field(default_factory=dict)
    waived: dict[Key, tuple[datetime, str]] = field(default_factory=dict)
    withdrawn: dict[Key, tuple[datetime, str]] = field(default_factory=dict)
    changes: Mapping[Key, tuple[Change, ...]] = field(default_factory=dict)
    events: tuple[tuple[str, date], ...] = ()
    transferred: frozenset[Key] = frozenset()
    assigned: dict[Key, Assigned] = field(default_factory=dict)
    live_from: datetime | None = None
    calendars: Calendars = field(default_factory=lambda: Calendars(work_calendar()))
    versions: Versions = ()

    def waiver(self, key: Key) -> tuple[datetime, str] | None:
        """When and why a unit was taken out of a duty, the earliest of the ways."""
        return min(_about(self.waived, key), default=None)

    def withdrawal(self, key: Key) -> tuple[datetime, str] | None:
        """When and why an assignment was withdrawn."""
        return min(_about(self.withdrawn, key), default=None)

    def changes_of(self, key: Key) -> tuple[Change, ...]:
        """What was decided about one running term; of a key without a unit, about the period as a whole."""
        if not self.changes:
            return ()
        found = [change for some in _about(self.changes, key) for change in some]
        return tuple(sorted(found, key=lambda change: (change.at, change.seq)))

    def cadence(self, plan: Plan, duty: Duty, opens: datetime) -> Cadence:
        """The reminders and the ladder of what opened then: they stay with what began under them."""
        plan = version_at(self.versions, opens) if self.versions else plan
        return plan.cadence_of(next((one for one in plan.duties if one.code == duty.code), duty))


def read_record(db: sa.Connection, plan: Plan, *, as_of: datetime, known_at: datetime | None = None) -> Record:
    """The record of a plan: facts that had happened by `as_of` and were recorded by `known_at`."""
    return replace(
        read_decisions(db, plan, as_of=as_of, known_at=known_at),
        submitted=_first_submissions(db, plan.code, as_of, known_at),
        assigned=_assigned(db, plan.code, as_of) if known_at is None else {},
    )


def read_decisions(db: sa.Connection, plan: Plan, *, as_of: datetime, known_at: datetime | None = None) -> Record:
    """The part of the record that is not about single reports: events, decisions, the calendar, going live."""
    kinds = ("waived", "withdrawn", "event", "transferred", *DECISIONS)
    always = ("went_live", "calendar_changed")
    by_kind: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts(db, kinds, plan=plan.code, as_of=as_of, known_at=known_at, always=always):
        by_kind[fact.kind].append(fact)
    return Record(
        waived=_first_of_each(by_kind["waived"]),
        withdrawn=_first_of_each(by_kind["withdrawn"]),
        changes=_changes(fact for kind in DECISIONS for fact in by_kind[kind]),
        events=tuple((f.duty or "", date.fromisoformat(f.period or "")) for f in by_kind["event"]),
        transferred=frozenset(_key(fact) for fact in by_kind["transferred"]),
        live_from=next((f.event_at for f in by_kind["went_live"]), None),
        calendars=calendars_told(
            (f for f in by_kind["calendar_changed"] if f.event_at <= as_of and f.known_by(known_at)), plan.province
        ),
        versions=_known(versions(db, plan.code), min(as_of, known_at or as_of)) if amended(db, plan.code) else (),
    )


def _known(every: Versions, instant: datetime) -> Versions:
    """The versions that were applied by an instant, at least the first."""
    return tuple(version for version in every if version[0] <= instant) or every[:1]


def live_from(db: sa.Connection) -> datetime | None:
    """When the engine first went live."""
    went_live = facts(db, ("went_live",))
    return went_live[0].event_at if went_live else None


def _key(fact: Fact) -> Key:
    return (fact.duty or "", fact.period or "", fact.unit or "")


def _about(told: Mapping[Key, T], key: Key) -> Iterable[T]:
    """What is told of a key, and of everything that holds it."""
    duty, period, unit = key
    holders = (key, (duty, period, ""), (duty, "", unit), (duty, "", ""), ("", "", unit), ("", "", ""))
    return [told[holder] for holder in dict.fromkeys(holders) if holder in told]


def _first_of_each(told: Iterable[Fact]) -> dict[Key, tuple[datetime, str]]:
    first: dict[Key, tuple[datetime, str]] = {}
    for fact in told:
        first.setdefault(_key(fact), (fact.event_at, fact.cause))
    return first


def _changes(told: Iterable[Fact]) -> Mapping[Key, tuple[Change, ...]]:
    found: dict[Key, list[Change]] = defaultdict(list)
    for fact in told:
        found[_key(fact)].append(change_of(fact))
    return {key: tuple(changes) for key, changes in found.items()}


def change_of(fact: Fact) -> Change:
    """The decision about a running term that a fact of one of `DECISIONS` tells."""
    return Change(
        fact.kind, fact.event_at, fact.seq, fact.cause, fact.value("citation") or "", wide=fact.unit is None,
        opens=_instant(fact.value("opens")), due=_instant(fact.value("due")), moves_due=fact.tells("due"),
    )  # fmt: skip


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _first_submissions(db: sa.Connection, plan: str, as_of: datetime, known_at: datetime | None) -> dict[Key, datetime]:
    first = sa.func.min(ledger.c.event_at, type_=ledger.c.event_at.type)
    query = (
        sa.select(ledger.c.duty, ledger.c.period, ledger.c.unit, first)
        .where(ledger.c.plan == plan, ledger.c.kind == "submitted", ledger.c.event_at <= as_of)
        .group_by(ledger.c.duty, ledger.c.period, ledger.c.unit)
    )
    if known_at is not None:
        query = query.where(ledger.c.recorded_at <= known_at)
    return {(duty, period, unit): at for duty, period, unit, at in db.execute(query).all()}


def _assigned(db: sa.Connection, plan: str, as_of: datetime) -> dict[Key, Assigned]:
    a = assignment.c
    query = sa.select(a.duty, a.period, a.unit, a.id, a.opens, a.due).where(a.plan == plan, a.opens <= as_of)
    return {
        (duty, period, unit): Assigned(id, opens, due) for duty, period, unit, id, opens, due in db.execute(query).all()
    }
