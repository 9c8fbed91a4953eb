"""A scratch office for measuring: Nghệ An's plan on every unit, in a folder that is gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import sqlalchemy as sa

from flows.catalog import find_plan
from models.database import connect
from schedules.zone import MORNING, at
from tasks.set_up import set_up

PLAN = find_plan("nghe-an-2023")
DAY = date(2023, 12, 1)
NOW = at(date(2026, 11, 1), MORNING)


@contextmanager
def scratch() -> Iterator[tuple[sa.Engine, Path]]:
    with TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/bench.sqlite")
        set_up(engine, [PLAN], now=NOW)
        yield engine, Path(folder)


def timed(action, times: int = 5) -> float:
    """The median wall seconds of several calls."""
    return median(_once(action) for _ in range(times))


def _once(action) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start
