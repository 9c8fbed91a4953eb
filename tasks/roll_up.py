"""Rolling up: where a plan stands by duty, by unit, by district or by province, at any instant."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from models.plan import Plan
from models.record import read_record
from models.refusal import Refusal
from models.status import PeriodStandings, Standing, days_late, shown, standings, tally
from models.units import TWO_TIERS, Units
from models.versions import in_force
from models.words import PROVINCE_LEVEL
from schedules.periods import Period
from schedules.zone import local_day
from tasks.reckoning import explained

BY = ("duty", "unit", "district", "province")


def status(
    db: sa.Connection, plan: Plan, units: Units, *, by: str, as_of: datetime, known_at: datetime | None = None,
    explain: bool = False,
) -> list[dict[str, Any]]:  # fmt: skip
    """The rows of the status table.

    Args:
        explain: how each row's dates came about too, step by step: a unit's own, else the period's.

    Raises:
        Refusal: by district after the district level ended.
    """
    day = local_day(as_of)
    if by == "district" and day >= TWO_TIERS:
        raise Refusal(
            f"Từ {TWO_TIERS:%d/%m/%Y} không còn cấp huyện (Nghị quyết 203/2025/QH15), "
            "nên không xếp theo huyện được. Dùng --by unit."
        )
    plan = in_force(db, plan, as_of=min(as_of, known_at or as_of))
    record = read_record(db, plan, as_of=as_of, known_at=known_at)
    parts = standings(plan, units, record, as_of=as_of)
    rows = ((row, period) for part in parts for row, period in _rows(part, by, units, as_of))
    return [row | {"explain": explained(period)} if explain else row for row, period in rows]


def _rows(part: PeriodStandings, by: str, units: Units, as_of: datetime) -> Iterator[tuple[dict[str, Any], Period]]:
    """The rows of one duty and period, each with the period whose dates it shows."""
    if by == "duty":
        yield _row(part, part.standings), part.period
    elif by == "unit":
        yield from ((unit_row(part, one, units, as_of), one.owed.period) for one in part.standings)
    else:
        day = local_day(as_of)
        yield from ((row, part.period) for row in _grouped(part, _place(by, units, day), units, day))


def _row(part: PeriodStandings, standings: tuple[Standing, ...] | list[Standing], **unit: str) -> dict[str, Any]:
    return {
        "duty": part.duty.code, "title": part.duty.title, "period": part.period.key, **unit,
        "opens": part.period.opens.isoformat(), "due": part.period.due.isoformat() if part.period.due else None,
        **tally(standings), "notes": list(part.notes),
    }  # fmt: skip


def unit_row(part: PeriodStandings, one: Standing, units: Units, as_of: datetime) -> dict[str, Any]:
    """One unit's row of the status table, with its own dates."""
    unit = units.nearest(one.owed.unit, local_day(as_of))
    return _row(part, [one], unit=unit.key, name=unit.name) | {
        "opens": one.owed.opens.isoformat(), "due": one.owed.due.isoformat() if one.owed.due else None,
        "confirmed": unit.confirmed, "state": one.state, "shown": shown(one, as_of=as_of),
        "days_late": days_late(one, as_of=as_of) if one.state == "overdue" else 0,
        "submitted_at": one.submitted_at.isoformat() if one.submitted_at else None,
    }  # fmt: skip


def _grouped(
    part: PeriodStandings, place: Callable[[str], str | None], units: Units, day: date
) -> Iterator[dict[str, Any]]:
    groups: dict[str, list[Standing]] = defaultdict(list)
    for one in part.standings:
        groups[place(one.owed.unit) or ""].append(one)
    for key in sorted(groups):
        name = units.name(key, day) if key else PROVINCE_LEVEL
        yield _row(part, groups[key], unit=key, name=name)


def _place(by: str, units: Units, day: date) -> Callable[[str], str | None]:
    """Under which district, or province, a unit's row stands; None for what has no district above it.

    A province is the one of the asked day, also for units that ended under its former key.
    """

    def place(unit: str) -> str | None:
        if by == "district":
            return units.within(unit, "district", day)
        province = units.province(units.nearest(unit, day).province, day)
        return province.key if province else units.within(unit, "province", day)

    return place
