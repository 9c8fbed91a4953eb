"""The list of notices: what is or was to be said, to whom, and what became of it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.tables import assignment, delivery, delivery_item, notice
from tasks.outbox import ARRIVED, WAITING

USUAL = "email"
"""The channel of what has not found its way yet."""


def notices(
    db: sa.Connection, *, as_of: datetime, plan: str | None = None, unit: str | None = None, state: str | None = None
) -> list[dict[str, Any]]:
    """Every notice planned for `as_of` or earlier, as it stood then, oldest first.

    `unit` is the unit that a notice is about; `recipient` is "KEY/role" of whoever receives it, never an address.
    """
    n, a, d = notice.c, assignment.c, delivery.c
    arrived = d.state.in_(ARRIVED) & (d.sent_at <= as_of)
    told = (
        sa.select(
            delivery_item.c.notice,
            # The one that arrived first, else the latest that was tried.
            sa.func.coalesce(sa.func.min(sa.case((arrived, d.id))), sa.func.max(d.id)).label("delivery"),
        )
        .join(delivery, d.id == delivery_item.c.delivery)
        .group_by(delivery_item.c.notice)
        .subquery()
    )
    query = (
        sa.select(n.id, n.kind, n.step, a.plan, a.duty, a.period, a.unit, n.recipient, n.role, n.state, n.reason,
                  n.planned_at, n.due, d.sent_at, d.message_id, d.channel, d.state.label("delivery_state"),
                  d.attempts, d.next_attempt_at, d.delivered_at)
        .join(assignment, a.id == n.assignment)
        .outerjoin(told, told.c.notice == n.id)
        .outerjoin(delivery, d.id == told.c.delivery)
        .where(n.planned_at <= as_of)
        .order_by(n.planned_at, n.id)
    )  # fmt: skip
    if plan is not None:
        query = query.where(a.plan == plan)
    if unit is not None:
        query = query.where(a.unit == unit)
    rows = [_plain(row, as_of) for row in db.execute(query)]
    return [row for row in rows if state is None or row["state"] == state]


def _plain(row: Any, as_of: datetime) -> dict[str, Any]:
    sent = row.sent_at is not None and row.sent_at <= as_of
    # Sent only after the asked instant: by then it was still planned.
    state = "planned" if row.state == "sent" and not sent else row.state
    if state == "sending" and row.delivery_state in WAITING:
        state = "planned"  # on its way in our books, but nothing has left
    tried = row.channel is not None and state not in ("undeliverable", "skipped")
    return {
        "id": row.id, "kind": row.kind, "step": row.step, "plan": row.plan, "duty": row.duty, "period": row.period,
        "unit": row.unit, "due": row.due.isoformat(), "recipient": f"{row.recipient}/{row.role}",
        "channel": row.channel if tried else USUAL, "state": state, "reason": row.reason,
        "planned_at": row.planned_at.isoformat(), "sent_at": row.sent_at.isoformat() if sent else None,
        "message_id": row.message_id if sent else None, "delivery": row.delivery_state if tried else None,
        "attempts": row.attempts if tried else 0,
        "next_attempt_at": _shown(row.next_attempt_at) if row.delivery_state == "retry" else None,
        "delivered_at": _shown(row.delivered_at) if sent else None,
    }  # fmt: skip


def _shown(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None
