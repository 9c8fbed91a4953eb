"""What an engine that was off left behind in Prefect: runs that nobody will start, or that nobody is running.

One sweep owes what all the missed ones owed (it has no look-back window), so they are closed with a reason
instead of running one after the other.
"""

from datetime import datetime

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterNextScheduledStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, StateType, WorkerStatus
from prefect.states import Cancelled, Crashed

from flows import words
from flows.environment import WORKER
from flows.upcoming import PAGE


async def settle_missed(client: PrefectClient, pool: str, *, now: datetime) -> int:
    """Close what was missed or broken off; gives how many runs. Call it before our worker starts.

    Nothing is done while another worker serves the pool: then nothing was missed, and its runs are running.
    """
    if await _others(client, pool):
        return 0
    late = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        next_scheduled_start_time=FlowRunFilterNextScheduledStartTime.model_validate({"before_": now}),
    )
    begun = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING]))
    )
    missed = await _runs(client, pool, late)
    broken_off = await _runs(client, pool, begun)
    for run in missed:
        await client.set_flow_run_state(run.id, Cancelled(name=words.MISSED, message=words.MISSED_WHY), force=True)
    for run in broken_off:
        await client.set_flow_run_state(
            run.id, Crashed(name=words.BROKEN_OFF, message=words.BROKEN_OFF_WHY), force=True
        )
    return len(missed) + len(broken_off)


async def _others(client: PrefectClient, pool: str) -> bool:
    """Whether a worker that is not ours has been heard of lately."""
    workers = await client.read_workers_for_work_pool(pool)
    return any(one.name != WORKER and one.status == WorkerStatus.ONLINE for one in workers)


async def _runs(client: PrefectClient, pool: str, chosen: FlowRunFilter) -> list[FlowRun]:
    found: list[FlowRun] = []
    while True:
        page = await client.read_flow_runs(
            work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[pool])),
            flow_run_filter=chosen,
            limit=PAGE,
            offset=len(found),
        )
        found.extend(page)
        if len(page) < PAGE:
            return found
