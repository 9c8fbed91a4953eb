"""Zalo Bot: plain text to a person or a group that has written to the bot before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote

import httpx

from channels import words
from channels.channel import Envelope, Heard, Parcel
from channels.digest import Digest
from channels.outcome import Accepted, Blocked, Outcome, Refused, Unknown, Unreachable
from channels.short_text import text_of
from channels.zalo_http import ANSWER_SECONDS, Lost, NotSent, call, make_client, one_by_one, running_clock
from channels.zalo_numbers import as_int
from channels.zalo_token import people_must
from models.settings import Settings

MOST = 2000
"""The longest text that the bot takes, in characters."""
BUSY = timedelta(minutes=1)


class BotChannel:
    """Sends digests through the bot of `settings`. An address is a chat_id."""

    name = "zbot"
    repeatable = False
    hours: tuple[int, int] | None = None
    rate: float | None = 5.0

    def __init__(self, settings: Settings, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._zalo, self._answer_seconds = settings.zalo, answer_seconds

    @cached_property
    def _client(self) -> httpx.Client:
        return make_client(self._answer_seconds)

    def write(self, digest: Digest, to: Envelope) -> bytes:
        """The digest as a short text, cut between its lines. Raises CannotWrite."""
        return text_of(digest, most=MOST).encode()

    def send(self, parcels: Sequence[Parcel], *, now: datetime, within: float) -> list[Outcome]:
        """One after another; once the bot may not write, none of the rest is tried."""
        clock = running_clock(now)
        return one_by_one(parcels, lambda parcel: self._send(parcel, clock()), within=within)

    def ask(self, parcels: Sequence[Parcel], *, since: datetime) -> list[Heard]:
        """A bot cannot ask what it sent."""
        return [Heard.SILENT] * len(parcels)

    def _send(self, parcel: Parcel, now: datetime) -> Outcome:
        if not self._zalo.bot_configured:
            return people_must(words.ZBOT_NOT_CONFIGURED, now)
        text = parcel.content.decode("utf-8", "replace")
        if not 1 <= len(text) <= MOST:
            return Refused(0, words.ZBOT_EMPTY, permanent=True, ours=True)
        return self._call("sendMessage", {"chat_id": parcel.address, "text": text}, "message_id", now)

    def look(self, *, now: datetime) -> Outcome:
        """Whether the bot's token works; nothing is sent."""
        return self._call("getMe", {}, "id", now)

    def _call(self, method: str, body: dict[str, str], reference: str, now: datetime) -> Outcome:
        url = f"{self._zalo.bot_api}/bot{quote(self._zalo.bot_token, safe=':')}/{method}"
        try:
            said = call(self._client, "POST", url, json=body)
        except NotSent as error:
            return Unreachable(str(error))
        except Lost as error:
            return Unknown(str(error))
        return _outcome(said, reference, now)


def _outcome(said: dict[str, Any], reference: str, now: datetime) -> Outcome:
    """Its codes are those of HTTP. Only what is refused for good or for a while is called so."""
    result = said.get("result")
    if said.get("ok") is True and isinstance(result, dict) and result.get(reference):
        return Accepted(0, words.ZNS_ACCEPTED, str(result[reference]))
    code = as_int(said.get("error_code"))
    text = words.ZBOT_SAID.format(text=" ".join(str(said.get("description", "")).split())[:120], code=code)
    if said.get("ok") is not False or code is None:
        return Unknown(words.ZNS_ODD_REPLY)
    if code in (401, 404):
        return people_must(words.ZBOT_TOKEN.format(code=code), now)
    if code == 429:
        return Blocked(code, words.ZBOT_BUSY, until=now + BUSY)
    if code in (400, 403):
        return Refused(code, text, permanent=True)
    return Unknown(text)
