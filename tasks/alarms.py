"""Raising alarms: each trouble is told once in its span, and leaves through the outbox like everything else."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from channels.channel import CannotWrite, Envelope, channel_of, target_of
from channels.plain_forms import in_form
from models.calendars import read_calendar
from models.database import reading, writing
from models.people import contacts
from models.plan import Plan
from models.settings import Settings
from models.tables import alarm, delivery, unit_role
from schedules.zone import local, local_day
from tasks import watch_words as words
from tasks.addresses import addresses
from tasks.claim import GIVEN_UP
from tasks.outbox import WAITING, Moved, move, write_history
from tasks.shown_address import shown_address
from tasks.trouble import Trouble
from tasks.watch_post import moment

log = logging.getLogger("dondoc.alarms")

HOURLY = ("silent",)
WEEKLY = ("unreachable", "template")
"""Every other kind is told once a day; days off belong to the working day before, and a day begins at 07:00."""
FOR_OFFICE = ("unreachable", "addresses", "dead", "unknown")
"""Kinds that concern contacts and units, not the machine."""
DAY_BEGINS = timedelta(hours=7)
KEPT_FOR = timedelta(days=1)
"""An alarm that could not leave in a day is stale: the trouble, if it lasts, is told anew."""
DEVELOPER = "quan-tri@hop-thu-thu.invalid"
"""Who reads the engine's alarms in the development mailbox."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where alarms go. `address` is what the channel needs; it may hold a secret."""

    channel: str
    address: str
    name: str = ""


def raise_alarms(
    engine: sa.Engine, plans: Mapping[str, Plan], settings: Settings, channels: Collection[str],
    troubles: Sequence[Trouble], *, now: datetime,
) -> int:  # fmt: skip
    """Tell what was not told yet in its span; gives how many. Without anybody to tell, the table and the log know it.

    Args:
        channels: the names of the ways that are open.
    """
    with reading(engine) as db:
        keys = {one: _key(db, one.kind, one.subject, now) for one in troubles}
        known = set(db.execute(sa.select(alarm.c.key).where(alarm.c.key.in_(keys.values()))).scalars())
        stale = _stale(db, now)
    fresh = {one: key for one, key in keys.items() if key not in known}
    if not fresh and not stale:
        return 0
    with writing(engine) as db:
        move(db, stale, now=now)
        told = [one for one, key in fresh.items() if _noted(db, one, key, now)]
        unposted = [
            why
            for one in told
            for targets in [alarm_targets(db, plans, settings, now=now, kind=one.kind)]
            for why in _posted(db, one, fresh[one], targets, settings, channels, now)
        ]
    for one in told:
        log.warning("%s: %s", one.title, " ".join(one.text.split()))
    for why in unposted:
        log.warning("%s", why)
    return len(told)


def was_told(db: sa.Connection, kind: str, subject: str, *, now: datetime) -> bool:
    """Whether a trouble was told already in the span that `now` lies in."""
    return db.execute(sa.select(alarm.c.key).where(alarm.c.key == _key(db, kind, subject, now))).first() is not None


def alarm_targets(
    db: sa.Connection, plans: Mapping[str, Plan], settings: Settings, *, now: datetime, kind: str = ""
) -> list[Target]:
    """The addresses of DONDOC_ALARMS; else the emails of the standing office's people; else the development mailbox.

    What only the office can mend (`kind`) goes to its people in any case.
    """
    found = [Target(channel_of(url), target_of(url)) for url in settings.alarms]
    if not found or kind in FOR_OFFICE:
        found += _standing_office(db, plans, settings, local_day(now))
    found = list(dict.fromkeys(found))
    return found or ([Target("email", DEVELOPER)] if settings.mailbox_only else [])


def _standing_office(db: sa.Connection, plans: Mapping[str, Plan], settings: Settings, day: date) -> Iterator[Target]:
    book, r = contacts(db), unit_role.c
    holders = sa.select(r.unit).where(
        r.role == "standing_office", r.province.in_({plan.province for plan in plans.values()}),
        r.valid_from <= day, r.valid_to.is_(None) | (r.valid_to > day),
    )  # fmt: skip
    for holder in db.execute(holders.order_by(r.province)).scalars():
        known = addresses((holder, "standing_office"), book, settings, day=day) if holder in book else []
        for person in known:
            for one in person.addresses:
                if not one.disabled and channel_of(one.url) == "email":
                    yield Target("email", target_of(one.url), person.name)


def _key(db: sa.Connection, kind: str, subject: str, now: datetime) -> str:
    """Kind, subject and the span in which it is told once."""
    if kind in HOURLY:
        return f"{kind}:{subject}:{local(now):%Y-%m-%dT%H}"
    day = read_calendar(db, None, as_of=now).on_or_before(local_day(now - DAY_BEGINS))
    return f"{kind}:{subject}:{day:%G-W%V}" if kind in WEEKLY else f"{kind}:{subject}:{day}"


def _stale(db: sa.Connection, now: datetime) -> list[Moved]:
    d = delivery.c
    over = (d.about == "alarm") & d.state.in_(WAITING) & (d.expires_at <= now)
    rows = db.execute(sa.select(d.id, d.state).where(over)).all()
    return [Moved(row.id, row.state, "dead", GIVEN_UP, (("error", GIVEN_UP),)) for row in rows]


def _noted(db: sa.Connection, one: Trouble, key: str, now: datetime) -> bool:
    """Put it on record; False where somebody else was first."""
    try:
        with db.begin_nested():
            db.execute(sa.insert(alarm).values(key=key, kind=one.kind, text=one.text, raised_at=now))
    except sa.exc.IntegrityError:
        return False
    return True


def _posted(
    db: sa.Connection, one: Trouble, key: str, targets: Sequence[Target], settings: Settings,
    channels: Collection[str], now: datetime,
) -> Iterator[str]:  # fmt: skip
    """Put it on its way to everybody; yields why it cannot go to somebody."""
    body = words.BODY.format(text=one.text, at=moment(now), url=f"{settings.portal_url}/gui-tin")
    for target in targets:
        tracking = uuid4().hex
        envelope = Envelope(target.address, target.name, f"<{tracking}@{settings.mail_domain}>", tracking, now)
        try:
            if target.channel not in channels:
                raise CannotWrite(words.NO_WAY)
            title = words.SUBJECT.format(title=one.title)
            message = in_form(target.channel, title, body, envelope, settings, db)
        except CannotWrite as error:
            shown = shown_address(target.channel, target.address)
            yield words.NOT_POSTED.format(title=one.title, shown=shown, why=error)
            continue
        _insert(db, target, envelope, key, message, now)


def _insert(db: sa.Connection, target: Target, envelope: Envelope, key: str, message: bytes, now: datetime) -> None:
    made = db.execute(sa.insert(delivery).values(
        recipient="", role="admin", contact=None, address=target.address, channel=target.channel,
        slot=f"alarm:{key}", about="alarm", important=True, message_id=envelope.message_id,
        tracking_id=envelope.tracking_id, message=message, state="due", attempts=0, repeats=0, lease_owner="",
        next_attempt_at=now, expires_at=now + KEPT_FOR, header_date=now, provider_id="", provider_code="", error="",
    ).returning(delivery.c.id))  # fmt: skip
    write_history(db, [Moved(made.scalar_one(), "", "due", words.ON_THE_ALARM.format(title=key))], now=now)
