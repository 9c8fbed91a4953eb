"""A plan's calendar under *Upcoming*: one scheduled run, readable by its name, for each milestone ahead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from models.plan import Plan
from models.record import read_record
from models.units import Units
from models.versions import in_force
from schedules.zone import local_day
from tasks.preview import Milestone, milestones

AHEAD = timedelta(days=400)
TAG = "mốc"
PAGE = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """How many milestone runs were created and how many were taken away."""

    made: int = 0
    dropped: int = 0


def coming(db: sa.Connection, plan: Plan, units: Units, *, now: datetime) -> list[Milestone]:
    """The plan's milestones after `now`, 400 days ahead."""
    plan = in_force(db, plan, as_of=now)
    record = read_record(db, plan, as_of=now)
    found = milestones(plan, units, record, since=local_day(now), through=local_day(now + AHEAD))
    return [one for one in found if one.at > now]


async def keep_upcoming(client: PrefectClient, deployment: UUID, wanted: Iterable[Milestone], *, now: datetime) -> Kept:
    """Create the runs that are missing and delete those whose milestone no longer stands.

    One request at a time: several writers at once make Prefect's SQLite wait for minutes, and its endpoint for
    many runs at once answers "database is locked" for each of them.
    """
    by_key = {_key(one): one for one in wanted}
    standing = {run.idempotency_key: run for run in await _scheduled(client, deployment)}
    stale = [
        run
        for key, run in standing.items()
        if key not in by_key and run.next_scheduled_start_time and run.next_scheduled_start_time > now
    ]
    missing = [key for key in by_key if key not in standing]
    for run in stale:
        await client.delete_flow_run(run.id)
    for key in missing:
        await client.create_flow_run_from_deployment(
            deployment,
            name=by_key[key].name,
            idempotency_key=key,
            tags=[TAG],
            state=Scheduled(scheduled_time=by_key[key].at),
        )
    return Kept(len(missing), len(stale))


async def deployment_of(client: PrefectClient, plan: Plan, name: str) -> UUID | None:
    """The plan's deployment; None where it is not deployed."""
    try:
        return (await client.read_deployment_by_name(f"{plan.code}/{name}")).id
    except ObjectNotFound:
        return None


def _key(one: Milestone) -> str:
    # With the instant in it, so that a milestone that moves is another run and the old one is stale.
    return f"{one.plan}:{one.duty}:{one.period}:{one.step}:{one.at.isoformat()}"


async def _scheduled(client: PrefectClient, deployment: UUID) -> list[FlowRun]:
    found: list[FlowRun] = []
    while True:
        page = await client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
            flow_run_filter=FlowRunFilter(
                tags=FlowRunFilterTags(all_=[TAG]),
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
            ),
            limit=PAGE,
            offset=len(found),
        )
        found.extend(page)
        if len(page) < PAGE:
            return found
