"""The verbs put together, and how a run ends."""

import io
import sys

import typer

from cli import (
    calendar,
    channels,
    contacts,
    decisions,
    engine,
    ics,
    notices,
    plans,
    post,
    term,
    units,
    watch,
    words,
    work,
)
from cli.desk import show
from models.refusal import Refusal

plans.app.command("ics", help=words.PLAN_ICS)(ics.plan_ics)


def application() -> typer.Typer:
    """All verbs, put together."""
    app = typer.Typer(
        help=words.ABOUT, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )  # fmt: skip
    for part in (engine.app, work.app, post.app, watch.app, decisions.app, term.app):
        app.registered_commands += part.registered_commands
    groups = (
        (units.app, "units", words.UNITS),
        (plans.app, "plan", words.PLAN),
        (work.reports, "reports", words.REPORTS),
        (contacts.app, "contacts", words.CONTACTS),
        (work.event, "event", words.EVENT),
        (calendar.app, "calendar", words.CALENDAR),
        (channels.app, "channels", words.CHANNELS),
    )
    for group, name, about in groups:
        app.add_typer(group, name=name, help=about, no_args_is_help=True)
    app.add_typer(notices.app, name="notices", help=words.NOTICES)
    return app


def run() -> None:
    """Run the command; a refusal is told on standard error, and as the JSON document where one was asked for."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no traceback on a narrow terminal
    try:
        if any(ord(sign) in range(0xD800, 0xE000) for word in sys.argv for sign in word):
            raise Refusal(words.NOT_UTF8)
        application()()
    except Refusal as refusal:
        if "--json" in sys.argv:
            show(True, {"error": str(refusal)}, list)
        print(refusal, file=sys.stderr)
        raise SystemExit(1) from refusal
