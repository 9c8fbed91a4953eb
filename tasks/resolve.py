"""Finding out: attempts that nobody recorded, answers that were lost, messages that were taken and then kept silent.

Unknown is resolved by asking the other side, by one repeat that the other side can recognise, or by another channel
under the same notice number; else it is left to a person. The history says which.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from channels.channel import Channel, Heard
from models.database import reading, writing
from models.ledger import Fact, append
from models.settings import Settings
from models.tables import delivery
from tasks.channel_state import may_claim
from tasks.claim import Judge, Letter, about, letter
from tasks.notices import carried, follow
from tasks.outbox import Lease, Moved, lease, move
from tasks.waiting import carried_notices

REPEAT_AFTER = timedelta(minutes=15)
"""How long a lost answer is waited for before the same message goes out once more."""

REPEATS = 500
"""Most repeats in one round: what a lease has room for."""

ASK_ELSEWHERE_AFTER = timedelta(minutes=30)
"""How long a receipt is waited for where a repeat could not be recognised."""

BROKEN_OFF = "lượt gửi bị ngắt trước khi ghi kết quả"
LOG_SAYS_TAKEN = "nhật ký máy chủ thư xác nhận đã nhận"
LOG_SAYS_ABSENT = "nhật ký máy chủ thư xác nhận chưa nhận"
ONCE_MORE = "không hỏi được máy chủ; gửi lại một lần với cùng Message-ID và Date"
NOT_OWED_ANY_MORE = "không rõ đã tới hay chưa, nhưng không còn gì cần báo nên không gửi lại"
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
    db: sa.Connection, channel: Channel, settings: Settings, plans: Collection[str], over: Judge, *, held: Lease
) -> tuple[list[Letter], list[int]]:
    """What stayed unknown for long: leased for its one repeat where that can be recognised, else given up.

    A repeat waits like any message: for the hours of sending of its plan, and for the pause of its channel.

    Gives the letters to repeat, and the deliveries that need another way or a person.
    """
    wait = REPEAT_AFTER if channel.repeatable else ASK_ELSEWHERE_AFTER
    stale = [row for row in _unknown(db, channel.name) if row.claimed_at <= held.now - wait]
    hopeful = channel.repeatable and not settings.unknown_by_hand
    why = BY_HAND if channel.repeatable else NO_RECEIPT
    given_up = [Moved(row.id, "unknown", "dead", why, (("error", why),)) for row in stale if not hopeful or row.repeats]
    most = may_claim(db, channel, REPEATS, now=held.now)
    ready = set(db.execute(sa.select(delivery.c.id).where(delivery.c.state == "unknown", about(plans))).scalars())
    again = [row for row in stale if hopeful and not row.repeats and row.id in ready][:most]
    idle = _nothing_to_say(db, again, over)
    move(db, [Moved(id, "unknown", "cancelled", NOT_OWED_ANY_MORE) for id in idle], now=held.now)
    follow(db, carried(db, idle))
    again = [row for row in again if row.id not in idle]
    taken = lease(db, again, held, ONCE_MORE)
    return [letter(row, repeated=True) for row in again if row.id in taken], sorted(move(db, given_up, now=held.now))


def _nothing_to_say(db: sa.Connection, rows: Sequence[Any], over: Judge) -> set[int]:
    """Those of which everything was answered or decided meanwhile: a repeat would only puzzle."""
    items = carried_notices(db, [row.id for row in rows])
    return {
        row.id
        for row in rows
        if row.about == "digest" and all(over(row, one) is not None for one, _ in items.get(row.id, ()))
    }


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
