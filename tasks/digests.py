"""What one recipient is told at once: its notices, as the sections of a digest."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from channels.digest import Digest, Line
from models.plan import Plan
from models.settings import Settings
from models.status import Standing, shown
from models.units import Units
from models.words import ROLE_SHOWN
from schedules.words import day_shown, period_shown
from schedules.zone import local_day
from tasks.waiting import Open, Waiting


def digest_of(
    to: tuple[str, str],
    notices: Sequence[Waiting],
    standing: Open,
    plans: Mapping[str, Plan],
    units: Mapping[str, Units],
    settings: Settings,
    *,
    as_of: datetime,
    slot: str,
) -> Digest:
    """One recipient's digest: its own late and coming duties, late units below it, copies for information."""
    recipient, role = to
    sections: dict[str, list[tuple[Standing, Line]]] = {"overdue": [], "due": [], "subordinates": [], "copies": []}
    for one in notices:
        where = standing[one.key]
        line = _line(where, units[plans[one.plan].province], as_of)
        sections[_section(one, where)].append((where, line))
    first = plans[notices[0].plan]
    receiver = units[first.province].nearest(recipient, local_day(as_of))
    return Digest(
        recipient_name=receiver.addressed, role=ROLE_SHOWN[role], as_of=as_of,
        office=_office(first, units[first.province], as_of), notice_number=f"{recipient}/{slot}",
        portal_url=None,  # the portal takes no reports yet, and its address is this machine's own
        simulated=settings.simulated,
        **{name: _worst_first(lines) for name, lines in sections.items()},
    )  # fmt: skip


def _section(one: Waiting, where: Standing) -> str:
    if one.recipient == one.unit:
        return "overdue" if where.state == "overdue" else "due"
    return "subordinates" if one.step.startswith("escalate") else "copies"


def _worst_first(lines: list[tuple[Standing, Line]]) -> tuple[Line, ...]:
    """The longest late, or the soonest due, first; one line for each unit and duty."""
    ordered = sorted(lines, key=lambda pair: (pair[0].owed.due is None, pair[0].owed.due, pair[1].unit_name))
    return tuple(dict.fromkeys(line for _, line in ordered))


def _line(where: Standing, units: Units, as_of: datetime) -> Line:
    owed = where.owed
    last = owed.period.last_day
    return Line(
        unit_name=units.nearest(owed.unit, local_day(as_of)).addressed,
        duty_title=owed.duty.title,
        period=period_shown(owed.period.key),
        due=day_shown(last) if last else None,
        status=_status(where, as_of),
        citation=str(owed.duty.citation),
        note="",
    )


def _status(where: Standing, as_of: datetime) -> str:
    last = where.owed.period.last_day
    if where.state == "overdue" or last is None:
        return shown(where, as_of=as_of)
    left = (last - local_day(as_of)).days
    return f"Còn {left} ngày (đến hết {day_shown(last)})" if left else f"Hôm nay là ngày cuối ({day_shown(last)})"


def _office(plan: Plan, units: Units, as_of: datetime) -> str:
    """Who writes: the standing office, by its unit's name only where an office has confirmed it; else the issuer."""
    held = units.role("standing_office", plan.province, local_day(as_of))
    if held is None:
        return plan.issuer
    name = f" ({units.name(held.unit, local_day(as_of))})" if held.confirmed else ""
    return f"{ROLE_SHOWN['standing_office']}{name}"
