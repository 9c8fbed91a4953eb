"""Zalo's API for official accounts: every request signed with a token that is fresh, and asked again once if not."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import sqlalchemy as sa

from channels import words
from channels.zalo_errors import TOKEN
from channels.zalo_http import ANSWER_SECONDS, call, make_client
from channels.zalo_numbers import as_int
from channels.zalo_token import NoToken, TokenKeeper, people_must
from models.settings import Zalo

Clock = Callable[[], datetime]


class ZaloApi:
    """One application's requests. It may be used by several threads."""

    def __init__(self, zalo: Zalo, engine: sa.Engine, *, owner: str, answer_seconds: float = ANSWER_SECONDS) -> None:
        self.zalo = zalo
        self._client: httpx.Client = make_client(answer_seconds)
        self._keeper = TokenKeeper(zalo, engine, self._client, owner=owner)

    def request(self, method: str, path: str, clock: Clock, **options: Any) -> dict[str, Any]:
        """The answer's JSON, whose "error" is 0 where it was done. A token that Zalo turns away is refreshed once.

        Raises:
            NoToken: there is none to ask with.
            NotSent, Lost: there is no answer.
        """
        token = self._keeper.token(clock)
        said = self._once(method, path, token, options)
        if error_of(said) not in TOKEN:
            return said
        said = self._once(method, path, self._keeper.token(clock, refused=token), options)
        if error_of(said) in TOKEN:
            raise NoToken(people_must(words.ZNS_TOKEN_AGAIN.format(code=error_of(said)), clock()))
        return said

    def _once(self, method: str, path: str, token: str, options: dict[str, Any]) -> dict[str, Any]:
        headers = {"access_token": token, "appsecret_proof": proof(self.zalo.app_secret, token)}
        return call(self._client, method, self.zalo.api + path, headers=headers, **options)


def proof(app_secret: str, token: str) -> str:
    """Shows that whoever holds the token holds the application's secret too."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def error_of(said: dict[str, Any]) -> int | None:
    """The answer's code, 0 for success; None where it has none that can be read."""
    return as_int(said.get("error"))
