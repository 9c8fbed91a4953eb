"""What became of what: successions into the 2-tier era, and codes that changed name or kind within the 3-tier one."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from units.eras import TWO_TIER, Eras


@dataclass(frozen=True, order=True)
class Link:
    """One line of unit_links.csv.

    kind: succession; divided (one of several successors, an officer decides); same_code (cùng mã, cần xác nhận).
    """

    from_key: str
    to_key: str
    effective: date
    kind: str
    estimated: bool


def links(eras: Eras, overrides: Path) -> list[Link]:
    source = eras.source
    pairs = corrected(source.commune_links, json.loads(overrides.read_text("utf-8"))) | source.province_links
    successors = Counter(old for old, _ in pairs)
    found = [
        Link(eras.key_after(old), f"n:{new}", TWO_TIER, "divided" if successors[old] > 1 else "succession", False)
        for old, new in pairs
    ]
    found += [
        Link(f"g1:{code}", f"g2:{code}", eras.change_day(code), "same_code", True)
        for code in source.before
        if code in source.after and not eras.same(code)
    ]
    return sorted(found)


def corrected(pairs: frozenset[tuple[str, str]], overrides: dict[str, list[list[str]]]) -> frozenset[tuple[str, str]]:
    """First drop, then add. A correction that no longer corrects anything is an error, so the file cannot rot."""
    drop = {(old, new) for old, new in overrides["drop"]}
    add = {(old, new) for old, new in overrides["add"]}
    if drop - pairs or add & pairs:
        raise SystemExit(f"overrides without effect: drop {sorted(drop - pairs)}, add {sorted(add & pairs)}")
    return (pairs - drop) | add
