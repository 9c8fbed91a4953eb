"""Previewing a day's digests: the day is swept in a transaction that is rolled back, so nothing of it stays."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from channels.channel import channel_of
from channels.digest import Digest
from channels.email import compose
from channels.links import STOP_PATH, UNIT_PATH
from models.database import writing
from models.people import Address, Contact, contacts
from models.plan import Plan
from models.record import Record
from models.regimes import asked, regimes
from models.settings import Settings
from models.tables import ledger, notice
from models.units import Units
from schedules.zone import at, local_day
from tasks.addresses import To, addresses
from tasks.digests import copies_alone, digest_of
from tasks.preview import period_steps
from tasks.sweep import sweep
from tasks.unreachable import channels_of
from tasks.waiting import Open, Waiting, by_recipient, still_open, waiting_notices

SLOT = "xem trước"
NOBODY = "xem-truoc@hop-thu-thu.invalid"
NO_TOKEN = "xem-truoc"
"""Stands where a message that leaves has its token: a preview is nobody's key."""
A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest that would leave. `plans` are those it speaks of; `people` whom it goes to, each by which addresses.

    The addresses are rungs: those of the first are written to at once, the next ones where it fails.
    """

    recipient: str
    role: str
    plans: frozenset[str]
    people: tuple[tuple[Contact, tuple[tuple[Address, ...], ...]], ...]
    digest: Digest

    @property
    def reachable(self) -> bool:
        """Whether it has anywhere to go."""
        return any(rungs for _, rungs in self.people)


@dataclass(frozen=True, slots=True)
class DigestPreview:
    """The letters of one sweep; `swept` tells that the instant was swept already, so there is nothing new to plan."""

    letters: list[Letter]
    swept: bool


def preview_digests(
    engine: sa.Engine, plans: Mapping[str, Plan], units: Mapping[str, Units], settings: Settings, *, as_of: datetime
) -> DigestPreview:
    """The digests that the sweep at `as_of` would send, if everything planned before it had left in time.

    Holds the write lock while it sweeps; keeps nothing.

    Args:
        units: the tree of each plan's province, by its code.
    """
    with writing(engine) as db:
        swept = _swept(db, plans, as_of)
        _sweep(db, plans, units, as_of - A_MOMENT)
        before = db.execute(sa.select(sa.func.coalesce(sa.func.max(notice.c.id), 0))).scalar_one()
        _sweep(db, plans, units, as_of)
        waiting = list(waiting_notices(db, plans, (notice.c.id > before) & (notice.c.state == "planned")))
        standing = still_open(db, {one.plan for one in waiting}, plans, units, as_of=as_of)
        book = contacts(db)
        db.rollback()
    groups = by_recipient(one for one in waiting if one.key in standing)
    letters = [
        Letter(
            *to, frozenset(one.plan for one in group), _people(to, group, book, settings, as_of),
            _digest(to, group, standing, plans, units, settings, as_of),
        )
        for to, group in groups.items()
    ]  # fmt: skip
    return DigestPreview(letters, swept)


def parts(letter: Letter, settings: Settings) -> tuple[str, str]:
    """The text and the HTML part of the very message that would leave, but for its address, number and links."""
    message = compose(
        letter.digest, sender=settings.mail_from, to=NOBODY, to_name=letter.digest.recipient_name,
        message_id=f"<xem-truoc@{settings.mail_domain}>", date=letter.digest.as_of, reply_to=settings.reply_to,
    )  # fmt: skip
    found = []
    for kind in ("plain", "html"):
        part = message.get_body(preferencelist=(kind,))
        payload = part.get_payload(decode=True) if part is not None else b""
        found.append(payload.decode("utf-8").replace("\r\n", "\n") if isinstance(payload, bytes) else "")
    return found[0], found[1]


def _people(
    to: To, group: Sequence[Waiting], book: Mapping[str, list[Contact]], settings: Settings, as_of: datetime
) -> tuple[tuple[Contact, tuple[tuple[Address, ...], ...]], ...]:
    """Whom it goes to that day, and by which of the addresses that this engine can send to."""
    important, open_now = any(one.important for one in group), channels_of(settings)
    return tuple(
        (person, tuple(
            usable for rung in person.rungs(important=important)
            if (usable := tuple(one for one in rung if channel_of(one.url) in open_now))
        ))
        for person in addresses(to, book, settings, day=local_day(as_of))
        if person.copies or not copies_alone(group)
    )  # fmt: skip


def _digest(
    to: To, group: Sequence[Waiting], standing: Open, plans: Mapping[str, Plan], units: Mapping[str, Units],
    settings: Settings, as_of: datetime,
) -> Digest:  # fmt: skip
    base = settings.link_base
    return digest_of(
        to, group, standing, plans, units, settings, as_of=as_of, number=f"{local_day(as_of).isoformat()} ({SLOT})",
        link=f"{base}{UNIT_PATH}{NO_TOKEN}" if base else None,
        unsubscribe=f"{base}{STOP_PATH}{NO_TOKEN}" if base else None,
    )  # fmt: skip


def sending_days(
    plan: Plan, *, after: datetime, through: date, late: Collection[tuple[str, str]], record: Record
) -> list[date]:
    """The days after an instant on which the plan has a reminder or an escalation, in order.

    Args:
        late: (duty, period) of what has overdue units, which are urged every week.
    """
    end = at(through, time.max)
    found = (
        step
        for one in asked(regimes(plan, record.versions, record.calendars), through=through, events=record.events)
        if not one.dropped
        for step in period_steps(plan, one, record, through=end, weekly=one.place in late)
    )
    return sorted({local_day(step.at) for step in found if step.at > after})


def _sweep(db: sa.Connection, plans: Mapping[str, Plan], units: Mapping[str, Units], as_of: datetime) -> None:
    for plan in plans.values():
        sweep(db, plan, units[plan.province], as_of=as_of, now=as_of)


def _swept(db: sa.Connection, plans: Mapping[str, Plan], as_of: datetime) -> bool:
    swept = (
        sa.select(ledger.c.plan)
        .where(ledger.c.kind == "swept", ledger.c.plan.in_(list(plans)), ledger.c.event_at >= as_of)
        .distinct()
    )
    return len(db.execute(swept).all()) == len(plans)
