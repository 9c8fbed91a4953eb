"""The verbs that set up and run the engine: init, up, demo."""

from typing import Annotated

import typer

from cli import words
from cli.desk import Desk, show
from models.database import connect
from models.refusal import Refusal
from tasks.set_up import set_up

app = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help=words.JSON)]


@app.command("init", help=words.INIT)
def init(as_json: Json = False) -> None:
    desk = Desk()
    try:
        desk.settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(words.NO_HOME.format(home=desk.settings.home, error=error)) from error
    done = set_up(connect(desk.settings.database_url), desk.plans().values(), now=desk.now)
    data = {
        "home": str(desk.settings.home), "migrated": done.migrated, "units": done.units, "plans": done.plans,
        "waiting": done.waiting, "missing": done.missing,
    }  # fmt: skip
    show(
        as_json,
        data,
        lambda: [
            f"{desk.settings.home}: {done.units} đơn vị mới, kế hoạch áp dụng: {', '.join(done.plans) or 'không đổi'}",
            *(words.WAITING.format(code=code) for code in done.waiting),
            *(words.MISSING_FILE.format(code=code) for code in done.missing),
        ],
    )


@app.command("up", help=words.UP)
def up() -> None:
    from flows.up import up as run

    run(Desk().settings)


@app.command("demo", help=words.DEMO)
def demo() -> None:
    from flows.demo import demo as run

    run(Desk().settings)
