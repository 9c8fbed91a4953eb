"""Returned mail: what a mail server gave back moves its delivery on, and an address that does not exist is given up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from channels.dsn import Returned
from models.people import contacts
from models.settings import Settings
from models.tables import contact_address, delivery, delivery_event
from tasks.fallback import fall_back, say_again
from tasks.notices import carried, follow
from tasks.outbox import Moved, move, write_history
from tasks.packing import Ways

Effect = Literal["disabled", "elsewhere", "again", "delayed", "repeated", "unknown"]
"""The address was given up; only the message was; it is tried again; no failure was told; known already; not ours."""

RETURNED = "thư bị trả lại: {status} {diagnostic}"
DELAYED = "máy chủ thư báo chậm: {status} {diagnostic}"
ARRIVED = "máy chủ thư báo đã tới hộp thư"


@dataclass(frozen=True, slots=True)
class Found:
    """A report about a delivery, as it was received. `key` is the same for the same report."""

    delivery: int
    returned: Returned
    key: str


def came_back(
    db: sa.Connection, found: Found, ways: Ways, settings: Settings, *, as_of: datetime, now: datetime
) -> Effect:
    """Record a report. An address that is gone is given up; a lasting failure goes another way, a passing one again."""
    row = db.execute(sa.select(delivery).where(delivery.c.id == found.delivery, delivery.c.channel == "email")).first()
    if row is None:
        return "unknown"
    if db.execute(sa.select(delivery_event.c.id).where(delivery_event.c.provider_event == found.key)).first():
        return "repeated"
    told = found.returned
    text = {"status": told.status, "diagnostic": told.diagnostic}
    if told.action != "failed":
        arrived = told.action in ("delivered", "relayed", "expanded")
        why = ARRIVED if arrived else DELAYED.format(**text)
        write_history(db, [Moved(row.id, row.state, row.state, why, provider_event=found.key)], now=now)
        return "delayed"
    why = RETURNED.format(**text).strip()
    bounced = Moved(row.id, row.state, "bounced", why, (("error", why),), provider_event=found.key)
    if row.state not in ("accepted", "unknown", "submitting", "dead") or not move(db, [bounced], now=now):
        return "repeated"
    book = contacts(db)
    if told.address_gone:
        give_up(db, row.contact, row.address, why, now=now)
        book = contacts(db)
    try_again = not told.permanent and say_again(db, row, book, settings, as_of=as_of, now=now)
    if not try_again:
        fall_back(db, [row.id], ways, book, settings, as_of=as_of, now=now)
    follow(db, carried(db, [row.id]))
    return "disabled" if told.address_gone else "again" if try_again else "elsewhere"


def give_up(db: sa.Connection, contact: int | None, address: str, why: str, *, now: datetime) -> None:
    """Write to an email address no more until a person puts it back in use; whoever else has the same keeps it."""
    a = contact_address.c
    theirs = (a.contact == contact) & (a.url == f"mailto://{address}") & a.disabled_at.is_(None)
    db.execute(sa.update(contact_address).where(theirs).values(disabled_at=now, disabled_why=why))
