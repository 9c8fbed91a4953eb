"""What becomes of notices as their deliveries move on. A notice's state follows from its deliveries, whoever moved."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from models.tables import delivery, delivery_item, notice
from tasks.outbox import ARRIVED, LOST, UNDER_WAY
from tasks.waiting import UNSAID


def take(db: sa.Connection, wanted: Sequence[int]) -> set[int]:
    """Take notices for sending; gives those that nobody else took first."""
    n = notice.c
    free = sa.update(notice).where(n.id.in_(wanted), n.state.in_(UNSAID)).values(state="sending", reason="")
    return set(db.execute(free.returning(n.id)).scalars())


def carried(db: sa.Connection, deliveries: Collection[int]) -> set[int]:
    """The notices that deliveries carry."""
    query = sa.select(delivery_item.c.notice).where(delivery_item.c.delivery.in_(deliveries))
    return set(db.execute(query).scalars())


def drop(db: sa.Connection, delivery_id: int, notices: Iterable[int], state: str, reason: str) -> None:
    """Leave notices out of a delivery that has not left; they get `state` unless another delivery carries them."""
    ids = list(notices)
    if not ids:
        return
    item = delivery_item.c
    db.execute(sa.delete(delivery_item).where(item.delivery == delivery_id, item.notice.in_(ids)))
    # One that has failed before does not carry them any more.
    carries = delivery.c.state.in_((*UNDER_WAY, *ARRIVED))
    of_others = sa.select(item.notice).join(delivery, delivery.c.id == item.delivery)
    elsewhere = of_others.where(item.notice.in_(ids), carries)
    alone = notice.c.id.in_(ids) & notice.c.id.not_in(elsewhere) & (notice.c.state == "sending")
    db.execute(sa.update(notice).where(alone).values(state=state, reason=reason))
    follow(db, set(db.execute(elsewhere).scalars()))


def follow(db: sa.Connection, notices: Collection[int]) -> None:
    """Bring notices to the state that follows from their deliveries."""
    if not notices:
        return
    query = (
        sa.select(delivery_item.c.notice, delivery.c.state, delivery.c.error)
        .join(delivery, delivery.c.id == delivery_item.c.delivery)
        .where(delivery_item.c.notice.in_(notices))
        .order_by(delivery.c.id)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(query).all():
        found[row.notice].append(row)
    after: dict[tuple[str, str], list[int]] = defaultdict(list)
    for id, rows in found.items():
        after[_after(rows)].append(id)
    for (state, reason), ids in after.items():
        # What a person settled by telephone stays so, whatever mail still comes back.
        theirs = notice.c.id.in_(ids) & notice.c.state.in_(("sending", "sent", "dead")) & (notice.c.state != state)
        db.execute(sa.update(notice).where(theirs).values(state=state, reason=reason))


def _after(deliveries: Sequence[Any]) -> tuple[str, str]:
    """Under way to somebody, said to somebody, or lost for everybody (with the last reason)."""
    states = {one.state for one in deliveries}
    if states & set(ARRIVED):
        return ("sending", "") if states & set(UNDER_WAY) else ("sent", "")
    if states & set(UNDER_WAY):
        return "sending", ""
    if lost := [one.error for one in deliveries if one.state in LOST]:
        return "dead", lost[-1]
    return "planned", ""
