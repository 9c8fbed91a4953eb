"""Delivering: what is planned leaves as one digest per recipient, and what became of it is recorded.

Claim, then act, then record. A digest is stored before it is sent, with its Message-ID and Date, so that after a
crash the very same message can be repeated and be recognised. What a relay did not take goes back to planned.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from channels.digest import Digest
from channels.email import compose
from channels.outcome import Accepted, Outcome, Refused, Unknown
from models.database import reading, writing
from models.ledger import Fact, append
from models.people import Contact, contacts
from models.plan import Plan
from models.settings import Settings
from models.status import Standing
from models.tables import delivery, delivery_item, notice
from models.unit_store import read_units
from models.units import Units
from models.words import CANCELLED_CLOSED, SKIPPED_DUE, UNDELIVERABLE
from schedules.zone import local_day
from tasks.digests import digest_of
from tasks.waiting import Open, Waiting, by_recipient, still_open, waiting_notices

BATCH = 50
REPEAT_AFTER = timedelta(minutes=15)
CHANNEL = "email"

Send = Callable[[Sequence[tuple[EmailMessage, str, str]]], list[Outcome]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """Digests that a relay took, refused for good, will be tried again; notices without any address."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    undeliverable: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(
            self.sent + other.sent, self.failed + other.failed, self.waiting + other.waiting,
            self.undeliverable + other.undeliverable,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Letter:
    """One stored digest on its way."""

    id: int
    recipient: str
    address: str
    message: bytes
    notices: int


def deliver(
    engine: sa.Engine, plans: Mapping[str, Plan], settings: Settings, send: Send, *, as_of: datetime, now: datetime
) -> Delivered:
    """Send everything that is due by `as_of`, one digest per recipient and address.

    Args:
        send: hands messages to the mail server and tells what became of each (channels.smtp.send).
    """
    total = _repeat_unknown(engine, settings, send, as_of=as_of, now=now)
    with reading(engine) as db:
        book = contacts(db)
        due = notice.c.state.in_(("planned", "undeliverable")) & (notice.c.planned_at <= as_of)
        waiting = list(waiting_notices(db, plans, due))
        units = {plan.province: read_units(db, province=plan.province) for plan in plans.values()} if waiting else {}
        open_now = still_open(db, {w.plan for w in waiting}, plans, units, as_of=as_of)
    still_owed = [w for w in waiting if w.key in open_now and not _too_late(w, open_now[w.key])]
    _settle(engine, [w.id for w in waiting if w.key not in open_now], "cancelled", CANCELLED_CLOSED)
    late = [w.id for w in waiting if w.key in open_now and _too_late(w, open_now[w.key])]
    _settle(engine, late, "skipped", SKIPPED_DUE)
    groups = by_recipient(still_owed)
    lost = [w.id for to, group in groups.items() if not _addresses(to, book, settings) for w in group]
    _settle(engine, lost, "undeliverable", UNDELIVERABLE)
    total += Delivered(undeliverable=len(lost))
    reachable = [(to, group) for to, group in groups.items() if _addresses(to, book, settings)]
    for batch in _batches(reachable, BATCH):
        letters = _claim(engine, batch, book, open_now, plans, units, settings, as_of=as_of, now=now)
        total += _send(engine, letters, settings, send, as_of=as_of, now=now)
    return total


def _too_late(one: Waiting, standing: Standing) -> bool:
    """A reminder that did not leave before the due instant says nothing that the ladder does not say better."""
    return one.step.startswith("remind") and standing.state == "overdue"


def _addresses(to: tuple[str, str], book: Mapping[str, list[Contact]], settings: Settings) -> list[Contact]:
    """Where a recipient is written to: its contacts in that role, else its focal points, else all of them.

    While only the development mailbox is there, a unit without a contact gets an address that leads nowhere else.
    """
    unit, role = to
    known = book.get(unit, [])
    for wanted in (role, "focal_point"):
        if chosen := [one for one in known if one.role == wanted]:
            return chosen
    if known or not settings.mailbox_only:
        return known
    local = unit.replace(":", "-") + ("" if role == "focal_point" else f"+{role.replace('_', '-')}")
    return [Contact(unit, "", role, f"{local}@hop-thu-thu.invalid")]


def _claim(
    engine: sa.Engine,
    groups: Sequence[tuple[tuple[str, str], list[Waiting]]],
    book: Mapping[str, list[Contact]],
    open_now: Open,
    plans: Mapping[str, Plan],
    units: Mapping[str, Units],
    settings: Settings,
    *,
    as_of: datetime,
    now: datetime,
) -> list[_Letter]:
    """Store each digest and take its notices, in one transaction; what somebody else took first is left to them."""
    letters = []
    with writing(engine) as db:
        for to, group in groups:
            taken = _take(db, group)
            for person in _addresses(to, book, settings) if taken else ():
                digest = digest_of(
                    to, taken, open_now, plans, units, settings, as_of=as_of, slot=_slot(db, person, as_of)
                )
                letters.append(_store(db, to, person, taken, digest, settings, as_of=as_of, now=now))
    return letters


def _take(db: sa.Connection, group: list[Waiting]) -> list[Waiting]:
    ids = [one.id for one in group]
    free = {id for (id,) in db.execute(
        sa.select(notice.c.id).where(notice.c.id.in_(ids), notice.c.state.in_(("planned", "undeliverable")))
    )}  # fmt: skip
    db.execute(sa.update(notice).where(notice.c.id.in_(free)).values(state="sending", reason=""))
    return [one for one in group if one.id in free]


