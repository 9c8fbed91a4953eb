"""Who hears of a step: roles on the ladder, resolved to units on the day of the step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.owed import Owed, spans_of
from models.plan import Plan
from models.selector import covering
from models.units import Units
from schedules.cadence import Occurrence
from schedules.zone import local_day


@dataclass(frozen=True, slots=True)
class To:
    """A receiving unit, in which role, and what the notice is to it: reminder, escalation or copy."""

    unit: str
    role: str
    kind: str


def recipients(step: Occurrence, owed: Owed, plan: Plan, units: Units) -> list[To]:
    """Everyone who hears of a step, each once; what would go to the late unit as its own superior goes one level up."""
    day = local_day(step.at)
    main = "reminder" if step.kind == "remind" else "escalation"
    found: dict[tuple[str, str], To] = {}
    for place, role in enumerate(step.to):
        for unit, as_role in _resolve(role, owed, plan, units, day):
            # Whoever is named first on a rung acts; those named after it are told.
            found.setdefault((unit, as_role), To(unit, as_role, main if place == 0 else "copy"))
    return list(found.values())


def _resolve(role: str, owed: Owed, plan: Plan, units: Units, day: date) -> Iterator[tuple[str, str]]:
    if role == "unit":
        yield owed.unit, "focal_point"
    elif role == "coordinating":
        yield from ((unit, "focal_point") for unit in _coordinating(owed, plan, units, day) if unit != owed.unit)
    elif role == "superior":
        yield _above(owed.unit, units, day, plan), "focal_point"
    elif role == "standing_office":
        holder = units.holder("standing_office", plan.province, day)
        if holder is not None and holder != owed.unit:
            yield holder, "standing_office"
        else:
            yield _above(owed.unit, units, day, plan), "focal_point"
    elif role == "chair":
        yield _province(plan, units, day), "chair"
    else:
        raise ValueError(f"a cadence names an unknown recipient: {role!r}")


def _coordinating(owed: Owed, plan: Plan, units: Units, day: date) -> list[str]:
    if owed.duty.coordinating is None:
        return []
    spans = spans_of(owed.duty.coordinating, units, plan.province)
    return sorted(unit for unit, days in spans.items() if covering(days, day))


def _above(unit: str, units: Units, day: date, plan: Plan) -> str:
    """The unit one level up; the province where nobody stands above."""
    return units.superior(unit, day) or _province(plan, units, day)


def _province(plan: Plan, units: Units, day: date) -> str:
    province = units.province(plan.province, day)
    if province is None:
        raise LookupError(f"province {plan.province} of plan {plan.code} does not exist on {day}")
    return province.key
