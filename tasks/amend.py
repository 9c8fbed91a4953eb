"""Amending a plan while it runs: what would change is shown first, and applying does exactly that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.ledger import Fact, append
from models.owed import Key, Owed, owed_for, periods
from models.plan import Duty, Plan, plain
from models.record import Record, read_record
from models.units import Units
from models.versions import versions
from models.words import REINSTATED, WITHDRAWN_DUTY, WITHDRAWN_UNIT
from schedules.zone import local_day
from tasks.impact import Ahead, Impact, impact, outlook, supposing

UNSAID_FIELDS = {"version", "duties"}


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that is declared otherwise; `duty` is None for the plan itself, `old` or `new` None where it is not."""

    duty: str | None
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Amendment:
    """A plan's new declaration against the one in force.

    Attributes:
        version: the version in force, None where the plan was never applied.
        edits: what is declared otherwise.
        impact: what it does to open assignments.
        facts: what applying it records, besides the version itself.
        warnings: what an officer should look at first.
    """

    plan: Plan
    version: int | None
    edits: tuple[Edit, ...]
    impact: Impact
    facts: tuple[Fact, ...]
    warnings: tuple[str, ...]


def amendment(db: sa.Connection, plan: Plan, units: Units, *, now: datetime) -> Amendment:
    """What applying a declaration now would do. Reads only."""
    known = versions(db, plan.code)
    old = known[-1][1] if known else plan
    if old.hash == plan.hash:
        return Amendment(plan, old.version if known else None, (), _NOTHING, (), ())
    record = read_record(db, plan, as_of=now)
    before = outlook(old, units, record, as_of=now)
    facts = tuple(_facts(old, plan, units, record, before, now))
    after = outlook(plan, units, supposing(record, facts, versions=(*known, (now, plan))), as_of=now)
    edits = tuple(_edits(old, plan))
    return Amendment(plan, old.version, edits, impact(db, plan.code, before, after), facts, tuple(_warnings(edits)))


def amend(db: sa.Connection, change: Amendment, *, now: datetime, actor: str) -> None:
    """Record what the amendment does to open assignments. Nothing is deleted: done stays done, sent stays sent."""
    append(db, change.facts, actor=actor, now=now)


_NOTHING = Impact((), (), (), (), ())


def _facts(
    old: Plan, plan: Plan, units: Units, record: Record, before: Mapping[Key, Ahead], now: datetime
) -> Iterable[Fact]:
    """A fact for each open assignment that is withdrawn or whose dates move, and for what is asked for once more."""
    asked = _asked(plan, units, record, now)
    amendments = {at for at, _ in record.versions}  # what an officer withdrew stays withdrawn
    by_plan = {key for key, (at, _) in record.withdrawn.items() if at in amendments}
    for key in sorted((asked.keys() & by_plan) - _asked(old, units, record, now).keys()):
        yield Fact("reinstated", now, REINSTATED.format(version=plan.version), plan.code, *key)
    duties = {duty.code: duty for duty in plan.duties}
    for key, ahead in before.items():
        if key not in record.assigned:
            continue
        if key not in asked:
            why = WITHDRAWN_UNIT if key[0] in duties else WITHDRAWN_DUTY
            yield Fact("withdrawn", now, why.format(version=plan.version), plan.code, *key)
        elif data := _moved(ahead.owed, asked[key], duties[key[0]], plan, record):
            yield Fact("amended", now, plan.title, plan.code, *key, data)


def _asked(plan: Plan, units: Units, record: Record, now: datetime) -> dict[Key, Owed]:
    """What the new declaration asks for by now."""
    return {
        owed.key: owed
        for duty in plan.duties
        for period in periods(plan, duty, through=local_day(now), events=record.events, calendars=record.calendars)
        for owed in owed_for(duty, period, units, plan.province)
    }


def _moved(now: Owed, asked: Owed, duty: Duty, plan: Plan, record: Record) -> tuple[tuple[str, Any], ...]:
    """The new dates of an assignment, beside the old ones; nothing where they stay."""
    if (asked.opens, asked.due) == (now.opens, now.due) or _granted(now, asked, record):
        return ()
    return (
        ("citation", str(duty.citation)),
        ("due", asked.due.isoformat() if asked.due else None), ("was_due", now.due.isoformat() if now.due else None),
        ("opens", asked.opens.isoformat()), ("was_opens", now.opens.isoformat()), ("version", plan.version),
    )  # fmt: skip


def _granted(now: Owed, asked: Owed, record: Record) -> bool:
    """The unit's date is its own, decided beside the plan, and the plan's new date does not go beyond it."""
    stored = record.assigned[now.key]
    decided = record.changes_of(now.key)
    same_as_before = (asked.opens, asked.due) == (stored.opens, stored.due)
    return bool(decided) and (
        same_as_before or (asked.due is not None and now.due is not None and asked.due <= now.due)
    )


def _edits(old: Plan, new: Plan) -> Iterable[Edit]:
    for field in fields(Plan):
        if field.name not in UNSAID_FIELDS:
            yield from _edit(None, field.name, old, new)
    before, after = ({duty.code: duty for duty in plan.duties} for plan in (old, new))
    for code in dict.fromkeys((*before, *after)):
        if code not in after:
            yield Edit(code, "duty", before[code].title, None)
        elif code not in before:
            yield Edit(code, "duty", None, after[code].title)
        else:
            for field in fields(Duty):
                yield from _edit(code, field.name, before[code], after[code])


def _edit(duty: str | None, name: str, old: Any, new: Any) -> Iterable[Edit]:
    before, after = getattr(old, name), getattr(new, name)
    if plain(before) != plain(after):
        yield Edit(duty, name, _shown(before), _shown(after))


def _shown(value: Any) -> Any:
    """A declared value as people read it."""
    for name in ("text", "label"):
        if (words := getattr(value, name, None)) is not None:
            return words
    if isinstance(value, tuple):
        return [_shown(one) for one in value]
    return value if value is None or isinstance(value, (str, int)) else str(value)


def _warnings(edits: Iterable[Edit]) -> Iterable[str]:
    changed: dict[str | None, set[str]] = {}
    for edit in edits:
        changed.setdefault(edit.duty, set()).add(edit.field)
    for duty, names in changed.items():
        if "term" in names and "citation" not in names:
            yield (
                f"nhiệm vụ «{duty}»: thời hạn đổi mà viện dẫn không đổi; ghi văn bản sửa đổi vào citation "
                "để mỗi ngày đến hạn có căn cứ riêng"
            )
