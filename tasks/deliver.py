"""Delivering: what has come up leaves as one message for each recipient, person and address, and never twice.

Find out about the unknown, pack what waits, then batch by batch: claim, send, record. The clock is asked for each
batch, since leases are counted from it; `as_of` decides what is due and what is still owed.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from channels.channel import Channel, Envelope, NotTold
from channels.outcome import Blocked, Outcome
from models.database import reading, writing
from models.plan import Plan
from models.refusal import Refusal
from models.settings import Settings
from models.tables import notice
from models.words import SKIPPED_NO_COPIES, UNDELIVERABLE
from tasks import channel_state, resolve
from tasks.addresses import To
from tasks.claim import Letter, claim
from tasks.fallback import fall_back, number_of
from tasks.notices import carried, follow, take
from tasks.outbox import LEASE, Lease, Moved, move
from tasks.packing import put_back, store
from tasks.picture import OutOfDate, Picture, mark
from tasks.recording import record
from tasks.silence import Asked, asked_after, silent
from tasks.waiting import UNSAID, Waiting, by_recipient

log = logging.getLogger("dondoc.deliver")

BATCH = 100
RECORD_AGAIN_AFTER = (0.1, 1, 5, 15)
"""Seconds. Each try waits half a minute of its own for a database that somebody else holds."""
PACKED_AT_ONCE = 100  # recipients in one transaction


@dataclass(frozen=True, slots=True)
class Delivered:
    """Messages that a provider took, that have no way left, that are tried again; notices found to have no address."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    undeliverable: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(
            self.sent + other.sent, self.failed + other.failed, self.waiting + other.waiting,
            self.undeliverable + other.undeliverable,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PostRoom:
    """What sends: the database, the ways out, a clock that tells the present, and this dispatcher's name on leases."""

    engine: sa.Engine
    settings: Settings
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    owner: str
    stop: Callable[[], bool] = lambda: False
    """Tells that it is time to end: what is on the line is finished, nothing more is begun."""
    span: timedelta = LEASE
    """How long this dispatcher may take from claiming a batch to recording it."""

    def lease(self) -> Lease:
        """Its hold on what it takes now."""
        return Lease(self.owner, self.clock(), self.span)


def deliver(room: PostRoom, plans: Mapping[str, Plan], *, as_of: datetime, limit: int | None = None) -> Delivered:
    """Send everything that is due by `as_of` and may leave now; at most `limit` messages."""
    total = Delivered()
    while True:
        now = room.clock()
        with reading(room.engine) as db:
            picture = Picture.read(db, plans, room.settings, room.channels, as_of=as_of, now=now)
        left = None if limit is None else max(limit - total.sent - total.failed, 0)
        post = _Round(room, picture, left)
        total += post.run()
        if not post.look_again or room.stop():
            return total


