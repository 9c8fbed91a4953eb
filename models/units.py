"""Units over time: who existed when, under whom, and who took over from whom.

A unit's key carries its era, because codes are reused for other territories: `g1:CODE` (three tiers until the
mergers of 2024–2025), `g2:CODE` (three tiers after them), `n:CODE` (two tiers from 1/7/2025), `b:CODE` for
departments and other bodies. One key may have several versions, one after another, for example when its
parent changed. Validity is half-open: `[valid_from, valid_to)`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from models.refusal import Refusal, unknown

TWO_TIERS = date(2025, 7, 1)
"""The day the district level ended: Nghị quyết 203/2025/QH15."""

TERRITORY_LEVELS = ("province", "district", "commune")
BODY_LEVELS = ("department", "party_body", "organisation", "public_unit", "enterprise")
LEVELS = TERRITORY_LEVELS + BODY_LEVELS


@dataclass(frozen=True, slots=True)
class Unit:
    """One version of a unit. `province` is the GSO code of the province it lies in, e.g. "40"."""

    key: str
    code: str
    name: str
    kind: str
    level: str
    parent: str | None
    province: str
    valid_from: date
    valid_to: date | None
    source: str = ""
    confirmed: bool = True
    estimated: bool = False
    groups: frozenset[str] = frozenset()

    def alive(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def addressed(self) -> str:
        """How a letter addresses it: a territory is written to through its people's committee."""
        return f"UBND {self.name[0].lower()}{self.name[1:]}" if self.level in TERRITORY_LEVELS else self.name


@dataclass(frozen=True, slots=True)
class UnitLink:
    """`from_key` was followed by `to_key` on `effective`; `kind` says how (succession, divided, same_code…)."""

    from_key: str
    to_key: str
    effective: date
    kind: str
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class UnitRole:
    """A dated role held by a unit in a province, for example `standing_office`."""

    role: str
    province: str
    unit: str
    valid_from: date
    valid_to: date | None
    source: str = ""
    confirmed: bool = True

    def alive(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Units:
    """The tree of units over time, for one province or for the country. Immutable."""

    def __init__(
        self, versions: Iterable[Unit], *, roles: Iterable[UnitRole] = (), links: Iterable[UnitLink] = ()
    ) -> None:
        self._versions: dict[str, list[Unit]] = defaultdict(list)
        for unit in versions:
            self._versions[unit.key].append(unit)
        for same_key in self._versions.values():
            same_key.sort(key=lambda unit: unit.valid_from)
        self.roles = tuple(roles)
        self.links = tuple(links)

    def __iter__(self) -> Iterator[Unit]:
        """Every version of every unit."""
        for same_key in self._versions.values():
            yield from same_key

    def __contains__(self, key: str) -> bool:
        return key in self._versions

    def alive(self, day: date) -> list[Unit]:
        """The units that exist on `day`, sorted by key."""
        return sorted((unit for unit in self if unit.alive(day)), key=lambda unit: unit.key)

    def at(self, key: str, day: date) -> Unit | None:
        """The version of `key` that is valid on `day`, None if it does not exist then."""
        return next((unit for unit in self._versions.get(key, ()) if unit.alive(day)), None)

    def nearest(self, key: str, day: date) -> Unit:
        """The version valid on `day`, or else the one closest to it: for naming units that have ended."""
        versions = self._versions[key]
        return self.at(key, day) or (versions[0] if day < versions[0].valid_from else versions[-1])

    def name(self, key: str, day: date) -> str:
        return self.nearest(key, day).name

    def superior(self, key: str, day: date) -> str | None:
        """The key of the unit directly above `key` on `day`."""
        return self.nearest(key, day).parent

    def role(self, name: str, province: str, day: date) -> UnitRole | None:
        """Who holds a role in a province on `day`, and whether that is confirmed."""
        return next((r for r in self.roles if r.role == name and r.province == province and r.alive(day)), None)

    def holder(self, role: str, province: str, day: date) -> str | None:
        """The key of the unit that holds `role` in `province` on `day`."""
        held = self.role(role, province, day)
        return held.unit if held else None

    def province(self, code: str, day: date) -> Unit | None:
        """The province with the GSO code `code` on `day`."""
        return next(
            (unit for unit in self._by_code.get(code, ()) if unit.level == "province" and unit.alive(day)), None
        )

    def within(self, key: str, level: str, day: date) -> str | None:
        """The key of the unit of `level` in which `key` lies on `day` (itself counts), None if there is none."""
        current: str | None = key
        while current is not None and current in self._versions:
            unit = self.nearest(current, day)
            if unit.level == level:
                return current
            current = unit.parent
        return None

    def find(self, text: str, day: date) -> Unit:
        """The unit that `text` names: a key, or a bare code that is unambiguous on `day`.

        Raises:
            Refusal: nobody has that key or code, or nobody has it on that day.
        """
        given = text.strip()
        if given in self._versions:
            return self.nearest(given, day)
        same_code = self._by_code.get(given, ())
        living = [unit for unit in same_code if unit.alive(day)]
        if len(living) == 1:
            return living[0]
        if len(living) > 1:
            raise Refusal(f"Mã «{given}» chỉ nhiều đơn vị: {', '.join(u.key for u in living)}. Ghi rõ khóa đơn vị.")
        if same_code:
            spans = "; ".join(f"{u.key} {u.name} ({span(u.valid_from, u.valid_to)})" for u in same_code)
            raise Refusal(
                f"Mã «{given}» không có đơn vị nào vào ngày {day:%d/%m/%Y}. Từng có: {spans}. Ghi rõ khóa đơn vị."
            )
        raise unknown("đơn vị", given, list(self._versions) + list(self._by_code), hint="Xem «dondoc units list».")

    def successors(self, key: str) -> list[UnitLink]:
        return [link for link in self.links if link.from_key == key]

    @cached_property
    def _by_code(self) -> dict[str, list[Unit]]:
        by_code: dict[str, list[Unit]] = defaultdict(list)
        for unit in self:
            by_code[unit.code].append(unit)
        return by_code


def span(valid_from: date, valid_to: date | None) -> str:
    """ "01/01/2021–30/06/2025", with the last day on which it holds."""
    end = "nay" if valid_to is None else f"trước {valid_to:%d/%m/%Y}"
    return f"{valid_from:%d/%m/%Y} – {end}"
