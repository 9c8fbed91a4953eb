"""Claiming: what may leave now is looked at once more, written as it is so now, and leased, in one transaction."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from channels.channel import CannotWrite, Parcel
from models.tables import assignment, delivery, delivery_item, notice
from tasks.notices import drop, follow
from tasks.outbox import KEPT_FOR, WAITING, Lease, Moved, lease, move
from tasks.waiting import Waiting, carried_notices

GIVEN_UP = "quá thời gian gửi lại mà vẫn chưa gửi được"
NOTHING_LEFT = "không còn gì cần báo cho người nhận"


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery that is leased for one attempt; `repeated` when an earlier attempt may have arrived."""

    id: int
    recipient: str
    attempts: int
    expires_at: datetime | None
    parcel: Parcel
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was leased, what cannot be written in its channel's form, and whether notices went back to be packed.

    `emptied`: deliveries were ready, and none of them was left to send; there may be more behind them.
    """

    letters: list[Letter]
    failed: list[int]
    put_back: bool
    emptied: bool


Judge = Callable[[Any, Waiting], tuple[str, str] | None]
"""Why a notice leaves its delivery: the state that it gets, and the reason; None where it stays."""

Rests = Callable[[Any, Sequence[Waiting]], datetime | None]
"""Until when the person of a delivery is not to be disturbed with these notices; None: now is well."""

Write = Callable[[Any, Sequence[Waiting], datetime], bytes]
"""Writes a delivery's message about these notices with that Date."""


def claim(
    db: sa.Connection, channel: str, most: int, plans: Collection[str], over: Judge, rests: Rests, write: Write, *,
    as_of: datetime, held: Lease,
) -> Claimed:  # fmt: skip
    """Lease up to `most` messages about these plans, or about no plan, that may leave now; the important ones first."""
    now = held.now
    rows = _ready(db, channel, most, plans, now)
    items = carried_notices(db, [row.id for row in rows])
    useful, put_back = _sifted(db, rows, items, over, now)
    free = _free(db, rows, useful, rests)
    written, failed = _written(db, free, useful, write, as_of, now)
    taken = lease(db, written, held)
    messages = {
        row.id: row for row in db.execute(sa.select(delivery).where(delivery.c.id.in_(taken)).order_by(delivery.c.id))
    }
    return Claimed([letter(row) for row in messages.values()], failed, put_back, bool(rows) and not messages)


def letter(row: Any, *, repeated: bool = False) -> Letter:
    """A leased row as it leaves."""
    parcel = Parcel(row.id, row.address, row.tracking_id, row.message_id, row.message)
    return Letter(row.id, row.recipient, row.attempts, row.expires_at, parcel, repeated)


def about(plans: Collection[str]) -> sa.ColumnElement[bool]:
    """Deliveries about one of these plans, or about none."""
    d, item = delivery.c, delivery_item.c
    these = (
        sa.exists()
        .where(item.delivery == d.id, item.notice == notice.c.id, notice.c.assignment == assignment.c.id)
        .where(assignment.c.plan.in_(plans))
    )
    return (d.about != "digest") | these


def _ready(db: sa.Connection, channel: str, most: int, plans: Collection[str], now: datetime) -> Sequence[Any]:
    d = delivery.c
    query = (
        sa.select(delivery)
        .where(d.channel == channel, d.state.in_(WAITING), d.next_attempt_at <= now, about(plans))
        .order_by(d.important.desc(), d.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return db.execute(query).all()


def _sifted(
    db: sa.Connection, rows: Sequence[Any], items: Mapping[int, list[tuple[Waiting, str]]],
    over: Judge, now: datetime,
) -> tuple[dict[int, list[Waiting]], bool]:  # fmt: skip
    """What each delivery still has to say; what is over leaves it, and a delivery with nothing left is cancelled."""
    useful: dict[int, list[Waiting]] = {}
    put_back = False
    for row in rows:
        gone: dict[tuple[str, str], list[int]] = defaultdict(list)
        said = [one for one, state in items.get(row.id, ()) if state == "sending"]
        useful[row.id] = []
        for one in said:
            if why := over(row, one):
                gone[why].append(one.id)
            else:
                useful[row.id].append(one)
        for (state, reason), ids in gone.items():
            drop(db, row.id, ids, state, reason)
            put_back |= state == "planned"
        if not useful[row.id] and row.about == "digest":
            reason = next((why for _, why in gone if why), NOTHING_LEFT)
            move(db, [Moved(row.id, row.state, "cancelled", reason)], now=now)
            follow(db, {one.id for one, _ in items.get(row.id, ())})
    return useful, put_back


def _free(db: sa.Connection, rows: Sequence[Any], useful: Mapping[int, Sequence[Waiting]], rests: Rests) -> list[Any]:
    """The rows whose person may be written to now; the others wait until then."""
    free = []
    for row in rows:
        until = rests(row, useful[row.id]) if useful[row.id] else None
        if until is None:
            free.append(row)
        else:
            db.execute(sa.update(delivery).where(delivery.c.id == row.id).values(next_attempt_at=until))
    return free


def _written(
    db: sa.Connection, rows: Sequence[Any], useful: Mapping[int, Sequence[Waiting]], write: Write,
    as_of: datetime, now: datetime,
) -> tuple[list[Any], list[int]]:  # fmt: skip
    """The rows whose message could be written, and those that have to find another way."""
    written, failed, messages = [], [], []
    for row in rows:
        if row.about != "digest":
            written.append(row)
            continue
        if not useful[row.id]:
            continue
        if row.attempts and row.expires_at is not None and row.expires_at <= now:
            move(db, [Moved(row.id, row.state, "dead", GIVEN_UP, (("error", f"{GIVEN_UP}: {row.error}"),))], now=now)
            failed.append(row.id)
            continue
        date = row.header_date or as_of
        try:
            message = write(row, useful[row.id], date)
        except CannotWrite as error:
            move(db, [Moved(row.id, row.state, "failed", str(error), (("error", str(error)),))], now=now)
            failed.append(row.id)
            continue
        # Counted from the first attempt: what waited for the hours or for a provider is not old.
        expires = row.expires_at if row.attempts else now + KEPT_FOR
        messages.append({"which": row.id, "bytes": message, "date": date, "expires": expires})
        written.append(row)
    if messages:
        db.execute(
            sa.update(delivery)
            .where(delivery.c.id == sa.bindparam("which"))
            .values(
                message=sa.bindparam("bytes"), header_date=sa.bindparam("date"), expires_at=sa.bindparam("expires")
            ),
            messages,
        )
    return written, failed
