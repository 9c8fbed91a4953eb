"""People and where a unit's notices go. The ledger refers to a person as `person:ID` and to nothing else of theirs."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa

from models.tables import contact, contact_address
from models.tables import person as person_table


@dataclass(frozen=True, slots=True)
class Address:
    """An Apprise URL with its place for ordinary and for important notices; None where it is not used for them.

    `disabled` tells why it is no longer written to since `disabled_at`, "" while it is.
    """

    url: str
    ordinary: int | None = 1
    important: int | None = 1
    disabled: str = ""
    id: int | None = None
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who receives a unit's notices in a role.

    Attributes:
        quiet: from when until when it is not written to; over midnight where the second is the earlier one.
        absent: first and last day of an absence; `deputy` is the contact that receives instead.
        copies: whether it wants what is sent for information only.
    """

    unit: str
    name: str
    role: str
    addresses: tuple[Address, ...]
    id: int | None = None
    quiet: tuple[time, time] | None = None
    absent: tuple[date, date] | None = None
    deputy: int | None = None
    copies: bool = True

    @property
    def reachable(self) -> bool:
        """Whether any address is still written to."""
        return any(not one.disabled for one in self.addresses)

    def away(self, day: date) -> bool:
        return self.absent is not None and self.absent[0] <= day <= self.absent[1]

    def rungs(self, *, important: bool) -> list[list[Address]]:
        """The usable addresses by place: the first rung is written to at once, the next when it has failed."""
        places: dict[int, list[Address]] = defaultdict(list)
        for one in self.addresses:
            place = one.important if important else one.ordinary
            if place is not None and not one.disabled:
                places[place].append(one)
        return [places[place] for place in sorted(places)]


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
    addresses: dict[int, list[Address]] = defaultdict(list)
    a, c = contact_address.c, contact.c
    for row in db.execute(sa.select(contact_address).order_by(a.id)):
        one = Address(row.url, row.ordinary, row.important, row.disabled_why, row.id, row.disabled_at)
        addresses[row.contact].append(one)
    query = sa.select(contact, person_table.c.name).join(person_table, person_table.c.id == c.person).order_by(c.id)
    found: dict[str, list[Contact]] = {}
    for row in db.execute(query):
        found.setdefault(row.unit, []).append(Contact(
            row.unit, row.name, row.role, tuple(addresses[row.id]), row.id,
            quiet=(row.quiet_from, row.quiet_to) if row.quiet_from is not None else None,
            absent=(row.absent_from, row.absent_to) if row.absent_from is not None else None,
            deputy=row.deputy, copies=row.copies,
        ))  # fmt: skip
    return found
