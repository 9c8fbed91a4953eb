"""A contact as the command line tells it: which addresses in which order, when not, who instead."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from channels.channel import channel_of
from cli import words
from cli.address_shown import address_shown
from models.people import Address, Contact
from models.words import ROLE_SHOWN
from schedules.words import day_shown
from schedules.zone import local_day
from tasks.contacts import Change


def contact_row(one: Contact, colleagues: Sequence[Contact]) -> dict[str, Any]:
    """One contact for JSON; `ordinary` and `important` are rungs, each a list of addresses written to at once."""
    return {
        "name": one.name, "role": one.role, "role_shown": ROLE_SHOWN[one.role],
        "ordinary": _rungs(one, important=False), "important": _rungs(one, important=True),
        "addresses": [_address(address) for address in one.addresses],
        "quiet": f"{one.quiet[0]:%H:%M}-{one.quiet[1]:%H:%M}" if one.quiet else None,
        "absent_from": one.absent[0].isoformat() if one.absent else None,
        "absent_to": one.absent[1].isoformat() if one.absent else None,
        "deputy": next((other.name for other in colleagues if other.id == one.deputy), None),
        "copies": one.copies,
    }  # fmt: skip


def contact_lines(row: dict[str, Any]) -> Iterator[str]:
    """The same for people."""
    said = words.CONTACT_PARTS
    yield f"  {row['name']} ({row['role_shown']})"
    yield f"    {said['ordinary']}: {_in_order(row['ordinary'])}"
    if row["important"] != row["ordinary"]:
        yield f"    {said['important']}: {_in_order(row['important'])}"
    if row["quiet"]:
        yield f"    {said['quiet']}: {row['quiet']}"
    if row["absent_from"]:
        yield f"    {said['absent']}: {_day(row['absent_from'])} – {_day(row['absent_to'])}"
    if row["deputy"]:
        yield f"    {said['deputy']}: {row['deputy']}"
    if not row["copies"]:
        yield f"    {said['copies']}: {words.CONTACT_NO_COPIES}"
    for address in row["addresses"]:
        if address["disabled"]:
            told = words.ADDRESS_SINCE.format(
                address=address["shown"], day=_day(address["disabled_at"]), why=address["disabled"]
            )
            yield f"    {said['off']}: {told}"


def change_row(change: Change) -> dict[str, Any]:
    """What an import does to one contact."""
    after, before = change.after, change.before
    details = list(_differences(before, after)) if before else [_told_order(after, important=False)]
    what = words.CONTACT_CHANGED if before else words.CONTACT_NEW
    return {
        "unit": after.unit, "name": after.name, "role": after.role, "role_shown": ROLE_SHOWN[after.role],
        "change": "changed" if before else "new", "details": [what, *details],
    }  # fmt: skip


def _differences(before: Contact, after: Contact) -> Iterator[str]:
    for important in (False, True):
        if _rungs(before, important=important) != _rungs(after, important=important):
            yield f"{_told_order(before, important=important)} ⇒ {_in_order(_rungs(after, important=important))}"
    said = words.CONTACT_PARTS
    gone = {one.url for one in before.addresses} - {one.url for one in after.addresses}
    if off := [one for one in before.addresses if one.url in gone and one.disabled]:
        yield f"{said['off']}: {', '.join(address_shown(one.url) for one in off)} ⇒ {words.CONTACT_NOTHING}"
    for name, changed in (
        ("quiet", before.quiet != after.quiet), ("absent", before.absent != after.absent),
        ("deputy", before.deputy != after.deputy), ("copies", before.copies != after.copies),
    ):  # fmt: skip
        if changed:
            yield said[name]


def _told_order(one: Contact, *, important: bool) -> str:
    name = words.CONTACT_PARTS["important" if important else "ordinary"]
    return f"{name}: {_in_order(_rungs(one, important=important))}"


def _rungs(one: Contact, *, important: bool) -> list[list[str]]:
    return [[address_shown(address.url) for address in rung] for rung in one.rungs(important=important)]


def _in_order(rungs: Sequence[Sequence[str]]) -> str:
    return words.THEN.join(words.AT_ONCE.join(rung) for rung in rungs) or words.CONTACT_NOTHING


def _day(text: str | None) -> str:
    return day_shown(date.fromisoformat(text)) if text else ""


def _address(one: Address) -> dict[str, Any]:
    return {
        "shown": address_shown(one.url), "channel": channel_of(one.url), "ordinary": one.ordinary,
        "important": one.important, "disabled": one.disabled,
        "disabled_at": local_day(one.disabled_at).isoformat() if one.disabled_at else None,
    }  # fmt: skip
