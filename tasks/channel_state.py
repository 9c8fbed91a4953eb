"""How a channel fares: paused while its provider cannot be reached or takes nothing, and how fast it may go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from channels.channel import Channel
from models.tables import channel as table
from schedules.zone import local
from tasks.outbox import BACK_OFF

AHEAD = timedelta(seconds=2)
"""How much of its rate a channel may use up at once."""


@dataclass(frozen=True, slots=True)
class Health:
    """A channel's row, or that of one which nothing has happened to yet."""

    paused_until: datetime | None = None
    why: str = ""
    elsewhere: bool = False
    failures: int = 0
    free_at: datetime | None = None

    def paused(self, now: datetime) -> bool:
        return self.paused_until is not None and now < self.paused_until

    def passed_over(self, now: datetime) -> bool:
        """Whether messages do not wait for it."""
        return self.elsewhere and self.paused(now)


def healths(db: sa.Connection) -> Mapping[str, Health]:
    """Every channel's health, by name."""
    t = table.c
    query = sa.select(t.name, t.paused_until, t.why, t.elsewhere, t.failures, t.free_at)
    return {row.name: Health(*row[1:]) for row in db.execute(query)}


def in_hours(channel: Channel, now: datetime) -> bool:
    """Whether the channel's provider takes messages at this hour."""
    return channel.hours is None or channel.hours[0] <= local(now).hour < channel.hours[1]


def may_claim(db: sa.Connection, channel: Channel, most: int, *, now: datetime) -> int:
    """How many messages the channel may be given now: none while paused, one to try it after a failure."""
    health = healths(db).get(channel.name, Health())
    if health.paused(now) or not in_hours(channel, now):
        return 0
    if health.failures:
        return 1
    if channel.rate is None:
        return most
    if health.free_at is not None and health.free_at > now:
        return 0
    return min(most, max(1, int(channel.rate * AHEAD.total_seconds())))


def used(db: sa.Connection, channel: Channel, count: int, *, now: datetime) -> None:
    """Note that so many messages leave, so that the channel keeps to its rate."""
    if channel.rate is not None and count:
        _set(db, channel.name, free_at=now + timedelta(seconds=count / channel.rate))


def answered(db: sa.Connection, name: str) -> None:
    """The provider could be reached."""
    t = table.c
    troubled = (t.name == name) & ((t.failures > 0) | t.paused_until.is_not(None))
    db.execute(sa.update(table).where(troubled).values(failures=0, paused_until=None, why="", elsewhere=False))


def unreachable(db: sa.Connection, name: str, why: str, *, now: datetime) -> datetime:
    """Nothing could be handed over: the channel waits, longer each time; gives the end of the pause."""
    failures = healths(db).get(name, Health()).failures + 1
    until = now + BACK_OFF[min(failures, len(BACK_OFF) - 2) - 1]
    _set(db, name, failures=failures, paused_until=until, why=why, elsewhere=False)
    return until


def blocked(db: sa.Connection, name: str, why: str, *, until: datetime, elsewhere: bool) -> None:
    """The provider takes nothing before `until`."""
    _set(db, name, paused_until=until, why=why, elsewhere=elsewhere, failures=0)  # it was reached


def try_again(db: sa.Connection) -> None:
    """Wait no longer for providers that could not be reached; what a provider set itself stays."""
    change = sa.update(table).where(table.c.failures > 0)
    db.execute(change.values(paused_until=None, why="", failures=0))


def _set(db: sa.Connection, name: str, **values: object) -> None:
    if not db.execute(sa.update(table).where(table.c.name == name).values(**values)).rowcount:
        fresh = {"name": name, "why": "", "elsewhere": False, "failures": 0}
        db.execute(sa.insert(table).values(**(fresh | values)))
