"""`dondoc watch`: what is wrong with sending now; exit 1 when something is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from cli import words
from cli.desk import Desk, show
from models.database import reading
from models.versions import all_in_force

if TYPE_CHECKING:
    from tasks.trouble import Trouble

app = typer.Typer()


@app.command("watch", help=words.WATCH)
def watch_now(
    raise_them: Annotated[bool, typer.Option("--raise", help=words.WATCH_RAISE)] = False,
    as_json: Annotated[bool, typer.Option("--json", help=words.JSON)] = False,
) -> None:
    from tasks.watch import troubles, unreached

    desk = Desk()
    with reading(desk.engine) as db:
        plans = all_in_force(db, desk.plans().values(), as_of=desk.now)
        found = troubles(db, plans, desk.settings, now=desk.now)
        found += unreached(db, plans, desk.settings, now=desk.now)
    raised = _raise(desk, found) if raise_them else None
    data = {
        "troubles": [{"kind": one.kind, "subject": one.subject, "title": one.title, "text": one.text} for one in found],
        "raised": raised,
    }
    show(as_json, data, lambda: _lines(found, raised))
    if found:
        raise typer.Exit(1)


def _raise(desk: Desk, found: "list[Trouble]") -> int:
    """Raise what was not told yet and send it at once, since nobody else may be there to send it."""
    from cli.post import post_room
    from tasks.alarms import raise_alarms
    from tasks.deliver import deliver

    room = post_room(desk)
    raised = raise_alarms(desk.engine, desk.plans(), desk.settings, room.channels, found, now=desk.now)
    deliver(room, {}, as_of=desk.now)  # about no plan: nothing but alarms leaves
    return raised


def _lines(found: "list[Trouble]", raised: int | None) -> Iterator[str]:
    for one in found:
        yield "\n    ".join((one.title, *one.text.splitlines()))
    if not found:
        yield words.ALL_WELL
    if raised is not None:
        yield words.ALARMS_RAISED.format(count=raised)
