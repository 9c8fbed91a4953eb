"""What must hold in the shipped files. The tool refuses to write, or to accept the hand-kept files, otherwise."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from units import files
from units.eras import UnitRow
from units.links import Link
from units.names import slug

# Day -> (provinces, districts, communes) of the country, and (districts, communes) of some provinces.
COUNTS: dict[date, tuple[tuple[int, int, int], dict[str, tuple[int, int]]]] = {
    date(2023, 10, 1): ((63, 705, 10_599), {"40": (21, 460), "20": (11, 200), "35": (6, 109)}),
    date(2025, 4, 1): ((63, 696, 10_035), {"40": (20, 412), "20": (11, 194), "35": (6, 98)}),
    date(2025, 8, 1): ((34, 0, 3_321), {"40": (0, 130), "20": (0, 65), "37": (0, 129)}),
}
DIVIDED = 441
LEVELS = {"department", "party_body", "organisation"}
PROVINCES = {"20", "35", "40"}
Span = tuple[date, date]


def check_units(rows: list[UnitRow]) -> None:
    spans = _spans((row.key, row.valid_from, row.valid_to) for row in rows)
    for row in rows:
        _require(
            _within((row.valid_from, row.valid_to or date.max), spans[row.parent])
            if row.parent
            else row.level == "province",
            f"{row.key}: parent {row.parent!r} is not valid throughout",
        )
        _require(unicodedata.is_normalized("NFC", row.name), f"{row.key}: name is not NFC")
    for day, (country, provinces) in COUNTS.items():
        alive = {r.key: r for r in rows if r.valid_from <= day < (r.valid_to or date.max)}
        levels = Counter(row.level for row in alive.values())
        found = (levels["province"], levels["district"], levels["commune"])
        _require(found == country, f"{day}: {found} units, expected {country}")
        local = Counter((_province(row, alive), row.level) for row in alive.values())
        for code, expected in provinces.items():
            found_here = (local[code, "district"], local[code, "commune"])
            _require(found_here == expected, f"{day}, province {code}: {found_here}, expected {expected}")


def check_links(links: list[Link], rows: list[UnitRow]) -> None:
    spans = _spans((row.key, row.valid_from, row.valid_to) for row in rows)
    for link in links:
        _require(_meets(link.from_key, link.to_key, link.effective, spans), f"{link}: ends do not meet")
    divided = {link.from_key for link in links if link.kind == "divided"}
    _require(len(divided) == DIVIDED, f"{len(divided)} divided communes, expected {DIVIDED}")
    linked = {link.from_key for link in links if link.effective == date(2025, 7, 1)}
    lost = {r.key for r in rows if r.level == "commune" and r.valid_to == date(2025, 7, 1)} - linked
    _require(not lost, f"communes without a successor: {sorted(lost)}")


def check_hand_kept(data: Path, rows: list[UnitRow]) -> None:
    """bodies.csv, roles.csv and body_links.csv, against each other and against the units."""
    bodies = files.read(data / "bodies.csv", files.BODIES)
    spans = _spans([(row.key, row.valid_from, row.valid_to) for row in rows] + [(b["key"], *_dates(b)) for b in bodies])
    _require(bodies == sorted(bodies, key=lambda b: (b["key"], b["valid_from"])), "bodies.csv is not sorted")
    for body in bodies:
        _check_body(body, spans)
    for role in files.read(data / "roles.csv", files.ROLES):
        start, end = _dates(role)
        _require(_within((start, end or date.max), spans[role["unit"]]), f"{role}: unit is not valid throughout")
        _require(role["unit"].startswith(f"b:{role['province']}."), f"{role}: unit of another province")
        _require(bool(role["source"]) and role["confirmed"] in ("true", "false"), f"{role}: source or confirmed")
    for link in files.read(data / "body_links.csv", files.BODY_LINKS):
        day = date.fromisoformat(link["effective"])
        _require(_meets(link["from_key"], link["to_key"], day, spans), f"{link}: ends do not meet")
        _require(link["kind"] in ("succession", "divided"), f"{link}: kind")


def _check_body(body: Mapping[str, str], spans: Mapping[str, list[Span]]) -> None:
    key, (start, end) = body["key"], _dates(body)
    province, _, tail = body["code"].partition(".")
    _require(key == f"b:{body['code']}" and province in PROVINCES, f"{key}: key, code and province disagree")
    # The code drops what only says which province: "Đài Phát thanh và Truyền hình tỉnh".
    _require(
        re.fullmatch(re.escape(tail) + r"(-tinh)?(-nghe-an|-lang-son|-ha-nam)?", slug(body["name"])) is not None,
        f"{key}: the code does not spell the name {body['name']!r}",
    )
    _require(body["level"] in LEVELS and body["kind"] == body["kind"].lower() != "", f"{key}: level or kind")
    _require(_within((start, end or date.max), spans[body["parent"]]), f"{key}: parent is not valid throughout")
    _require(bool(body["source"]) and body["confirmed"] in ("true", "false"), f"{key}: source or confirmed")
    _require(all(unicodedata.is_normalized("NFC", cell) for cell in body.values()), f"{key}: not NFC")


def _spans(rows: Iterable[tuple[str, date, date | None]]) -> defaultdict[str, list[Span]]:
    """Each key's validities in order; two that overlap are an error."""
    spans: defaultdict[str, list[Span]] = defaultdict(list)
    for key, start, end in sorted(rows, key=lambda row: row[:2]):
        _require(start < (end or date.max), f"{key}: empty validity {start}")
        _require(not spans[key] or spans[key][-1][1] <= start, f"{key}: validities overlap at {start}")
        spans[key].append((start, end or date.max))
    return spans


def _within(span: Span, covers: list[Span]) -> bool:
    """Whether the covers, in order, leave no day of the span open."""
    reached = span[0]
    for start, end in covers:
        if start <= reached < end:
            reached = end
    return reached >= span[1]


def _meets(old: str, new: str, day: date, spans: Mapping[str, list[Span]]) -> bool:
    """The old one ends on the day; the new one lives on it."""
    return (
        bool(spans.get(old))
        and spans[old][-1][1] == day
        and any(start <= day < end for start, end in spans.get(new, []))
    )


def _province(row: UnitRow, alive: Mapping[str, UnitRow]) -> str:
    while row.parent:
        row = alive[row.parent]
    return row.code


def _dates(row: Mapping[str, str]) -> tuple[date, date | None]:
    end = row["valid_to"]
    return date.fromisoformat(row["valid_from"]), date.fromisoformat(end) if end else None


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise SystemExit(message)
