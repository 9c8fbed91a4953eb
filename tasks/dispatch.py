"""The dispatcher: it sends what is due, again and again, within the hours of sending, and leaves a sign of life."""

import os
import socket
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from models.calendars import read_calendar
from models.database import reading, writing
from models.plan import Plan
from models.tables import channel, delivery, dispatcher
from schedules.cadence import may_send
from tasks import channel_state
from tasks.deliver import Delivered, PostRoom, deliver
from tasks.outbox import WAITING

EVERY = 5.0
"""Seconds between two looks at what is due."""

BEAT_EVERY = timedelta(seconds=30)
PATIENCE = 5.0
"""Most seconds that a single run waits for a channel that keeps to its rate."""


def own_name() -> str:
    """A name for this dispatcher that no other has ever had."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def send_all(
    room: PostRoom, plans: Mapping[str, Plan], *, as_of: datetime, wait: Callable[[float], object],
    limit: int | None = None,
) -> Delivered:  # fmt: skip
    """Send all that is due and end, at the rate that each channel allows; `wait` sleeps so many seconds.

    A person who asks for it now does not wait for the next attempt at a provider that could not be reached.
    """
    with writing(room.engine) as db:
        channel_state.try_again(db)
        again = (delivery.c.state == "retry") & (delivery.c.attempts == 0)
        db.execute(sa.update(delivery).where(again).values(next_attempt_at=room.clock()))
    total = deliver(room, plans, as_of=as_of, limit=limit)
    while (seconds := _until_free(room)) is not None:
        left = None if limit is None else limit - total.sent - total.failed
        if left is not None and left <= 0:
            break
        wait(seconds)
        total += deliver(room, plans, as_of=as_of, limit=left)
    return total


def dispatch(
    room: PostRoom, plans: Callable[[], Mapping[str, Plan]], *, wait: Callable[[float], bool],
    told: Callable[[Delivered], object], between: Callable[[datetime], object],
) -> None:  # fmt: skip
    """Send what is due until told to end.

    Args:
        plans: the plans as they are declared now.
        wait: sleeps so many seconds; True when it is time to end.
        told: hears what every round did that did something.
        between: called after each round with its instant, in and out of the hours of sending.
    """
    started = last_beat = room.clock()
    _beat(room, started, started)
    while True:
        now = room.clock()
        if now - last_beat >= BEAT_EVERY:
            _beat(room, started, now)
            last_beat = now
        known = plans()
        # With nobody awake it still finds out about the unknown, and the engine's own alarms leave at any hour.
        done = deliver(room, _awake(room, known, now), as_of=now)
        if done != Delivered():
            told(done)
        between(now)
        if wait(EVERY):
            _leave(room)
            return


def _awake(room: PostRoom, plans: Mapping[str, Plan], now: datetime) -> Mapping[str, Plan]:
    """The plans of the provinces in which it is a working day, within the hours of sending."""
    with reading(room.engine) as db:
        provinces = {plan.province for plan in plans.values()}
        open_now = {code for code in provinces if may_send(now, read_calendar(db, code, as_of=now))}
    return {code: plan for code, plan in plans.items() if plan.province in open_now}


def _until_free(room: PostRoom) -> float | None:
    """Seconds until a channel that keeps to its rate may go on with what is due; None when nothing waits for that."""
    now = room.clock()
    d = delivery.c
    query = (
        sa.select(sa.func.min(channel.c.free_at))
        .join(delivery, d.channel == channel.c.name)
        .where(d.state.in_(WAITING), d.next_attempt_at <= now)
        .where(channel.c.free_at > now, sa.func.coalesce(channel.c.paused_until, now) <= now)
    )
    with reading(room.engine) as db:
        free_at = db.execute(query).scalar()
    return None if free_at is None else min((free_at - now).total_seconds(), PATIENCE)


def _beat(room: PostRoom, started: datetime, now: datetime) -> None:
    d = dispatcher.c
    with writing(room.engine) as db:
        if not db.execute(sa.update(dispatcher).where(d.owner == room.owner).values(beat_at=now)).rowcount:
            db.execute(sa.insert(dispatcher).values(owner=room.owner, started_at=started, beat_at=now))


def _leave(room: PostRoom) -> None:
    """An orderly end is no silence."""
    with writing(room.engine) as db:
        db.execute(sa.delete(dispatcher).where(dispatcher.c.owner == room.owner))
