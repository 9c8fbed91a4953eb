"""What one recipient is told at once: its notices, as the sections of a digest."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from channels.digest import Digest, Line, Reckoning, Step
from models.owed import Key
from models.plan import Plan
from models.settings import Settings
from models.status import Standing, shown
from models.units import Units
from models.words import ROLE_SHOWN
from schedules.words import day_shown, period_shown
from schedules.zone import local_day
from tasks.reckoning import decided, reckoned
from tasks.waiting import Open, Waiting

SECTIONS = ("overdue", "due", "subordinates", "copies")


def digest_of(
    to: tuple[str, str],
    notices: Sequence[Waiting],
    standing: Open,
    plans: Mapping[str, Plan],
    units: Mapping[str, Units],
    settings: Settings,
    *,
    as_of: datetime,
    number: str,
    link: str | None = None,
    unsubscribe: str | None = None,
) -> Digest:
    """One recipient's digest: its own late and coming duties, late units below it, copies for information.

    Args:
        link: the recipient's own link to the portal.
        unsubscribe: the person's link that stops copies; it stands only in a message of nothing but copies.
    """
    recipient, role = to
    sections: dict[str, dict[tuple[str, Key], _Told]] = {name: {} for name in SECTIONS}
    for one in notices:
        where = standing[one.key]
        line = _line(where, units[plans[one.plan].province], as_of)
        sections[_section(one, where)][one.key] = (one.plan, where, line)
    ordered = {name: _worst_first(told.values()) for name, told in sections.items()}
    every = [one for told in ordered.values() for one in told]
    told_apart = _told_apart(every, plans, units, as_of)
    first = plans[notices[0].plan] if notices else next(iter(plans.values()))
    receiver = units[first.province].nearest(recipient, local_day(as_of))
    return Digest(
        recipient_name=receiver.addressed, role=ROLE_SHOWN[role], as_of=as_of,
        office=_office(first, units[first.province], as_of), notice_number=number,
        portal_url=link, simulated=settings.simulated, reckonings=_reckonings(every),
        unsubscribe_url=unsubscribe if copies_alone(notices) else None,
        **{name: tuple(told_apart(one) for one in told) for name, told in ordered.items()},
    )  # fmt: skip


def copies_alone(notices: Iterable[Waiting]) -> bool:
    """Whether there is nothing among these but what is sent for information."""
    return all(one.kind == "copy" for one in notices)


_Told = tuple[str, Standing, Line]
"""(plan code, the obligation, what is said of it)"""


def _section(one: Waiting, where: Standing) -> str:
    if one.recipient == one.unit:
        return "overdue" if where.state == "overdue" else "due"
    return "subordinates" if one.step.startswith("escalate") else "copies"


def _worst_first(told: Iterable[_Told]) -> list[_Told]:
    """The longest late, or the soonest due, first."""
    return sorted(told, key=lambda one: (one[1].owed.due is None, one[1].owed.due, one[2].unit_name))


def _told_apart(
    every: Iterable[_Told], plans: Mapping[str, Plan], units: Mapping[str, Units], as_of: datetime
) -> Callable[[_Told], Line]:
    """Lines whose units share a name say under whom each stands: communes of two districts are often called alike."""
    day = local_day(as_of)
    called: dict[str, set[str]] = defaultdict(set)
    for _, where, line in every:
        called[line.unit_name].add(where.owed.unit)

    def told_apart(one: _Told) -> Line:
        plan, where, line = one
        tree = units[plans[plan].province]
        above = tree.superior(where.owed.unit, day)
        if above is None or len(called[line.unit_name]) == 1:
            return line
        return replace(line, unit_name=f"{line.unit_name} ({tree.name(above, day)})")

    return told_apart


def _reckonings(told: Sequence[_Told]) -> tuple[Reckoning, ...]:
    return tuple(
        Reckoning(
            one.duty.title, period_shown(one.period.key), _day(one.period.last_day),
            tuple(Step(step.why, step.article) for step in one.steps),
        )
        for one in reckoned((plan, where) for plan, where, _ in told)
        if one.steps
    )  # fmt: skip


def _line(where: Standing, units: Units, as_of: datetime) -> Line:
    owed = where.owed
    return Line(
        unit_name=units.nearest(owed.unit, local_day(as_of)).addressed,
        duty_title=owed.duty.title,
        period=period_shown(owed.period.key),
        due=_day(owed.period.last_day),
        status=_status(where, as_of),
        citation=str(owed.duty.citation),
        note=decided(where),
    )


def _day(last: date | None) -> str | None:
    return day_shown(last) if last else None


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
