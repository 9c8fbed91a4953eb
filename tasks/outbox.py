"""The outbox: what is on its way, each message under one lease at a time, every change of state in its history.

    due ──► submitting ──► accepted ──► delivered
     ▲          │  │           └──────► bounced ──┐
     └─ retry ◄─┘  ├─► unknown ─► accepted, retry or dead
                   └─► failed ────────────────────┴─► another delivery to the next address

    due, retry, unknown ──► cancelled, once nothing in it is owed; retry ──► dead after three days of trying

A state changes by compare-and-set, so that of two dispatchers one wins; what reached its recipient never goes back.
A lease that ended without a record leaves an *unknown*: tasks/resolve.py finds out, or repeats what can be recognised.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models.tables import delivery, delivery_event

LEASE = timedelta(minutes=10)
"""How long a dispatcher may take from claiming a batch to recording it."""

RESERVE = 0.45
"""The part of a lease that is left for the last message begun, whatever each answer to it takes."""

WAITING = ("due", "retry")
UNDER_WAY = (*WAITING, "submitting", "unknown")
ARRIVED = ("accepted", "delivered")
LOST = ("failed", "bounced", "dead")

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
SPREAD = 0.2
"""Waits differ by up to a fifth, so that what was refused together does not come back together."""

KEPT_FOR = timedelta(days=3)
"""How long a message is tried before it is given up."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One change of state: which delivery, from what to what, why, and what else is recorded with it."""

    delivery: int
    before: str
    after: str
    why: str = ""
    values: tuple[tuple[str, Any], ...] = ()
    provider_event: str | None = None


def move(db: sa.Connection, changes: Iterable[Moved], *, now: datetime, owner: str | None = None) -> set[int]:
    """Make the changes whose delivery still stands where they begin; gives the deliveries that moved.

    In a writing transaction: nobody can come between the look and the change.

    Args:
        owner: only what this dispatcher holds a lease on moves; None asks for no lease.
    """
    wanted = list(changes)
    alike: dict[tuple[str, ...], list[Moved]] = defaultdict(list)
    for one in wanted:
        alike[(one.before, *(name for name, _ in one.values))].append(one)
    moved = {id for group in alike.values() for id in _move_alike(db, group, owner)}
    write_history(db, [one for one in wanted if one.delivery in moved], now=now)
    return moved


def _move_alike(db: sa.Connection, changes: Sequence[Moved], owner: str | None) -> set[int]:
    """Changes from one state that record the same things: those that are still in it, in one statement."""
    d = delivery.c
    held = d.id.in_([one.delivery for one in changes]) & (d.state == changes[0].before)
    if owner is not None:
        held &= d.lease_owner == owner
    free = set(db.execute(sa.select(d.id).where(held).with_for_update()).scalars())
    rows = [
        {"which": one.delivery, "after": one.after, **{f"new_{name}": value for name, value in one.values}}
        for one in changes
        if one.delivery in free
    ]
    if rows:
        values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name, _ in changes[0].values}
        change = sa.update(delivery).where(d.id == sa.bindparam("which"))
        db.execute(change.values(state=sa.bindparam("after"), **values), rows)
    return free


def write_history(db: sa.Connection, changes: Sequence[Moved], *, now: datetime) -> None:
    """Append changes to the history."""
    rows = [
        {"delivery": one.delivery, "at": now, "before": one.before, "after": one.after, "why": one.why,
         "provider_event": one.provider_event}
        for one in changes
    ]  # fmt: skip
    if rows:
        db.execute(sa.insert(delivery_event), rows)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who takes messages for sending, when, and how long they are theirs."""

    owner: str
    now: datetime
    span: timedelta = LEASE

    @property
    def until(self) -> datetime:
        return self.now + self.span

    def seconds_to_begin(self, now: datetime) -> float:
        """In how many seconds a message must begin to leave so that it is over before the lease is."""
        return (self.until - now - self.span * RESERVE).total_seconds()


def lease(db: sa.Connection, rows: Sequence[Any], held: Lease, why: str = "") -> set[int]:
    """Take rows (id, state) for sending; gives those that nobody else took first. The unknown leave for a repeat."""
    d = delivery.c
    taken: set[int] = set()
    for state in {row.state for row in rows}:
        ids = [row.id for row in rows if row.state == state]
        change = sa.update(delivery).where(d.id.in_(ids), d.state == state).values(
            state="submitting", attempts=d.attempts + 1, repeats=d.repeats + (state == "unknown"),
            claimed_at=held.now, lease_owner=held.owner, lease_until=held.until,
        )  # fmt: skip
        taken.update(db.execute(change.returning(d.id)).scalars())
    write_history(db, [Moved(row.id, row.state, "submitting", why) for row in rows if row.id in taken], now=held.now)
    return taken


def next_attempt(tracking_id: str, attempts: int, now: datetime) -> datetime:
    """When to try again after so many attempts; the spread follows from the message, so that a replay is the same."""
    wait = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    luck = int.from_bytes(tracking_id.encode()[-4:], "big") % 1000 / 999
    return now + wait * (1 - SPREAD + 2 * SPREAD * luck)


def slots(db: sa.Connection, addresses: Collection[str], channel: str, day: str) -> dict[str, int]:
    """How many messages each address has had on a day: the next one's slot is the day and the next number."""
    d = delivery.c
    query = (
        sa.select(d.address, sa.func.count())
        .where(d.address.in_(addresses), d.channel == channel, d.slot.startswith(f"{day}#"))
        .group_by(d.address)
    )
    return {row[0]: row[1] for row in db.execute(query)}
