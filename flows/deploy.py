"""Registering with Prefect: the work pool, a flow and a deployment for each plan, and the milestone runs ahead.

`python -m flows.deploy` does it for the server at PREFECT_API_URL; twice changes nothing. When a run is scheduled
and where it runs stands in prefect.yaml and nowhere else.
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import yaml
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled
from prefect.utilities.callables import parameter_schema
from prefect.workers.process import ProcessWorker

from flows import words
from flows.catalog import load_plans
from flows.missed import settle_missed
from flows.sweep import flow_of
from flows.upcoming import coming, keep_upcoming
from models.database import connect, reading
from models.plan import Plan
from models.settings import Settings
from models.unit_store import read_units
from schedules.zone import VIETNAM

CHECKOUT = Path(__file__).parent.parent
PREFECT_YAML = CHECKOUT / "prefect.yaml"


@dataclass(frozen=True, slots=True)
class Deployed:
    """A plan's deployment, and how many milestone runs were created for it."""

    plan: str
    deployment: UUID
    milestones: int


async def deploy(
    client: PrefectClient, engine: sa.Engine, plans: Mapping[str, Plan], *, now: datetime
) -> list[Deployed]:
    """Register every plan, in a work pool that is there; deployments of ours whose plan is gone are taken away."""
    config = _config()
    found = []
    for plan in plans.values():
        deployment = await _deploy(client, plan, _entry(config, plan))
        with reading(engine) as db:
            wanted = coming(db, plan, read_units(db, province=plan.province), now=now)
        kept = await keep_upcoming(client, deployment, wanted, now=now)
        found.append(Deployed(plan.code, deployment, kept.made))
    await _withdraw(client, config["definitions"]["deployment"]["tags"], keep={one.deployment for one in found})
    return found


async def start_now(client: PrefectClient, deployment: UUID, name: str) -> None:
    """Schedule a run for now."""
    await client.create_flow_run_from_deployment(deployment, name=name, state=Scheduled())


def entrypoint(plan: Plan) -> str:
    """Where Prefect finds the plan's flow, from the checkout."""
    return f"flows/sweep.py:{plan.code.replace('-', '_')}"


def _config() -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load(PREFECT_YAML.read_text("utf-8"))
    return config


def _entry(config: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """The plan's deployment in prefect.yaml; an office's own plan gets the definition that all of them share."""
    for one in config["deployments"]:
        if one["entrypoint"] == entrypoint(plan):
            return dict(one)
    shared = config["definitions"]["deployment"]
    return {**shared, "entrypoint": entrypoint(plan), "tags": [*shared["tags"], plan.code]}


async def _make_pool(client: PrefectClient, name: str) -> None:
    try:
        await client.read_work_pool(name)  # as it is: an office may have paused or limited it
    except ObjectNotFound:
        template = ProcessWorker.get_default_base_job_template()
        pool = WorkPoolCreate(name=name, type="process", description=words.POOL_ABOUT, base_job_template=template)
        await client.create_work_pool(pool)


async def _deploy(client: PrefectClient, plan: Plan, entry: Mapping[str, Any]) -> UUID:
    flow = flow_of(plan)
    return await client.create_deployment(
        await client.create_flow_from_name(flow.name),
        entry["name"],
        version=str(plan.version),
        description=flow.description,
        entrypoint=entry["entrypoint"],
        tags=entry["tags"],
        work_pool_name=entry["work_pool"]["name"],
        schedules=[_schedule(one) for one in entry["schedules"]],
        pull_steps=[{"prefect.deployments.steps.set_working_directory": {"directory": str(CHECKOUT)}}],
        parameter_openapi_schema=parameter_schema(flow).model_dump(),
        enforce_parameter_schema=True,
    )


def _schedule(one: Mapping[str, str]) -> DeploymentScheduleCreate:
    return DeploymentScheduleCreate(slug=one["slug"], schedule=CronSchedule(cron=one["cron"], timezone=one["timezone"]))


async def _withdraw(client: PrefectClient, tags: list[str], *, keep: set[UUID]) -> None:
    for one in await client.read_deployments():
        if set(tags) <= set(one.tags) and one.id not in keep:
            await client.delete_deployment(one.id)


async def main(*, at_start: bool) -> None:
    """Register everything; at the engine's start also settle what was missed, and sweep each plan once."""
    settings, now = Settings.read(), datetime.now(VIETNAM)
    plans = load_plans(settings.plans_folder)
    async with get_client() as client:
        pool = _config()["definitions"]["work_pool"]["name"]
        await _make_pool(client, pool)
        if at_start:
            print(f"{await settle_missed(client, pool, now=now)} đợt rà soát bỏ lỡ hoặc bị ngắt")
        for one in await deploy(client, connect(settings.database_url), plans, now=now):
            print(f"{one.plan}: {one.milestones} mốc mới")
            if at_start:
                await start_now(client, one.deployment, words.AT_START)


if __name__ == "__main__":
    asyncio.run(main(at_start="--at-start" in sys.argv))
