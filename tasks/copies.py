"""No more copies for information for one person, as the person asked."""

from datetime import datetime

import sqlalchemy as sa

from models.ledger import Fact, append
from models.people import Contact, contacts
from models.tables import contact


def contact_of(db: sa.Connection, number: int) -> Contact | None:
    """The contact with that number; None where it was taken off the list."""
    return next((one for unit in contacts(db).values() for one in unit if one.id == number), None)


def stop_copies(db: sa.Connection, one: Contact, *, now: datetime) -> bool:
    """Send this contact no more copies; False where it gets none already. Duties of its own unit still reach it."""
    change = sa.update(contact).where(contact.c.id == one.id, contact.c.copies.is_(True)).values(copies=False)
    if db.execute(change).rowcount == 0:
        return False
    fact = Fact("copies_stopped", now, "đầu mối tự dừng bản gửi để biết", unit=one.unit, data=(("contact", one.id),))
    append(db, [fact], actor="contact", now=now)
    return True
