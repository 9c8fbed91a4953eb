"""Talking to Zalo over HTTP: what certainly never left, what may have arrived, and nothing secret in any log."""

import logging
import re
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from channels import words
from channels.channel import Parcel
from channels.outcome import Blocked, Outcome, Unreachable

ANSWER_SECONDS = 15.0
# Shorter than servers keep an idle connection: a request on one that is just being closed has an unknown fate.
LIMITS = httpx.Limits(keepalive_expiry=3)
SECRET_PATH = re.compile(r"/bot[^/?#]+")


class NotSent(Exception):
    """Nothing of the request left this machine, or it was turned away unread. str() is the Vietnamese reason."""


class Lost(Exception):
    """The request may have been carried out; its answer is not known. str() is the Vietnamese reason."""


class _Mask(logging.Filter):
    """httpx notes the address of every request: a bot's holds its token, a status question a telephone number."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(arg) if isinstance(arg, httpx.URL) else arg for arg in record.args)
        return True


def _masked(url: httpx.URL) -> str:
    return SECRET_PATH.sub("/bot…", f"{url.scheme}://{url.netloc.decode()}{url.path}") + ("?…" if url.query else "")


_MASK = _Mask()


def make_client(answer_seconds: float = ANSWER_SECONDS) -> httpx.Client:
    """A client that keeps its connections. Make one for many requests: each costs the reading of all certificates."""
    logging.getLogger("httpx").addFilter(_MASK)
    timeout = httpx.Timeout(connect=5, read=answer_seconds, write=answer_seconds, pool=5)
    return httpx.Client(timeout=timeout, limits=LIMITS)


def call(client: httpx.Client, method: str, url: str, **options: Any) -> dict[str, Any]:
    """The JSON object that the request is answered with, whatever its HTTP status below 500.

    Raises:
        NotSent, Lost: there is no such answer.
    """
    host = urlsplit(url).netloc
    try:
        response = client.request(method, url, **options)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        raise NotSent(words.ZALO_NOT_CONNECTED.format(host=host, error=_why(error))) from None
    except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError) as error:
        # Its own text could hold what it could not encode: a mistyped secret.
        raise NotSent(words.ZALO_BAD_URL.format(host=host, error=type(error).__name__)) from None
    except httpx.HTTPError as error:
        raise Lost(words.ZALO_LOST.format(host=host, error=_why(error))) from None
    if response.status_code >= 500:
        raise Lost(words.ZALO_HTTP.format(host=host, status=response.status_code))
    try:
        said = response.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        if response.status_code == 429:
            raise NotSent(words.ZALO_TOO_MANY.format(host=host))
        raise Lost(words.ZALO_NOT_JSON.format(host=host, status=response.status_code))
    return said


def running_clock(now: datetime) -> Callable[[], datetime]:
    """`now`, and what has passed since: a batch may take longer than a token lives."""
    begun = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - begun)


def one_by_one(parcels: Sequence[Parcel], send: Callable[[Parcel], Outcome], *, within: float) -> list[Outcome]:
    """The outcome of each; once the channel is blocked or cannot be reached, of the first such one for all the rest."""
    deadline = time.monotonic() + within
    outcomes: list[Outcome] = []
    for parcel in parcels:
        if outcomes and isinstance(outcomes[-1], Blocked | Unreachable):
            outcomes.append(outcomes[-1])
        elif time.monotonic() >= deadline:
            outcomes.append(Unreachable(words.ZALO_NOT_BEGUN))
        else:
            outcomes.append(send(parcel))
    return outcomes


def _why(error: httpx.HTTPError) -> str:
    return str(error) or type(error).__name__