def _slot(db: sa.Connection, person: Contact, as_of: datetime) -> str:
    """The day and the number of the digest on it: "2023-11-01#1"."""
    day = local_day(as_of).isoformat()
    before = sa.select(sa.func.count()).where(
        delivery.c.address == person.email, delivery.c.channel == CHANNEL, delivery.c.slot.startswith(day)
    )
    return f"{day}#{db.execute(before).scalar_one() + 1}"


def _store(
    db: sa.Connection,
    to: tuple[str, str],
    person: Contact,
    taken: list[Waiting],
    digest: Digest,
    settings: Settings,
    *,
    as_of: datetime,
    now: datetime,
) -> _Letter:
    message_id = f"<{uuid4().hex}@{settings.mail_domain}>"
    message = compose(
        digest, sender=settings.mail_from, to=person.email, to_name=person.name or digest.recipient_name,
        message_id=message_id, date=as_of,
    ).as_bytes()  # fmt: skip
    made = db.execute(sa.insert(delivery).values(
        recipient=to[0], role=to[1], address=person.email, channel=CHANNEL, slot=digest.notice_number.partition("/")[2],
        message_id=message_id, message=message, state="submitting", attempts=1, claimed_at=now, error="",
    )).inserted_primary_key  # fmt: skip
    assert made is not None
    db.execute(sa.insert(delivery_item), [{"delivery": made[0], "notice": one.id} for one in taken])
    return _Letter(made[0], to[0], person.email, message, len(taken))


def _send(
    engine: sa.Engine, letters: Sequence[_Letter], settings: Settings, send: Send, *, as_of: datetime, now: datetime
) -> Delivered:
    if not letters:
        return Delivered()
    parser = BytesParser(policy=SMTP)
    outcomes = send([(parser.parsebytes(one.message), settings.mail_from, one.address) for one in letters])
    total = Delivered()
    with writing(engine) as db:
        for letter, outcome in zip(letters, outcomes, strict=True):
            total += _note(db, letter, outcome, as_of=as_of, now=now)
    return total


def _note(db: sa.Connection, letter: _Letter, outcome: Outcome, *, as_of: datetime, now: datetime) -> Delivered:
    """Record what became of one digest, and what follows for the notices that it carried."""
    ours = delivery.c.id == letter.id
    if isinstance(outcome, Accepted):
        db.execute(sa.update(delivery).where(ours).values(state="accepted", sent_at=as_of, error=""))
        _notices_of(db, letter.id, "sent", "")
        append(db, [Fact(
            "delivered", as_of, CHANNEL, unit=letter.recipient,
            data=(("delivery", letter.id), ("notices", letter.notices)),
        )], actor="engine", now=now)  # fmt: skip
        return Delivered(sent=1)
    if isinstance(outcome, Unknown):
        db.execute(sa.update(delivery).where(ours).values(state="unknown", error=outcome.reason))
        return Delivered(waiting=1)
    permanent = isinstance(outcome, Refused) and outcome.permanent
    reason = f"{outcome.code} {outcome.text}" if isinstance(outcome, Refused) else outcome.reason
    db.execute(sa.update(delivery).where(ours).values(state="failed", error=reason))
    _notices_of(db, letter.id, "failed" if permanent else "planned", reason if permanent else "")
    return Delivered(failed=1) if permanent else Delivered(waiting=1)


def _notices_of(db: sa.Connection, letter: int, state: str, reason: str) -> None:
    """Move a digest's notices on, unless another address of the same unit has already been reached."""
    carried = sa.select(delivery_item.c.notice).where(delivery_item.c.delivery == letter)
    db.execute(
        sa.update(notice).where(notice.c.id.in_(carried), notice.c.state != "sent").values(state=state, reason=reason)
    )


def _repeat_unknown(engine: sa.Engine, settings: Settings, send: Send, *, as_of: datetime, now: datetime) -> Delivered:
    """What a crash or a lost connection left unknown goes out once more, byte for byte, after 15 minutes."""
    d = delivery.c
    stale = sa.and_(d.state.in_(("submitting", "unknown")), d.attempts < 2, d.claimed_at <= now - REPEAT_AFTER)
    with writing(engine) as db:
        rows = db.execute(sa.select(d.id, d.recipient, d.address, d.message).where(stale).order_by(d.id)).all()
        ids = [row.id for row in rows]
        db.execute(sa.update(delivery).where(d.id.in_(ids)).values(state="submitting", attempts=2, claimed_at=now))
        carried = _carried(db, ids)
    total = Delivered()
    letters = [_Letter(row.id, row.recipient, row.address, row.message, carried[row.id]) for row in rows]
    for batch in _batches(letters, BATCH):
        total += _send(engine, batch, settings, send, as_of=as_of, now=now)
    return total


def _carried(db: sa.Connection, ids: Sequence[int]) -> dict[int, int]:
    query = sa.select(delivery_item.c.delivery, sa.func.count()).where(delivery_item.c.delivery.in_(ids))
    return defaultdict(int, {row[0]: row[1] for row in db.execute(query.group_by(delivery_item.c.delivery))})


def _settle(engine: sa.Engine, ids: Sequence[int], state: str, reason: str) -> None:
    if ids:
        with writing(engine) as db:
            for some in _batches(ids, 500):
                db.execute(sa.update(notice).where(notice.c.id.in_(some)).values(state=state, reason=reason))


def _batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
