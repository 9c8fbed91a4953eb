"""A plan's declaration read back from what was stored when it was applied."""

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date, time
from functools import cache, lru_cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from models.plan import Citation, Duty, Plan, Unknown, plain
from models.selector import Pick, Selector
from schedules.cadence import Cadence, Escalation, Reminder
from schedules.data_periods import DataPeriod
from schedules.periods import Explanation
from schedules.terms import Term

READERS: dict[Any, Callable[[str], Any]] = {date: date.fromisoformat, time: time.fromisoformat}
"""How a text becomes what its field holds."""


def written(plan: Plan) -> str:
    """The declaration as it is stored."""
    return json.dumps(plain(plan), ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=64)
def read_back(text: str) -> Plan:
    """The plan that `written` stored. Raises ValueError: it names a form that this version does not know."""
    plan = _value(json.loads(text), Plan)
    if not isinstance(plan, Plan):
        raise ValueError("the stored text declares no plan")
    return plan


def _value(stored: Any, hint: Any) -> Any:
    """One stored value; `hint` is the type of the field that it stands in, to tell a date from a text."""
    if isinstance(stored, dict):
        return Unknown(stored["unknown"]) if "unknown" in stored else _declared(stored)
    if isinstance(stored, list):
        item = next((arg for one in _alternatives(hint) for arg in get_args(one) if arg is not Ellipsis), Any)
        return tuple(_value(one, item) for one in stored)
    if isinstance(stored, str):
        reader = next((READERS[one] for one in _alternatives(hint) if one in READERS), None)
        return reader(stored) if reader else stored
    return stored


def _declared(stored: dict[str, Any]) -> Any:
    kind = _kinds().get(stored["is"])
    if kind is None:
        raise ValueError(f"this version knows no {stored['is']}")
    hints = get_type_hints(kind)
    return kind(**{f.name: _value(stored[f.name], hints[f.name]) for f in fields(kind) if f.name in stored})


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) is UnionType else (hint,)


@cache
def _kinds() -> dict[str, Any]:
    """What may stand in a declaration, by name."""
    plain_kinds = (Plan, Duty, Citation, Selector, Pick, Cadence, Reminder, Escalation, Explanation)
    return {kind.__name__: kind for kind in (*plain_kinds, *_subclasses(Term), DataPeriod)}


def _subclasses(kind: type) -> list[type]:
    direct: list[type] = kind.__subclasses__()
    return [one for below in direct for one in (below, *_subclasses(below))]
