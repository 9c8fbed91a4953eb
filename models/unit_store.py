"""Units in the database: the shipped country, an office's own, and the tree of one province read back."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from models.tables import unit, unit_link, unit_role
from models.units import Unit, UnitLink, UnitRole, Units

DATA = Path(__file__).parent / "data"


def load_shipped(db: sa.Connection) -> int:
    """Put the shipped units, links and roles into the database, leaving an office's own rows as they are.

    Returns the number of unit versions that are new or changed; 0 when everything is there already.
    """
    own = {key for (key,) in db.execute(sa.select(unit.c.key).where(unit.c.shipped.is_(False)))}
    wanted = [row for row in shipped_units() if row["key"] not in own]
    present = db.execute(sa.select(*_columns(unit)).where(unit.c.shipped.is_(True))).all()
    changed = {tuple(row[c.name] for c in _columns(unit)) for row in wanted} ^ {tuple(row) for row in present}
    if not changed:
        return 0
    db.execute(sa.delete(unit).where(unit.c.shipped.is_(True)))
    db.execute(sa.insert(unit), wanted)
    db.execute(sa.delete(unit_link))
    db.execute(sa.insert(unit_link), _links())
    _load_roles(db)
    return len(changed)


def _load_roles(db: sa.Connection) -> None:
    """The shipped holders of roles, except where an office has named its own."""
    named = {
        (role, province)
        for role, province in db.execute(
            sa.select(unit_role.c.role, unit_role.c.province).where(unit_role.c.shipped.is_(False))
        )
    }
    db.execute(sa.delete(unit_role).where(unit_role.c.shipped.is_(True)))
    rows = [row | {"shipped": True} for row in _roles() if (row["role"], row["province"]) not in named]
    if rows:
        db.execute(sa.insert(unit_role), rows)


def read_units(db: sa.Connection, *, province: str | None = None) -> Units:
    """The units of one province (by its GSO code, in every era), or of the whole country."""
    here = sa.true() if province is None else unit.c.province == province
    role_here = sa.true() if province is None else unit_role.c.province == province
    ours = sa.select(unit.c.key).where(here)
    links = sa.select(unit_link).where(sa.true() if province is None else unit_link.c.from_key.in_(ours))
    return Units(
        (_unit(row) for row in db.execute(sa.select(*_columns(unit)).where(here)).all()),
        roles=(UnitRole(r.role, r.province, r.unit, r.valid_from, r.valid_to, r.source, r.confirmed)
               for r in db.execute(sa.select(unit_role).where(role_here))),
        links=(UnitLink(r.from_key, r.to_key, r.effective, r.kind, r.estimated) for r in db.execute(links)),
    )  # fmt: skip


def shipped_tree(province: str) -> Units:
    """The shipped units of one province, without a database: for checking a plan before there is one."""
    rows = [row for row in shipped_units() if row["province"] == province]
    return Units(
        (
            Unit(**{k: v for k, v in row.items() if k not in ("shipped", "groups")}, groups=_groups(row["groups"]))
            for row in rows
        ),
        roles=(UnitRole(**row) for row in _roles() if row["province"] == province),
    )


def shipped_units() -> list[dict[str, Any]]:
    """The rows of the shipped files, each with the province it lies in."""
    rows = [_shipped(row) for name in ("units.csv", "bodies.csv") for row in _read(name)]
    parents = {(row["key"]): row["parent"] for row in rows}
    codes = {row["key"]: row["code"] for row in rows if row["level"] == "province"}
    for row in rows:
        row["province"] = codes[_province(row["key"], row["parent"], parents)]
    return rows


def _province(key: str, parent: str | None, parents: dict[str, str | None]) -> str:
    while parent is not None:
        key, parent = parent, parents[parent]
    return key


def _shipped(row: dict[str, str]) -> dict[str, Any]:
    return {
        "key": row["key"], "code": row["code"], "name": row["name"], "kind": row["kind"], "level": row["level"],
        "parent": row["parent"] or None, "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": _day(row["valid_to"]), "source": row["source"],
        "confirmed": row.get("confirmed", "true") == "true", "estimated": row.get("estimated", "0") == "1",
        "groups": row.get("groups", ""), "shipped": True,
    }  # fmt: skip


def _links() -> list[dict[str, Any]]:
    return [
        {"from_key": row["from_key"], "to_key": row["to_key"], "effective": date.fromisoformat(row["effective"]),
         "kind": row["kind"], "estimated": row["estimated"] == "1"}
        for name in ("unit_links.csv", "body_links.csv") for row in _read(name)
    ]  # fmt: skip


def _roles() -> list[dict[str, Any]]:
    return [
        {"role": row["role"], "province": row["province"], "unit": row["unit"], "source": row["source"],
         "valid_from": date.fromisoformat(row["valid_from"]), "valid_to": _day(row["valid_to"]),
         "confirmed": row["confirmed"] == "true"}
        for row in _read("roles.csv")
    ]  # fmt: skip


def _read(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    return list(table.columns)


def _unit(row: Any) -> Unit:
    return Unit(
        row.key, row.code, row.name, row.kind, row.level, row.parent, row.province, row.valid_from, row.valid_to,
        row.source, row.confirmed, row.estimated, _groups(row.groups),
    )  # fmt: skip


def _groups(text: str) -> frozenset[str]:
    return frozenset(filter(None, text.split(";")))
