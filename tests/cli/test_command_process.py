"""The command as a process: exit codes, clean standard output, light imports, two at once, ended half-way."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest
import sqlalchemy as sa
from command_cast import HOME_AFFAIRS, PLAN, REPORT_HEADER, ROOT, Dondoc, as_process, ask, environment, report, write

from models.database import connect, reading
from models.ledger import broken_links

SWEEP = ("advance", "--plan", PLAN, "--as-of", "2023-12-05", "--json")


@pytest.fixture
def home(small_home: Path, tmp_path: Path) -> Path:
    copytree(small_home, tmp_path / "home")
    return tmp_path / "home"


def whole(home: Path) -> bool:
    """The ledger's chain and SQLite's own structure are unbroken."""
    engine = connect(f"sqlite:///{home / 'dondoc.sqlite'}")
    with reading(engine) as db:
        return list(broken_links(db)) == [] and db.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"


def test_exit_codes_and_the_two_outputs(home: Path) -> None:
    done = as_process(home, "status", "--plan", PLAN, "--as-of", "2023-11-01", "--json")
    assert (done.code, done.err) == (0, "") and done.json["rows"]
    refused = as_process(home, "status", "--plan", "nope", "--json")
    assert refused.code == 1 and "«nope»" in refused.reason
    wrong = as_process(home, "status", "--json")
    assert (wrong.code, wrong.out) == (2, "") and "--plan" in wrong.err


def test_without_json_the_refusal_is_on_standard_error_only(home: Path) -> None:
    refused = as_process(home, "units", "count", "--province", "35", "--on", "2025-08-01")
    assert (refused.code, refused.out) == (1, "") and "37" in refused.err


def test_the_installed_command_is_the_module(home: Path) -> None:
    command = Path(sys.executable).with_name("dondoc")
    done = subprocess.run([command, "plan", "list", "--json"], env=environment(home), capture_output=True, check=True)
    assert json.loads(done.stdout)[0]["code"] == PLAN and done.stderr == b""


LOADED = """
import sys
from cli import main
sys.argv = ["dondoc", *{arguments!r}]
try:
    main()
except SystemExit as exit:
    assert not exit.code, exit.code
heavy = {{"prefect", "apprise", "openpyxl", "httpx", "fastapi", "alembic", "aiosmtpd", "aiosmtplib", "jinja2"}}
print(sorted(heavy & sys.modules.keys()), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments", [("status", "--plan", PLAN, "--as-of", "2023-11-01", "--json"), ("units", "count", "--json"), SWEEP]
)
def test_what_needs_no_prefect_does_not_load_it(home: Path, arguments: tuple[str, ...]) -> None:
    done = as_process(home, python=("-c", LOADED.format(arguments=arguments)))
    assert done.code == 0 and done.err.strip() == "[]", done.err


def test_an_output_of_another_encoding_is_no_traceback(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", "plan", "list", "--json"], cwd=ROOT, capture_output=True,
        env={**environment(home), "PYTHONIOENCODING": "ascii"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and json.loads(done.stdout)[0]["title"].startswith("Kế hoạch")


@pytest.mark.parametrize("arguments", [("plan", "exempt", PLAN, "--unit", HOME_AFFAIRS, "--reason", b"\xff"),
                                       ("status", "--plan", b"nghe\xff")])  # fmt: skip
def test_arguments_that_are_no_utf8_are_refused(home: Path, arguments: tuple[str | bytes, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", *arguments, "--json"], cwd=ROOT, env=environment(home), capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1 and b"Traceback" not in done.stderr and json.loads(done.stdout)


def test_two_sweeps_at_once_do_the_work_once(home: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-m", "cli", *SWEEP], cwd=ROOT, env=environment(home),
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]  # fmt: skip
    told = []
    for process in running:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b"")
        told.append(json.loads(out))
    assert sorted(one["opened"] for one in told)[:2] == [0, 0]
    [(rows, assignments)] = ask(home, "SELECT count(*), count(DISTINCT plan||duty||period||unit) FROM assignment")
    assert rows == assignments == sum(one["opened"] for one in told)
    assert ask(home, "SELECT count(*) FROM ledger WHERE kind='assigned'") == [(rows,)]
    assert ask(home, "SELECT count(*) FROM ledger WHERE kind='swept'") == [(1,)]
    assert whole(home)


def test_two_inits_at_once_set_up_once(tmp_path: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-m", "cli", "init", "--json"], cwd=ROOT, env=environment(tmp_path / "new"),
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]  # fmt: skip
    told = []
    for process in running:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b"")
        told.append(json.loads(out))
    assert sorted(len(one["plans"]) for one in told) == [0, 1]
    assert ask(tmp_path / "new", "SELECT count(*) FROM ledger WHERE kind='plan_applied'") == [(1,)]


KILLED = """
import os, signal, sys
import sqlalchemy as sa
from cli import main

@sa.event.listens_for(sa.Engine, "after_cursor_execute")
def fall(connection, cursor, statement, parameters, context, many):
    if statement.startswith({statement!r}):
        os.kill(os.getpid(), signal.SIGKILL)

sys.argv = ["dondoc", *{arguments!r}]
main()
"""


def killed(home: Path, arguments: tuple[str, ...], statement: str) -> None:
    done = as_process(home, python=("-c", KILLED.format(arguments=arguments, statement=statement)))
    assert done.code == -9, (done.code, done.err[-500:])


@pytest.mark.parametrize("statement", ["INSERT INTO assignment", "INSERT INTO ledger", "INSERT INTO notice"])
def test_a_sweep_that_is_killed_leaves_nothing_half_done(dondoc: Dondoc, statement: str) -> None:
    before = dondoc.state
    killed(dondoc.home, SWEEP, statement)
    assert dondoc.state == before and whole(dondoc.home)
    again = dondoc.done(*SWEEP[:-1])
    assert (again["opened"], again["overdue"]) == (len(dondoc.state["assignment"]), 43) and again["opened"] > 1000


def test_an_import_that_is_killed_leaves_nothing_half_done(dondoc: Dondoc, tmp_path: Path) -> None:
    file = write(tmp_path / "r.csv", REPORT_HEADER, report(HOME_AFFAIRS, by="Ai"))
    before = dondoc.state
    killed(dondoc.home, ("reports", "import", str(file), "--json"), "INSERT INTO ledger")
    assert dondoc.state == before
    assert dondoc.done("reports", "import", file)["imported"] == 1


def test_an_init_that_is_killed_can_be_repeated(tmp_path: Path) -> None:
    home = tmp_path / "new"
    killed(home, ("init", "--json"), "INSERT INTO unit_link")
    assert as_process(home, "init", "--json").json["plans"] == [PLAN]
    assert whole(home)


def test_a_reader_is_not_kept_waiting_by_a_writer(home: Path) -> None:
    engine = connect(f"sqlite:///{home / 'dondoc.sqlite'}")
    with closing(engine.raw_connection()) as writer:
        writer.driver_connection.execute("BEGIN IMMEDIATE")
        writer.driver_connection.execute("INSERT INTO person (name) VALUES ('đang ghi')")
        done = as_process(home, "status", "--plan", PLAN, "--as-of", "2023-11-01", "--json", timeout=20)
        assert done.code == 0
        writer.driver_connection.execute("ROLLBACK")
