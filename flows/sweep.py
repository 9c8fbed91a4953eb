"""A plan's run, read top-down: sweep, deliver, publish, show each touched unit, and end in a state named for people.

Each plan is a flow named by its code, found here by the code's own name: `flows/sweep.py:nghe_an_2023`.
"""

import re
from datetime import datetime
from typing import Any

from prefect import Flow, State, flow
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed

from flows import words
from flows.catalog import load_plans
from flows.office import Office
from flows.steps import MOST_UNITS, expect_red, keep_calendar, publish, show, step
from models.plan import Plan
from models.settings import Settings
from schedules.zone import MORNING, VIETNAM, parse_instant
from tasks.deliver import Delivered

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
    await publish(office.pages(rest=result.touched[MOST_UNITS:]))
    await keep_calendar(office)
    await show(result.touched[:MOST_UNITS])

    if trouble:
        return Failed(name=words.NOT_SENT, message=trouble)
    return Completed(name=words.outcome(result, sent), message=words.swept(result))


async def _try_to_deliver(office: Office) -> tuple[Delivered | str | None, str]:
    """What was sent, and what went wrong: what did not leave stays planned, and people still see the plan."""
    try:
        return await (await step(words.DELIVER, office.deliver, words.delivered)).aresult(), ""
    except Exception as error:
        return None, str(error) or type(error).__name__


def _readable_name() -> str:
    """A run's own name; for one that Prefect named at random, when it is swept."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or re.fullmatch("[a-z]+-[a-z]+", run.name):
        return words.run_name(datetime.now(VIETNAM))
    return run.name


def __getattr__(name: str) -> Flow[Any, Any]:
    """`flows.sweep.nghe_an_2023` is the flow of plan `nghe-an-2023`: how Prefect finds it by its entrypoint."""
    for code, plan in ({} if name.startswith("__") else load_plans(Settings.read().plans_folder)).items():
        if code.replace("-", "_") == name:
            return flow_of(plan)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
