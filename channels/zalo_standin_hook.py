"""The receipts that the stand-in for Zalo sends: signed as Zalo signs them, or wrongly on demand."""

import json
import logging
from datetime import datetime

import httpx

from channels.zalo_standin_rules import Account
from channels.zalo_standin_store import Kept
from channels.zalo_webhook import signature
from models.settings import Zalo

log = logging.getLogger("dondoc.zalo.standin")


def post_event(url: str, kept: Kept, account: Account, *, at: datetime, forged: bool = False) -> int | None:
    """Post a receipt; gives the HTTP status, None where nobody listens."""
    body, headers = event(kept, account, at=at, forged=forged)
    try:
        return httpx.post(url, content=body, headers=headers, timeout=5).status_code
    except httpx.HTTPError as error:
        log.warning("nobody took the receipt: %s", type(error).__name__)
        return None


def event(kept: Kept, account: Account, *, at: datetime, forged: bool = False) -> tuple[bytes, dict[str, str]]:
    """The raw body and the headers of a receipt."""
    milliseconds = str(int(at.timestamp() * 1000))
    body = json.dumps({
        "event_name": "user_received_message", "app_id": account.app_id, "timestamp": milliseconds,
        "sender": {"id": "1000000000000000002"}, "recipient": {"id": kept.address},
        "message": {"msg_id": kept.msg_id, "tracking_id": kept.tracking_id, "delivery_time": milliseconds},
    }).encode()  # fmt: skip
    signed = Zalo(app_id=account.app_id, oa_secret="forged" if forged else account.oa_secret)
    mac = signature(signed, body, milliseconds)
    return body, {
        "Content-Type": "application/json", "X-ZEvent-Signature": f"mac={mac}", "X-ZEvent-Timestamp": milliseconds,
        "X-ZEvent-Server": "ZNS",
    }  # fmt: skip
