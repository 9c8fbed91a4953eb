"""What Zalo checks in a ZNS request, in its order; the first thing that is wrong gives the code."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from channels import words
from channels.zalo_api import proof
from channels.zalo_errors import at_night
from channels.zalo_standin_dev import DEV_APP_ID, DEV_APP_SECRET, DEV_BOT_TOKEN, DEV_OA_SECRET, DEV_TEMPLATES
from channels.zalo_standin_store import Store
from channels.zalo_templates import Template
from schedules.zone import local_day

PHONE = re.compile(r"(84|0)?[35789]\d{8}")
SCRIPTED = re.compile(r"84900(\d{6})")
STATUS_CODES = {"PENDING_REVIEW": -131, "REJECT": -131, "DISABLE": -146, "DELETE": -109}
BODY = {"phone": str, "template_id": str, "template_data": dict, "tracking_id": str}


@dataclass
class Account:
    """The application and the official account that the stand-in plays."""

    app_id: str = DEV_APP_ID
    app_secret: str = DEV_APP_SECRET
    oa_secret: str = DEV_OA_SECRET
    bot_token: str = DEV_BOT_TOKEN
    quota: int = 500
    templates: dict[str, Template] = field(default_factory=lambda: {one.id: one for one in DEV_TEMPLATES.values()})


class Wrong(Exception):
    """The code that Zalo would answer with."""

    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(text or words.ZNS_MEANING.get(code, "error"))
        self.code = code


def check_token(headers: Mapping[str, str], account: Account, store: Store, *, now: datetime) -> None:
    """Raises Wrong: the token is not ours or has expired, or the proof is missing or wrong."""
    token = headers.get("access_token", "")
    if not store.lives(token, now=now):
        raise Wrong(-124, "Access token invalid")
    given = headers.get("appsecret_proof", "")
    if not hmac.compare_digest(proof(account.app_secret, token).encode(), given.encode()):
        raise Wrong(-1241, "appsecret_proof invalid")


def check_message(body: Any, account: Account, store: Store, *, now: datetime) -> Template:
    """The template that the message is to be made from. Raises Wrong."""
    if not isinstance(body, dict) or any(not isinstance(body.get(key), kind) for key, kind in BODY.items()):
        raise Wrong(-122)
    if body.get("mode", "development") != "development" or body.keys() - {*BODY, "mode"}:
        raise Wrong(-122)
    if not PHONE.fullmatch(body["phone"]):
        raise Wrong(-108)
    scripted = SCRIPTED.fullmatch(body["phone"])
    if scripted and int(scripted[1]):
        raise Wrong(-int(scripted[1]), "scripted by the telephone number")
    template = account.templates.get(body["template_id"])
    if template is None:
        raise Wrong(-109)
    if not template.approved:
        raise Wrong(STATUS_CODES.get(template.status, -131))
    _check_data(body["template_data"], template.params)
    if body.get("mode") is None:
        if at_night(now):
            raise Wrong(-133)
        if store.sent_on(local_day(now)) >= account.quota:
            raise Wrong(-144)
    return template


def _check_data(data: Mapping[str, Any], params: Mapping[str, int]) -> None:
    if not data:
        raise Wrong(-111)
    if data.keys() - params.keys():
        raise Wrong(-112)
    if params.keys() - data.keys() or any(value == "" for value in data.values()):
        raise Wrong(-1121)
    if any(not isinstance(value, str) for value in data.values()):
        raise Wrong(-1122)
    if any(len(data[name]) > most for name, most in params.items()):
        raise Wrong(-1124)
