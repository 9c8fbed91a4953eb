"""What every way of sending has in common: it writes a digest in its own form, sends parcels, and may be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from channels.digest import Digest
from channels.outcome import Outcome

SCHEMES: Mapping[str, str] = {"mailto": "email", "zns": "zns", "zbot": "zbot"}
"""The channels with a transport of their own; Apprise carries every other scheme."""


class CannotWrite(ValueError):
    """This channel has no form for the message; str() is the Vietnamese reason."""


class NotTold(Exception):
    """A provider did not say what became of a message; str() is the Vietnamese reason."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom a message goes, and the references that stay the same in every attempt.

    `address` is what the channel needs to reach the person: an email address, a telephone number, a chat, a URL.
    """

    address: str
    name: str
    message_id: str
    tracking_id: str
    date: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """A written message on its way. `delivery` is its number in the outbox."""

    delivery: int
    address: str
    tracking_id: str
    message_id: str
    content: bytes


class Heard(Enum):
    """What a provider, or its log, knows of a message whose answer was lost."""

    TAKEN = "taken"
    ABSENT = "absent"
    SILENT = "silent"
    """It cannot be asked, or its answer cannot be relied on."""


class Channel(Protocol):
    """One way of sending. Nothing here touches notices or deliveries: tasks/ does.

    `repeatable`: whoever receives a repeat can recognise it (by Message-ID and Date), so that it may be tried once.
    `hours`: first and last+1 hour of the day outside of which the provider takes nothing; None: always.
    `rate`: most messages a second; None: as fast as it goes.
    """

    name: str
    repeatable: bool
    hours: tuple[int, int] | None
    rate: float | None

    def write(self, digest: Digest, to: Envelope) -> bytes:
        """The digest in this channel's form; the same arguments give the same bytes. Raises CannotWrite."""
        ...

    def send(self, parcels: Sequence[Parcel], *, now: datetime, within: float) -> list[Outcome]:
        """Hand over each parcel, in order. What has not begun after `within` seconds is left: Unreachable."""
        ...

    def ask(self, parcels: Sequence[Parcel], *, since: datetime) -> list[Heard]:
        """What became of parcels whose answers were lost; the oldest of them left at `since`."""
        ...


def channel_of(url: str) -> str:
    """The channel that carries an address: "email", "zns", "zbot" or "apprise"."""
    return SCHEMES.get(url.partition(":")[0].lower(), "apprise")


def target_of(url: str) -> str:
    """What the channel needs of an address: the part after :// for our own transports, all of it for Apprise."""
    return url.partition("://")[2] if channel_of(url) != "apprise" else url
