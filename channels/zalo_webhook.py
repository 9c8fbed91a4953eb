"""What Zalo tells us by itself: is it Zalo, is it new, and which message does it speak of."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.zalo_numbers import as_int
from models.settings import Zalo

OLDEST, AHEAD = timedelta(hours=24), timedelta(minutes=10)
"""Zalo repeats an event for 12 hours; clocks differ by minutes."""


class Forged(Exception):
    """The signature is missing or wrong, or there is no secret to check it with."""


class OutOfTime(Exception):
    """The event was signed too long ago, or in the future: perhaps a recording."""


class Unreadable(Exception):
    """Signed, but no event."""


@dataclass(frozen=True)
class Delivered:
    """A ZNS message that reached its recipient. `key` is the same for each repetition of the event."""

    key: str
    tracking_id: str
    provider_id: str
    at: datetime


def signature(zalo: Zalo, body: bytes, timestamp: str) -> str:
    """SHA-256 over the application, the raw body, the timestamp and the account's secret, in hexadecimal."""
    return hashlib.sha256(zalo.app_id.encode() + body + timestamp.encode() + zalo.oa_secret.encode()).hexdigest()


def read_event(zalo: Zalo, body: bytes, *, signed: str, timestamp: str, now: datetime) -> Delivered | None:
    """What an event tells us; None where it is genuine but of no concern.

    Args:
        signed: the header X-ZEvent-Signature, "mac=…".
        timestamp: the header X-ZEvent-Timestamp, "" where there is none: then the body's own was signed.

    Raises:
        Forged, OutOfTime, Unreadable: not to be believed.
    """
    event = _parsed(body)
    timestamp = timestamp or str((event or {}).get("timestamp", ""))
    given = signed.strip().removeprefix("mac=").lower()
    expected = signature(zalo, body, timestamp)
    if not (zalo.app_id and zalo.oa_secret) or not hmac.compare_digest(expected.encode(), given.encode()):
        raise Forged
    at = _instant(timestamp)
    if event is None or at is None:
        raise Unreadable
    if not now - OLDEST <= at <= now + AHEAD:
        raise OutOfTime
    return _delivered(event, at, now)


def _delivered(event: dict[str, Any], at: datetime, now: datetime) -> Delivered | None:
    """A ZNS receipt: an event of the same name without a delivery time speaks of another kind of message."""
    message = event.get("message")
    if event.get("event_name") != "user_received_message" or not isinstance(message, dict):
        return None
    tracking_id, provider_id = str(message.get("tracking_id") or ""), str(message.get("msg_id") or "")
    if not (tracking_id or provider_id) or "delivery_time" not in message:
        return None
    reached = _instant(str(message["delivery_time"]))
    if reached is None or reached > now + AHEAD:
        reached = at
    return Delivered(f"{provider_id or tracking_id}:received", tracking_id, provider_id, reached)


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _instant(milliseconds: str) -> datetime | None:
    value = as_int(milliseconds)
    try:
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
