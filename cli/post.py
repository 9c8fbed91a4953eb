"""`dondoc deliver`: send what is due and end, or go on for ever as the dispatcher."""

import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import words
from cli.desk import Desk, show, table
from models.refusal import Refusal
from schedules.zone import VIETNAM

if TYPE_CHECKING:
    from tasks.deliver import PostRoom

app = typer.Typer()


@app.command("deliver", help=words.DELIVER)
def deliver_notices(
    as_of: Annotated[str | None, typer.Option("--as-of", help=words.AS_OF)] = None,
    limit: Annotated[int | None, typer.Option(min=1, help=words.DELIVER_LIMIT)] = None,
    forever: Annotated[bool, typer.Option("--forever", help=words.DELIVER_FOREVER)] = False,
    as_json: Annotated[bool, typer.Option("--json", help=words.JSON)] = False,
) -> None:
    desk = Desk()
    if forever:
        if as_of is not None or limit is not None or as_json:
            raise Refusal(words.FOREVER_ALONE)
        _dispatch(desk)
        return
    at = desk.not_ahead(as_of)
    from tasks.dispatch import send_all

    told = _told_to_end()
    done = send_all(post_room(desk, told.is_set), desk.plans(), as_of=at, wait=told.wait, limit=limit)
    data = {"sent": done.sent, "failed": done.failed, "waiting": done.waiting, "undeliverable": done.undeliverable}
    show(as_json, data, lambda: table([data], tuple(data)))


def _told_to_end() -> threading.Event:
    """Set by Ctrl-C and SIGTERM: what is on the line is finished and recorded first."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    return told


def _dispatch(desk: Desk) -> None:
    from tasks.dispatch import dispatch

    told = _told_to_end()
    room = post_room(desk, told.is_set)
    print(words.DISPATCHING.format(owner=room.owner), flush=True)
    dispatch(
        room, desk.plans, wait=told.wait, complain=lambda error: print(error, file=sys.stderr, flush=True),
        told=lambda done: print(words.DISPATCHED.format(
            at=room.clock(), sent=done.sent, failed=done.failed, waiting=done.waiting, undeliverable=done.undeliverable,
        ), flush=True),
    )  # fmt: skip


def post_room(desk: Desk, stop: Callable[[], bool] = lambda: False) -> "PostRoom":
    from channels.smtp_address import SmtpAddressError
    from channels.ways import open_channels
    from tasks.deliver import PostRoom
    from tasks.dispatch import own_name

    owner = own_name()
    try:
        channels = open_channels(desk.settings, desk.engine, owner=owner)
    except SmtpAddressError as error:
        raise Refusal(f"DONDOC_SMTP_URL: {error}") from error
    return PostRoom(desk.engine, desk.settings, channels, lambda: datetime.now(VIETNAM), owner, stop)
