"""Dead letters: notices that reached nobody by any address, with everything that was tried for them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.tables import assignment, delivery, delivery_event, delivery_item, notice
from tasks.outbox import LOST
from tasks.recording import STILL_UNKNOWN
from tasks.resolve import BY_HAND, NO_RECEIPT
from tasks.shown_address import shown_address, without_addresses

UNSURE = (BY_HAND, STILL_UNKNOWN, NO_RECEIPT)
"""How the error of a delivery begins that may have arrived after all."""


@dataclass(frozen=True, slots=True)
class Event:
    """One change in a delivery's history."""

    at: datetime
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Try:
    """One delivery of a notice; `address` is shortened, `error` holds no address."""

    delivery: int
    channel: str
    address: str
    state: str
    attempts: int
    error: str
    message_id: str
    sent_at: datetime | None
    next_attempt_at: datetime | None
    fallback_of: int | None
    history: tuple[Event, ...]

    @property
    def unsure(self) -> bool:
        """Whether it may have arrived although it counts as lost."""
        return self.state == "unknown" or (self.state in LOST and self.error.startswith(UNSURE))


@dataclass(frozen=True, slots=True)
class Told:
    """A notice and what it is about."""

    id: int
    plan: str
    duty: str
    period: str
    unit: str
    due: datetime
    step: str
    kind: str
    recipient: str
    role: str
    planned_at: datetime
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Notices to one recipient that were lost together, and every delivery that carried them."""

    notices: tuple[Told, ...]
    tries: tuple[Try, ...]

    @property
    def recipient(self) -> str:
        return self.notices[0].recipient

    @property
    def role(self) -> str:
        return self.notices[0].role

    @property
    def reason(self) -> str:
        return without_addresses(self.notices[0].reason)

    @property
    def since(self) -> datetime:
        """When the last hope was lost."""
        lost = [event.at for one in self.tries for event in one.history if event.after in LOST]
        return max(lost, default=self.notices[0].planned_at)

    @property
    def attempts(self) -> int:
        return sum(one.attempts for one in self.tries)

    @property
    def unsure(self) -> bool:
        """Whether one of the deliveries may have arrived."""
        return any(one.unsure for one in self.tries)


def dead(db: sa.Connection, *, as_of: datetime) -> list[DeadLetter]:
    """What is dead now and was planned by `as_of`, the latest loss first."""
    n = notice.c
    notices = told(db, (n.state == "dead") & (n.planned_at <= as_of))
    tries = tries_of(db, [one.id for one in notices])
    together: dict[tuple[Any, ...], list[Told]] = defaultdict(list)
    for one in notices:
        together[(one.recipient, one.role, *(each.delivery for each in tries.get(one.id, ())))].append(one)
    letters = [DeadLetter(tuple(some), tries.get(some[0].id, ())) for some in together.values()]
    return sorted(letters, key=lambda one: one.since, reverse=True)


def told(db: sa.Connection, which: sa.ColumnElement[bool]) -> list[Told]:
    """The notices of which `which` holds, oldest first."""
    n, a = notice.c, assignment.c
    query = (
        sa.select(n.id, a.plan, a.duty, a.period, a.unit, n.due, n.step, n.kind, n.recipient, n.role, n.planned_at,
                  n.state, n.reason)
        .join(assignment, a.id == n.assignment).where(which).order_by(n.planned_at, n.id)
    )  # fmt: skip
    return [Told(*row) for row in db.execute(query)]


def tries_of(db: sa.Connection, notices: Sequence[int]) -> Mapping[int, tuple[Try, ...]]:
    """Every delivery of each notice, oldest first."""
    carries: dict[int, list[int]] = defaultdict(list)
    item = delivery_item.c
    for some in batches(notices):
        query = sa.select(item.notice, item.delivery).where(item.notice.in_(some)).order_by(item.delivery)
        for row in db.execute(query):
            carries[row.notice].append(row.delivery)
    ids = sorted({id for some in carries.values() for id in some})
    tries = {one.delivery: one for some in batches(ids) for one in _tries(db, some)}
    return {id: tuple(tries[one] for one in some) for id, some in carries.items()}


def _tries(db: sa.Connection, ids: Collection[int]) -> list[Try]:
    d, e = delivery.c, delivery_event.c
    history: dict[int, list[Event]] = defaultdict(list)
    events = sa.select(e.delivery, e.at, e.before, e.after, e.why).where(e.delivery.in_(ids)).order_by(e.id)
    for row in db.execute(events):
        history[row.delivery].append(Event(row.at, row.before, row.after, without_addresses(row.why)))
    query = sa.select(
        d.id, d.channel, d.address, d.state, d.attempts, d.error, d.message_id, d.sent_at, d.next_attempt_at,
        d.fallback_of,
    ).where(d.id.in_(ids))  # fmt: skip
    return [
        Try(row.id, row.channel, shown_address(row.channel, row.address), row.state, row.attempts,
            without_addresses(row.error), row.message_id, row.sent_at, row.next_attempt_at, row.fallback_of,
            tuple(history[row.id]))
        for row in db.execute(query)
    ]  # fmt: skip


def batches(ids: Sequence[int], size: int = 500) -> list[Sequence[int]]:
    """Numbers in portions that a query can name."""
    return [ids[start : start + size] for start in range(0, len(ids), size)]
