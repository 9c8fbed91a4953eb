"""Units that a plan asks something of, or tells of others, and that nobody can be written to in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from channels.channel import channel_of
from models.people import Contact, contacts
from models.plan import Plan
from models.record import read_record
from models.settings import Settings
from models.status import RUNNING, standings
from models.units import Units
from models.words import NO_CONTACT, ONLY_CLOSED_CHANNELS, ONLY_GIVEN_UP
from schedules.zone import local_day

ASKED = RUNNING | {"not_open", "submitted", "returned", "undecided"}
"""States in which something is, or will be, asked of a unit."""
CHANNEL_SHOWN = {"email": "thư điện tử", "zns": "Zalo (ZNS)", "zbot": "Zalo Bot", "apprise": "kênh khác"}


@dataclass(frozen=True, slots=True)
class Unreached:
    """A unit that cannot be written to. `name` tells where it lies; `why` is Vietnamese."""

    unit: str
    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.name}: {self.why}"


def unreachable(
    db: sa.Connection, plans: Mapping[str, Plan], units: Mapping[str, Units], settings: Settings, *, as_of: datetime
) -> list[Unreached]:
    """Those units, by name: without a contact, with given-up addresses only, or only by ways not configured.

    Args:
        units: the tree of each plan's province, by its code.
    """
    day, book, open_channels = local_day(as_of), contacts(db), channels_of(settings)
    found: dict[str, Unreached] = {}
    for plan in plans.values():
        tree = units[plan.province]
        for key in _written_to(db, plan, tree, as_of):
            why = _why(book.get(key, ()), open_channels)
            if why and tree.at(key, day) is not None:
                found[key] = Unreached(key, _name(key, tree, day), why)
    return sorted(found.values(), key=lambda one: (one.name, one.unit))


def channels_of(settings: Settings) -> frozenset[str]:
    """The channels that this engine can send through; the development mailbox counts as email."""
    open_now = {"apprise"}
    if settings.smtp_url is not None or settings.mailbox_only:
        open_now.add("email")
    if settings.zalo.configured:
        open_now.add("zns")
    if settings.zalo.bot_configured:
        open_now.add("zbot")
    return frozenset(open_now)


def _written_to(db: sa.Connection, plan: Plan, units: Units, as_of: datetime) -> set[str]:
    """Whoever owes something, stands above one of those, or holds a role on the ladder."""
    day, record = local_day(as_of), read_record(db, plan, as_of=as_of)
    asked = {
        one.owed.unit
        for part in standings(plan, units, record, as_of=as_of)
        for one in part.standings
        if one.state in ASKED
    }
    province = units.province(plan.province, day)
    above = {units.superior(key, day) for key in asked}
    others = {units.holder("standing_office", plan.province, day), province.key if province else None}
    return asked | {key for key in above | others if key is not None}


def _why(people: Sequence[Contact], open_channels: Collection[str]) -> str:
    """Why nobody of these can be written to; "" where somebody can."""
    if not people:
        return NO_CONTACT
    usable = [address for one in people for address in one.addresses if not address.disabled]
    if not usable:
        why = "; ".join(sorted({address.disabled for one in people for address in one.addresses}))
        return ONLY_GIVEN_UP.format(why=why) if why else NO_CONTACT
    ways = {channel_of(address.url) for address in usable}
    return "" if ways & set(open_channels) else ONLY_CLOSED_CHANNELS.format(channels=_shown(ways))


def _shown(ways: Iterable[str]) -> str:
    return ", ".join(CHANNEL_SHOWN[one] for one in sorted(ways))


def _name(key: str, units: Units, day: date) -> str:
    unit = units.nearest(key, day)
    above = units.name(unit.parent, day) if unit.level == "commune" and unit.parent else ""
    return f"{unit.addressed} ({above})" if above else unit.addressed
