"""`dondoc channels …`: the ways of sending, whether each of them works, and Zalo's message templates."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from channels.finding import Finding
from cli import words
from cli.desk import Desk, show, table
from models.database import reading, writing
from models.refusal import Refusal

if TYPE_CHECKING:
    from channels.zalo_templates import Template

app = typer.Typer()
template = typer.Typer()
test = typer.Typer()
app.add_typer(template, name="template", help=words.CHANNELS_TEMPLATE, no_args_is_help=True)
app.add_typer(test, name="test", help=words.CHANNELS_TEST, no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help=words.JSON)]
Purpose = Annotated[str, typer.Option("--purpose", help=words.TEMPLATE_PURPOSE)]


@app.command("templates", help=words.CHANNELS_TEMPLATES)
def templates(as_json: Json = False) -> None:
    from channels.zalo_templates import registered

    desk = Desk()
    with reading(desk.engine) as db:
        used = {one.id: (purpose, one) for purpose, one in registered(db).items()}
    at_zalo = {one.id: one for one in _answer(desk, lambda zns: zns.templates(now=desk.now))}
    rows = [
        _row(at_zalo.get(id) or used[id][1], used[id][0] if id in used else "", at_zalo=id in at_zalo)
        for id in dict.fromkeys([*used, *at_zalo])
    ]
    show(as_json, rows, lambda: table(rows, ("id", "name", "status_shown", "purpose", "at_zalo")))


@template.command("set", help=words.TEMPLATE_SET)
def set_template(
    purpose: Purpose, id: Annotated[str, typer.Option("--id", help=words.TEMPLATE_ID)],
    param: Annotated[list[str] | None, typer.Option("--param", help=words.TEMPLATE_PARAM)] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    from channels.zalo_templates import APPROVED, Template, register

    desk = Desk()
    given = dict(_param(one) for one in param or [])
    # Given by hand, Zalo is not asked: an office may prepare before its account is ready.
    found = Template(id, "", APPROVED, given) if given else _answer(desk, lambda zns: zns.template(id, now=desk.now))
    if not found.params:
        raise Refusal(words.TEMPLATE_NO_PARAMS.format(id=id))
    with writing(desk.engine) as db:
        register(db, purpose, found, now=desk.now)
    row = _row(found, purpose, at_zalo=not given)
    show(as_json, row, lambda: [words.TEMPLATE_REGISTERED.format(**row, given=", ".join(_lengths(found)))])


@template.command("preview", help=words.TEMPLATE_PREVIEW)
def preview(purpose: Purpose, as_json: Json = False) -> None:
    from channels import words as said
    from channels.channel import CannotWrite
    from channels.zalo_params import fitted
    from channels.zalo_sample import sample_values
    from channels.zalo_templates import template_for
    from models.refusal import unknown

    desk = Desk()
    if purpose not in said.ZNS_PURPOSES:
        raise unknown(said.ZNS_PURPOSE, purpose, said.ZNS_PURPOSES)
    try:
        with reading(desk.engine) as db:
            found = template_for(db, purpose)
        values = fitted(sample_values(purpose, desk.settings, now=desk.now), found.params, template_id=found.id)
    except CannotWrite as error:
        raise Refusal(str(error)) from error
    data = {"purpose": purpose, "id": found.id, "params": values}
    rows = [{"name": name, "value": value, "most": found.params[name]} for name, value in values.items()]
    show(as_json, data, lambda: table(rows, ("name", "value", "most")))


@test.command("zalo", help=words.TEST_ZALO)
def check_zalo(
    phone: Annotated[str | None, typer.Option("--phone", help=words.TEST_PHONE)] = None, as_json: Json = False
) -> None:
    from channels.zalo_check import problems

    desk = Desk()
    _tell(problems(desk.settings, desk.engine, now=desk.now, phone=phone), as_json)


@test.command("email", help=words.TEST_EMAIL)
def check_email(
    to: Annotated[str | None, typer.Option("--to", help=words.TEST_TO)] = None, as_json: Json = False
) -> None:
    from channels.email_check import problems

    desk = Desk()
    _tell(problems(desk.settings, to=to, now=desk.now), as_json)


def _tell(findings: Sequence[Finding], as_json: bool) -> None:
    """Every finding; exit 1 where something is wrong."""
    rows = [{"ok": one.ok, "what": one.what, "mend": one.mend} for one in findings]
    show(as_json, rows, lambda: _lines(findings))
    if not all(one.ok for one in findings):
        raise typer.Exit(1)


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    for one in findings:
        yield f"{words.FINDING_OK if one.ok else words.FINDING_WRONG} {one.what}"
        if one.mend:
            yield f"    → {one.mend}"


def _answer(desk: Desk, ask: Any) -> Any:
    """What Zalo answers. Raises Refusal where it does not, with the reason."""
    from channels.zalo_http import Lost, NotSent
    from channels.zalo_token import NoToken
    from channels.zalo_zns import ZnsChannel, ZnsRefused

    if not desk.settings.zalo.configured:
        raise Refusal(words.NO_ZALO)
    try:
        return ask(ZnsChannel(desk.settings, desk.engine, owner="cli"))
    except (NoToken, NotSent, Lost, ZnsRefused) as error:
        raise Refusal(str(error)) from error


def _row(one: "Template", purpose: str, *, at_zalo: bool) -> dict[str, Any]:
    from channels.words import ZNS_STATUS

    return {
        "id": one.id, "name": one.name, "status": one.status, "status_shown": ZNS_STATUS.get(one.status, one.status),
        "purpose": purpose, "at_zalo": at_zalo, "params": dict(one.params),
    }  # fmt: skip


def _lengths(one: "Template") -> Iterator[str]:
    return (f"{name} ≤ {most}" for name, most in one.params.items())


def _param(text: str) -> tuple[str, int]:
    name, between, most = text.partition("=")
    if not (name and between and most.isascii() and most.isdigit() and 0 < int(most) <= 400):
        raise Refusal(words.BAD_PARAM.format(text=text))
    return name, int(most)
