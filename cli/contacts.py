"""`dondoc contacts …`: who is told in each unit, and who cannot be."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import words
from cli.address_shown import address_shown
from cli.contact_lines import change_row, contact_lines, contact_row
from cli.desk import Desk, show, table, tell
from models.database import reading, writing
from models.people import contacts
from models.refusal import Refusal
from models.unit_store import read_units
from models.versions import all_in_force
from models.words import ROLE_SHOWN
from schedules.words import day_shown
from schedules.zone import MORNING, at, local_day
from tasks.contact_rows import COLUMNS, HEADINGS, OPTIONAL, PASSED_OVER
from tasks.contacts import Imported, enable_address, import_contacts, remove_contact
from tasks.sheet import read_sheet
from tasks.unreachable import unreachable

app = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help=words.JSON)]


@app.command("import", help=words.CONTACTS_IMPORT)
def contacts_import(
    file: Path, preview: Annotated[bool, typer.Option("--preview", help=words.PREVIEW_ONLY)] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    desk = Desk()
    rows = read_sheet(file, columns=COLUMNS, optional=OPTIONAL, headings=HEADINGS, passed_over=PASSED_OVER)
    with writing(desk.engine) as db:
        done, bad = import_contacts(db, rows, now=desk.now)
        if preview or bad:
            db.rollback()
    if bad:
        for one in bad:
            tell(str(one))
        raise Refusal(words.NOTHING_IMPORTED.partition(",")[0] + ".")
    data = {
        "imported": done.new, "changed": done.changed, "rows": done.rows, "preview": preview,
        "changes": [change_row(one) for one in done.changes],
        "still_disabled": [
            {"unit": one.unit, "name": one.name, "address": address_shown(address.url), "why": address.disabled}
            for one, address in done.still_off
        ],
    }  # fmt: skip
    show(as_json, data, lambda: _told(done, data))


def _told(done: Imported, data: dict[str, Any]) -> Iterator[str]:
    said = words.CONTACTS_PREVIEW if data["preview"] else words.CONTACTS_IMPORTED
    yield said.format(new=done.new, changed=done.changed, rows=done.rows)
    for one in data["changes"]:
        yield f"  {one['unit']}  {one['name']} ({one['role_shown']}): {'; '.join(one['details'])}"
    for person, address in done.still_off:
        shown = address_shown(address.url)
        yield words.CONTACTS_STILL_OFF.format(
            day=day_shown(local_day(address.disabled_at)) if address.disabled_at else "", address=shown,
            name=person.name, unit=person.unit, why=address.disabled,
            command=f'dondoc contacts enable {person.unit} "{shown}"',
        )  # fmt: skip


@app.command("list", help=words.CONTACTS_LIST)
def contacts_list(
    unit: Annotated[str | None, typer.Option("--unit", help=words.CONTACTS_UNIT)] = None, as_json: Json = False
) -> None:
    desk = Desk()
    with reading(desk.engine) as db:
        units, book = read_units(db), contacts(db)
    day = local_day(desk.now)
    keys = [units.find(unit, day).key] if unit is not None else sorted(book)
    rows = [
        {"unit": key, "unit_name": units.name(key, day) if key in units else key} | contact_row(one, book[key])
        for key in keys
        for one in book.get(key, ())
    ]
    show(as_json, rows, lambda: _listed(rows))


def _listed(rows: list[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        yield words.CONTACTS_NONE
    before = None
    for row in rows:
        if row["unit"] != before:
            yield f"{row['unit']}  {row['unit_name']}"
        before = row["unit"]
        yield from contact_lines(row)


@app.command("missing", help=words.CONTACTS_MISSING)
def contacts_missing(
    on: Annotated[str | None, typer.Option("--on", help=words.ON)] = None, as_json: Json = False
) -> None:
    desk = Desk()
    as_of = at(desk.day(on), MORNING) if on is not None else desk.now
    with reading(desk.engine) as db:
        plans = all_in_force(db, desk.plans().values(), as_of=as_of)
        units = {code: read_units(db, province=code) for code in {plan.province for plan in plans.values()}}
        found = unreachable(db, plans, units, desk.settings, as_of=as_of)
    rows = [{"unit": one.unit, "name": one.name, "why": one.why} for one in found]
    told = [words.CONTACTS_UNREACHED.format(count=len(rows))] if rows else [words.CONTACTS_ALL_REACHED]
    show(as_json, rows, lambda: [*told, *(table(rows, ("unit", "name", "why")) if rows else ())])


@app.command("enable", help=words.CONTACTS_ENABLE)
def contacts_enable(
    unit: Annotated[str, typer.Argument(help=words.ONE_UNIT)],
    address: Annotated[str, typer.Argument(help=words.CONTACT_ADDRESS)], as_json: Json = False,
) -> None:  # fmt: skip
    desk = Desk()
    with writing(desk.engine) as db:
        key = read_units(db).find(unit, local_day(desk.now)).key
        found = enable_address(db, key, address, shown=address_shown, now=desk.now)
    data = {"unit": key, "address": address_shown(found[0].url), "enabled": len(found)}
    show(as_json, data, lambda: [words.ADDRESS_ENABLED.format(**data)])


@app.command("remove", help=words.CONTACTS_REMOVE)
def contacts_remove(
    unit: Annotated[str, typer.Argument(help=words.ONE_UNIT)],
    name: Annotated[str, typer.Argument(help=words.CONTACT_NAME)], as_json: Json = False,
) -> None:  # fmt: skip
    desk = Desk()
    with writing(desk.engine) as db:
        key = read_units(db).find(unit, local_day(desk.now)).key
        gone = remove_contact(db, key, name, now=desk.now)
    data = [{"unit": key, "name": one.name, "role": one.role} for one in gone]
    show(as_json, data, lambda: [
        words.CONTACT_REMOVED.format(name=one.name, role=ROLE_SHOWN[one.role], unit=key) for one in gone
    ])  # fmt: skip
