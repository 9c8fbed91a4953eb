"""Publishing: a plan's standing as tables and text for the people who watch, all in Vietnamese."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from channels.words import RECKONING
from models.plan import Plan
from models.record import read_record
from models.settings import Settings
from models.status import PeriodStandings, Standing, days_late, shown, standings, tally
from models.tables import assignment, notice
from models.units import Units
from models.versions import in_force
from models.words import STATE_SHOWN, UNCONFIRMED
from schedules.words import day_shown, period_shown, step_shown
from schedules.zone import local, local_day
from tasks.reckoning import brief

MARKUP = re.compile(r"[\\`*_\[\]<>|#~]")
MOST_ROWS = 1000
"""A table artifact with more rows than this is unreadable and heavy; the portal shows the rest."""


@dataclass(frozen=True, slots=True)
class Page:
    """One thing to publish: `data` is Markdown text, table rows, or a percentage."""

    key: str
    kind: Literal["markdown", "table", "progress"]
    title: str
    data: Any


def pages(db: sa.Connection, plan: Plan, units: Units, settings: Settings, *, as_of: datetime) -> list[Page]:
    """The progress, the summary by duty, and the overdue with what was last said about them."""
    plan = in_force(db, plan, as_of=as_of)
    parts = standings(plan, units, read_record(db, plan, as_of=as_of), as_of=as_of)
    total = tally(one for part in parts for one in part.standings)
    return [
        Page(f"{plan.code}-tien-do", "progress", "Tỷ lệ báo cáo", 100 * (total["reporting_rate"] or 0)),
        Page(
            f"{plan.code}-tong-hop", "markdown", "Tổng hợp theo nhiệm vụ", _summary(plan, parts, total, settings, as_of)
        ),
        Page(f"{plan.code}-qua-han", "table", "Danh sách quá hạn", _overdue(db, plan, units, parts, as_of)),
        Page(f"{plan.code}-don-vi", "table", "Đơn vị đang có việc", _open_units(units, parts, as_of)),
    ]


def headline(total: dict[str, Any]) -> str:
    """A run's state for people: "12/481 quá hạn · 3 sắp đến hạn"."""
    if not total["expected"]:
        return "Chưa có việc đến kỳ"
    text = f"{total['overdue']}/{total['expected']} quá hạn"
    return f"{text} · {total['due_soon']} sắp đến hạn" if total["due_soon"] else text


def _summary(
    plan: Plan, parts: list[PeriodStandings], total: dict[str, Any], settings: Settings, as_of: datetime
) -> str:
    label = "\n\n> ## DỮ LIỆU MÔ PHỎNG\n" if settings.simulated else ""
    columns = (
        "Nhiệm vụ",
        "Kỳ",
        "Đến hết ngày",
        "Phải báo cáo",
        "Đúng hạn",
        "Muộn",
        "Sắp đến hạn",
        "Quá hạn",
        "Ghi chú",
    )
    rows = [
        (
            part.duty.title, period_shown(part.period.key),
            day_shown(part.period.last_day) if part.period.last_day else STATE_SHOWN["no_term"],
            counts["expected"], counts["done"], counts["done_late"], counts["due_soon"], counts["overdue"],
            "; ".join(part.notes),
        )
        for part, counts in ((part, tally(part.standings)) for part in parts)
    ]  # fmt: skip
    return (
        f"# {plan.title}{label}\n\n**{headline(total)}** · tính đến {local(as_of):%H:%M ngày %d/%m/%Y}\n\n"
        f"{_markdown(columns, rows)}\n\n{_reckonings(parts)}"
        f"[Mở cổng đôn đốc]({settings.portal_url}/ke-hoach/{plan.code})\n"
    )


def _reckonings(parts: list[PeriodStandings]) -> str:
    """How each date came about, as a list under the table; units with a date of their own are counted."""
    lines: list[str] = []
    for part in parts:
        if not part.period.explain:
            continue
        last = part.period.last_day
        due = f"đến hết {day_shown(last)}" if last else STATE_SHOWN["no_term"].lower()
        own = sum(one.owed.due != part.period.due for one in part.standings)
        beside = f" ({own} đơn vị có hạn riêng)" if own else ""
        lines.append(f"- **{_text(part.duty.title)}**, {period_shown(part.period.key)}: {due}{beside}")
        lines += [f"    - {_text(step.why)}. Căn cứ: {_text(step.article)}" for step in part.period.explain]
    return "\n".join((f"## {RECKONING}", "", *lines, "", "")) if lines else ""


def _overdue(
    db: sa.Connection, plan: Plan, units: Units, parts: list[PeriodStandings], as_of: datetime
) -> list[dict[str, Any]]:
    said = _last_said(db, plan.code, as_of)
    late = [one for part in parts for one in part.standings if one.state == "overdue"]
    late.sort(key=lambda one: (one.owed.due, one.owed.unit))
    return [
        {
            "Đơn vị": _name(units, one.owed.unit, as_of), "Nhiệm vụ": one.owed.duty.title,
            "Kỳ": period_shown(one.owed.period.key), "Đến hết ngày": _last_day(one),
            "Quá hạn (ngày làm việc)": days_late(one, as_of=as_of),
            "Căn cứ": str(one.owed.duty.citation), "Cách tính hạn": brief(one.owed.period),
            "Đã gửi gần nhất": said.get(one.owed.key, "chưa gửi"),
        }
        for one in late[:MOST_ROWS]
    ]  # fmt: skip


def _open_units(units: Units, parts: list[PeriodStandings], as_of: datetime) -> list[dict[str, Any]]:
    pending = [one for part in parts for one in part.standings if one.state in ("due_soon", "pending", "overdue")]
    pending.sort(key=lambda one: (one.owed.due or as_of, one.owed.unit))
    return [
        {
            "Đơn vị": _name(units, one.owed.unit, as_of), "Nhiệm vụ": one.owed.duty.title,
            "Kỳ": period_shown(one.owed.period.key), "Đến hết ngày": _last_day(one),
            "Trạng thái": shown(one, as_of=as_of),
        }
        for one in pending[:MOST_ROWS]
    ]  # fmt: skip


def _last_said(db: sa.Connection, plan: str, as_of: datetime) -> dict[tuple[str, str, str], str]:
    """For each assignment, the last step that was really sent, in words."""
    n, a = notice.c, assignment.c
    query = (
        sa.select(a.duty, a.period, a.unit, n.step, n.planned_at)
        .join(assignment, a.id == n.assignment)
        .where(a.plan == plan, n.state == "sent", n.planned_at <= as_of)
        .order_by(n.planned_at)
    )
    return {
        (duty, period, unit): f"{step_shown(step)}, {at:%d/%m/%Y}" for duty, period, unit, step, at in db.execute(query)
    }


def _name(units: Units, key: str, as_of: datetime) -> str:
    unit = units.nearest(key, local_day(as_of))
    return unit.name if unit.confirmed else f"{unit.name} ({UNCONFIRMED})"


def _last_day(one: Standing) -> str:
    return day_shown(one.owed.period.last_day) if one.owed.period.last_day else ""


def _text(said: str) -> str:
    """A reason that somebody typed stays one line of text, whatever it is made of."""
    return MARKUP.sub(r"\\\g<0>", " ".join(said.split()))


def _markdown(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    names = list(columns)
    lines = [names, ["---"] * len(names), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
