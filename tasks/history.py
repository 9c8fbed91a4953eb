"""The history of a unit's duties: every fact about them, and every notice, in the order in which it came."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.change import DECISIONS, Change
from models.ledger import Fact, facts
from models.owed import Key, Owed
from models.people import names
from models.plan import Plan
from models.record import change_of, read_record
from models.running import change_shown
from models.status import standings
from models.units import Units
from models.versions import in_force
from models.words import FACT_SHOWN, NOTICE_STATE_SHOWN
from schedules.words import step_shown
from tasks.notice_list import notices
from tasks.reckoning import explained
from tasks.roll_up import unit_row

KINDS = ("assigned", "submitted", "waived", "transferred", "withdrawn", *DECISIONS)


def unit_status(
    db: sa.Connection, plan: Plan, units: Units, *, unit: str, as_of: datetime, known_at: datetime | None = None
) -> list[dict[str, Any]]:
    """A unit's rows of the status table, each with how its dates came about and what happened, oldest first."""
    plan = in_force(db, plan, as_of=min(as_of, known_at or as_of))
    record = read_record(db, plan, as_of=as_of, known_at=known_at)
    parts = standings(plan, units, record, as_of=as_of)
    told = facts(db, KINDS, plan=plan.code, as_of=as_of, known_at=known_at)
    said = notices(db, as_of=as_of, plan=plan.code, unit=unit)
    people = names(db)
    return [
        unit_row(part, one, units, as_of)
        | {"explain": explained(one.owed.period), "history": list(_history(one.owed, told, said, people, as_of))}
        for part in parts
        for one in part.standings
        if one.owed.unit == unit
    ]


def _history(
    owed: Owed, told: list[Fact], said: list[dict[str, Any]], people: dict[str, str], as_of: datetime
) -> Iterator[dict[str, Any]]:
    facts_ = [_fact(fact, people) for fact in told if _is_about(fact, owed.key)]
    turns = [_turn(change) for change in owed.turns if change.at <= as_of]
    letters = [_notice(one) for one in said if (one["duty"], one["period"]) == owed.key[:2]]
    yield from sorted(facts_ + turns + letters, key=lambda one: (one["at"], one["seq"] is None, one["seq"]))


def _is_about(fact: Fact, key: Key) -> bool:
    """A fact without a duty, a period or a unit is about all of them."""
    return all(mine in (None, asked) for mine, asked in zip((fact.duty, fact.period, fact.unit), key, strict=True))


def _fact(fact: Fact, people: dict[str, str]) -> dict[str, Any]:
    by = fact.value("by")
    return {
        "at": fact.event_at.isoformat(), "kind": fact.kind, "what": _what(fact),
        "by": people.get(by, by) if by else fact.actor, "seq": fact.seq,
        "recorded_at": fact.recorded_at.isoformat() if fact.recorded_at else None,
        **{name: fact.value(name) for name in ("due", "was_due", "opens", "was_opens") if fact.tells(name)},
    }  # fmt: skip


def _turn(change: Change) -> dict[str, Any]:
    return {
        "at": change.at.isoformat(), "kind": change.kind, "what": change_shown(change), "by": "engine", "seq": 0,
        "recorded_at": change.at.isoformat(),
    }  # fmt: skip


def _what(fact: Fact) -> str:
    if fact.kind in DECISIONS:
        return change_shown(change_of(fact))
    told = (fact.cause, fact.value("ground")) if fact.kind in ("waived", "withdrawn") else ()
    why = "; ".join(dict.fromkeys(filter(None, told)))
    return f"{FACT_SHOWN[fact.kind]}: {why}" if why else FACT_SHOWN[fact.kind]


def _notice(one: dict[str, Any]) -> dict[str, Any]:
    state = NOTICE_STATE_SHOWN[one["state"]]
    why = f" ({one['reason']})" if one["reason"] else ""
    return {
        "at": one["sent_at"] or one["planned_at"], "kind": one["kind"],
        "what": f"{step_shown(one['step']).capitalize()}, gửi {one['recipient']}: {state}{why}",
        "by": "engine", "seq": None, "recorded_at": None,
    }  # fmt: skip
