"""Messages that a provider took and then kept silent about: asked after, and said elsewhere where they must arrive."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, runtime_checkable

import sqlalchemy as sa

from models.tables import delivery, delivery_event
from tasks.outbox import Moved, write_history
from tasks.receipts import Receipt, received

ASK_AFTER = timedelta(minutes=30)
ELSEWHERE_AFTER = timedelta(hours=2)
FORGET_AFTER = timedelta(days=2)
SILENT = "kênh gửi không báo đã tới sau 2 giờ; chuyển sang kênh khác, cùng số thông báo"


@runtime_checkable
class Asked(Protocol):
    """A channel that can be asked whether what it took has arrived."""

    name: str

    def poll(self, provider_id: str, phone: str, *, now: datetime) -> Literal["delivered", "pending", "absent"]:
        """Raises NotTold."""
        ...


def silent(db: sa.Connection, channel: str, *, now: datetime) -> Sequence[Any]:
    """What was accepted a while ago and has not been told to have arrived, the oldest first."""
    d = delivery.c
    waits = (d.channel == channel) & (d.about == "digest") & (d.state == "accepted") & (d.provider_id != "")
    since = d.claimed_at.between(now - FORGET_AFTER, now - ASK_AFTER) & (d.next_attempt_at <= now)
    return db.execute(sa.select(delivery).where(waits, since).order_by(d.claimed_at).limit(100)).all()


def asked_after(db: sa.Connection, row: Any, answer: str, *, now: datetime) -> bool:
    """Record what the provider answered; tells whether the message has to be said elsewhere."""
    if answer == "delivered":
        received(db, Receipt(row.channel, f"poll:{row.provider_id}", row.tracking_id, row.provider_id, now), now=now)
        return False
    d = delivery.c
    db.execute(sa.update(delivery).where(d.id == row.id).values(next_attempt_at=now + ASK_AFTER))
    e = delivery_event.c
    noted = sa.select(e.id).where(e.delivery == row.id, e.why == SILENT)
    replaced = db.execute(sa.select(d.id).where(d.fallback_of == row.id).union(noted)).first() is not None
    late = row.claimed_at <= now - ELSEWHERE_AFTER
    if replaced or not late or not row.important:
        return False
    write_history(db, [Moved(row.id, "accepted", "accepted", SILENT)], now=now)
    return True
