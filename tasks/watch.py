"""Watching the watchman: what is wrong with sending now, and telling people about it."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from models.calendars import read_calendar
from models.database import reading, writing
from models.plan import Plan
from models.settings import Settings
from models.tables import dispatcher
from models.versions import all_in_force
from schedules.cadence import may_send
from tasks import watch_post as post
from tasks import watch_ways as ways
from tasks.alarms import raise_alarms, was_told
from tasks.trouble import Trouble


def troubles(db: sa.Connection, plans: Mapping[str, Plan], settings: Settings, *, now: datetime) -> list[Trouble]:
    """Everything that is wrong with sending at `now`, the gravest first; alarms that did not arrive are no trouble.

    Quick where all is well. Units that nobody can be written to take longer to find: see `unreached`.
    """
    calendar = read_calendar(db, None, as_of=now)
    return [
        *ways.dispatchers(db, plans, now=now),
        *post.late(db, plans, now=now),
        *post.overrun(db, now=now),
        *ways.channels(db, now=now),
        *ways.zalo(db, settings, now=now),
        *post.lost(db, calendar, now=now),
        *post.given_up(db, calendar, now=now),
    ]


def unreached(db: sa.Connection, plans: Mapping[str, Plan], settings: Settings, *, now: datetime) -> list[Trouble]:
    """Units that nobody can be written to, as one trouble."""
    return list(post.unreached(db, plans, settings, now=now))


def watch(
    engine: sa.Engine, plans: Mapping[str, Plan], settings: Settings, channels: Collection[str], *, now: datetime
) -> int:
    """Look once and raise what was not told yet; gives how many alarms were raised. They leave with the next round.

    Args:
        channels: the names of the ways that are open.
    """
    with reading(engine) as db:
        plans = all_in_force(db, plans.values(), as_of=now)
        found = troubles(db, plans, settings, now=now)
        calendar = read_calendar(db, None, as_of=now)
        if may_send(now, calendar) and not was_told(db, "unreachable", "", now=now):
            found += unreached(db, plans, settings, now=now)
        gone = db.execute(sa.select(dispatcher.c.owner).where(ways.forgotten(now=now))).scalars().all()
    if gone:
        with writing(engine) as db:
            db.execute(sa.delete(dispatcher).where(dispatcher.c.owner.in_(gone)))
    return raise_alarms(engine, plans, settings, channels, found, now=now)
