"""People and where a unit's notices go. The ledger refers to a person as `person:ID` and to nothing else of theirs."""

from dataclasses import dataclass

import sqlalchemy as sa

from models.tables import contact
from models.tables import person as person_table


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who receives a unit's notices in a role."""

    unit: str
    name: str
    role: str
    email: str


def person(db: sa.Connection, name: str) -> int:
    """The number of the person with that name, made where there is none yet."""
    known = db.execute(sa.select(person_table.c.id).where(person_table.c.name == name)).scalar()
    if known is not None:
        return int(known)
    made = db.execute(sa.insert(person_table).values(name=name)).inserted_primary_key
    assert made is not None
    return int(made[0])


def names(db: sa.Connection) -> dict[str, str]:
    """What people are called, by how the ledger refers to them."""
    return {f"person:{id}": name for id, name in db.execute(sa.select(person_table.c.id, person_table.c.name))}


def contacts(db: sa.Connection) -> dict[str, list[Contact]]:
    """Every contact, by unit key."""
    query = sa.select(contact.c.unit, person_table.c.name, contact.c.role, contact.c.email).join(
        person_table, person_table.c.id == contact.c.person
    )
    found: dict[str, list[Contact]] = {}
    for unit, name, role, email in db.execute(query.order_by(contact.c.id)):
        found.setdefault(unit, []).append(Contact(unit, name, role, email))
    return found
