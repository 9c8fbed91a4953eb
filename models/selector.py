"""Who owes a duty: a rule that names units on any day, never a list typed in by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from models.units import BODY_LEVELS, LEVELS, Unit, Units

Span = tuple[date, date | None]
"""Days `[from, to)` during which a unit is named; `to` is None while it has no end."""


@dataclass(frozen=True)
class Pick:
    """Units of one level, or one body, or the holder of a role, or a group; within days of the rule's own.

    Attributes:
        label: what people call them, in Vietnamese.
        level, kinds, body, role, group: which units (a body by its code without the province).
        since, until: the rule itself holds on `[since, until)`.
        assumption: why the rule is read that way, where the source does not say; shown to people.
    """

    label: str
    level: str | None = None
    kinds: tuple[str, ...] = ()
    body: str | None = None
    role: str | None = None
    group: str | None = None
    since: date | None = None
    until: date | None = None
    assumption: str = ""

    def names(self, unit: Unit) -> bool:
        """Whether this version of a unit is one of those named, whatever the day."""
        if self.body is not None:
            return unit.code == f"{unit.province}.{self.body}"
        if self.group is not None:
            return self.group in unit.groups
        return unit.level == self.level and (not self.kinds or unit.kind in self.kinds)


@dataclass(frozen=True)
class Selector:
    """One or several picks: `departments() | districts() | communes()`."""

    picks: tuple[Pick, ...]

    def __or__(self, other: "Selector") -> "Selector":
        return Selector(self.picks + other.picks)

    def spans(self, units: Units, province: str) -> dict[str, tuple[Span, ...]]:
        """For each unit ever named, the days on which it is, joined where one span follows on another."""
        found: dict[str, list[Span]] = {}
        for pick in self.picks:
            for key, days in named_by(pick, units, province):
                found.setdefault(key, []).append(days)
        return {key: _joined(spans) for key, spans in found.items()}

    def on(self, units: Units, province: str, day: date) -> list[str]:
        """The keys of the units that are named on `day`, sorted."""
        return sorted(key for key, spans in self.spans(units, province).items() if covering(spans, day))

    def nobody(self, units: Units, province: str, day: date) -> list[str]:
        """The labels of the picks that hold on `day` but name no unit: lists that the office still has to give."""
        return [
            pick.label
            for pick in self.picks
            if covering(((pick.since or date.min, pick.until),), day)
            and not any(covering((days,), day) for _, days in named_by(pick, units, province))
        ]

    @property
    def label(self) -> str:
        return "; ".join(dict.fromkeys(pick.label for pick in self.picks))

    @property
    def assumptions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(pick.assumption for pick in self.picks if pick.assumption))

    def problems(self, units: Units, province: str) -> list[str]:
        """What a plan check has to say about the rule: levels and bodies that nobody knows."""
        return [problem for pick in self.picks for problem in _problems(pick, units, province)]


@lru_cache(maxsize=256)
def named_by(pick: Pick, units: Units, province: str) -> tuple[tuple[str, Span], ...]:
    """(unit key, days) for each version of a unit, or holder of the role, that a pick names. Remembered."""
    held: Iterable[tuple[str, date, date | None]]
    if pick.role is not None:
        held = (
            (r.unit, r.valid_from, r.valid_to) for r in units.roles if (r.role, r.province) == (pick.role, province)
        )
    else:
        held = ((u.key, u.valid_from, u.valid_to) for u in units if u.province == province and pick.names(u))
    rule = (pick.since or date.min, pick.until)
    return tuple((key, days) for key, start, end in held if (days := _overlap((start, end), rule)) is not None)


def covering(spans: Iterable[Span], day: date) -> Span | None:
    """The span that holds `day`, None if there is none."""
    return next((s for s in spans if s[0] <= day and (s[1] is None or day < s[1])), None)


def level(
    name: str,
    label: str,
    *,
    kinds: tuple[str, ...] = (),
    since: date | None = None,
    until: date | None = None,
    assumption: str = "",
) -> Selector:
    """Every unit of a level: `level("district", "UBND cấp huyện")`."""
    return Selector((Pick(label, level=name, kinds=kinds, since=since, until=until, assumption=assumption),))


def body(
    code: str, label: str, *, since: date | None = None, until: date | None = None, assumption: str = ""
) -> Selector:
    """One department or other body of the province, by its code: `body("so-noi-vu", "Sở Nội vụ")`."""
    return Selector((Pick(label, body=code, since=since, until=until, assumption=assumption),))


def role(name: str, label: str) -> Selector:
    """Whoever holds a role: `role("standing_office", "Cơ quan Thường trực Ban Chỉ đạo")`."""
    return Selector((Pick(label, role=name),))


def group(name: str, label: str) -> Selector:
    """The units that an office has put into a group when importing them."""
    return Selector((Pick(label, group=name),))


def _problems(pick: Pick, units: Units, province: str) -> list[str]:
    if pick.level is not None and pick.level not in LEVELS:
        return [f"cấp «{pick.level}» không có; dùng một trong: {', '.join(LEVELS)}"]
    if pick.role is not None and not named_by(pick, units, province):
        known = sorted({r.role for r in units.roles if r.province == province})
        held = ", ".join(known) or "chưa có"
        return [f"vai trò «{pick.role}» chưa giao cho đơn vị nào của tỉnh {province}; hiện có: {held}"]
    if pick.body is not None and not any(u.province == province and pick.names(u) for u in units):
        known = sorted({u.code.partition(".")[2] for u in units if u.province == province and u.level in BODY_LEVELS})
        return [f"cơ quan «{pick.body}» không có trong danh sách của tỉnh {province}; hiện có: {', '.join(known)}"]
    if pick.since and pick.until and pick.since >= pick.until:
        return [
            f"quy tắc «{pick.label}» bắt đầu {pick.since:%d/%m/%Y} nhưng đã hết hiệu lực trước {pick.until:%d/%m/%Y}"
        ]
    return []


def _overlap(a: Span, b: Span) -> Span | None:
    start = max(a[0], b[0])
    ends = [end for end in (a[1], b[1]) if end is not None]
    end = min(ends) if ends else None
    return (start, end) if end is None or start < end else None


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        last = joined[-1] if joined else None
        if last is not None and (last[1] is None or start <= last[1]):
            joined[-1] = (last[0], None if last[1] is None or end is None else max(last[1], end))
        else:
            joined.append((start, end))
    return tuple(joined)
