"""The post in figures, counted at one moment from the database: for the page about sending and for the metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from models.settings import Settings
from models.tables import alarm, channel, delivery, delivery_event, dispatcher, notice, zalo_token
from schedules.zone import local_day
from tasks.outbox import LOST, WAITING
from tasks.watch_post import OVERRUN_AFTER

DELIVERY_STATES = (*WAITING, "submitting", "unknown", "accepted", "delivered", "cancelled", *LOST)


@dataclass(frozen=True, slots=True)
class Way:
    """A channel's row. The quota is today's, None where none was told today."""

    name: str
    paused_until: datetime | None
    why: str
    failures: int
    quota_daily: int | None
    quota_left: int | None

    def paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now


@dataclass(frozen=True, slots=True)
class PostFigures:
    """What is on its way, in numbers.

    Attributes:
        deliveries: by (channel, state). notices: by state.
        oldest_due: since when the oldest message that may leave has been waiting; None: nothing waits.
        overruns: leases that ended some minutes ago without a record.
        unreached: recipients with a notice that nobody can be told.
        last_beat: the latest sign of life of any dispatcher.
        token_ends: when consent to send through Zalo ends; None where nothing was sent through it yet.
        events: changes of state so far, by the state that came. alarms: raised so far, by kind.
    """

    deliveries: Mapping[tuple[str, str], int]
    notices: Mapping[str, int]
    oldest_due: datetime | None
    overruns: int
    ways: tuple[Way, ...]
    unreached: int
    last_beat: datetime | None
    token_ends: datetime | None
    events: Mapping[str, int]
    alarms: Mapping[str, int]


def post_figures(db: sa.Connection, settings: Settings, *, now: datetime) -> PostFigures:
    """Count. Every query goes by an index or a narrow table: messages themselves are not read."""
    d, n, e = delivery.c, notice.c, delivery_event.c
    ready = d.state.in_(WAITING) & (d.next_attempt_at <= now)
    overrun = (d.state == "submitting") & (d.lease_until < now - OVERRUN_AFTER)
    t = zalo_token.c
    token = sa.select(t.refresh_expires_at).where(t.app_id == settings.zalo.app_id, t.generation > 0)
    unreached = sa.select(sa.func.count(sa.distinct(n.recipient))).where(n.state == "undeliverable")
    return PostFigures(
        deliveries=_deliveries(db),
        notices=_counts(db, sa.select(n.state, sa.func.count()).group_by(n.state)),
        oldest_due=db.execute(sa.select(sa.func.min(d.next_attempt_at)).where(ready)).scalar(),
        overruns=db.execute(sa.select(sa.func.count()).select_from(delivery).where(overrun)).scalar_one(),
        ways=tuple(_ways(db, now)),
        unreached=db.execute(unreached).scalar_one(),
        last_beat=db.execute(sa.select(sa.func.max(dispatcher.c.beat_at))).scalar(),
        token_ends=db.execute(token).scalar(),
        events=_counts(db, sa.select(e.after, sa.func.count()).group_by(e.after)),
        alarms=_counts(db, sa.select(alarm.c.kind, sa.func.count()).group_by(alarm.c.kind)),
    )


def sent_since(db: sa.Connection, since: datetime) -> Mapping[str, int]:
    """How many messages each channel has taken since then."""
    d, e = delivery.c, delivery_event.c
    taken = sa.select(e.delivery).where(e.at >= since, e.after == "accepted").distinct()
    return _counts(db, sa.select(d.channel, sa.func.count()).where(d.id.in_(taken)).group_by(d.channel))


def _deliveries(db: sa.Connection) -> Mapping[tuple[str, str], int]:
    """State by state: SQLite then finds the rows in the index and reads no further than their channel, which stands
    before the message; the state stands behind it, and reaching that means to read the message too.
    """
    d = delivery.c
    found: dict[tuple[str, str], int] = {}
    for state in DELIVERY_STATES:
        query = sa.select(d.channel, sa.func.count()).where(d.state == state).group_by(d.channel)
        found |= {(row[0], state): row[1] for row in db.execute(query)}
    return found


def _counts(db: sa.Connection, query: sa.Select[tuple[str, int]]) -> Mapping[str, int]:
    return {row[0]: row[1] for row in db.execute(query)}


def _ways(db: sa.Connection, now: datetime) -> list[Way]:
    rows = db.execute(sa.select(channel).order_by(channel.c.name)).all()
    return [
        Way(row.name, row.paused_until, row.why, row.failures, *(
            (row.quota_daily, row.quota_left) if row.quota_at and local_day(row.quota_at) == local_day(now)
            else (None, None)
        ))
        for row in rows
    ]  # fmt: skip
