"""Where a recipient is written to, resolved when the letter leaves: roles change hands, units end."""

from collections.abc import Mapping
from datetime import date

from models.people import Contact
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


def addresses(to: To, book: Mapping[str, list[Contact]], settings: Settings) -> list[Contact]:
    """A recipient's contacts in that role, else its focal points, else all of them.

    While only the development mailbox is there, a unit without a contact gets an address that leads nowhere else.
    """
    unit, role = to
    known = book.get(unit, [])
    for wanted in (role, "focal_point"):
        if chosen := [one for one in known if one.role == wanted]:
            return chosen
    if known or not settings.mailbox_only:
        return known
    local = unit.replace(":", "-") + ("" if role == "focal_point" else f"+{role.replace('_', '-')}")
    return [Contact(unit, "", role, f"{local}@hop-thu-thu.invalid")]
