"""Another address where one has failed: the same notices under the same number, the next way that the person takes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from channels.channel import target_of
from models.people import Contact
from models.settings import Settings
from models.tables import delivery, delivery_item
from tasks.notices import carried
from tasks.outbox import ARRIVED, UNDER_WAY
from tasks.packing import Packet, Ways, store


def fall_back(
    db: sa.Connection, failed: Iterable[int], ways: Ways, book: Mapping[str, list[Contact]], settings: Settings,
    *, as_of: datetime, now: datetime,
) -> set[int]:  # fmt: skip
    """Put what failed on its next way; gives the deliveries for which there was one, or whose notices arrive anyhow."""
    people = _people(book)
    helped: set[int] = set()
    for id in failed:
        row = db.execute(sa.select(delivery).where(delivery.c.id == id)).one()
        contact = people.get(row.contact)
        if contact is None:
            continue
        tried, notices, alive = _so_far(db, row.id, contact)
        if not notices or alive:
            helped.add(id)
            continue
        for address in ways.first(contact, important=row.important, tried=tried):
            packet = Packet(
                (row.recipient, row.role), contact, address, notices, row.important, now, fallback_of=row.id
            )
            store(db, [packet], settings, as_of=as_of, now=now)
            helped.add(id)
    return helped


def say_again(
    db: sa.Connection, row: Any, book: Mapping[str, list[Contact]], settings: Settings, *,
    as_of: datetime, now: datetime,
) -> bool:  # fmt: skip
    """Put what came back for a passing reason on its way to the same address once more; False where that was done."""
    contact = _people(book).get(row.contact)
    address = next((a for a in contact.addresses if target_of(a.url) == row.address), None) if contact else None
    if contact is None or address is None or address.disabled or row.fallback_of is not None:
        return False
    notices = tuple(sorted(carried(db, [row.id])))
    packet = Packet((row.recipient, row.role), contact, address, notices, row.important, now, fallback_of=row.id)
    store(db, [packet], settings, as_of=as_of, now=now)
    return True


def _people(book: Mapping[str, list[Contact]]) -> Mapping[int | None, Contact]:
    return {one.id: one for known in book.values() for one in known if one.id is not None}


def _so_far(db: sa.Connection, failed: int, contact: Contact) -> tuple[set[str], tuple[int, ...], bool]:
    """Where these notices went to this person, which of them did not arrive, and whether any still may."""
    mine = set(db.execute(sa.select(delivery_item.c.notice).where(delivery_item.c.delivery == failed)).scalars())
    query = (
        sa.select(delivery.c.id, delivery.c.address, delivery.c.state, delivery_item.c.notice)
        .join(delivery_item, delivery_item.c.delivery == delivery.c.id)
        .where(delivery_item.c.notice.in_(mine), delivery.c.contact == contact.id)
    )
    rows = db.execute(query).all()
    others = [row for row in rows if row.id != failed]
    arrived = {row.notice for row in others if row.state in ARRIVED}
    alive = any(row.state in UNDER_WAY for row in others)
    return {row.address for row in rows}, tuple(sorted(mine - arrived)), alive


def number_of(db: sa.Connection, row: Any) -> str:
    """A delivery's notice number: the day and the number of the first in its chain of fallbacks ("2023-12-01/56")."""
    while row.fallback_of is not None:
        row = db.execute(sa.select(delivery).where(delivery.c.id == row.fallback_of)).one()
    return f"{row.slot.partition('#')[0]}/{row.id}"
