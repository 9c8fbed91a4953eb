"""`dondoc units …`"""

import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import words
from cli.desk import Desk, show, table, tell
from models.database import reading, writing
from models.refusal import Refusal, unknown
from models.unit_store import read_units
from models.units import LEVELS, TERRITORY_LEVELS, Unit, Units
from models.words import LEVEL_SHOWN
from tasks.imports import UNIT_COLUMNS, UNIT_OPTIONAL, import_units, read_unit_rows
from tasks.sheet import BadRow, read_sheet

app = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help=words.JSON)]
On = Annotated[str | None, typer.Option("--on", help=words.ON)]
Province = Annotated[str | None, typer.Option("--province", help=words.PROVINCE)]
Territory = Annotated[str | None, typer.Option("--territory", help=words.TERRITORY)]


@app.command("count", help=words.UNITS_COUNT)
def count(on: On = None, province: Province = None, territory: Territory = None, as_json: Json = False) -> None:
    desk = Desk()
    day = desk.day(on)
    _one_of(province, territory)
    counts = Counter(unit.level for unit in _chosen(desk, day, province, territory))
    wanted = {level: counts[level] for level in LEVELS if counts[level] or level in (*TERRITORY_LEVELS, "department")}
    data = {"on": day.isoformat(), "province": province or territory, "counts": wanted}
    show(as_json, data, lambda: (f"{LEVEL_SHOWN[level]}: {number}" for level, number in wanted.items()))


@app.command("list", help=words.UNITS_LIST)
def list_units(
    on: On = None, province: Province = None, territory: Territory = None,
    level: Annotated[str | None, typer.Option(help=words.LEVEL)] = None,
    kind: Annotated[str | None, typer.Option(help=words.KIND)] = None, as_json: Json = False,
) -> None:  # fmt: skip
    desk = Desk()
    _one_of(province, territory)
    if level is not None and level not in LEVELS:
        raise unknown(words.BAD_LEVEL, level, LEVELS)
    kind = unicodedata.normalize("NFC", kind).lower() if kind is not None else None
    with reading(desk.engine) as db:
        kinds = {unit.kind for unit in read_units(db)} if kind is not None else set()
    if kind is not None and kind not in kinds:
        raise unknown(words.BAD_KIND, kind, kinds)
    found = [
        unit
        for unit in _chosen(desk, desk.day(on), province, territory)
        if (level is None or unit.level == level) and (kind is None or unit.kind == kind)
    ]
    columns = ("key", "code", "name", "level", "kind", "parent", "valid_from", "valid_to")
    rows = [_plain(unit) for unit in found]
    show(as_json, rows, lambda: table(
        [row | {"name": row["name"] + ("" if row["confirmed"] else f" {words.UNCONFIRMED}")} for row in rows], columns
    ))  # fmt: skip


@app.command("import", help=words.UNITS_IMPORT)
def units_import(file: Path, as_json: Json = False) -> None:
    desk = Desk()
    rows = read_sheet(file, columns=UNIT_COLUMNS, optional=UNIT_OPTIONAL)
    with writing(desk.engine) as db:
        made, bad = read_unit_rows(rows, read_units(db))
        _refuse(bad)
        count = import_units(db, made, now=desk.now)
    show(as_json, {"imported": count}, lambda: [f"{count} đơn vị"])


def _one_of(province: str | None, territory: str | None) -> None:
    if province is not None and territory is not None:
        raise typer.BadParameter(words.ONE_OF_TWO)


def _refuse(bad: list[BadRow]) -> None:
    if bad:
        for one in bad:
            tell(str(one))
        raise Refusal(words.NOTHING_IMPORTED.partition(",")[0] + ".")


def _plain(unit: Unit) -> dict[str, Any]:
    return {
        "key": unit.key, "code": unit.code, "name": unit.name, "level": unit.level, "kind": unit.kind,
        "parent": unit.parent, "valid_from": unit.valid_from.isoformat(),
        "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
        "confirmed": unit.confirmed, "estimated": unit.estimated, "source": unit.source,
    }  # fmt: skip


def _chosen(desk: Desk, day: date, province: str | None, territory: str | None) -> list[Unit]:
    if territory is not None:
        with reading(desk.engine) as db:
            return _successors(read_units(db), territory, day)
    with reading(desk.engine) as db:
        units = read_units(db, province=province)
        if province is not None and units.province(province, day) is None:
            raise _no_province(read_units(db), province, day)
    return units.alive(day)


def _successors(units: Units, code: str, day: date) -> list[Unit]:
    """The units on `day` that follow those of a former province, itself left out."""
    reached = {unit.key for unit in units if unit.province == code and unit.key.startswith(("g1:", "g2:"))}
    if not reached:
        raise unknown("tỉnh", code, {u.code for u in units if u.level == "province"})
    frontier = reached
    while frontier:
        frontier = {link.to_key for link in units.links if link.from_key in frontier} - reached
        reached |= frontier
    return [unit for unit in units.alive(day) if unit.key in reached and unit.level != "province"]


def _no_province(units: Units, code: str, day: date) -> Refusal:
    ended = [unit for unit in units if unit.code == code and unit.level == "province"]
    if not ended:
        return unknown("tỉnh", code, {u.code for u in units.alive(day) if u.level == "province"})
    if day < ended[0].valid_from:
        return Refusal(words.DATA_BEGINS.format(code=code, day=f"{day:%d/%m/%Y}"))
    then = sorted({link.to_key.partition(":")[2] for unit in ended for link in units.successors(unit.key)})
    if not then:
        return Refusal(f"Không có tỉnh mã {code} vào ngày {day:%d/%m/%Y}.")
    return Refusal(words.PROVINCE_ENDED.format(
        day=f"{ended[-1].valid_to:%d/%m/%Y}", code=code, name=ended[-1].name, codes=", ".join(then), first=then[0]
    ))  # fmt: skip
