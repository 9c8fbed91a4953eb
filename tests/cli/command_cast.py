"""The cast of the command's stories: one way to run it in this process, one as a process, and what it left behind."""

import contextlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from freezegun import freeze_time

import cli
from models.database import connect, writing
from schedules.zone import VIETNAM
from tasks import set_up

NOW = "2026-11-21T03:00:00+00:00"
"""10:00 on 21/11/2026 in Vietnam: the wall clock of the stories."""

PLAN = "nghe-an-2023"
HOME_AFFAIRS = "b:40.so-noi-vu"
JUSTICE = "b:40.so-tu-phap"
VINH = "g1:412"
REPORT_HEADER = "plan,duty,period,unit,submitted_at,by"
UNIT_HEADER = "key,name,kind,level,parent,valid_from,valid_to"
CONTACT_HEADER = "unit,name,role,email"
TABLES = ("ledger", "assignment", "notice", "delivery", "delivery_item", "contact", "contact_address", "person", "unit",
          "alembic_version")  # fmt: skip
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """What one command gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output; anything else there is an error."""
        return json.loads(self.out)

    @property
    def reason(self) -> str:
        """Why it refused: exit 1, one JSON document with the reason, the same words on standard error, no traceback."""
        assert self.code == 1, (self.code, self.out, self.err)
        assert "Traceback" not in self.err, self.err
        reason = self.json["error"]
        assert isinstance(reason, str) and reason in self.err
        return reason


@dataclass(frozen=True)
class Dondoc:
    """The `dondoc` command on one home, in this process, with `--json`, on a clock that says `now`."""

    home: Path
    now: str = NOW

    def __call__(self, *arguments: object) -> Ran:
        return in_process(*arguments, "--json", now=self.now)

    def when(self, now: str) -> "Dondoc":
        """The same home on another day."""
        return Dondoc(self.home, now)

    def done(self, *arguments: object) -> Any:
        """The JSON document of a command that has to succeed."""
        ran = self(*arguments)
        assert ran.code == 0, (ran.out[-500:], ran.err[-2000:])
        return ran.json

    def rows(self, **options: object) -> list[dict[str, Any]]:
        """The rows of `dondoc status`."""
        given = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
        rows: list[dict[str, Any]] = self.done("status", "--plan", PLAN, *given)["rows"]
        return rows

    def row(self, duty: str, period: str, **options: object) -> dict[str, Any]:
        """The one row of a duty and period."""
        [row] = [row for row in self.rows(**options) if (row["duty"], row["period"]) == (duty, period)]
        return row

    def submit(self, unit: str = HOME_AFFAIRS, at: str = "2023-11-20", **changes: str) -> Ran:
        """`dondoc submit` of the yearly report of 2023, or what `changes` make of it."""
        given = {"plan": PLAN, "duty": "bao-cao-nam", "period": "2023", "unit": unit, "at": at} | changes
        return self("submit", *(part for name, value in given.items() for part in (f"--{name}", value)))

    @property
    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that is remembered, to compare before and after."""
        return remembered(self.home)


def in_process(*arguments: object, now: str = NOW) -> Ran:
    """Run the command as `dondoc` would, its two outputs apart; a traceback counts as on standard error."""
    out, err = io.StringIO(), io.StringIO()
    argv = ["dondoc", *map(str, arguments)]
    with (
        freeze_time(now, tick=True), patch.object(sys, "argv", argv),
        contextlib.redirect_stdout(out), contextlib.redirect_stderr(err),
    ):  # fmt: skip
        try:
            cli.main()
            code = 0
        except SystemExit as exit:
            code = exit.code if isinstance(exit.code, int) else 1
        except Exception:  # what Python itself would print
            traceback.print_exc()
            code = 1
    return Ran(code, out.getvalue(), err.getvalue())


def as_process(home: Path, *arguments: object, python: Sequence[str] = ("-m", "cli"), timeout: float = 60) -> Ran:
    """Run the command as a process of its own, on the real clock."""
    command = [sys.executable, *python, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(home), capture_output=True, timeout=timeout, check=False
    )  # fmt: skip
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def environment(home: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DONDOC_", "PREFECT_"))}
    return {**kept, "DONDOC_HOME": str(home), "DONDOC_SMTP_PORT": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def remembered(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table, by table."""
    with contextlib.closing(sqlite3.connect(home / "dondoc.sqlite")) as db:
        db.execute("PRAGMA busy_timeout=5000")
        return {table: db.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in TABLES}


def ask(home: Path, query: str) -> list[tuple[Any, ...]]:
    """One query on the database of a home."""
    with contextlib.closing(sqlite3.connect(home / "dondoc.sqlite")) as db:
        return db.execute(query).fetchall()


def change(home: Path, statement: str) -> None:
    """One change behind the command's back."""
    with contextlib.closing(sqlite3.connect(home / "dondoc.sqlite", isolation_level=None)) as db:
        db.execute(statement)


def go_live(home: Path) -> None:
    """What the first `dondoc up` remembers, on 1/11/2026."""
    engine = connect(f"sqlite:///{home / 'dondoc.sqlite'}")
    with writing(engine) as db:
        set_up.go_live(db, now=datetime(2026, 11, 1, tzinfo=VIETNAM))
    engine.dispose()


def write(path: Path, *lines: str, encoding: str = "utf-8", newline: str = "\n") -> Path:
    path.write_bytes((newline.join(lines) + newline).encode(encoding))
    return path


def report(unit: str, *, at: str = "2023-11-20", duty: str = "bao-cao-nam", period: str = "2023", by: str = "") -> str:
    """One row for `dondoc reports import`."""
    return f"{PLAN},{duty},{period},{unit},{at},{by}"
