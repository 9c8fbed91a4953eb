"""A plan's run, read top-down: sweep, deliver, publish, show each touched unit, and end in a state named for people.

Each plan is a flow named by its code, found here by the code's own name: `flows/sweep.py:nghe_an_2023`.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from prefect import Flow, State, flow, task
from prefect.artifacts import acreate_markdown_artifact, acreate_progress_artifact, acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed

from channels.smtp import send
from channels.smtp_address import SmtpAddress
from flows import words
from flows.catalog import load_plans
from flows.upcoming import Kept, coming, deployment_of, keep_upcoming
from models.database import check_version, connect, reading
from models.plan import Plan
from models.record import live_from
from models.refusal import Refusal
from models.settings import Settings
from models.unit_store import read_units
from schedules.cadence import within_sending_hours
from schedules.zone import MORNING, VIETNAM, parse_instant
from tasks.advance import advance
from tasks.deliver import Delivered, deliver
from tasks.publish import Page, pages
from tasks.sweep import SweepResult, TouchedUnit

T = TypeVar("T")

DAILY = "ra-soat-hang-ngay"
MOST_TASK_RUNS = 1000
"""In one run. Prefect's server loses task runs of larger bursts without saying so."""

STEPS = 4
LONGEST = 30 * 60  # seconds


def flow_of(plan: Plan) -> Flow[Any, Any]:
    """The plan's flow."""

    @flow(
        name=plan.code,
        description=plan.title,
        version=str(plan.version),
        flow_run_name=_readable_name,
        timeout_seconds=LONGEST,
        persist_result=False,
        log_prints=False,
    )
    async def run(as_of: str | None = None) -> State[None]:
        """Rà soát kế hoạch tại một thời điểm.

        Args:
            as_of: Thời điểm rà soát, ví dụ 2023-12-01 hoặc 2023-12-01T07:30+07:00. Để trống: ngay lúc chạy.
        """
        return await sweep(plan, as_of)

    return run


async def sweep(plan: Plan, as_of: str | None) -> State[None]:
    """One pass of a plan; gives the state in which its run ends."""
    expect_red()
    now = datetime.now(VIETNAM)
    office = Office.open(plan, as_of=parse_instant(as_of, clock=MORNING) if as_of else now, now=now)

    result = await (await step(words.SWEEP, office.sweep, words.swept)).aresult()
    sent, trouble = await _try_to_deliver(office)
    await publish(office.pages(result))
    await keep_calendar(office)
    # The units come last: while Prefect's server records hundreds of them it answers slowly.
    for unit in result.touched[: MOST_TASK_RUNS - STEPS]:
        await touched(unit.name, unit.state, unit.shown, "; ".join(unit.did))

    if trouble:
        return Failed(name=words.NOT_SENT, message=trouble)
    return Completed(name=words.outcome(result, sent), message=words.swept(result))


async def _try_to_deliver(office: "Office") -> tuple[Delivered | None, str]:
    """What was sent, and what went wrong: what did not leave stays planned, and people still see the plan."""
    try:
        return await (await step(words.DELIVER, office.deliver, words.delivered)).aresult(), ""
    except Exception as error:
        return None, str(error) or type(error).__name__


