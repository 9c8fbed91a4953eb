"""What the ledger and the assignments say about one plan, as of an instant and as known at another."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

import sqlalchemy as sa

from models.ledger import facts
from models.owed import Key
from models.tables import assignment, ledger


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment as it was frozen when it opened."""

    id: int
    opens: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """The facts about a plan that counted at an instant.

    Attributes:
        submitted: when each (duty, period, unit) was first submitted.
        waived: when a unit was taken out, of one duty (duty, unit) or of all ("", unit); with the reason.
        events: (duty, day) for each event that opened a period.
        transferred: what is already recorded as passed on.
        assigned: the stored assignments.
        live_from: when the engine first went live; None when it replays everything.
    """

    submitted: dict[Key, datetime] = field(default_factory=dict)
    waived: dict[tuple[str, str], tuple[datetime, str]] = field(default_factory=dict)
    events: tuple[tuple[str, date], ...] = ()
    transferred: frozenset[Key] = frozenset()
    assigned: dict[Key, Assigned] = field(default_factory=dict)
    live_from: datetime | None = None

    def waiver(self, duty: str, unit: str) -> tuple[datetime, str] | None:
        """When and why a unit was taken out of a duty, the earlier of the two ways."""
        if not self.waived:
            return None
        found = [w for w in (self.waived.get((duty, unit)), self.waived.get(("", unit))) if w is not None]
        return min(found) if found else None


def read_record(db: sa.Connection, plan: str, *, as_of: datetime, known_at: datetime | None = None) -> Record:
    """The record of a plan: facts that had happened by `as_of` and were recorded by `known_at`."""
    return replace(
        read_decisions(db, plan, as_of=as_of, known_at=known_at),
        submitted=_first_submissions(db, plan, as_of, known_at),
        assigned=_assigned(db, plan, as_of) if known_at is None else {},
    )


def read_decisions(db: sa.Connection, plan: str, *, as_of: datetime, known_at: datetime | None = None) -> Record:
    """The part of the record that is not about single reports: events, waivers, transfers, going live."""
    kinds = ("waived", "event", "transferred")
    told = facts(db, kinds, plan=plan, as_of=as_of, known_at=known_at, always=("went_live",))
    waived: dict[tuple[str, str], tuple[datetime, str]] = {}
    for fact in told:
        if fact.kind == "waived":
            waived.setdefault((fact.duty or "", fact.unit or ""), (fact.event_at, fact.cause))
    return Record(
        waived=waived,
        events=tuple((f.duty or "", date.fromisoformat(f.period or "")) for f in told if f.kind == "event"),
        transferred=frozenset((f.duty or "", f.period or "", f.unit or "") for f in told if f.kind == "transferred"),
        live_from=next((f.event_at for f in told if f.kind == "went_live"), None),
    )


def live_from(db: sa.Connection) -> datetime | None:
    """When the engine first went live."""
    went_live = facts(db, ("went_live",))
    return went_live[0].event_at if went_live else None


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
