"""Signed links in messages: what one unit owes, and no more copies for one person. The token itself is the key.

A token is plain text with a signature, of characters that no mail program or messenger changes:
`DAY~UNIT~TRACKING~SIGNATURE`, the day in base 36 and the colon of the unit's key as "_".
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import SigningAlgorithm

from models.settings import Settings
from schedules.zone import local_day

LIVES = timedelta(days=400)
UNIT_PATH, STOP_PATH = "/l/", "/thoi-nhan/"
BETWEEN = "~"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Link:
    """A unit's link as it was issued. `tracking` is the delivery that carried it."""

    unit: str
    tracking: str
    issued: date

    def over(self, day: date) -> bool:
        """Whether it is too old on `day`."""
        return day > self.issued + LIVES


@dataclass(frozen=True, slots=True)
class Stop:
    """A person's link that stops copies for information. `contact` is its number."""

    contact: int
    issued: date

    def over(self, day: date) -> bool:
        """Whether it is too old on `day`."""
        return day > self.issued + LIVES


class Links:
    """Makes and reads the links of one engine. The key is read when the first token needs it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def unit(self, recipient: str, tracking: str, *, as_of: datetime) -> str | None:
        """The link to what a unit owes; None where units could not open it."""
        if self._settings.link_base is None:
            return None
        unit = recipient.replace(":", "_", 1)
        return self._settings.link_base + UNIT_PATH + _signed(self._units, as_of, unit, tracking)

    def unsubscribe(self, contact: int, *, as_of: datetime) -> str | None:
        """The link with which a person stops copies for information; None where it could not be opened."""
        if self._settings.link_base is None:
            return None
        return self._settings.link_base + STOP_PATH + _signed(self._stops, as_of, str(contact))

    def read(self, token: str) -> Link | None:
        """What a unit's link says, however old; None where it is not one of ours."""
        parts = _unsigned(self._units, token)
        if parts is None or len(parts) != 3:
            return None
        return Link(parts[1].replace("_", ":", 1), parts[2], _day_read(parts[0]))

    def read_unsubscribe(self, token: str) -> Stop | None:
        """What a person's link says, however old; None where it is not one of ours."""
        parts = _unsigned(self._stops, token)
        return Stop(int(parts[1]), _day_read(parts[0])) if parts is not None and len(parts) == 2 else None

    @cached_property
    def _units(self) -> Signer:
        return self._signer("dondoc.link.unit")

    @cached_property
    def _stops(self) -> Signer:
        return self._signer("dondoc.link.unsubscribe")

    def _signer(self, salt: str) -> Signer:
        return Signer(
            self._settings.secret(), salt=salt, sep=BETWEEN, key_derivation="hmac", digest_method=hashlib.sha256,
            algorithm=_Short(),
        )  # fmt: skip


class _Short(SigningAlgorithm):
    """HMAC-SHA-256 cut to 128 bits: as hard to guess, in 22 characters instead of 43."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.new(key, value, hashlib.sha256).digest()[:16]


def _signed(signer: Signer, as_of: datetime, *parts: str) -> str:
    return signer.sign(BETWEEN.join((_day_written(local_day(as_of)), *parts))).decode()


def _unsigned(signer: Signer, token: str) -> list[str] | None:
    try:
        value = signer.unsign(token)
    except BadSignature:
        return None
    # Several spellings of base64 decode to the same bytes; only the one that we wrote is ours.
    exact = hmac.compare_digest(signer.sign(value), token.encode())
    return value.decode().split(BETWEEN) if exact else None


def _day_written(day: date) -> str:
    number, written = day.toordinal(), ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        written = DIGITS[digit] + written
    return written


def _day_read(text: str) -> date:
    return date.fromordinal(int(text, 36))
