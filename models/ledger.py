"""The ledger: each fact is one append-only row, chained to the row before by its hash.

Facts are what happened or was decided. What follows from them (overdue, done late…) is derived, see
models/status.py. Personal data never enters a row: people are referred to as `person:ID`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.tables import ledger

GENESIS = "0" * 64
"""What stands before the first row."""

KINDS = {
    "plan_applied", "went_live", "units_imported", "contacts_imported", "event", "swept",
    "assigned", "submitted", "waived", "transferred", "delivered",
    "extended", "corrected", "paused", "resumed", "withdrawn", "calendar_changed",
    "contact_removed", "address_enabled", "copies_stopped",
    "notice_retried", "notice_cancelled", "notice_phoned",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened at `event_at`.

    A fact that was read also has its place in the ledger, when it was recorded, and by whom.
    """

    kind: str
    event_at: datetime
    cause: str
    plan: str | None = None
    duty: str | None = None
    period: str | None = None
    unit: str | None = None
    data: tuple[tuple[str, Any], ...] = ()
    seq: int = 0
    recorded_at: datetime | None = None
    actor: str = ""

    def tells(self, name: str) -> bool:
        """Whether the data speaks of something, be it only to say that there is none."""
        return name in dict(self.data)

    def known_by(self, instant: datetime | None) -> bool:
        """Whether it was recorded by an instant; None asks for everything that is known."""
        return instant is None or self.recorded_at is None or self.recorded_at <= instant

    def value(self, name: str) -> Any:
        return dict(self.data).get(name)


def append(db: sa.Connection, facts: Iterable[Fact], *, actor: str, now: datetime) -> int:
    """Record the facts in this transaction, in their order, and give back how many they were."""
    previous = (
        db.execute(sa.select(ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1)).scalar_one_or_none() or GENESIS
    )
    rows = []
    for fact in facts:
        if fact.kind not in KINDS:
            raise ValueError(f"the ledger knows no fact of kind {fact.kind!r}")
        row = {
            "event_at": fact.event_at, "recorded_at": now, "actor": actor, "kind": fact.kind, "plan": fact.plan,
            "duty": fact.duty, "period": fact.period, "unit": fact.unit, "cause": fact.cause,
            "data": json.dumps(dict(fact.data), ensure_ascii=False, sort_keys=True), "previous": previous,
        }  # fmt: skip
        previous = row["hash"] = digest(row)
        rows.append(row)
    if rows:
        db.execute(sa.insert(ledger), rows)
    return len(rows)


def digest(row: dict[str, Any]) -> str:
    """The hash of a row: SHA-256 over its content and the hash of the row before."""
    content = [
        row["event_at"].astimezone(UTC).isoformat(), row["recorded_at"].astimezone(UTC).isoformat(),
        *(row[name] for name in ("actor", "kind", "plan", "duty", "period", "unit", "cause", "data", "previous")),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def facts(
    db: sa.Connection,
    kinds: Sequence[str],
    *,
    plan: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    always: Sequence[str] = (),
) -> list[Fact]:
    """The facts of these kinds that had happened by `as_of` and were recorded by `known_at`, oldest event first.

    Those of the kinds in `always` come too, whatever their plan and instants.
    """
    wanted: sa.ColumnElement[bool] = ledger.c.kind.in_(kinds)
    if plan is not None:
        wanted &= ledger.c.plan == plan
    if as_of is not None:
        wanted &= ledger.c.event_at <= as_of
    if known_at is not None:
        wanted &= ledger.c.recorded_at <= known_at
    if always:
        wanted |= ledger.c.kind.in_(always)
    query = sa.select(ledger).where(wanted).order_by(ledger.c.event_at, ledger.c.seq)
    return [_fact(row) for row in db.execute(query).all()]


def broken_links(db: sa.Connection) -> Iterator[str]:
    """What is wrong with the chain, row by row; nothing when it is whole."""
    previous = GENESIS
    for row in db.execute(sa.select(ledger).order_by(ledger.c.seq)).mappings():
        if row["previous"] != previous:
            yield f"row {row['seq']}: does not follow the row before it"
        if row["hash"] != digest(dict(row)):
            yield f"row {row['seq']}: its content does not match its hash"
        previous = row["hash"]


def _fact(row: Any) -> Fact:
    return Fact(
        row.kind, row.event_at, row.cause, row.plan, row.duty, row.period, row.unit,
        tuple(json.loads(row.data).items()) if row.data != "{}" else (), row.seq, row.recorded_at, row.actor,
    )  # fmt: skip
