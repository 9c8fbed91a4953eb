"""How due dates came about, told once for everybody who shares them, and what was decided for some beside the others.

The steps of one unit's reckoning are those of its `Standing.owed.period`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from models.change import DECISIONS
from models.plan import Duty
from models.status import Standing
from schedules.periods import Explanation, Period

OWN_DECISIONS = Explanation("Một số đơn vị có quyết định riêng, ghi tại dòng của từng đơn vị", "Nhật ký")
MOVES = ("extended", "corrected", "amended", "recounted")
TOLD = (*DECISIONS, "amended", "recounted")


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How one due date of a duty and period came about: the steps that all who share it have in common."""

    duty: Duty
    period: Period
    steps: tuple[Explanation, ...]


def explained(period: Period) -> list[dict[str, str]]:
    """The steps as plain values."""
    return [{"why": step.why, "article": step.article} for step in period.explain]


def brief(period: Period) -> str:
    """The steps in one line, without what they rest on."""
    return "; ".join(step.why for step in period.explain)


def reckoned(found: Iterable[tuple[str, Standing]]) -> list[Reckoned]:
    """One for each plan, duty, period and due date, in the order in which they come.

    Args:
        found: (plan code, standing) of each obligation.
    """
    groups: dict[tuple[str, str, str, datetime | None], dict[int, Standing]] = {}
    for plan, one in found:
        of_date = groups.setdefault((plan, *one.owed.key[:2], one.owed.due), {})
        of_date[id(one.owed.period)] = one  # units about which nothing was decided share their period
    every = (list(of_date.values()) for of_date in groups.values())
    return [Reckoned(some[0].owed.duty, some[0].owed.period, _shared_steps(some)) for some in every]


def decided(one: Standing) -> str:
    """What was decided about an obligation, in words, as far as it still matters: the last date, the last pause."""
    told: dict[str, tuple[int, str]] = {}
    for place, step in enumerate(one.owed.period.explain):
        if step.step in TOLD:
            told["moved" if step.step in MOVES else step.step] = (place, _done(step))
    text = "; ".join(text for _, text in sorted(told.values()))
    return text[:1].upper() + text[1:]


def _shared_steps(some: Sequence[Standing]) -> tuple[Explanation, ...]:
    ways = [one.owed.period.explain for one in some]
    alike = takewhile(lambda steps: len(set(steps)) == 1, zip(*ways, strict=False))
    shared = tuple(steps[0] for steps in alike)
    return shared if all(len(way) == len(shared) for way in ways) else (*shared, OWN_DECISIONS)


def _done(step: Explanation) -> str:
    return step.why if step.step in ("amended", "recounted") else f"đã {step.why[0].lower()}{step.why[1:]}"
