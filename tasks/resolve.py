"""Finding out: attempts that nobody recorded, answers that were lost, messages that were taken and then kept silent.

Unknown is resolved by asking the other side, by one repeat that the other side can recognise, or by another channel
under the same notice number; else it is left to a person. The history says which.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from channels.channel import Channel, Heard
from models.database import reading, writing
from models.ledger import Fact, append
from models.settings import Settings
from models.tables import delivery
from tasks.claim import Letter, letter
from tasks.notices import carried, follow
from tasks.outbox import Lease, Moved, lease, move

REPEAT_AFTER = timedelta(minutes=15)
"""How long a lost answer is waited for before the same message goes out once more."""

ASK_ELSEWHERE_AFTER = timedelta(minutes=30)
"""How long a receipt is waited for where a repeat could not be recognised."""

BROKEN_OFF = "lượt gửi bị ngắt trước khi ghi kết quả"
LOG_SAYS_TAKEN = "nhật ký máy chủ thư xác nhận đã nhận"
LOG_SAYS_ABSENT = "nhật ký máy chủ thư xác nhận chưa nhận"
ONCE_MORE = "không hỏi được máy chủ; gửi lại một lần với cùng Message-ID và Date"
BY_HAND = "không rõ đã tới hay chưa; chờ người quyết định"
NO_RECEIPT = "không rõ đã tới hay chưa; chuyển sang kênh khác, cùng số thông báo"


def broken_off(db: sa.Connection, *, now: datetime) -> set[int]:
    """Attempts whose lease ended without a record: whether they arrived is not known."""
    d = delivery.c
    ended = (d.state == "submitting") & (sa.func.coalesce(d.lease_until, d.claimed_at) <= now)
    ids = list(db.execute(sa.select(d.id).where(ended)).scalars())
    return move(db, [Moved(id, "submitting", "unknown", BROKEN_OFF, (("error", BROKEN_OFF),)) for id in ids], now=now)


def ask(engine: sa.Engine, channel: Channel, *, now: datetime) -> None:
    """Ask what became of the unknown: what was taken is accepted, what was not goes out again."""
    with reading(engine) as db:
        rows = _unknown(db, channel.name)
    if not rows:
        return
    heard = channel.ask([letter(row).parcel for row in rows], since=min(row.claimed_at for row in rows))
    with writing(engine) as db:
        changes = [change for row, one in zip(rows, heard, strict=True) if (change := _heard(row, one, now))]
        moved = move(db, changes, now=now)
        told = [
            Fact("delivered", row.claimed_at, channel.name, unit=row.recipient, data=(("delivery", row.id),))
            for row, one in zip(rows, heard, strict=True)
            if one is Heard.TAKEN and row.id in moved and row.recipient
        ]
        append(db, told, actor="engine", now=now)
        follow(db, carried(db, moved))


def claim_repeats(
    db: sa.Connection, channel: Channel, settings: Settings, *, held: Lease
) -> tuple[list[Letter], list[int]]:
    """What stayed unknown for long: leased for its one repeat where that can be recognised, else given up.

    Gives the letters to repeat, and the deliveries that need another way or a person.
    """
    wait = REPEAT_AFTER if channel.repeatable else ASK_ELSEWHERE_AFTER
    stale = [row for row in _unknown(db, channel.name) if row.claimed_at <= held.now - wait]
    again = [row for row in stale if channel.repeatable and not settings.unknown_by_hand and not row.repeats]
    taken = lease(db, again, held, ONCE_MORE)
    why = BY_HAND if channel.repeatable else NO_RECEIPT
    given_up = [Moved(row.id, "unknown", "dead", why, (("error", why),)) for row in stale if row not in again]
    return [letter(row, repeated=True) for row in again if row.id in taken], sorted(move(db, given_up, now=held.now))


def _unknown(db: sa.Connection, channel: str) -> Sequence[Any]:
    d = delivery.c
    return db.execute(sa.select(delivery).where(d.channel == channel, d.state == "unknown").order_by(d.id)).all()


def _heard(row: Any, heard: Heard, now: datetime) -> Moved | None:
    if heard is Heard.TAKEN:
        values: Mapping[str, Any] = {"sent_at": row.claimed_at, "error": ""}
        return Moved(row.id, "unknown", "accepted", LOG_SAYS_TAKEN, tuple(values.items()))
    if heard is Heard.ABSENT:
        return Moved(row.id, "unknown", "retry", LOG_SAYS_ABSENT, (("next_attempt_at", now),))
    return None
