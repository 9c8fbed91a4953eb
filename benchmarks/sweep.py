"""One sweep of the plan over all its units, beside the same rows written by hand."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from tempfile import TemporaryDirectory

from benchmarks.office import DAY, NOW, PLAN, scratch, timed
from models.database import connect, migrate, reading, writing
from models.unit_store import read_units
from schedules.zone import MORNING, at
from tasks.sweep import sweep


def measure() -> list[dict]:
    first, rows = [], {}
    for _ in range(3):
        with scratch() as (engine, folder):
            with reading(engine) as db:
                units = read_units(db, province="40")

            def once(day: date = DAY, engine=engine, units=units) -> None:
                with writing(engine) as db:
                    sweep(db, PLAN, units, as_of=at(day, MORNING), now=NOW)

            first.append(timed(once, 1))
            quiet = timed(lambda: once(date(2023, 12, 2)), 5)
            rows = _written(folder / "bench.sqlite")
    with _empty_schema() as path:
        floor = timed(lambda: _by_hand(path, rows), 1)
    return [
        {"what": f"first sweep: {sum(map(len, rows.values())):,} rows written (all duties, ~500 units)",
         "seconds": sorted(first)[1], "floor": floor, "target": "under 0.5 s, 150 MB"},
        {"what": "a quiet day's sweep of the same plan", "seconds": quiet, "target": "under 0.5 s"},
    ]  # fmt: skip


def _written(path) -> dict[str, list[tuple]]:
    with sqlite3.connect(path) as db:
        return {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in ("assignment", "ledger", "notice")}


@contextmanager
def _empty_schema() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        migrate(connect(f"sqlite:///{folder}/floor.sqlite"))
        yield f"{folder}/floor.sqlite"


def _by_hand(path: str, rows: dict[str, list[tuple]]) -> None:
    """The floor: the very rows, inserted by the bare driver into tables with the same keys."""
    with sqlite3.connect(path) as db:
        for table, values in rows.items():
            db.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(values[0]))})", values)