@dataclass(frozen=True)
class Office:
    """What a run works with: everything below it takes the time as an argument."""

    plan: Plan
    plans: dict[str, Plan]
    settings: Settings
    engine: sa.Engine
    as_of: datetime
    now: datetime

    @classmethod
    def open(cls, plan: Plan, *, as_of: datetime, now: datetime) -> "Office":
        """Raises Refusal: no usable database, or an instant that has not come yet on an engine that is live."""
        settings = Settings.read()
        engine = connect(settings.database_url)
        check_version(engine)
        with reading(engine) as db:
            if as_of > now and live_from(db) is not None:
                raise Refusal(words.FUTURE.format(at=as_of))
        return cls(plan, load_plans(settings.plans_folder), settings, engine, as_of, now)

    def sweep(self) -> SweepResult:
        return advance(self.engine, [self.plan], as_of=self.as_of, now=self.now, actor="engine")[0]

    def deliver(self) -> Delivered | None:
        """Send what is due of every plan, so that a recipient gets one digest; None outside the hours of sending."""
        if not within_sending_hours(self.as_of):
            return None
        address = SmtpAddress.parse(self.settings.mail_server)
        return deliver(
            self.engine, self.plans, self.settings, lambda letters: send(letters, address),
            as_of=self.as_of, now=self.now,
        )  # fmt: skip

    def pages(self, result: SweepResult) -> list[Page]:
        """What is published, with the touched units for whom the run has no room."""
        with reading(self.engine) as db:
            units = read_units(db, province=self.plan.province)
            found = pages(db, self.plan, units, self.settings, as_of=self.as_of)
        rest = result.touched[MOST_TASK_RUNS - STEPS :]
        return [*found, _rest(self.plan, rest)] if rest else found

    async def keep_calendar(self) -> Kept:
        """Keep the milestone runs in step with the plan: an event or an extension moves them."""
        with reading(self.engine) as db:
            wanted = coming(db, self.plan, read_units(db, province=self.plan.province), now=self.now)
        async with get_client() as client:
            deployment = await deployment_of(client, self.plan, DAILY)
            return await keep_upcoming(client, deployment, wanted, now=self.now) if deployment else Kept()


@task(task_run_name="{title}", retries=0, persist_result=False, cache_policy=NO_CACHE, log_prints=False)
async def step(title: str, work: Callable[[], T], told: Callable[[T], str]) -> State[T]:
    """Do a piece of work in a thread (mail and database wait); the state is named by what it tells."""
    found = await asyncio.to_thread(work)
    return Completed(name=told(found), data=found)


@task(task_run_name="{name}", retries=0, persist_result=False, cache_policy=NO_CACHE, log_prints=False)
async def touched(name: str, state: str, shown: str, did: str) -> State[None]:
    """A touched unit on the run's map: red where it is overdue. Nothing is done here; it is shown."""
    return Failed(name=shown, message=did) if state == "overdue" else Completed(name=shown, message=did)


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


def _rest(plan: Plan, rest: Sequence[TouchedUnit]) -> Page:
    unit, state, did = words.REST_COLUMNS
    rows = [{unit: one.name, state: one.shown, did: "; ".join(one.did)} for one in rest]
    return Page(f"{plan.code}-ngoai-so-do", "table", words.REST_TITLE, rows)


def _readable_name() -> str:
    """A run's own name; for one that Prefect named at random, when it is swept."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or re.fullmatch("[a-z]+-[a-z]+", run.name):
        return words.run_name(datetime.now(VIETNAM))
    return run.name


class ExpectedRed(logging.Filter):
    """Leaves out what Prefect logs as an error when a unit's task run ends in the state that we named."""

    TOLD = tuple(f"{told} {words.OVERDUE}" for told in ("Task run failed with state:", "Finished in state"))

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno != logging.ERROR or not record.getMessage().startswith(self.TOLD)


def expect_red() -> None:
    """A late unit is no error of ours, and a line for each unit that ends as it should doubles a run's time."""
    logger = logging.getLogger("prefect.task_runs")
    logger.setLevel(logging.WARNING)
    if not any(isinstance(one, ExpectedRed) for one in logger.filters):
        logger.addFilter(ExpectedRed())


def __getattr__(name: str) -> Flow[Any, Any]:
    """`flows.sweep.nghe_an_2023` is the flow of plan `nghe-an-2023`: how Prefect finds it by its entrypoint."""
    for code, plan in ({} if name.startswith("__") else load_plans(Settings.read().plans_folder)).items():
        if code.replace("-", "_") == name:
            return flow_of(plan)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
