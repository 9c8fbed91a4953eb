"""Delivering: what is planned leaves as one digest per recipient. Claim, then act, then record."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from typing import Any

import sqlalchemy as sa

from channels.outcome import Outcome
from models.database import reading, writing
from models.people import Contact, contacts
from models.plan import Plan
from models.settings import Settings
from models.status import Standing
from models.tables import notice
from models.unit_store import read_units
from models.units import Units
from models.versions import all_in_force
from models.words import (
    CANCELLED_CLOSED,
    CANCELLED_ENDED,
    CANCELLED_MOVED,
    SKIPPED_DUE,
    UNDELIVERABLE,
)
from schedules.zone import local_day
from tasks.addresses import To, addresses, receiver
from tasks.digests import digest_of
from tasks.outbox import Letter, answered, carried, claim_unknown, close, next_slot, record, store, take
from tasks.waiting import UNSAID, Open, Waiting, by_recipient, still_open, waiting_notices

BATCH = 50

Send = Callable[[Sequence[tuple[EmailMessage, str, str]]], list[Outcome]]
"""Hands messages to the mail server and tells what became of each (channels.smtp.send)."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Digests that a relay took, refused for good, will be tried again; notices without any address."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    undeliverable: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(
            self.sent + other.sent, self.failed + other.failed, self.waiting + other.waiting,
            self.undeliverable + other.undeliverable,
        )  # fmt: skip


COUNTED = {
    "accepted": Delivered(sent=1), "failed": Delivered(failed=1),
    "returned": Delivered(waiting=1), "unknown": Delivered(waiting=1),
}  # fmt: skip


def deliver(
    engine: sa.Engine, plans: Mapping[str, Plan], settings: Settings, send: Send, *, as_of: datetime, now: datetime
) -> Delivered:
    """Send everything that is due by `as_of`, one digest per recipient and address.

    Args:
        as_of: decides what is due and still owed; it is the Date of the digests.
        now: when things are recorded.
    """
    post = _Post.open(engine, plans, settings, send, as_of, now)
    total = post.repeat_unknown()
    groups = by_recipient(post.still_useful())
    lost = [one.id for to, group in groups.items() if not post.addresses(to) for one in group]
    post.settle(lost, "undeliverable", UNDELIVERABLE)
    reachable = [(to, group) for to, group in groups.items() if post.addresses(to)]
    for batch in _batches(reachable, BATCH):
        total += post.send_all(post.claim(batch))
    return total + Delivered(undeliverable=len(lost))


@dataclass(frozen=True, slots=True)
class _Post:
    """One delivery round: what waits, whom to, and how it leaves."""

    engine: sa.Engine
    plans: Mapping[str, Plan]
    units: Mapping[str, Units]
    settings: Settings
    send: Send
    as_of: datetime
    now: datetime
    book: Mapping[str, list[Contact]]
    waiting: list[Waiting]
    open_now: Open

    @classmethod
    def open(
        cls,
        engine: sa.Engine,
        plans: Mapping[str, Plan],
        settings: Settings,
        send: Send,
        as_of: datetime,
        now: datetime,
    ) -> "_Post":
        due = notice.c.state.in_(UNSAID) & (notice.c.planned_at <= as_of)
        with reading(engine) as db:
            plans = all_in_force(db, plans.values(), as_of=as_of)
            waiting = list(waiting_notices(db, plans.keys(), due))
            codes = {one.plan for one in waiting}
            units = {code: read_units(db, province=code) for code in {plans[plan].province for plan in codes}}
            owed = still_open(db, codes, plans, units, as_of=as_of)
            return cls(engine, plans, units, settings, send, as_of, now, contacts(db), waiting, owed)

    def still_useful(self) -> list[Waiting]:
        """What is still worth saying, each to whoever receives it today; the rest is cancelled with the reason."""
        useful: list[Waiting] = []
        settled: dict[tuple[str, str], list[int]] = defaultdict(list)
        for one in self.waiting:
            standing, to = self.open_now.get(one.key), self.receiver(one)
            if standing is not None and standing.state == "paused":
                continue  # it keeps waiting: what is paused runs on one day
            if over := _why_over(one, standing):
                settled[over].append(one.id)
            elif to is None:
                settled["cancelled", CANCELLED_ENDED].append(one.id)
            else:
                useful.append(replace(one, recipient=to[0], role=to[1]))
        for (state, reason), ids in settled.items():
            self.settle(ids, state, reason)
        return useful

    def receiver(self, one: Waiting) -> To | None:
        plan = self.plans[one.plan]
        return receiver((one.recipient, one.role), plan, self.units[plan.province], local_day(self.as_of))

    def addresses(self, to: To) -> list[Contact]:
        return addresses(to, self.book, self.settings)

    def claim(self, groups: Sequence[tuple[To, list[Waiting]]]) -> list[Letter]:
        """Store a digest for each address and take its notices, in one transaction."""
        letters: list[Letter] = []
        with writing(self.engine) as db:
            for to, group in groups:
                taken = take(db, group)
                done = answered(db, taken)
                for person in self.addresses(to):
                    if theirs := [one for one in taken if (one.id, person.email) not in done]:
                        letters.append(self._store(db, to, person, theirs))
                close(db, {one.id for one in taken})
        return letters

    def _store(self, db: sa.Connection, to: To, person: Contact, theirs: list[Waiting]) -> Letter:
        slot = next_slot(db, person.email, self.as_of)
        digest = digest_of(
            to, theirs, self.open_now, self.plans, self.units, self.settings, as_of=self.as_of, slot=slot
        )
        return store(db, to, person, theirs, digest, slot, self.settings, as_of=self.as_of, now=self.now)

    def send_all(self, letters: Sequence[Letter]) -> Delivered:
        """Hand letters to the server and record what became of them."""
        total = Delivered()
        if not letters:
            return total
        parser = BytesParser(policy=SMTP)
        messages = [(parser.parsebytes(one.message), self.settings.mail_from, one.address) for one in letters]
        outcomes = self.send(messages)
        with writing(self.engine) as db:
            for letter, outcome in zip(letters, outcomes, strict=True):
                total += COUNTED[record(db, letter, outcome, as_of=self.as_of, now=self.now)]
            close(db, carried(db, letters))
        return total

    def repeat_unknown(self) -> Delivered:
        with writing(self.engine) as db:
            letters = claim_unknown(db, now=self.now)
        return sum((self.send_all(batch) for batch in _batches(letters, BATCH)), Delivered())

    def settle(self, ids: Sequence[int], state: str, reason: str) -> None:
        if ids:
            with writing(self.engine) as db:
                for some in _batches(ids, 500):
                    # What another round has taken meanwhile is that round's to settle.
                    unsaid = notice.c.id.in_(some) & notice.c.state.in_(UNSAID)
                    db.execute(sa.update(notice).where(unsaid).values(state=state, reason=reason))


def _why_over(one: Waiting, standing: Standing | None) -> tuple[str, str] | None:
    """The state and the reason of a notice that is not worth saying any more."""
    if standing is None:
        return "cancelled", CANCELLED_CLOSED
    if one.due != standing.owed.due:
        return "cancelled", CANCELLED_MOVED
    if one.step.startswith("remind") and standing.state == "overdue":
        # What did not leave before the due instant says nothing that the ladder does not say better.
        return "skipped", SKIPPED_DUE
    return None


def _batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
