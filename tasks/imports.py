"""An office's own units. All or nothing, with an error for each bad row."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from models.ledger import Fact, append
from models.refusal import Refusal, unknown
from models.tables import unit, unit_role
from models.units import LEVELS, Units
from tasks.sheet import NO, YES, BadRow, Row, each_row

UNIT_COLUMNS = ("key", "name", "kind", "level", "parent", "valid_from")
UNIT_OPTIONAL = ("code", "valid_to", "source", "confirmed", "groups", "role")

KEY = re.compile(r"(g1|g2|n|b):[0-9a-z][0-9a-z.\-]*")


def read_unit_rows(rows: Sequence[Row], units: Units) -> tuple[list[dict[str, Any]], list[BadRow]]:
    """Check an office's units against those known and against each other."""
    coming = {row["key"]: row for row in rows}
    seen: dict[str, list[tuple[int, dict[str, Any]]]] = {}

    def make(row: Row) -> dict[str, Any]:
        made = _unit(row, units, coming)
        for line, other in seen.setdefault(made["key"], []):
            if _overlap(made, other):
                raise Refusal(f"thời gian hiệu lực chồng lên dòng {line} của cùng đơn vị")
        seen[made["key"]].append((row.line, made))
        return made

    return each_row(rows, make)


def import_units(db: sa.Connection, rows: Sequence[dict[str, Any]], *, now: datetime, actor: str = "office") -> int:
    """Replace all versions of the units, and all holders of the roles, that the rows name; the ledger says so."""
    if not rows:
        return 0
    keys = sorted({row["key"] for row in rows})
    db.execute(sa.delete(unit).where(unit.c.key.in_(keys)))
    db.execute(sa.insert(unit), [{name: value for name, value in row.items() if name != "role"} for row in rows])
    _name_holders(db, [row for row in rows if row["role"]])
    append(
        db,
        [Fact("units_imported", now, "văn phòng nhập danh sách đơn vị", data=(("keys", keys),))],
        actor=actor,
        now=now,
    )
    return len(rows)


def _name_holders(db: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    for role, province in {(row["role"], row["province"]) for row in rows}:
        db.execute(sa.delete(unit_role).where(unit_role.c.role == role, unit_role.c.province == province))
    for row in rows:
        same = {
            name: row[name] for name in ("role", "province", "valid_from", "valid_to", "source", "confirmed", "shipped")
        }
        db.execute(sa.insert(unit_role).values(unit=row["key"], **same))


def _unit(row: Row, units: Units, coming: dict[str, Row]) -> dict[str, Any]:
    if not KEY.fullmatch(row["key"]):
        raise Refusal(f"khóa «{row['key']}» không đúng dạng; đơn vị của văn phòng ghi như «b:40.ten-don-vi»")
    if not row["name"]:
        raise Refusal("thiếu tên đơn vị (cột name)")
    if row["level"] not in LEVELS:
        raise unknown("cấp (cột level)", row["level"], LEVELS)
    if not row["kind"]:
        raise Refusal("thiếu loại đơn vị (cột kind), ví dụ «doanh nghiệp nhà nước»")
    start, end = _day(row, "valid_from"), _day(row, "valid_to")
    if start is None:
        raise Refusal("thiếu ngày bắt đầu (cột valid_from), ghi như 2023-07-01")
    if end is not None and end <= start:
        raise Refusal(f"kết thúc {end} không sau ngày bắt đầu {start}")
    if row["role"] not in ("", "standing_office"):
        raise Refusal(f"vai trò «{row['role']}» (cột role) không có; chỉ có standing_office, hoặc để trống")
    return {
        "key": row["key"], "role": row["role"], "code": row["code"] or row["key"].partition(":")[2],
        "name": row["name"], "kind": row["kind"].lower(),
        "level": row["level"], "parent": row["parent"] or None, "province": _province(row, units, coming),
        "valid_from": start, "valid_to": end, "source": row["source"] or "văn phòng nhập",
        "confirmed": _yes(row, "confirmed", default=True), "estimated": False,
        "groups": ";".join(part.strip() for part in row["groups"].split(";") if part.strip()), "shipped": False,
    }  # fmt: skip


def _province(row: Row, units: Units, coming: dict[str, Row]) -> str:
    """The province at the top of the line of parents; every one is known, or stands in the same file."""
    above, climbed = row["parent"], {row["key"]}
    if not above:
        raise Refusal("thiếu đơn vị cấp trên (cột parent), ví dụ g1:40 hoặc n:40")
    while True:
        if above in climbed:
            raise Refusal(f"đơn vị cấp trên lặp vòng: {above}")
        climbed.add(above)
        if above in coming:
            above = coming[above]["parent"]
        elif above not in units:
            known = [*coming, *(unit.key for unit in units if unit.level == "province")]
            raise unknown("đơn vị cấp trên (cột parent)", above, known)
        elif (parent := units.nearest(above, date.max).parent) is None:
            return units.nearest(above, date.max).province
        else:
            above = parent


def _overlap(a: dict[str, Any], b: dict[str, Any]) -> bool:
    begins: date = max(a["valid_from"], b["valid_from"])
    return begins < (a["valid_to"] or date.max) and begins < (b["valid_to"] or date.max)


def _day(row: Row, column: str) -> date | None:
    if not row[column]:
        return None
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        raise Refusal(f"ngày «{row[column]}» (cột {column}) không hợp lệ; ghi như 2023-07-01") from error


def _yes(row: Row, column: str, *, default: bool) -> bool:
    text = row[column].lower()
    if text not in YES | NO:
        raise Refusal(f"cột {column} ghi «{row[column]}»; chỉ nhận true hoặc false")
    return default if not text else text in YES
