"""CSV in and out: UTF-8, LF, always the same bytes for the same rows."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

UNITS = ("key", "code", "name", "kind", "level", "parent", "valid_from", "valid_to", "source", "estimated")
LINKS = ("from_key", "to_key", "effective", "kind", "estimated")
BODIES = (
    "key",
    "code",
    "name",
    "kind",
    "level",
    "parent",
    "valid_from",
    "valid_to",
    "source",
    "confirmed",
    "groups",
)
ROLES = ("role", "province", "unit", "valid_from", "valid_to", "source", "confirmed")
BODY_LINKS = (*LINKS, "confirmed")


def write(path: Path, columns: Sequence[str], rows: Iterable[object]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns)
        out.writerows([_cell(getattr(row, column)) for column in columns] for row in rows)


def read(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, strict=True)
        rows = list(table)
    if tuple(table.fieldnames or ()) != tuple(columns):
        raise SystemExit(f"{path.name}: columns are {table.fieldnames}, expected {list(columns)}")
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise SystemExit(f"{path.name}, line {number}: {len(columns)} cells expected")
    return rows


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)
