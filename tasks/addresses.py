"""Where a recipient is written to, resolved when the letter leaves: roles change hands, units end, people are away."""

from collections.abc import Mapping, Sequence
from datetime import date

from models.people import Address, Contact
from models.plan import Plan
from models.settings import Settings
from models.units import Units

To = tuple[str, str]
"""(unit key, role)"""


def receiver(to: To, plan: Plan, units: Units, day: date) -> To | None:
    """Who receives on `day` what was planned for `to`: the role's holder then; None for a unit that has ended."""
    unit, role = to
    if role == "standing_office":
        unit = units.holder(role, plan.province, day) or unit
    elif role == "chair" and (province := units.province(plan.province, day)) is not None:
        unit = province.key
    return (unit, role) if units.at(unit, day) is not None else None


def addresses(to: To, book: Mapping[str, list[Contact]], settings: Settings, *, day: date) -> list[Contact]:
    """Who is written to on `day`: a recipient's contacts in that role, else its focal points, else all of them.

    Whoever is away is replaced by the deputy. Contacts whose every address was given up stand back behind others.
    While only the development mailbox is there, a unit without a contact gets an address that leads nowhere else.
    """
    unit, role = to
    known = book.get(unit, [])
    if not known:
        return [_made_up(unit, role)] if settings.mailbox_only else []
    chosen = _in_role(role, [one for one in known if one.reachable] or known)
    present = _present(chosen, known, day)
    # Somebody hears of it: others of the unit who are there, or else the one who is away.
    return present or _present([one for one in known if one.reachable and one not in chosen], known, day) or chosen


def _in_role(role: str, known: list[Contact]) -> list[Contact]:
    for wanted in (role, "focal_point"):
        if chosen := [one for one in known if one.role == wanted]:
            return chosen
    return known


def _present(chosen: Sequence[Contact], known: Sequence[Contact], day: date) -> list[Contact]:
    """Each of them or its deputy, once."""
    by_id = {one.id: one for one in known}
    found: list[Contact] = []
    for one in chosen:
        stands_in = _stand_in(one, by_id, day)
        if stands_in is not None and stands_in not in found:
            found.append(stands_in)
    return found


def _stand_in(one: Contact, by_id: Mapping[int | None, Contact], day: date) -> Contact | None:
    """Who is there in its place, itself included; None where the line of deputies ends with somebody away."""
    passed: set[int | None] = set()
    while one.away(day) or not one.reachable:
        passed.add(one.id)
        if one.deputy is None or one.deputy in passed or one.deputy not in by_id:
            return None
        one = by_id[one.deputy]
    return one


def _made_up(unit: str, role: str) -> Contact:
    local = unit.replace(":", "-") + ("" if role == "focal_point" else f"+{role.replace('_', '-')}")
    return Contact(unit, "", role, (Address(f"mailto://{local}@hop-thu-thu.invalid"),))
