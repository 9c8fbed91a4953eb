"""What a plan's run works with: its plan, the database, the mail server, and the instant that it stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from prefect.client.orchestration import get_client

from channels.ways import open_channels
from flows import words
from flows.catalog import load_plans
from flows.upcoming import Kept, coming, deployment_of, keep_upcoming
from models.calendars import read_calendar
from models.database import check_version, connect, reading
from models.plan import Plan
from models.record import live_from
from models.refusal import Refusal
from models.settings import Settings
from models.unit_store import read_units
from schedules.cadence import may_send
from schedules.zone import VIETNAM
from tasks.advance import advance
from tasks.deliver import Delivered, PostRoom, deliver
from tasks.dispatch import own_name, sweeps_awaited
from tasks.publish import Page, pages
from tasks.sweep import SweepResult, TouchedUnit
from tasks.unreachable import channels_of
from tasks.watch import watch


@dataclass(frozen=True)
class Office:
    """One run's office. `as_of` is the instant that is swept, `now` when it is recorded."""

    plan: Plan
    plans: Mapping[str, Plan]
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

    def deliver(self) -> Delivered | str:
        """Send what is due of every plan, so that a recipient gets one message; or tell why nothing is sent now."""
        watch(self.engine, self.plans, self.settings, channels_of(self.settings), now=self.now)
        with reading(self.engine) as db:
            calendar = read_calendar(db, self.plan.province, as_of=self.as_of)
            awaited = sweeps_awaited(db, self.plans, self.as_of)
        if not may_send(self.as_of, calendar):
            return words.QUIET_HOURS
        if awaited:
            return words.SWEEPS_AWAITED
        owner = own_name()
        channels = open_channels(self.settings, self.engine, owner=owner)
        room = PostRoom(self.engine, self.settings, channels, lambda: datetime.now(VIETNAM), owner)
        return deliver(room, self.plans, as_of=self.as_of)

    def pages(self, rest: Sequence[TouchedUnit]) -> list[Page]:
        """What is published; `rest` are the touched units for whom the run's map has no room."""
        with reading(self.engine) as db:
            units = read_units(db, province=self.plan.province)
            found = pages(db, self.plan, units, self.settings, as_of=self.as_of)
        return [*found, self._rest(rest)] if rest else found

    async def keep_calendar(self) -> Kept:
        """Keep the milestone runs in step with the plan: an event or an amendment moves them."""
        with reading(self.engine) as db:
            wanted = coming(db, self.plan, read_units(db, province=self.plan.province), now=self.now)
        async with get_client() as client:
            deployment = await deployment_of(client, self.plan, words.DAILY)
            return await keep_upcoming(client, deployment, wanted, now=self.now) if deployment else Kept()

    def _rest(self, rest: Sequence[TouchedUnit]) -> Page:
        unit, state, did = words.REST_COLUMNS
        rows = [{unit: one.name, state: one.shown, did: "; ".join(one.did)} for one in rest]
        return Page(f"{self.plan.code}-ngoai-so-do", "table", words.REST_TITLE, rows)
