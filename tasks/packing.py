"""Packing: notices that have come up are put on their way, one message for each recipient, person and address.

The message itself is written when it is claimed, so it says what is so then; here only who gets what is settled.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from channels.channel import channel_of, target_of
from models.people import Address, Contact
from models.settings import Settings
from models.tables import delivery, delivery_item
from schedules.zone import local_day
from tasks.addresses import To
from tasks.notices import carried, drop
from tasks.outbox import KEPT_FOR, WAITING, Moved, move, slots, write_history
from tasks.waiting import Waiting

CHANNEL_GONE = "kênh {channel} không còn được cấu hình; chuyển sang kênh khác của người nhận"


@dataclass(frozen=True, slots=True)
class Ways:
    """The channels that messages can take now: those that are configured, and those of them to be passed over."""

    open: Collection[str]
    passed_over: Collection[str] = ()

    def first(self, contact: Contact, *, important: bool, tried: Collection[str] = ()) -> list[Address]:
        """The addresses that the contact is written to next: the first usable rung that nothing has gone to yet.

        A channel that is passed over for now is waited for where there is no other.
        """
        rungs = [[a for a in rung if channel_of(a.url) in self.open] for rung in contact.rungs(important=important)]
        fresh = [rung for rung in rungs if rung and not any(target_of(a.url) in tried for a in rung)]
        for rung in fresh:
            if usable := [a for a in rung if channel_of(a.url) not in self.passed_over]:
                return usable
        return fresh[0] if fresh else []


@dataclass(frozen=True, slots=True)
class Packet:
    """What goes to one address of one person."""

    to: To
    contact: Contact
    address: Address
    notices: tuple[int, ...]
    important: bool
    not_before: datetime
    fallback_of: int | None = None

    def about(self, notices: tuple[int, ...]) -> "Packet":
        """The same, with the notices that could be taken for it."""
        return replace(self, notices=notices)

    @property
    def channel(self) -> str:
        return channel_of(self.address.url)

    @property
    def target(self) -> str:
        return target_of(self.address.url)


def put_back(db: sa.Connection, open_channels: Collection[str], *, now: datetime) -> bool:
    """What waits for a channel that is not there any more is packed anew; tells whether there was anything."""
    d = delivery.c
    stranded = d.state.in_(WAITING) & (d.about == "digest") & d.channel.not_in(open_channels)
    rows = db.execute(sa.select(d.id, d.state, d.channel).where(stranded)).all()
    for row in rows:
        drop(db, row.id, carried(db, [row.id]), "planned", "")
    move(db, [Moved(r.id, r.state, "cancelled", CHANNEL_GONE.format(channel=r.channel)) for r in rows], now=now)
    return bool(rows)


def store(db: sa.Connection, packets: Sequence[Packet], settings: Settings, *, as_of: datetime, now: datetime) -> None:
    """Put packets on their way; what still waits for the same address takes their notices too."""
    waiting = _still_waiting(db, {packet.target for packet in packets})
    fresh: list[Packet] = []
    for packet in packets:
        place = (*packet.to, packet.channel, packet.target)
        if packet.fallback_of is None and place in waiting:
            _add(db, waiting[place], packet, now)
        else:
            fresh.append(packet)
    if fresh:
        _insert(db, fresh, settings, as_of=as_of, now=now)


def _still_waiting(db: sa.Connection, targets: Collection[str]) -> Mapping[tuple[str, str, str, str], int]:
    d = delivery.c
    query = sa.select(d.recipient, d.role, d.channel, d.address, d.id).where(
        d.address.in_(targets), d.state.in_(WAITING), d.about == "digest"
    )
    return {(row.recipient, row.role, row.channel, row.address): row.id for row in db.execute(query)}


def _add(db: sa.Connection, delivery_id: int, packet: Packet, now: datetime) -> None:
    there = set(db.execute(sa.select(delivery_item.c.notice).where(delivery_item.c.delivery == delivery_id)).scalars())
    if new := [one for one in packet.notices if one not in there]:
        db.execute(sa.insert(delivery_item), [{"delivery": delivery_id, "notice": one} for one in new])
    values = {"expires_at": now + KEPT_FOR} | ({"important": True} if packet.important else {})
    db.execute(sa.update(delivery).where(delivery.c.id == delivery_id).values(**values))


def _insert(
    db: sa.Connection, packets: Sequence[Packet], settings: Settings, *, as_of: datetime, now: datetime
) -> None:
    day = local_day(as_of).isoformat()
    numbers: dict[tuple[str, str], int] = {}
    for channel, targets in _by_channel(packets).items():
        had = slots(db, targets, channel, day)
        numbers.update({(channel, target): had.get(target, 0) for target in targets})
    rows = []
    for packet in packets:
        numbers[packet.channel, packet.target] += 1
        tracking = uuid4().hex
        rows.append({
            "recipient": packet.to[0], "role": packet.to[1], "contact": packet.contact.id, "address": packet.target,
            "channel": packet.channel, "slot": f"{day}#{numbers[packet.channel, packet.target]}", "about": "digest",
            "important": packet.important, "message_id": f"<{tracking}@{settings.mail_domain}>",
            "tracking_id": tracking, "message": b"", "state": "due", "attempts": 0, "repeats": 0, "lease_owner": "",
            "next_attempt_at": packet.not_before, "expires_at": None, "header_date": None,
            "provider_id": "", "provider_code": "", "error": "", "fallback_of": packet.fallback_of,
        })  # fmt: skip
    made = db.execute(sa.insert(delivery).returning(delivery.c.id, sort_by_parameter_order=True), rows)
    ids = list(made.scalars())
    db.execute(sa.insert(delivery_item), [
        {"delivery": id, "notice": one} for id, packet in zip(ids, packets, strict=True) for one in packet.notices
    ])  # fmt: skip
    write_history(db, [Moved(id, "", "due", _why(packet)) for id, packet in zip(ids, packets, strict=True)], now=now)


def _by_channel(packets: Iterable[Packet]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for packet in packets:
        found[packet.channel].add(packet.target)
    return found


def _why(packet: Packet) -> str:
    return "" if packet.fallback_of is None else f"thay cho lượt gửi {packet.fallback_of}"


def important(notices: Iterable[Waiting]) -> bool:
    """A message that carries one important notice is important."""
    return any(one.important for one in notices)
