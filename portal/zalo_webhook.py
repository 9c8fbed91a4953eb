"""POST /zalo/webhook: Zalo tells that a message reached its recipient. Signed, fresh, and counted once."""

import logging

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from channels.zalo_webhook import Forged, OutOfTime, Unreadable, read_event
from models.database import writing
from models.refusal import Refusal
from portal.desk import Desk
from tasks.receipts import Receipt, received

log = logging.getLogger("dondoc.portal")

PATH = "/zalo/webhook"
MOST = 64 * 1024
"""Bytes; an event has some hundreds."""


class _TooLarge(Exception):
    """More than `MOST` bytes."""


def add_to(app: FastAPI, desk: Desk) -> None:
    """Add the address. Answers: 200 taken or of no concern, 400 too old or no event, 403 forged, 413 too large."""

    @app.post(PATH)
    async def webhook(request: Request) -> Response:
        try:
            body = await _body(request)
        except _TooLarge:
            return Response(status_code=413)
        if body.strip() in (b"", b"{}"):
            # So Zalo tries an address before it is saved, unsigned. It says nothing, and nothing is done.
            return Response(status_code=200)
        headers = request.headers
        signed, timestamp = headers.get("x-zevent-signature", ""), headers.get("x-zevent-timestamp", "")
        return Response(status_code=await run_in_threadpool(_taken, desk, body, signed, timestamp))


async def _body(request: Request) -> bytes:
    """The raw body: what was signed. Raises _TooLarge before more than that is kept."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            raise _TooLarge
    return body


def _taken(desk: Desk, body: bytes, signed: str, timestamp: str) -> int:
    """The HTTP status that Zalo gets. 503 where the event could not be kept: it comes again, for 12 hours."""
    now = desk.clock()
    try:
        told = read_event(desk.settings.zalo, body, signed=signed, timestamp=timestamp, now=now)
    except Forged:
        log.warning("a Zalo event with a wrong signature was turned away")
        return 403
    except (OutOfTime, Unreadable) as error:
        log.warning("a signed Zalo event was turned away: %s", type(error).__name__)
        return 400
    if told is not None:
        receipt = Receipt("zns", told.key, told.tracking_id, told.provider_id, told.at)
        try:
            with writing(desk.engine) as db:
                received(db, receipt, now=now)
        except Refusal as refusal:
            log.error("a receipt could not be kept: %s", refusal)
            return 503
    return 200
