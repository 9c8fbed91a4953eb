"""The list of notices: what is or was to be said, to whom, and what became of it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.tables import assignment, delivery, delivery_item, notice
from tasks.outbox import CHANNEL


def notices(
    db: sa.Connection, *, as_of: datetime, plan: str | None = None, unit: str | None = None, state: str | None = None
) -> list[dict[str, Any]]:
    """Every notice planned for `as_of` or earlier, as it stood then, oldest first.

    `unit` is the unit that a notice is about; `recipient` is "KEY/role" of whoever receives it, never an address.
    """
    n, a, d = notice.c, assignment.c, delivery.c
    sent = (
        sa.select(delivery_item.c.notice, sa.func.min(d.id).label("delivery"))
        .join(delivery, d.id == delivery_item.c.delivery)
        .where(d.state == "accepted", d.sent_at <= as_of)
        .group_by(delivery_item.c.notice)
        .subquery()
    )
    query = (
        sa.select(n.id, n.kind, n.step, a.plan, a.duty, a.period, a.unit, n.recipient, n.role, n.state, n.reason,
                  n.planned_at, d.sent_at, d.message_id)
        .join(assignment, a.id == n.assignment)
        .outerjoin(sent, sent.c.notice == n.id)
        .outerjoin(delivery, d.id == sent.c.delivery)
        .where(n.planned_at <= as_of)
        .order_by(n.planned_at, n.id)
    )  # fmt: skip
    if plan is not None:
        query = query.where(a.plan == plan)
    if unit is not None:
        query = query.where(a.unit == unit)
    rows = [_plain(row) for row in db.execute(query)]
    return [row for row in rows if state is None or row["state"] == state]


def _plain(row: Any) -> dict[str, Any]:
    # Sent only after the asked instant: by then it was still planned.
    state = "planned" if row.state == "sent" and row.sent_at is None else row.state
    return {
        "id": row.id, "kind": row.kind, "step": row.step, "plan": row.plan, "duty": row.duty, "period": row.period,
        "unit": row.unit, "recipient": f"{row.recipient}/{row.role}", "channel": CHANNEL, "state": state,
        "reason": row.reason, "planned_at": row.planned_at.isoformat(),
        "sent_at": row.sent_at.isoformat() if row.sent_at else None, "message_id": row.message_id,
    }  # fmt: skip
