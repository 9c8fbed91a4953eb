"""Contacts: an office's table put on record, all or nothing; a contact taken off; an address put back in use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from models.ledger import Fact, append
from models.people import Address, Contact, contacts, person
from models.refusal import Refusal, unknown
from models.tables import contact, contact_address, delivery
from models.unit_store import read_units
from schedules.zone import local_day
from tasks.contact_addresses import email_url, phone_url
from tasks.contact_rows import Key, Wanted, told, wanted
from tasks.deputies import read_deputies
from tasks.sheet import BadRow, Row, each_row
from tasks.unit_names import UnitNames


@dataclass(frozen=True, slots=True)
class Change:
    """A contact before (None: it is new) and after an import."""

    before: Contact | None
    after: Contact


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed. `still_off` are addresses in it that were given up before and stay so."""

    rows: int
    changes: tuple[Change, ...] = ()
    still_off: tuple[tuple[Contact, Address], ...] = ()

    @property
    def new(self) -> int:
        return sum(one.before is None for one in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.new


def import_contacts(
    db: sa.Connection, rows: Sequence[Row], *, now: datetime, actor: str = "office"
) -> tuple[Imported, list[BadRow]]:
    """Add contacts, and replace what the rows say otherwise of those that are there; others stay as they are.

    Nothing is written while any row is bad. The same table a second time changes nothing.
    """
    before = contacts(db)
    known = {_key(one): one for unit in before.values() for one in unit}
    people, bad = _people(rows, UnitNames(read_units(db)), local_day(now))
    deputies, without = read_deputies(people, before)
    if bad := sorted((*bad, *without, *_shared(people, known)), key=lambda one: one.row.line):
        return Imported(len(rows)), bad
    ids = {key: _write(db, one, known.get(key)) for key, one in people.items()}
    ids = {key: one.id for key, one in known.items() if one.id is not None} | ids
    for key, stands_in in deputies.items():
        values = {"deputy": ids[stands_in] if stands_in is not None else None}
        db.execute(sa.update(contact).where(contact.c.id == ids[key]).values(values))
    done = _compare(len(rows), people, known, contacts(db))
    if done.changes:
        data = (("rows", done.new), ("changed", done.changed))
        append(db, [Fact("contacts_imported", now, "văn phòng nhập đầu mối", data=data)], actor=actor, now=now)
    return done, []


def remove_contact(db: sa.Connection, unit: str, name: str, *, now: datetime, actor: str = "office") -> list[Contact]:
    """Take a person off a unit, in every role; whoever they stood in for has no deputy any more. Raises Refusal.

    What was sent to them stays on record, without the reference to them.
    """
    here = contacts(db).get(unit, [])
    gone = [one for one in here if one.name.casefold() == name.strip().casefold()]
    if not gone:
        raise unknown(f"đầu mối của đơn vị {unit}", name, {one.name for one in here})
    ids = [one.id for one in gone]
    db.execute(sa.update(contact).where(contact.c.deputy.in_(ids)).values(deputy=None))
    db.execute(sa.update(delivery).where(delivery.c.contact.in_(ids)).values(contact=None))
    db.execute(sa.delete(contact_address).where(contact_address.c.contact.in_(ids)))
    db.execute(sa.delete(contact).where(contact.c.id.in_(ids)))
    facts = [
        Fact("contact_removed", now, "văn phòng bỏ đầu mối", unit=unit, data=(("contact", one.id),)) for one in gone
    ]  # fmt: skip
    append(db, facts, actor=actor, now=now)
    return gone


def enable_address(
    db: sa.Connection, unit: str, text: str, *, shown: Callable[[str], str], now: datetime, actor: str = "office"
) -> list[Address]:
    """Write again to an address of a unit that had been given up.

    Args:
        text: an email, a phone, a URL, or what `shown` makes of one.

    Raises:
        Refusal: the unit has no such address, or it is in use.
    """
    every = [one for person in contacts(db).get(unit, ()) for one in person.addresses]
    found = [one for one in every if text.strip() in (one.url, shown(one.url))]
    found = found or [one for one in every if one.url == _url(text)]
    if not found:
        raise Refusal(f"Đơn vị {unit} không có địa chỉ «{text}». Xem «dondoc contacts list --unit {unit}».")
    off = [one for one in found if one.disabled]
    if not off:
        raise Refusal(f"Địa chỉ «{text}» của đơn vị {unit} đang được dùng; không có gì thay đổi.")
    which = contact_address.c.id.in_([one.id for one in off])
    db.execute(sa.update(contact_address).where(which).values(disabled_at=None, disabled_why=""))
    facts = [
        Fact("address_enabled", now, "văn phòng cho dùng lại địa chỉ", unit=unit, data=(("address", one.id),))
        for one in off
    ]
    append(db, facts, actor=actor, now=now)
    return off


def _key(one: Contact) -> Key:
    return one.unit, one.role, one.name


def _people(rows: Sequence[Row], units: UnitNames, day: date) -> tuple[dict[Key, Wanted], list[BadRow]]:
    """What each person's rows ask for together, and the rows that are wrong."""
    people: dict[Key, Wanted] = {}

    def make(row: Row) -> None:
        one = wanted(row, units, day)
        before = people.get(one.key)
        people[one.key] = before.and_also(one) if before is not None else one

    _, bad = each_row(rows, make)
    return people, bad


def _shared(people: Mapping[Key, Wanted], known: Mapping[Key, Contact]) -> list[BadRow]:
    """Rows with an address that another person has in the same role: each would have every message twice."""
    owner = {
        (*key[:2], address.url): f"«{one.name}», đã có trong danh sách; nếu là người cũ thì bỏ bằng "
        f'«dondoc contacts remove {one.unit} "{one.name}"»'
        for key, one in known.items()
        if key not in people
        for address in one.addresses
    }
    bad = []
    for one in people.values():
        for address in one.addresses:
            place = (one.unit, one.role, address.url)
            if place in owner:
                said = f"địa chỉ {told(address)} trùng với của {owner[place]}"
                bad.append(BadRow(one.row, said))
            owner[place] = f"«{one.name}» ở dòng {one.row.line}"
    return bad


def _write(db: sa.Connection, one: Wanted, before: Contact | None) -> int:
    """Put one contact on record, its deputy aside; gives its id."""
    if before is None or before.id is None:
        values = {"unit": one.unit, "role": one.role, "person": person(db, one.name), "copies": True, **one.columns}
        id = int(db.execute(sa.insert(contact).values(values).returning(contact.c.id)).scalar_one())
        known: Mapping[str, Address] = {}
    else:
        id, known = before.id, {address.url: address for address in before.addresses}
        if one.columns:
            db.execute(sa.update(contact).where(contact.c.id == id).values(dict(one.columns)))
    c = contact_address.c
    gone = [address.id for url, address in known.items() if url not in {kept.url for kept in one.addresses}]
    db.execute(sa.delete(contact_address).where(c.id.in_(gone)))
    for address in one.addresses:
        places = {"ordinary": address.ordinary, "important": address.important}
        if address.url in known:  # given up once, it stays so: the office puts it back in use by name
            db.execute(sa.update(contact_address).where(c.id == known[address.url].id).values(places))
        else:
            db.execute(sa.insert(contact_address).values(contact=id, url=address.url, disabled_why="", **places))
    return id


def _compare(
    rows: int, people: Mapping[Key, Wanted], before: Mapping[Key, Contact], book: Mapping[str, Sequence[Contact]]
) -> Imported:
    after = [one for unit in dict.fromkeys(key[0] for key in people) for one in book.get(unit, ())]
    named = [one for one in after if _key(one) in people]
    changes = tuple(Change(before.get(_key(one)), one) for one in named if before.get(_key(one)) != one)
    off = tuple((one, address) for one in named for address in one.addresses if address.disabled)
    return Imported(rows, changes, off)


def _url(text: str) -> str:
    """The stored form of an email or a telephone as people write it; anything else as it is."""
    given = text.strip()
    try:
        return email_url(given) if "@" in given else phone_url(given)
    except Refusal:
        return given
