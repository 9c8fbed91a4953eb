"""The outbox: digests stored before they leave, and what became of each. Every function is one transaction's work.

A delivery is `submitting` from its claim on. Then it is `accepted`, `failed` (refused for good), `returned` (not taken;
its notices are planned again) or `unknown` (a lost answer). A crash leaves it `submitting`, which is unknown too: the
same bytes, with the same Message-ID and Date, go out once more after 15 minutes, so that a mail system can drop them.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from channels.digest import Digest
from channels.email import compose
from channels.outcome import Accepted, Outcome, Refused, Unknown
from models.ledger import Fact, append
from models.people import Contact
from models.settings import Settings
from models.tables import delivery, delivery_item, notice
from schedules.zone import local_day
from tasks.addresses import To
from tasks.waiting import UNSAID, Waiting

CHANNEL = "email"
REPEAT_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Letter:
    """One stored digest on its way; `repeated` when an earlier attempt may have arrived."""

    id: int
    recipient: str
    address: str
    message: bytes
    repeated: bool = False


def take(db: sa.Connection, wanted: Sequence[Waiting]) -> list[Waiting]:
    """Take notices for sending; what somebody else took first is left to them."""
    ids = [one.id for one in wanted]
    free = set(db.execute(sa.select(notice.c.id).where(notice.c.id.in_(ids), notice.c.state.in_(UNSAID))).scalars())
    db.execute(sa.update(notice).where(notice.c.id.in_(free)).values(state="sending", reason=""))
    return [one for one in wanted if one.id in free]


def answered(db: sa.Connection, taken: Sequence[Waiting]) -> set[tuple[int, str]]:
    """(notice, address) where an address has had, or refused for good, a notice that others still wait for."""
    query = (
        sa.select(delivery_item.c.notice, delivery.c.address)
        .join(delivery, delivery.c.id == delivery_item.c.delivery)
        .where(delivery_item.c.notice.in_([one.id for one in taken]), delivery.c.state.in_(("accepted", "failed")))
    )
    return {(row.notice, row.address) for row in db.execute(query)}


def next_slot(db: sa.Connection, address: str, as_of: datetime) -> str:
    """The day and the number of the digest on it: "2023-11-01#1"."""
    day = local_day(as_of).isoformat()
    before = sa.select(sa.func.count()).where(
        delivery.c.address == address, delivery.c.channel == CHANNEL, delivery.c.slot.startswith(day)
    )
    return f"{day}#{db.execute(before).scalar_one() + 1}"


def store(
    db: sa.Connection, to: To, person: Contact, taken: Sequence[Waiting], digest: Digest, slot: str,
    settings: Settings, *, as_of: datetime, now: datetime,
) -> Letter:  # fmt: skip
    """Store a digest with the notices that it carries, claimed for sending."""
    message_id = f"<{uuid4().hex}@{settings.mail_domain}>"
    message = compose(
        digest, sender=settings.mail_from, to=person.email, to_name=person.name or digest.recipient_name,
        message_id=message_id, date=as_of,
    ).as_bytes()  # fmt: skip
    made = db.execute(sa.insert(delivery).values(
        recipient=to[0], role=to[1], address=person.email, channel=CHANNEL, slot=slot, message_id=message_id,
        message=message, state="submitting", attempts=1, claimed_at=now, error="",
    )).inserted_primary_key  # fmt: skip
    assert made is not None
    db.execute(sa.insert(delivery_item), [{"delivery": made[0], "notice": one.id} for one in taken])
    return Letter(made[0], to[0], person.email, message)


def claim_unknown(db: sa.Connection, *, now: datetime) -> list[Letter]:
    """What a crash or a lost answer left unknown more than 15 minutes ago, claimed for its one repeat."""
    d = delivery.c
    stale = d.state.in_(("submitting", "unknown")) & (d.attempts < 2) & (d.claimed_at <= now - REPEAT_AFTER)
    rows = db.execute(sa.select(d.id, d.recipient, d.address, d.message).where(stale).order_by(d.id)).all()
    ids = [row.id for row in rows]
    db.execute(sa.update(delivery).where(d.id.in_(ids)).values(state="submitting", attempts=2, claimed_at=now))
    return [Letter(row.id, row.recipient, row.address, row.message, repeated=True) for row in rows]


def record(db: sa.Connection, letter: Letter, outcome: Outcome, *, as_of: datetime, now: datetime) -> str:
    """Record what became of a letter; gives its new state."""
    state, error = _judge(letter, outcome)
    change: dict[str, object] = {"state": state, "error": error}
    if state == "accepted":
        change["sent_at"] = as_of
    if state == "unknown" and letter.repeated and not isinstance(outcome, Unknown):
        change["attempts"] = 1  # this time nothing left, so the one repeat is still to come
    db.execute(sa.update(delivery).where(delivery.c.id == letter.id).values(**change))
    if state == "accepted":
        data = (("delivery", letter.id),)
        append(db, [Fact("delivered", as_of, CHANNEL, unit=letter.recipient, data=data)], actor="engine", now=now)
    return state


def _judge(letter: Letter, outcome: Outcome) -> tuple[str, str]:
    """A delivery's state, and the reason where it did not arrive."""
    if isinstance(outcome, Accepted):
        return "accepted", ""
    if isinstance(outcome, Unknown):
        return "unknown", outcome.reason
    reason = f"{outcome.code} {outcome.text}" if isinstance(outcome, Refused) else outcome.reason
    if isinstance(outcome, Refused) and outcome.permanent:
        return "failed", reason
    return ("unknown" if letter.repeated else "returned"), reason


def close(db: sa.Connection, notices: Collection[int]) -> None:
    """Move notices on by what became of their deliveries, the latest to each address.

    What was returned in an earlier round and not tried again in the latest was an address that is no longer used.
    """
    query = (
        sa.select(delivery_item.c.notice, delivery.c.address, delivery.c.state, delivery.c.error, delivery.c.claimed_at)
        .join(delivery, delivery.c.id == delivery_item.c.delivery)
        .where(delivery_item.c.notice.in_(notices))
        .order_by(delivery.c.id)
    )
    latest: dict[int, dict[str, sa.Row[Any]]] = defaultdict(dict)
    for row in db.execute(query).all():
        latest[row.notice][row.address] = row
    change = sa.update(notice).where(notice.c.id == sa.bindparam("which"))
    values = [{"which": id, **_after(list(latest[id].values()))} for id in notices]
    db.execute(change.values(state=sa.bindparam("state"), reason=sa.bindparam("reason")), values)


def carried(db: sa.Connection, letters: Sequence[Letter]) -> set[int]:
    """The notices that letters carry."""
    ids = [letter.id for letter in letters]
    return set(db.execute(sa.select(delivery_item.c.notice).where(delivery_item.c.delivery.in_(ids))).scalars())


def _after(deliveries: Sequence[Any]) -> dict[str, str]:
    """A notice's state: under way, to be said again to somebody, said, or refused by everybody."""
    this_round = max((one.claimed_at for one in deliveries), default=None)
    states = {one.state for one in deliveries if one.state != "returned" or one.claimed_at == this_round}
    if states & {"submitting", "unknown"}:
        return {"state": "sending", "reason": ""}
    if "returned" in states or not states:
        return {"state": "planned", "reason": ""}
    if "accepted" in states:
        return {"state": "sent", "reason": ""}
    return {"state": "failed", "reason": next(one.error for one in deliveries if one.state == "failed")}
