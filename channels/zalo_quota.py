"""How many ZNS messages the account may still send today, as Zalo last said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from channels.zalo_numbers import as_int
from models.tables import channel as table
from schedules.zone import local_day


@dataclass(frozen=True)
class Quota:
    """A day's quota and what is left of it; None where Zalo does not say."""

    daily: int | None
    left: int | None


def read_quota(said: object) -> Quota | None:
    """The quota from a reply's {"dailyQuota": "500", "remainingQuota": "499"}; None where it tells nothing."""
    if not isinstance(said, Mapping):
        return None
    found = Quota(as_int(said.get("dailyQuota")), as_int(said.get("remainingQuota")))
    return None if found == Quota(None, None) else found


def keep_quota(db: sa.Connection, name: str, quota: Quota, *, now: datetime) -> None:
    """Remember it as that of now."""
    values: dict[str, Any] = {"quota_daily": quota.daily, "quota_left": quota.left, "quota_at": now}
    if not db.execute(sa.update(table).where(table.c.name == name).values(**values)).rowcount:
        db.execute(sa.insert(table).values(name=name, why="", failures=0, elsewhere=False, **values))


def used_up(db: sa.Connection, name: str, *, now: datetime) -> bool:
    """Whether today's quota is known to be gone."""
    query = sa.select(table.c.quota_left, table.c.quota_at).where(table.c.name == name)
    row = db.execute(query).one_or_none()
    if row is None or row.quota_left is None or row.quota_at is None:
        return False
    return int(row.quota_left) <= 0 and local_day(row.quota_at) == local_day(now)


def kept_quota(db: sa.Connection, name: str) -> Quota | None:
    """The quota as it was last told."""
    query = sa.select(table.c.quota_daily, table.c.quota_left).where(table.c.name == name)
    row = db.execute(query).one_or_none()
    return None if row is None else Quota(*row)
