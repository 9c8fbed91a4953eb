"""Runs in Prefect that no longer fit: missed while the engine was off, or of a milestone that moved."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun
from prefect.states import Pending, Scheduled
from server import Running

from flows import words
from flows.missed import settle_missed
from flows.upcoming import Kept, keep_upcoming
from tasks.preview import Milestone

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]
NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


class Office:
    """A deployment in a work pool of its own, where no worker is."""

    def __init__(self, url: str) -> None:
        self.url, self.pool = f"{url}/api", f"kiem-thu-{uuid4().hex[:8]}"
        self.deployment: UUID = self.ask(self._deploy)

    def ask(self, question: Callable[[PrefectClient], Coroutine[Any, Any, Any]]) -> Any:
        async def answer() -> Any:
            async with PrefectClient(self.url) as client:
                return await question(client)

        return asyncio.run(answer())

    def run(self, at: datetime, state: type | None = None) -> FlowRun:
        """A run scheduled at that instant; or in another state already."""
        made: FlowRun = self.ask(
            lambda client: client.create_flow_run_from_deployment(self.deployment, state=Scheduled(scheduled_time=at))
        )
        if state is not None:
            self.ask(lambda client: client.set_flow_run_state(made.id, state(), force=True))
        return made

    def state(self, run: FlowRun) -> str | None:
        found: FlowRun = self.ask(lambda client: client.read_flow_run(run.id))
        return found.state_name

    async def _deploy(self, client: PrefectClient) -> UUID:
        await client.create_work_pool(WorkPoolCreate(name=self.pool, type="process"))
        return await client.create_deployment(
            await client.create_flow_from_name(self.pool), "thu", work_pool_name=self.pool
        )


@pytest.fixture
def office(running: Running) -> Iterator[Office]:
    one = Office(running.settings.prefect_url)
    yield one
    one.ask(lambda client: client.delete_deployment(one.deployment))


def test_what_was_missed_is_closed_with_a_reason_and_what_is_ahead_stays(office: Office) -> None:
    missed, begun, ahead = office.run(NOW - HOUR), office.run(NOW - HOUR, Pending), office.run(NOW + HOUR)
    assert office.ask(lambda client: settle_missed(client, office.pool, now=NOW)) == 2
    assert office.state(missed) == words.MISSED
    assert office.state(begun) == words.BROKEN_OFF
    assert office.state(ahead) == "Scheduled"
    assert office.ask(lambda client: settle_missed(client, office.pool, now=NOW)) == 0


def test_a_milestone_that_moves_takes_its_run_with_it(office: Office) -> None:
    def keep(*wanted: Milestone) -> Kept:
        kept: Kept = office.ask(lambda client: keep_upcoming(client, office.deployment, wanted, now=NOW))
        return kept

    first, second = milestone("opens", NOW + HOUR), milestone("due", NOW + 48 * HOUR)
    assert keep(first, second) == Kept(made=2)
    assert keep(first, second) == Kept()
    assert keep(first, milestone("due", NOW + 72 * HOUR)) == Kept(made=1, dropped=1)


def milestone(step: str, at: datetime) -> Milestone:
    return Milestone("thu", "bao-cao", "Báo cáo", "2027", step, at, 1, ())
