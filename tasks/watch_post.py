"""Watching the post: what is late, stuck, lost or unknown, which addresses were given up, who cannot be written to."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from channels.channel import channel_of, target_of
from models.calendars import read_calendar
from models.plan import Plan
from models.settings import Settings
from models.tables import contact, contact_address, delivery, delivery_event, delivery_item, notice
from models.unit_store import read_units
from schedules.cadence import may_send
from schedules.sending_time import sending_time_ago
from schedules.words import day_shown
from schedules.workdays import ONE_DAY, WorkCalendar
from schedules.zone import local, local_day, midnight
from tasks import watch_words as words
from tasks.dead_letters import DeadLetter, batches, dead
from tasks.outbox import ARRIVED, UNDER_WAY
from tasks.shown_address import shown_address, without_addresses
from tasks.trouble import MOST_NAMED, Trouble, named, unit_names
from tasks.unreachable import unreachable
from tasks.waiting import Waiting, still_open, waiting_notices

LATE_AFTER = timedelta(hours=1)
OVERRUN_AFTER = timedelta(minutes=3)
STUCK_AFTER = timedelta(hours=2)
UNSETTLED_FOR = timedelta(days=7)
"""How long an unknown result is brought up again, day by day."""

Which = Callable[[WorkCalendar], sa.ColumnElement[bool]]
"""Which notices are meant, in a province with that calendar."""

MOST_LISTED = 60
"""Units without an address that the weekly alarm names; the rest are counted."""


def late(db: sa.Connection, plans: Mapping[str, Plan], *, now: datetime) -> Iterator[Trouble]:
    """What came up an hour of the hours of sending ago and no provider has taken; only while messages may leave."""
    found = owed_notices(db, plans, lambda calendar: _late(sending_time_ago(now, LATE_AFTER, calendar)), now=now)
    if found:
        ids, units = [one.id for one in found], named(db, [one.recipient for one in found])
        since = min(
            db.execute(sa.select(sa.func.min(notice.c.planned_at)).where(notice.c.id.in_(some))).scalar_one()
            for some in batches(ids)
        )
        yield Trouble("late", "", words.LATE.format(count=len(found), since=moment(since), units=units))


def owed_notices(db: sa.Connection, plans: Mapping[str, Plan], which: Which, *, now: datetime) -> list[Waiting]:
    """The notices of which `which` holds, where messages may leave now; without those of paused or closed duties."""
    found: list[Waiting] = []
    for province in sorted({plan.province for plan in plans.values()}):
        calendar = read_calendar(db, province, as_of=now)
        here = {code: plan for code, plan in plans.items() if plan.province == province}
        waiting = list(waiting_notices(db, here.keys(), which(calendar))) if may_send(now, calendar) else []
        if not waiting:
            continue
        units = {province: read_units(db, province=province)}
        open_now = still_open(db, {one.plan for one in waiting}, here, units, as_of=now)
        found += [one for one in waiting if one.key in open_now and open_now[one.key].state != "paused"]
    return found


def overrun(db: sa.Connection, *, now: datetime) -> Iterator[Trouble]:
    """Messages that somebody took for sending and never recorded, though any dispatcher would have found out."""
    d = delivery.c
    held = (d.state == "submitting") & (d.lease_until < now - OVERRUN_AFTER) & (d.about == "digest")
    count, oldest = db.execute(sa.select(sa.func.count(), sa.func.min(d.lease_until)).where(held)).one()
    if count:
        yield Trouble("lease", "", words.LEASE.format(count=count, since=moment(oldest)))


def lost(db: sa.Connection, calendar: WorkCalendar, *, now: datetime) -> Iterator[Trouble]:
    """What died since the working day before, what may or may not have arrived, and what nobody can ask about."""
    letters = dead(db, as_of=now)
    unsure = [one for one in letters if one.unsure and one.since >= now - UNSETTLED_FOR]
    gone = [one for one in letters if not one.unsure and one.since >= day_before(now, calendar)]
    for kind, some, said in (("unknown", unsure, words.UNKNOWN), ("dead", gone, words.DEAD)):
        if some:
            yield Trouble(kind, "", said.format(
                count=_count(some), since=moment(min(one.since for one in some)),
                units=named(db, [one.recipient for one in some]),
            ))  # fmt: skip
    d = delivery.c
    stuck = (d.state == "unknown") & (d.claimed_at < now - STUCK_AFTER) & (d.about == "digest")
    count, oldest = db.execute(sa.select(sa.func.count(), sa.func.min(d.claimed_at)).where(stuck)).one()
    if count:
        yield Trouble("unknown", "stuck", words.STUCK.format(count=count, since=moment(oldest)))


def given_up(db: sa.Connection, calendar: WorkCalendar, *, now: datetime) -> Iterator[Trouble]:
    """Addresses that came back as wrong since the working day before."""
    a, since = contact_address.c, day_before(now, calendar)
    query = (
        sa.select(contact.c.unit, a.url, a.disabled_why, a.disabled_at)
        .join(contact, contact.c.id == a.contact)
        .where(a.disabled_at >= since, a.disabled_at <= now)
        .order_by(a.disabled_at)
    )
    rows = db.execute(query).all()
    if not rows:
        return
    names = unit_names(db, {row.unit for row in rows[:MOST_NAMED]})
    said = "; ".join(
        words.ADDRESS.format(unit=names[row.unit], address=_of_url(row.url), why=without_addresses(row.disabled_why))
        for row in rows[:MOST_NAMED]
    )
    more = f"; … ({len(rows)})" if len(rows) > MOST_NAMED else ""
    text = words.ADDRESSES.format(count=len(rows), since=moment(rows[0].disabled_at), addresses=said + more)
    yield Trouble("addresses", "", text)


def unreached(db: sa.Connection, plans: Mapping[str, Plan], settings: Settings, *, now: datetime) -> Iterator[Trouble]:
    """Units that nobody can be written to; the development mailbox stands in for them while there is nothing else."""
    if settings.mailbox_only:
        return
    units = {code: read_units(db, province=code) for code in {plan.province for plan in plans.values()}}
    found = unreachable(db, plans, units, settings, as_of=now)
    if found:
        said = "; ".join(str(one) for one in found[:MOST_LISTED])
        more = len(found) - MOST_LISTED
        said += words.MORE_UNITS.format(count=more) if more > 0 else ""
        text = words.UNREACHABLE.format(count=len(found), since=moment(now), units=said)
        yield Trouble("unreachable", "", text)


def day_before(now: datetime, calendar: WorkCalendar) -> datetime:
    """The beginning of the working day before this one: after a weekend that is Friday."""
    return midnight(calendar.on_or_before(local_day(now) - ONE_DAY))


def moment(instant: datetime) -> str:
    """08:05 ngày 01/11/2023"""
    return f"{local(instant):%H:%M} ngày {day_shown(local_day(instant))}"


def _late(cutoff: datetime) -> sa.ColumnElement[bool]:
    """Waiting since before the cutoff, or on its way since then and taken by nobody; quiet hours are no delay."""
    n, d, item, first = notice.c, delivery.c, delivery_item.c, delivery_event.c
    carriers = sa.select(item.notice).join(delivery, d.id == item.delivery)
    tried = d.claimed_at.is_not(None) | (d.next_attempt_at < cutoff)
    on_the_way = carriers.join(delivery_event, first.delivery == d.id).where(
        d.state.in_(UNDER_WAY), first.before == "", first.at < cutoff, tried
    )
    arrived = sa.exists().where(item.notice == n.id, item.delivery == d.id, d.state.in_(ARRIVED))
    unsaid = (n.state == "planned") & (n.planned_at < cutoff)
    return unsaid | ((n.state == "sending") & n.id.in_(on_the_way) & ~arrived)


def _count(letters: list[DeadLetter]) -> int:
    return sum(len(one.notices) for one in letters)


def _of_url(url: str) -> str:
    return shown_address(channel_of(url), target_of(url))
