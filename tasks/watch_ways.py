"""Watching the ways out: channels, Zalo's token, templates and quota, and the dispatchers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from channels import words as channel_words
from channels.zalo_templates import APPROVED
from models.plan import Plan
from models.settings import Settings
from models.tables import channel, delivery, delivery_event, dispatcher, notice, zns_template
from schedules.zone import local_day
from tasks import watch_words as words
from tasks.outbox import ARRIVED, WAITING
from tasks.shown_address import without_addresses
from tasks.trouble import Trouble
from tasks.unreachable import CHANNEL_SHOWN
from tasks.watch_post import moment, owed_notices

SILENT_AFTER = timedelta(minutes=3)
FORGOTTEN_AFTER = timedelta(days=1)
"""After this nobody asks any more what became of a dispatcher."""
TOKEN_DAYS = timedelta(days=7)
LITTLE = 0.2
FAILURES = 3
"""Failures to reach a provider in a row: one or two mend themselves within minutes."""


def channels(db: sa.Connection, *, now: datetime) -> Iterator[Trouble]:
    """Channels that take nothing until people or their provider have mended something, and quotas that run out.

    A night, a full minute and a first failed connection are no trouble: they end by themselves.
    """
    for row in db.execute(sa.select(channel).order_by(channel.c.name)):
        shown = CHANNEL_SHOWN.get(row.name, row.name)
        if row.paused_until is not None and row.paused_until > now and (row.elsewhere or row.failures >= FAILURES):
            yield Trouble("channel", row.name, words.CHANNEL.format(
                channel=shown, until=moment(row.paused_until), since=_failing_since(db, row.name),
                why=_sentence(without_addresses(row.why)), meanwhile=words.ELSEWHERE if row.elsewhere else words.WAITS,
                test=words.TEST_OF.get(row.name, "email"),
            ))  # fmt: skip
        if _runs_out(row, now):
            yield Trouble("quota", row.name, words.QUOTA.format(
                channel=shown, left=row.quota_left, daily=row.quota_daily, since=moment(row.quota_at)
            ))  # fmt: skip


def zalo(db: sa.Connection, settings: Settings, *, now: datetime) -> Iterator[Trouble]:
    """A refresh token that ends soon, was refused or may be lost; templates that Zalo has not approved."""
    if not settings.zalo.configured:
        return
    from channels.zalo_token import LOST, SPENT, token_state  # its library costs 0.16 s

    state = token_state(db, settings.zalo.app_id)
    if state is not None:
        until, access = moment(state.refresh_expires_at), moment(state.expires_at)
        left = state.refresh_expires_at - now
        if state.trouble == SPENT:
            yield Trouble("token", SPENT, words.TOKEN_SPENT.format(access=access))
        elif state.trouble == LOST:
            yield Trouble("token", LOST, words.TOKEN_LOST.format(access=access))
        elif state.generation and left <= timedelta():
            yield Trouble("token", "over", words.TOKEN_OVER.format(until=until))
        elif state.generation and left < TOKEN_DAYS:
            yield Trouble("token", "ends", words.TOKEN_ENDS.format(until=until, days=left.days))
    t = zns_template.c
    for row in db.execute(sa.select(zns_template).where(t.status != APPROVED).order_by(t.purpose)):
        yield Trouble("template", row.purpose, words.TEMPLATE.format(
            id=row.template_id, purpose=channel_words.ZNS_PURPOSES[row.purpose], key=row.purpose,
            status=channel_words.ZNS_STATUS.get(row.status, row.status), since=moment(row.checked_at),
        ))  # fmt: skip


def dispatchers(db: sa.Connection, plans: Mapping[str, Plan], *, now: datetime) -> Iterator[Trouble]:
    """Nobody sends although something is due; or one stopped without leaving and nobody came in its place."""
    rows = db.execute(sa.select(dispatcher).order_by(dispatcher.c.beat_at.desc())).all()
    busy = _busy(db, now)
    alive = [row for row in rows if row.beat_at >= now - SILENT_AFTER or row.owner in busy]
    if not alive and _due(db, plans, now):
        since = moment(rows[0].beat_at) if rows else words.NEVER
        yield Trouble("silent", "", words.SILENT.format(since=since))
        return
    for row in rows:
        if row not in alive and not _forgotten(row, now) and not _replaced(row, alive):
            yield Trouble("dispatcher", row.owner, words.DISPATCHER.format(owner=row.owner, since=moment(row.beat_at)))


def forgotten(*, now: datetime) -> sa.ColumnElement[bool]:
    """Dispatchers that ended without leaving a day ago; the last one that lived stays, to tell when that was."""
    beat_at = dispatcher.c.beat_at
    newest = sa.select(sa.func.max(dispatcher.alias().c.beat_at)).scalar_subquery()
    return (beat_at < now - FORGOTTEN_AFTER) & (beat_at < newest)


def _failing_since(db: sa.Connection, name: str) -> str:
    """Since when the channel has been failing, in words; "" where the history does not tell."""
    d, e = delivery.c, delivery_event.c
    of_channel = sa.select(sa.func.max(e.id)).join(delivery, d.id == e.delivery).where(d.channel == name)
    taken = of_channel.where(e.after.in_(ARRIVED)).scalar_subquery()
    first = sa.select(sa.func.min(e.at)).join(delivery, d.id == e.delivery).where(d.channel == name)
    failed = first.where(e.after.in_(("retry", "failed")), e.id > sa.func.coalesce(taken, 0))
    since = db.execute(failed).scalar()
    return words.FAILING_SINCE.format(since=moment(since)) if since is not None else ""


def _runs_out(row: Any, now: datetime) -> bool:
    if row.quota_at is None or row.quota_left is None or not row.quota_daily:
        return False
    return local_day(row.quota_at) == local_day(now) and row.quota_left < LITTLE * row.quota_daily


def _busy(db: sa.Connection, now: datetime) -> set[str]:
    """Whoever holds a lease is at work, however long an answer takes."""
    d = delivery.c
    held = (d.state == "submitting") & (d.lease_until > now)
    return set(db.execute(sa.select(d.lease_owner).where(held).distinct()).scalars())


def _due(db: sa.Connection, plans: Mapping[str, Plan], now: datetime) -> bool:
    """Whether something could leave and has been waiting for longer than any dispatcher would leave it."""
    since, n, d = now - SILENT_AFTER, notice.c, delivery.c
    if owed_notices(db, plans, lambda _: (n.state == "planned") & (n.planned_at <= since), now=now):
        return True
    resting = sa.select(channel.c.name).where(channel.c.paused_until > now)
    ready = d.state.in_(WAITING) & (d.next_attempt_at <= since) & d.channel.not_in(resting) & (d.about == "digest")
    if db.execute(sa.select(d.id).where(ready).limit(1)).first() is None:
        return False
    return bool(owed_notices(db, plans, lambda _: n.state == "sending", now=now))


def _forgotten(row: Any, now: datetime) -> bool:
    return bool(row.beat_at < now - FORGOTTEN_AFTER)


def _replaced(row: Any, alive: Sequence[Any]) -> bool:
    return any(one.started_at >= row.beat_at for one in alive)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
