"""What stands in a run's graph: its steps, and the map of the units that it touched, red where they are overdue."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from prefect import State, task
from prefect.artifacts import acreate_markdown_artifact, acreate_progress_artifact, acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed

from flows import words
from flows.office import Office
from tasks.publish import Page
from tasks.sweep import TouchedUnit

T = TypeVar("T")

STEPS = 4
MOST_UNITS = 1000 - STEPS
"""In one run. Prefect's server may lose task runs of larger bursts without saying so."""

ROWS = 20
"""How many units stand above one another on the map."""


@task(task_run_name="{title}", retries=0, persist_result=False, cache_policy=NO_CACHE, log_prints=False)
async def step(title: str, work: Callable[[], T], told: Callable[[T], str]) -> State[T]:
    """Do a piece of work in a thread (mail and database wait); the state is named by what it tells."""
    found = await asyncio.to_thread(work)
    return Completed(name=told(found), data=found)


@task(task_run_name=words.PUBLISH, retries=0, persist_result=False, cache_policy=NO_CACHE, log_prints=False)
async def publish(published: Sequence[Page]) -> State[None]:
    """Publish the pages as artifacts; each replaces the one before it under the same key."""
    for page in published:
        if page.kind == "markdown":
            await acreate_markdown_artifact(page.data, key=page.key, description=page.title)
        elif page.kind == "table":
            rows = page.data or [{words.REST_COLUMNS[0]: words.NOBODY}]
            await acreate_table_artifact(rows, key=page.key, description=page.title)
        else:
            await acreate_progress_artifact(page.data, key=page.key, description=page.title)
    return Completed(name=words.PUBLISHED)


@task(task_run_name=words.CALENDAR, retries=0, persist_result=False, cache_policy=NO_CACHE, log_prints=False)
async def keep_calendar(office: Office) -> State[None]:
    """Keep the plan's milestones under *Upcoming*."""
    kept = await office.keep_calendar()
    return Completed(name=words.kept(kept.made, kept.dropped))


async def show(units: Sequence[TouchedUnit]) -> None:
    """Show each unit as a task run, column by column.

    Prefect draws a task run from its start to its end, so the units of a column wait for one another: else each
    would be a dot of 5 ms.
    """
    for first in range(0, len(units), ROWS):
        column = units[first : first + ROWS]
        together = asyncio.Barrier(len(column))
        await asyncio.gather(*(_unit(one.name, one.state, one.shown, "; ".join(one.did), together) for one in column))


@task(task_run_name="{name}", retries=0, persist_result=False, cache_policy=NO_CACHE, log_prints=False)
async def _unit(name: str, state: str, shown: str, did: str, together: asyncio.Barrier) -> State[None]:
    await together.wait()
    return Failed(name=shown, message=did) if state == "overdue" else Completed(name=shown, message=did)


def expect_red() -> None:
    """A late unit is no error of ours, and a line for each unit that ends as it should doubles a run's time."""
    logger = logging.getLogger("prefect.task_runs")
    logger.setLevel(logging.WARNING)
    if not any(isinstance(one, ExpectedRed) for one in logger.filters):
        logger.addFilter(ExpectedRed())


class ExpectedRed(logging.Filter):
    """Leaves out what Prefect logs as an error when a unit's task run ends in the state that we named."""

    TOLD = tuple(f"{told} {words.OVERDUE}" for told in ("Task run failed with state:", "Finished in state"))

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno != logging.ERROR or not record.getMessage().startswith(self.TOLD)
