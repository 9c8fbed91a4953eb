"""`dondoc notices retry`, `cancel`, `phoned` and `show`: what a person decides about a notice, and all about one."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import words
from cli.desk import Desk, show
from models.database import reading, writing
from models.refusal import Refusal
from models.words import DELIVERY_STATE_SHOWN, NOTICE_STATE_SHOWN, ROLE_SHOWN
from schedules.words import day_shown, period_shown, step_shown
from schedules.zone import local, local_day

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

    from tasks.dead_letters import Told, Try
    from tasks.settle import Settled

app = typer.Typer()

Numbers = Annotated[list[int], typer.Argument(help=words.NOTICE_NUMBERS, metavar="ID…")]
By = Annotated[str, typer.Option("--by", help=words.SETTLED_BY)]
Json = Annotated[bool, typer.Option("--json", help=words.JSON)]


@app.command("retry", help=words.NOTICES_RETRY)
def retry(ids: Numbers, by: By, as_json: Json = False) -> None:
    from tasks import settle

    desk = Desk()
    _settle(
        desk, as_json, words.NOTICES_RETRIED,
        lambda db: settle.retry(db, ids, desk.plans(), desk.settings, by=by, now=desk.now),
    )  # fmt: skip


@app.command("cancel", help=words.NOTICES_CANCEL)
def cancel(
    ids: Numbers, by: By, why: Annotated[str, typer.Option("--why", help=words.CANCEL_WHY)], as_json: Json = False
) -> None:
    from tasks import settle

    desk = Desk()
    _settle(
        desk, as_json, words.NOTICES_CANCELLED, lambda db: settle.cancel(db, ids, by=by, why=why, now=desk.now)
    )  # fmt: skip


@app.command("phoned", help=words.NOTICES_PHONED)
def phoned(
    ids: Numbers, by: By, note: Annotated[str, typer.Option("--note", help=words.PHONED_NOTE)] = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    from tasks import settle

    desk = Desk()
    _settle(
        desk, as_json, words.NOTICES_WERE_PHONED, lambda db: settle.phoned(db, ids, by=by, note=note, now=desk.now)
    )  # fmt: skip


def _settle(desk: Desk, as_json: bool, said: str, act: "Callable[[sa.Connection], Settled]") -> None:
    with writing(desk.engine) as db:
        done = act(db)
    data = {"changed": done.changed, "unchanged": done.unchanged, "warnings": done.warnings}
    show(as_json, data, lambda: _settled(done, said))


def _settled(done: "Settled", said: str) -> Iterator[str]:
    if done.changed:
        yield said.format(ids=", ".join(map(str, done.changed)))
    if done.unchanged:
        yield words.NOTICES_STOOD_SO.format(ids=", ".join(map(str, done.unchanged)))
    yield from done.warnings


@app.command("show", help=words.NOTICES_SHOW)
def show_notice(id: Annotated[int, typer.Argument(help=words.NOTICE_NUMBER)], as_json: Json = False) -> None:
    from models.tables import notice
    from tasks.dead_letters import told, tries_of
    from tasks.settle import NO_SUCH, decisions_about
    from tasks.trouble import unit_names

    desk = Desk()
    with reading(desk.engine) as db:
        found = told(db, notice.c.id == id)
        if not found:
            raise Refusal(NO_SUCH.format(ids=id))
        one, tries = found[0], tries_of(db, [id]).get(id, ())
        names, decided = unit_names(db, {one.recipient, one.unit}), decisions_about(db, one)
    titles = {(plan.code, duty.code): duty.title for plan in desk.plans().values() for duty in plan.duties}
    title = titles.get((one.plan, one.duty), one.duty)
    shown = {"unit_name": names[one.unit], "recipient_name": names[one.recipient], "duty_title": title}
    data = _notice(one) | shown | {
        "deliveries": [_try(each) for each in tries],
        "decisions": [{"at": at.isoformat(), "what": what, "by": by} for at, what, by in decided],
    }  # fmt: skip
    show(as_json, data, lambda: _told(one, shown, tries, decided))


def _notice(one: "Told") -> dict[str, Any]:
    from tasks.shown_address import without_addresses

    return {
        "id": one.id, "plan": one.plan, "duty": one.duty, "period": one.period, "unit": one.unit,
        "due": one.due.isoformat(), "step": one.step, "kind": one.kind, "recipient": f"{one.recipient}/{one.role}",
        "planned_at": one.planned_at.isoformat(), "state": one.state, "reason": without_addresses(one.reason),
    }  # fmt: skip


def _try(one: "Try") -> dict[str, Any]:
    return {
        "id": one.delivery, "channel": one.channel, "address": one.address, "state": one.state,
        "attempts": one.attempts, "error": one.error, "message_id": one.message_id,
        "sent_at": one.sent_at.isoformat() if one.sent_at else None, "fallback_of": one.fallback_of,
        "history": [
            {"at": event.at.isoformat(), "before": event.before, "after": event.after, "why": event.why}
            for event in one.history
        ],
    }  # fmt: skip


def _told(
    one: "Told", shown: dict[str, str], tries: "tuple[Try, ...]", decided: "list[tuple[datetime, str, str]]"
) -> Iterator[str]:
    from tasks.shown_address import without_addresses

    yield words.NOTICE_HEAD.format(id=one.id, state=NOTICE_STATE_SHOWN[one.state])
    lines = {
        "about": f"{shown['duty_title']}, {period_shown(one.period)} – {shown['unit_name']} ({one.unit})",
        "step": step_shown(one.step), "due": _at(one.due), "planned": _at(one.planned_at),
        "to": f"{shown['recipient_name']} ({ROLE_SHOWN.get(one.role, one.role)})",
        "reason": without_addresses(one.reason),
    }  # fmt: skip
    for name, value in lines.items():
        if value:
            yield f"  {words.NOTICE_PARTS[name]}: {value}"
    if not tries:
        yield words.NO_DELIVERY
    for each in tries:
        yield words.DELIVERY_HEAD.format(
            id=each.delivery, channel=each.channel, address=each.address, attempts=each.attempts,
            state=DELIVERY_STATE_SHOWN[each.state],
        )  # fmt: skip
        yield f"    Message-ID {each.message_id}"
        for event in each.history:
            why = f": {event.why}" if event.why else ""
            yield f"    {_at(event.at)}  {DELIVERY_STATE_SHOWN[event.after]}{why}"
    for at, what, by in decided:
        yield words.NOTICE_DECIDED.format(at=_at(at), what=what, by=by)


def _at(instant: "datetime") -> str:
    return f"{local(instant):%H:%M:%S} {day_shown(local_day(instant))}"
