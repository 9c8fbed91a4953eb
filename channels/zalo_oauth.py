"""One refresh of a Zalo official account's tokens (OAuth v4): what is asked, and what the answers mean."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from channels import words
from channels.zalo_http import call
from channels.zalo_numbers import as_int
from models.settings import Zalo

LIFE = timedelta(hours=25)
REFRESH_LIFE = timedelta(days=90)


@dataclass(frozen=True)
class Tokens:
    """A new pair, and how long each lives."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    life: timedelta
    refresh_life: timedelta


class RefreshRefused(Exception):
    """Zalo gave no tokens; str() says why in Vietnamese. `spent`: the refresh token will never work again."""

    def __init__(self, reason: str, *, spent: bool) -> None:
        super().__init__(reason)
        self.spent = spent


def refresh(client: httpx.Client, zalo: Zalo, refresh_token: str) -> Tokens:
    """New tokens for `refresh_token`, which is spent by this.

    Raises:
        RefreshRefused: Zalo said no.
        NotSent: it was not asked; the refresh token is as good as before.
        Lost: nobody knows; the refresh token may be spent.
    """
    said = call(
        client, "POST", f"{zalo.oauth}/v4/oa/access_token", headers={"secret_key": zalo.app_secret},
        data={"refresh_token": refresh_token, "app_id": zalo.app_id, "grant_type": "refresh_token"},
    )  # fmt: skip
    access, following = said.get("access_token"), said.get("refresh_token")
    if not (isinstance(access, str) and isinstance(following, str) and access and following):
        raise _refused(said, zalo, refresh_token)
    life, refresh_life = as_int(said.get("expires_in")), as_int(said.get("refresh_token_expires_in"))
    return Tokens(
        access, following,
        timedelta(seconds=life) if life else LIFE, timedelta(seconds=refresh_life) if refresh_life else REFRESH_LIFE,
    )  # fmt: skip


def _refused(said: dict[str, Any], zalo: Zalo, refresh_token: str) -> RefreshRefused:
    """Zalo names its reasons in words, under several keys, often with HTTP 200; no table of them is public."""
    keys = ("error_name", "error_reason", "error_description", "message")
    text = " ".join(" ".join(str(said[key]).split()) for key in keys if said.get(key))
    for secret in (zalo.app_secret, refresh_token):
        text = text.replace(secret, "…") if secret else text
    shown, told = text[:120] or str(as_int(said.get("error"))), text.casefold()
    if "refresh" in told:
        return RefreshRefused(words.TOKEN_SPENT, spent=True)
    if "secret" in told or "app" in told:
        return RefreshRefused(words.TOKEN_APP_REFUSED.format(text=shown), spent=False)
    return RefreshRefused(words.TOKEN_REFUSED.format(text=shown), spent=False)
