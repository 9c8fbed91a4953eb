"""What a plan asked for over time: each version that was applied, and each calendar, is a regime of its own.

A period opens under the regime of its opening. A later regime may move its dates, drop it, or ask for it again; what
was over before a regime began is not asked for by it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from models.calendars import Calendars
from models.change import Change
from models.owed import Key, Owed, owed_for, owing, periods
from models.plan import Duty, Plan
from models.units import Units
from models.versions import Versions, version_at
from models.words import ASKED_AGAIN, CALENDAR_MOVED, NOT_ASKED_ANY_MORE
from schedules.periods import Period
from schedules.workdays import WorkCalendar
from schedules.zone import local_day

Place = tuple[str, str]
"""(duty, period)"""


@dataclass(frozen=True, slots=True)
class Regime:
    """One version of a plan under one calendar, in force on `[since, until)`; None is without end."""

    since: datetime | None
    until: datetime | None
    plan: Plan
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True)
class Asked:
    """A period that is or was asked for.

    Attributes:
        duty: as it was last declared for this period.
        period: with the window with which it opened.
        changes: what later regimes changed about it.
        leads: each regime that asked for it, with the duty as it was declared then: its leads may differ.
        dropped: the regime in force no longer asks for it.
    """

    duty: Duty
    period: Period
    changes: tuple[Change, ...]
    leads: tuple[tuple[Regime, Duty], ...]
    dropped: bool

    @property
    def place(self) -> Place:
        return self.duty.code, self.period.key


def regimes(plan: Plan, versions: Versions, calendars: Calendars) -> tuple[Regime, ...]:
    """The regimes in order; the first one has always been in force. `plan` counts where no version is kept."""
    turns = sorted({at for at, _ in versions[1:]} | {at for at, _ in calendars.changes})
    starts: list[datetime | None] = [None, *turns]
    first = versions[0][1] if versions else plan
    return tuple(
        Regime(
            since, until, first if since is None or not versions else version_at(versions, since),
            calendars.first if since is None else calendars.at(since),
        )
        for since, until in zip(starts, [*turns, None], strict=True)
    )  # fmt: skip


def asked(known: Sequence[Regime], *, through: date, events: Iterable[tuple[str, date]]) -> list[Asked]:
    """Every period that opened by `through`: first those of the plan in force in its order, then what it dropped."""
    events = tuple(events)
    if len(known) == 1:
        only = known[0]
        return [Asked(duty, period, (), ((only, duty),), False) for duty, period in _periods(only, through, events)]
    entries: dict[Place, dict[int, tuple[Duty, Period]]] = defaultdict(dict)
    for number, regime in enumerate(known):
        for duty, period in _periods(regime, through, events):
            entries[duty.code, period.key][number] = (duty, period)
    found = {place: one for place, of in entries.items() if (one := _asked(known, of)) is not None}
    last = known[-1]
    order = [(duty.code, period.key) for duty, period in _periods(last, through, events)]
    return [found.pop(place) for place in order if place in found] + list(found.values())


def owed_of(one: Asked, units: Units, province: str) -> Sequence[Owed]:
    """Everyone who owed it at some time, sorted by unit key, each with what later regimes changed for it."""
    if _one_lead(one):
        owed = owed_for(one.duty, one.period, units, province)
        return [replace(each, turns=one.changes) for each in owed] if one.changes else owed
    named = [
        (regime, {each.unit: each for each in owed_for(replace(one.duty, lead=duty.lead), one.period, units, province)})
        for regime, duty in one.leads
    ]
    keys = sorted({unit for _, of in named for unit in of})
    return [found for unit in keys if (found := _owed(one, unit, named)) is not None]


def owing_of(one: Asked, units: Units, province: str) -> frozenset[Key]:
    """The keys of `owed_of`."""
    if _one_lead(one):
        return owing(one.duty, one.period, units, province)
    return frozenset(owed.key for owed in owed_of(one, units, province))


def _one_lead(one: Asked) -> bool:
    """Whether the same units had to under every regime."""
    first = one.leads[0][1].lead
    return all(duty.lead is first or duty.lead == first for _, duty in one.leads)


def _periods(regime: Regime, through: date, events: Iterable[tuple[str, date]]) -> Iterator[tuple[Duty, Period]]:
    """The periods of a regime that opened before its end."""
    last = through if regime.until is None else min(through, local_day(regime.until))
    for duty in regime.plan.duties:
        for period in periods(regime.plan, duty, through=last, events=events, calendar=regime.calendar):
            if regime.until is None or period.opens < regime.until:
                yield duty, period


def _asked(known: Sequence[Regime], entries: dict[int, tuple[Duty, Period]]) -> Asked | None:
    """One period through the regimes."""
    base: Period | None = None
    now: Period | None = None
    changes: list[Change] = []
    leads: list[tuple[Regime, Duty]] = []
    for number, regime in enumerate(known):
        if number not in entries:
            if base is not None and now is not None and regime.since is not None:
                changes.append(
                    Change("dropped", regime.since, 0, NOT_ASKED_ANY_MORE.format(version=regime.plan.version))
                )
                now = None
            continue
        duty, period = entries[number]
        if base is None:
            if (base := _opening(regime, period)) is None:
                continue
            leads.append((regime, duty))
        elif regime.since is not None:
            leads.append((regime, duty))
            if now is not None and _over(now, regime.since) and _over(period, regime.since):
                continue
            if (change := _change(known[number - 1], regime, duty, now, period)) is not None:
                changes.append(change)
        now = period
    if base is None:
        return None
    return Asked(leads[-1][1], base, tuple(changes), tuple(leads), dropped=now is None)


def _over(period: Period, instant: datetime) -> bool:
    """It was due by then: what a later regime would have made of it does not matter any more."""
    return period.due is not None and period.due <= instant


def _opening(regime: Regime, period: Period) -> Period | None:
    """The window with which a regime opens a period; None where the period was over before it began."""
    if regime.since is None or period.opens >= regime.since:
        return period
    return None if _over(period, regime.since) else replace(period, opens=regime.since)


def _change(before: Regime, regime: Regime, duty: Duty, now: Period | None, period: Period) -> Change | None:
    """What a regime changes about a period; None where everything stays. `now` is None where it had been dropped."""
    assert regime.since is not None
    if now is not None and (now.opens, now.due) == (period.opens, period.due):
        return None
    amended = regime.plan is not before.plan
    kind = "reinstated" if now is None else "amended" if amended else "recounted"
    why = ASKED_AGAIN.format(version=regime.plan.version) if now is None else regime.plan.title
    citation = (
        str(duty.citation) if amended else "; ".join(dict.fromkeys(row.citation for row in regime.calendar.office))
    )
    return Change(
        kind, regime.since, 0, why if amended else CALENDAR_MOVED, citation, wide=True,
        opens=period.opens if now is not None and now.opens != period.opens else None, due=period.due,
        moves_due=now is None or now.due != period.due, counted=period.reckoning,
    )  # fmt: skip


def _owed(one: Asked, unit: str, named: Sequence[tuple[Regime, dict[str, Owed]]]) -> Owed | None:
    """A unit's obligation where the leads changed: it begins, ends and begins again with the regimes."""
    base = named[0][1].get(unit)
    held = base is not None
    turns: list[Change] = []
    for regime, of in named[1:]:
        owed, since = of.get(unit), regime.since
        assert since is not None
        if base is None and owed is not None and (owed.due is None or owed.due > since):
            base, held = replace(owed, opens=max(owed.opens, since)), True
        elif base is not None and (owed is not None) != held:
            held = owed is not None
            kind, why = ("reinstated", ASKED_AGAIN) if held else ("dropped", NOT_ASKED_ANY_MORE)
            turns.append(Change(kind, since, 0, why.format(version=regime.plan.version), wide=True))
    return replace(base, turns=tuple(sorted((*one.changes, *turns), key=lambda c: c.at))) if base else None
