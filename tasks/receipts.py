"""Receipts: a provider tells that a message reached its recipient. It counts once, however often it is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from models.ledger import Fact, append
from models.tables import delivery, delivery_event
from tasks.notices import carried, follow
from tasks.outbox import Moved, move

TOLD = "kênh gửi báo đã tới người nhận"
TOLD_EARLY = "kênh gửi báo đã tới người nhận trước khi lượt gửi được ghi"

Effect = Literal["delivered", "repeated", "unknown"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider tells: which message, by our reference or by its own, and when it arrived (`at`).

    `event_key` is what the provider calls the event, the same in every repetition.
    """

    channel: str
    event_key: str
    tracking_id: str
    provider_id: str
    at: datetime


def received(db: sa.Connection, receipt: Receipt, *, now: datetime) -> Effect:
    """Record a receipt: "unknown" where the message is none of ours, "repeated" where it is known already.

    A receipt may come before the attempt is recorded, or after it was called unknown or dead: that it arrived is a
    fact. What is delivered never goes back.
    """
    d = delivery.c
    ours = d.tracking_id == receipt.tracking_id if receipt.tracking_id else d.provider_id == receipt.provider_id
    row = db.execute(sa.select(delivery).where(d.channel == receipt.channel, ours)).first()
    if row is None:
        return "unknown"
    key = f"{receipt.channel}:{receipt.event_key}"
    seen = db.execute(sa.select(delivery_event.c.id).where(delivery_event.c.provider_event == key)).first()
    if seen is not None or row.state in ("delivered", "due", "cancelled"):
        return "repeated"
    early = row.state != "accepted"
    values = {
        "delivered_at": receipt.at, "sent_at": row.sent_at or row.claimed_at, "error": "",
        "provider_id": row.provider_id or receipt.provider_id,
    }  # fmt: skip
    why = TOLD_EARLY if early else TOLD
    change = Moved(row.id, row.state, "delivered", why, tuple(values.items()), provider_event=key)
    if not move(db, [change], now=now):
        return "repeated"
    if early and row.recipient:
        told = Fact("delivered", receipt.at, receipt.channel, unit=row.recipient, data=(("delivery", row.id),))
        append(db, [told], actor="engine", now=now)
    follow(db, carried(db, [row.id]))
    return "delivered"
