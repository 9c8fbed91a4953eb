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
from models.refusal import Refusal
from models.tables import channel, delivery, dispatcher, ledger
from schedules.cadence import may_send
from schedules.zone import MORNING, at, local_day
from tasks import channel_state
from tasks.deliver import Delivered, PostRoom, deliver
from tasks.outbox import WAITING
from tasks.returned_mail import take_in
from tasks.watch import watch

EVERY = 5.0
"""Seconds between two looks at what is due."""

LOOK_EVERY = timedelta(minutes=1)
"""How often it leaves a sign of life, takes in returned mail, and watches."""

GRACE = timedelta(minutes=10)
"""How long the morning's messages wait for the sweeps of all plans."""

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
        if room.stop() or (left is not None and left <= 0):
            break
        wait(seconds)
        total += deliver(room, plans, as_of=as_of, limit=left)
    return total


def dispatch(
    room: PostRoom, plans: Callable[[], Mapping[str, Plan]], *, wait: Callable[[float], bool],
    told: Callable[[Delivered], object], complain: Callable[[Exception], object],
) -> None:  # fmt: skip
    """Send what is due until told to end.

    Args:
        plans: the plans as they are declared now.
        wait: sleeps so many seconds; True when it is time to end.
        told: hears what every round did that did something.
        complain: hears why a round could not be done (a plan that does not load, a database that is held); the next
            one tries again.
    """
    started = room.clock()
    _beat(room, started, started)
    looked = started - LOOK_EVERY
    while True:
        now = room.clock()
        try:
            if now - looked >= LOOK_EVERY:
                looked = now
                _beat(room, started, now)
                _look_around(room, plans(), now)
            # With nobody awake it still finds out about the unknown, and the engine's own alarms leave at any hour.
            done = deliver(room, _awake(room, plans(), now), as_of=now)
            if done != Delivered():
                told(done)
        except (Refusal, OSError) as error:
            complain(error)
        if wait(EVERY):
            _leave(room)
            return


def sweeps_awaited(db: sa.Connection, plans: Mapping[str, Plan], as_of: datetime) -> bool:
    """Whether a plan has yet to be swept this morning: a recipient gets one message about all of them.

    A plan that is not swept in the first ten minutes is not waited for.
    """
    morning = at(local_day(as_of), MORNING)
    if not morning <= as_of < morning + GRACE:
        return False
    swept = sa.select(ledger.c.plan).where(ledger.c.kind == "swept", ledger.c.event_at >= morning)
    return bool(plans.keys() - set(db.execute(swept).scalars()))


def _look_around(room: PostRoom, plans: Mapping[str, Plan], now: datetime) -> None:
    """Take in the mail that came back, and see whether all is well."""
    take_in(room.engine, room.settings, room.channels, now=now)
    watch(room.engine, plans, room.settings, room.channels, now=now)


def _awake(room: PostRoom, plans: Mapping[str, Plan], now: datetime) -> Mapping[str, Plan]:
    """The plans of the provinces in which it is a working day, within the hours of sending; none before the sweeps."""
    with reading(room.engine) as db:
        if sweeps_awaited(db, plans, now):
            return {}
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
