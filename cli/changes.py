"""What a change would do, as rows and as lines: for an amended plan and for a changed calendar."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cli import words
from cli.desk import table
from models.running import until_shown
from tasks.amend import Amendment
from tasks.calendar import CalendarChange
from tasks.impact import Impact, Move, StepAt


def impact_rows(found: Impact) -> dict[str, Any]:
    """Open assignments that move, end or begin, and steps that come or go, each with how many assignments."""
    return {
        "moved": [_moved(one) for one in found.moved],
        "withdrawn": [dict(zip(("duty", "period", "unit"), key, strict=True)) for key in found.withdrawn],
        "opened": [dict(zip(("duty", "period", "unit"), key, strict=True)) for key in found.opened],
        "cancelled": [_step(*one) for one in found.cancelled],
        "added": [_step(*one) for one in found.added],
        "unsaid": found.unsaid,
    }


def amendment_rows(change: Amendment) -> dict[str, Any]:
    """What a new declaration says otherwise, and what that does."""
    edits = [{"duty": one.duty, "field": one.field, "old": one.old, "new": one.new} for one in change.edits]
    return {"changes": edits, **impact_rows(change.impact), "warnings": list(change.warnings)}


def amendment_told(data: dict[str, Any]) -> Iterator[str]:
    """The same for people."""
    if data["version"] is None:
        yield words.NEVER_APPLIED
        return
    if not data["changes"]:
        yield words.NO_DIFFERENCE.format(version=data["version"])
        return
    yield words.DIFFERENCE.format(old=data["version"], new=data["new_version"])
    for one in data["changes"]:
        yield f"  {one['duty'] or words.OF_THE_PLAN} · {one['field']}: {one['old']} → {one['new']}"
    yield from impact_told(data)
    yield from (f"! {warning}" for warning in data["warnings"])


def impact_told(data: dict[str, Any]) -> Iterator[str]:
    """Open assignments and steps for people, counted."""
    yield ""
    yield words.IMPACT.format(**{name: len(data[name]) for name in ("moved", "withdrawn", "opened")})
    if data["unsaid"]:
        yield words.UNSAID.format(count=data["unsaid"])
    groups: dict[tuple[str, ...], int] = {}
    for one in data["moved"]:
        key = (one["duty"], one["period"], _until(one["due"]), _until(one["new_due"]))
        groups[key] = groups.get(key, 0) + 1
    for (duty, period, old, new), count in groups.items():
        yield words.MOVE.format(duty=duty, period=period, old=old, new=new, count=count)
    for name, title in (("cancelled", words.STEPS_CANCELLED), ("added", words.STEPS_ADDED)):
        if data[name]:
            yield ""
            yield title
            yield from table(data[name], ("at", "duty", "period", "step", "count"))


def calendar_rows(change: CalendarChange) -> dict[str, Any]:
    """The days of a calendar change, and what it does to each plan."""
    days = [
        {"day": row.day.isoformat(), "working": row.working, "reason": row.reason, "citation": row.citation,
         "province": row.province}
        for row in change.days
    ]  # fmt: skip
    return {"days": days, "plans": [{"plan": code} | impact_rows(found) for code, found in change.impacts.items()]}


def calendar_told(data: dict[str, Any], *, applied: bool) -> Iterator[str]:
    """The same for people."""
    yield (words.CALENDAR_APPLIED if applied else words.CALENDAR_PREVIEW).format(count=len(data["days"]))
    for plan in data["plans"]:
        yield ""
        yield f"{plan['plan']}:"
        yield from impact_told(plan)


def _moved(one: Move) -> dict[str, Any]:
    duty, period, unit = one.key
    return {
        "duty": duty, "period": period, "unit": unit, "due": _text(one.due), "new_due": _text(one.new_due),
        "opens": _text(one.opens), "new_opens": _text(one.new_opens),
    }  # fmt: skip


def _step(step: StepAt, count: int) -> dict[str, Any]:
    duty, period, name, at = step
    return {"duty": duty, "period": period, "step": name, "at": at.isoformat(), "count": count}


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _until(text: str | None) -> str:
    return until_shown(datetime.fromisoformat(text) if text else None)
