"""Notices that wait to be said, and the obligations that they are about."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from models.owed import Key
from models.plan import Plan
from models.record import read_record
from models.status import RUNNING, Standing, standings
from models.tables import assignment, delivery, delivery_item, notice
from models.units import Units

Open = Mapping[tuple[str, Key], Standing]
"""Obligations that are still open, or paused, by plan and key."""


UNSAID = ("planned", "undeliverable")
"""States of a notice that has not been said to anybody and still can be."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that is waiting to be said."""

    id: int
    due: datetime
    step: str
    kind: str
    recipient: str
    role: str
    plan: str
    duty: str
    period: str
    unit: str

    @property
    def important(self) -> bool:
        """Whether it must reach its recipient: what is late must; a reminder and a copy are ordinary."""
        return self.kind == "escalation"

    @property
    def key(self) -> tuple[str, Key]:
        return (self.plan, (self.duty, self.period, self.unit))


def not_left() -> sa.ColumnElement[bool]:
    """A notice of which nothing has left for anybody: not packed yet, or every message with it still waits."""
    item, d = delivery_item.c, delivery.c
    left = sa.exists().where(item.notice == notice.c.id, d.id == item.delivery, d.state.not_in(("due", "retry")))
    return notice.c.state.in_(UNSAID) | ((notice.c.state == "sending") & ~left)


def waiting_notices(db: sa.Connection, plans: Collection[str], which: sa.ColumnElement[bool]) -> Iterator[Waiting]:
    """The notices about these plans of which `which` holds, by recipient and in order of time."""
    n, a = notice.c, assignment.c
    query = (
        sa.select(n.id, n.due, n.step, n.kind, n.recipient, n.role, a.plan, a.duty, a.period, a.unit)
        .join(assignment, a.id == n.assignment)
        .where(which, a.plan.in_(plans))
        .order_by(n.recipient, n.role, n.planned_at, n.id)
    )
    return (Waiting(*row) for row in db.execute(query))


def carried_notices(db: sa.Connection, deliveries: Collection[int]) -> Mapping[int, list[tuple[Waiting, str]]]:
    """The notices of each delivery, with the state that each is in."""
    n, a, i = notice.c, assignment.c, delivery_item.c
    query = (
        sa.select(
            i.delivery, n.state, n.id, n.due, n.step, n.kind, n.recipient, n.role, a.plan, a.duty, a.period, a.unit
        )
        .join(notice, n.id == i.notice)
        .join(assignment, a.id == n.assignment)
        .where(i.delivery.in_(deliveries))
        .order_by(i.delivery, n.planned_at, n.id)
    )
    found: dict[int, list[tuple[Waiting, str]]] = defaultdict(list)
    for delivery_id, state, *rest in db.execute(query):
        found[delivery_id].append((Waiting(*rest), state))
    return found


def still_open(
    db: sa.Connection, codes: Iterable[str], plans: Mapping[str, Plan], units: Mapping[str, Units], *, as_of: datetime
) -> Open:
    """Every obligation of these plans that is still open or paused: about any other there is nothing left to say.

    Args:
        units: the tree of each plan's province, by its code.
    """
    return {
        (code, one.owed.key): one
        for code in codes
        for part in standings(
            plans[code], units[plans[code].province], read_record(db, plans[code], as_of=as_of), as_of=as_of
        )
        for one in part.standings
        if one.state in RUNNING
    }


def by_recipient(waiting: Iterable[Waiting]) -> dict[tuple[str, str], list[Waiting]]:
    """Grouped by (unit, role): one digest each."""
    groups: dict[tuple[str, str], list[Waiting]] = defaultdict(list)
    for one in waiting:
        groups[one.recipient, one.role].append(one)
    return groups