@dataclass(slots=True)
class _Round:
    """One delivery round over one picture; `look_again` once the picture is out of date."""

    room: PostRoom
    picture: Picture
    left: int | None
    look_again: bool = False

    def run(self) -> Delivered:
        total = self.find_out() + self.pack()
        with ThreadPoolExecutor(max_workers=1) as hands:
            return sum((self._send_out(channel, hands) for channel in self.room.channels.values()), total)

    def _send_out(self, channel: Channel, hands: Executor) -> Delivered:
        """Batch by batch: while one is on the line, the one before is recorded and the next is written."""
        total, on_the_line = Delivered(), None
        while True:
            held, leaving = self.room.lease(), None
            try:
                if letters := self._claim_or_look_again(channel, held):
                    leaving = (letters, hands.submit(self._hand_over, channel, letters, held))
            finally:
                # What is on the line has left, whatever keeps the next ones from it.
                if on_the_line is not None:
                    total += self._keep(channel, on_the_line[0], on_the_line[1].result())
            if leaving is None:
                return total
            on_the_line = leaving

    # What is not known

    def find_out(self) -> Delivered:
        """Resolve what crashes and lost answers left behind."""
        room, now, total = self.room, self.room.clock(), Delivered()
        with writing(room.engine) as db:
            resolve.broken_off(db, now=now)
            self.look_again |= put_back(db, room.channels.keys(), now=now)
        for channel in room.channels.values():
            resolve.ask(room.engine, channel, now=now)
            self._ask_after_the_silent(channel, now)
            held = room.lease()
            with writing(room.engine) as db:
                letters, lost = self._claim_repeats(db, channel, held)
                total += self._find_other_ways(db, lost, {})
            for batch in _batches(letters, BATCH):
                total += self._keep(channel, batch, self._hand_over(channel, batch, held))
        return total

    def _claim_repeats(self, db: sa.Connection, channel: Channel, held: Lease) -> tuple[list[Letter], list[int]]:
        seen = self.picture
        if mark(db) != seen.mark:
            self.look_again = True  # what was answered meanwhile is not repeated
            return [], []
        try:
            return resolve.claim_repeats(db, channel, self.room.settings, seen.plans.keys(), seen.over, held=held)
        except OutOfDate:
            self.look_again = True
            return [], []

    def _ask_after_the_silent(self, channel: Channel, now: datetime) -> None:
        """Ask after what was taken without a receipt; what must arrive is said elsewhere when silence lasts."""
        if not isinstance(channel, Asked):
            return
        with reading(self.room.engine) as db:
            rows = silent(db, channel.name, now=now)
        silence = False
        for row in rows:
            answer = "pending"
            try:
                # One that does not answer is asked no more in this round: each question may take a quarter of a minute.
                if not silence and not self.room.stop():
                    answer = channel.poll(row.provider_id, row.address, now=now)
            except NotTold as error:
                log.info("%s: %s", channel.name, error)
                silence = True
            with writing(self.room.engine) as db:
                if asked_after(db, row, answer, now=now):
                    self._find_other_ways(db, [row.id], {})

    # What has come up

    def pack(self) -> Delivered:
        """Put what is still worth saying on its way to whoever receives it today; settle the rest."""
        useful, over = self.picture.sifted()
        for (state, reason), ids in over.items():
            self._settle(ids, state, reason)
        groups = by_recipient(useful)
        lost = [one.id for to, group in groups.items() if not self.picture.reachable(to, group) for one in group]
        fresh = self._settle(lost, "undeliverable", UNDELIVERABLE)
        wanted = [(to, group) for to, group in groups.items() if self.picture.reachable(to, group)]
        for batch in _batches(wanted, PACKED_AT_ONCE):
            self._pack(batch)
        return Delivered(undeliverable=fresh)

    def _pack(self, groups: Sequence[tuple[To, list[Waiting]]]) -> None:
        now = self.room.clock()
        made = [(group, list(self.picture.packets(to, group, now=now))) for to, group in groups]
        self._settle([one.id for group, packets in made if not packets for one in group], "skipped", SKIPPED_NO_COPIES)
        with writing(self.room.engine) as db:
            taken = take(db, [one.id for group, packets in made if packets for one in group])
            packets = [
                packet.about(ids)
                for group, packets in made
                if (ids := tuple(one.id for one in group if one.id in taken))
                for packet in packets
            ]
            store(db, packets, self.room.settings, as_of=self.picture.as_of, now=now)

    def _settle(self, ids: Sequence[int], state: str, reason: str) -> int:
        """Gives how many changed."""
        changed = 0
        for some in _batches(ids, 500):
            with writing(self.room.engine) as db:
                # What another round has taken meanwhile is that round's to settle.
                unsaid = notice.c.id.in_(some) & notice.c.state.in_(UNSAID) & (notice.c.state != state)
                changed += db.execute(sa.update(notice).where(unsaid).values(state=state, reason=reason)).rowcount
        return changed

    # What leaves

    def _claim_or_look_again(self, channel: Channel, held: Lease) -> list[Letter]:
        """Lease a batch; nothing, where something happened since the picture was taken: it has to be taken again."""
        if self.look_again or self.left == 0 or self.room.stop():
            return []
        try:
            return self.claim(channel, held)
        except OutOfDate:
            self.look_again = True
            return []

    def claim(self, channel: Channel, held: Lease) -> list[Letter]:
        room, now = self.room, held.now
        with writing(room.engine) as db:
            if mark(db) != self.picture.mark:
                raise OutOfDate
            most = channel_state.may_claim(db, channel, BATCH if self.left is None else min(BATCH, self.left), now=now)
            if not most:
                return []

            def rests(row: Any, told: Sequence[Waiting]) -> datetime | None:
                return self.picture.rests(row, told, now=now)

            def write(row: Any, told: Sequence[Waiting], date: datetime) -> bytes:
                digest = self.picture.digest(row, told, number=number_of(db, row))
                name = self.picture.name(row) or digest.recipient_name
                return channel.write(digest, Envelope(row.address, name, row.message_id, row.tracking_id, date))

            seen = self.picture
            found = claim(db, channel.name, most, seen.plans, seen.over, rests, write, as_of=seen.as_of, held=held)
            channel_state.used(db, channel, len(found.letters), now=now)
            self._find_other_ways(db, found.failed, {})
            self.look_again |= found.put_back or found.emptied
        if self.left is not None:
            self.left -= len(found.letters)
        return found.letters

    def _hand_over(self, channel: Channel, letters: Sequence[Letter], held: Lease) -> list[Outcome]:
        now = self.room.clock()
        return channel.send([one.parcel for one in letters], now=now, within=held.seconds_to_begin(now))

    def _keep(self, channel: Channel, letters: Sequence[Letter], outcomes: Sequence[Outcome]) -> Delivered:
        """Record a batch, more than once where the database cannot be written: nobody else has these answers."""
        for seconds in RECORD_AGAIN_AFTER:
            try:
                return self.record(channel, letters, outcomes)
            except Refusal as error:
                log.warning("%s: %s", channel.name, error)
                time.sleep(seconds)
        return self.record(channel, letters, outcomes)

    def record(self, channel: Channel, letters: Sequence[Letter], outcomes: Sequence[Outcome]) -> Delivered:
        """Record what became of a batch; what failed goes another way."""
        room = self.room
        now = room.clock()
        with writing(room.engine) as db:
            told = record(db, channel.name, letters, outcomes, owner=room.owner, as_of=self.picture.as_of, now=now)
            blocked = {one.id: o.until for one, o in zip(letters, outcomes, strict=True) if isinstance(o, Blocked)}
            failed = self._find_other_ways(db, told.lost, blocked)
            follow(db, carried(db, told.states.keys()))
        states = list(told.states.values())
        waiting = states.count("retry") + states.count("unknown")
        return failed + Delivered(sent=states.count("accepted"), waiting=waiting)

    def _find_other_ways(self, db: sa.Connection, lost: Sequence[int], blocked: Mapping[int, datetime]) -> Delivered:
        """Send what failed another way; without one it is dead, or waits where only its channel was the trouble."""
        if not lost:
            return Delivered()
        now = self.room.clock()
        helped = fall_back(
            db, lost, self.picture.ways, self.picture.book, self.room.settings, as_of=self.picture.as_of, now=now
        )
        self.look_again |= bool(helped)
        waits = [id for id in lost if id not in helped and id in blocked]
        move(db, [Moved(id, "failed", "retry", "", (("next_attempt_at", blocked[id]),)) for id in waits], now=now)
        follow(db, carried(db, lost))
        return Delivered(failed=len(set(lost) - helped) - len(waits), waiting=len(waits))


def _batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
