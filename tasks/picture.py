"""What a delivery round goes by: who still owes what, who receives it today, by which ways. Read once, then pure."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from channels.channel import channel_of, target_of
from channels.digest import Digest
from channels.links import Links
from models.calendars import read_calendar
from models.people import Contact, contacts
from models.plan import Plan
from models.settings import Settings
from models.status import Standing
from models.tables import delivery, delivery_item, ledger, notice
from models.unit_store import read_units
from models.units import Units
from models.versions import all_in_force
from models.words import CANCELLED_CLOSED, CANCELLED_ENDED, CANCELLED_MOVED, SKIPPED_DUE
from schedules.quiet import may_disturb, next_allowed
from schedules.workdays import WorkCalendar
from schedules.zone import local_day
from tasks import channel_state
from tasks.addresses import To, addresses, receiver
from tasks.digests import digest_of
from tasks.outbox import UNDER_WAY
from tasks.packing import Packet, Ways, important
from tasks.waiting import UNSAID, Open, Waiting, still_open, waiting_notices

UNMOVED = ("delivered", "swept")
"""Facts that change nothing about what is owed."""

Ruling = tuple[str, str]
"""The state and the reason of a notice that is not said any more."""

PUT_BACK: Ruling = ("planned", "")


class OutOfDate(Exception):
    """Something came on its way after the picture was taken; nothing may be concluded about it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One look at the database. `mark` is the place in the ledger up to which it holds.

    `open_now` holds what is open of the plans in `looked_at`; about any other plan it says nothing.
    """

    plans: Mapping[str, Plan]
    units: Mapping[str, Units]
    settings: Settings
    links: Links
    as_of: datetime
    now: datetime
    book: Mapping[str, list[Contact]]
    waiting: list[Waiting]
    looked_at: Collection[str]
    open_now: Open
    ways: Ways
    calendars: Mapping[str, WorkCalendar]
    mark: int

    @classmethod
    def read(
        cls, db: sa.Connection, plans: Mapping[str, Plan], settings: Settings, channels: Collection[str], *,
        as_of: datetime, now: datetime,
    ) -> "Picture":  # fmt: skip
        plans = all_in_force(db, plans.values(), as_of=as_of)
        due = notice.c.state.in_(UNSAID) & (notice.c.planned_at <= as_of)
        waiting = list(waiting_notices(db, plans.keys(), due))
        codes = {one.plan for one in (*waiting, *waiting_notices(db, plans.keys(), _on_its_way()))}
        units = {code: read_units(db, province=code) for code in {plans[plan].province for plan in codes}}
        passed_over = {name for name, health in channel_state.healths(db).items() if health.passed_over(now)}
        return cls(
            plans, units, settings, Links(settings), as_of, now, contacts(db), waiting, codes,
            still_open(db, codes, plans, units, as_of=as_of), Ways(channels, passed_over),
            {code: read_calendar(db, code, as_of=as_of) for code in units}, mark(db),
        )  # fmt: skip

    @property
    def day(self) -> date:
        return local_day(self.as_of)

    def receiver(self, one: Waiting) -> To | None:
        """Who receives it today; None for a unit that has ended."""
        plan = self.plans[one.plan]
        return receiver((one.recipient, one.role), plan, self.units[plan.province], self.day)

    def sifted(self) -> tuple[list[Waiting], Mapping[Ruling, list[int]]]:
        """What is still worth saying, to whoever receives it today; the rest by why it is not. What is paused waits."""
        useful: list[Waiting] = []
        over: dict[Ruling, list[int]] = defaultdict(list)
        for one in self.waiting:
            standing, to = self.open_now.get(one.key), self.receiver(one)
            if standing is not None and standing.state == "paused":
                continue
            if why := _why_over(one, standing):
                over[why].append(one.id)
            elif to is None:
                over["cancelled", CANCELLED_ENDED].append(one.id)
            else:
                useful.append(replace(one, recipient=to[0], role=to[1]))
        return useful, over

    def people(self, to: To) -> list[Contact]:
        """The people of a recipient who are there today."""
        return addresses(to, self.book, self.settings, day=self.day)

    def packets(self, to: To, group: Sequence[Waiting], *, now: datetime) -> Iterator[Packet]:
        """What goes to whom about these notices; nothing where nobody can be reached, or wants it."""
        must, ids = important(group), tuple(one.id for one in group)
        copies_only = all(one.kind == "copy" for one in group)
        calendar = self.calendars[self.plans[group[0].plan].province]
        for person in self.people(to):
            if copies_only and not person.copies:
                continue
            not_before = now if may_disturb(now, person.quiet) else next_allowed(now, calendar, person.quiet)
            for address in self.ways.first(person, important=must):
                yield Packet(to, person, address, ids, must, not_before)

    def reachable(self, to: To, group: Sequence[Waiting]) -> bool:
        """Whether there is any way to anybody of a recipient."""
        return any(self.ways.first(person, important=important(group)) for person in self.people(to))

    def over(self, row: Any, one: Waiting) -> Ruling | None:
        """Why a notice leaves a delivery that has not left: not owed any more, or to be packed anew; None: it stays.

        Raises OutOfDate.
        """
        if one.plan not in self.plans:
            return PUT_BACK  # nobody runs it now: it waits as it did before
        if one.plan not in self.looked_at:
            raise OutOfDate(one.plan)
        standing = self.open_now.get(one.key)
        if standing is not None and standing.state == "paused":
            return PUT_BACK
        if why := _why_over(one, standing):
            return why
        to = (row.recipient, row.role)
        known = {(channel_of(a.url), target_of(a.url)) for p in self.people(to) for a in p.addresses if not a.disabled}
        return None if self.receiver(one) == to and (row.channel, row.address) in known else PUT_BACK

    def rests(self, row: Any, told: Sequence[Waiting], *, now: datetime) -> datetime | None:
        """Until when the person that a delivery goes to is not disturbed; None where now is well."""
        person = self._person(row)
        if person is None or may_disturb(now, person.quiet):
            return None
        return next_allowed(now, self.calendars[self.plans[told[0].plan].province], person.quiet)

    def digest(self, row: Any, told: Sequence[Waiting], *, number: str) -> Digest:
        """What a delivery says about these notices."""
        link = self.links.unit(row.recipient, row.tracking_id, as_of=self.now)
        may_stop = row.contact is not None and all(one.kind == "copy" for one in told)
        stop = self.links.unsubscribe(row.contact, as_of=self.now) if may_stop else None
        return digest_of(
            (row.recipient, row.role), told, self.open_now, self.plans, self.units, self.settings, as_of=self.as_of,
            number=number, link=link, unsubscribe=stop,
        )  # fmt: skip

    def name(self, row: Any) -> str:
        """The person a delivery goes to; "" without one."""
        person = self._person(row)
        return person.name if person is not None else ""

    def _person(self, row: Any) -> Contact | None:
        return next((one for one in self.book.get(row.recipient, ()) if one.id == row.contact), None)


def mark(db: sa.Connection) -> int:
    """The place in the ledger of the latest fact that may change what is owed."""
    query = sa.select(sa.func.coalesce(sa.func.max(ledger.c.seq), 0)).where(ledger.c.kind.not_in(UNMOVED))
    return int(db.execute(query).scalar_one())


def _on_its_way() -> sa.ColumnElement[bool]:
    return notice.c.id.in_(
        sa.select(delivery_item.c.notice)
        .join(delivery, delivery.c.id == delivery_item.c.delivery)
        .where(delivery.c.state.in_(UNDER_WAY))
    )


def _why_over(one: Waiting, standing: Standing | None) -> Ruling | None:
    if standing is None:
        return "cancelled", CANCELLED_CLOSED
    if one.due != standing.owed.due:
        return "cancelled", CANCELLED_MOVED
    if one.step.startswith("remind") and standing.state == "overdue":
        # What did not leave before the due instant says nothing that the ladder does not say better.
        return "skipped", SKIPPED_DUE
    return None
