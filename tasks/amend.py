"""Amending a plan while it runs: what would change is shown first.

Applying stores the version; what it does to open assignments follows from the versions (`models.regimes`), so that
what was shown is what happens.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.plan import Duty, Plan, plain
from models.record import read_record
from models.refusal import Refusal
from models.units import Units
from models.versions import versions
from tasks.impact import Impact, impact, outlook

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
        warnings: what an officer should look at first.
    """

    plan: Plan
    version: int | None
    edits: tuple[Edit, ...]
    impact: Impact
    warnings: tuple[str, ...]


OTHER_PROVINCE = (
    "Kế hoạch {code} đang áp dụng cho tỉnh {old}, không đổi sang tỉnh {new} được: "
    "trả lại province, hoặc lập kế hoạch mới với mã khác."
)


def amendment(db: sa.Connection, plan: Plan, units: Units, *, now: datetime) -> Amendment:
    """What applying a declaration now would do. Reads only.

    Raises:
        Refusal: it is for another province than the version in force.
    """
    known = versions(db, plan.code)
    old = known[-1][1] if known else plan
    if old.hash == plan.hash:
        return Amendment(plan, old.version if known else None, (), _NOTHING, ())
    if old.province != plan.province:
        raise Refusal(OTHER_PROVINCE.format(code=plan.code, old=old.province, new=plan.province))
    record = read_record(db, plan, as_of=now)
    edits = tuple(_edits(old, plan))
    amended = replace(record, versions=(*known, (now, plan)))
    before, after = outlook(old, units, record, as_of=now), outlook(plan, units, amended, as_of=now)
    return Amendment(plan, old.version, edits, impact(db, plan.code, before, after), tuple(_warnings(old, plan, edits)))


_NOTHING = Impact((), (), (), (), ())


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


def _warnings(old: Plan, new: Plan, edits: Iterable[Edit]) -> Iterable[str]:
    if new.version <= old.version:
        yield f"version={new.version} không lớn hơn bản đang áp dụng; hãy tăng version lên {old.version + 1} để áp dụng"
    changed: dict[str | None, set[str]] = {}
    for edit in edits:
        changed.setdefault(edit.duty, set()).add(edit.field)
    for duty, names in changed.items():
        if "term" in names and "citation" not in names:
            yield (
                f"nhiệm vụ «{duty}»: thời hạn đổi mà viện dẫn không đổi; ghi văn bản sửa đổi vào citation "
                "để mỗi ngày đến hạn có căn cứ riêng"
            )
