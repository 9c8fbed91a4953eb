"""The cast of the Zalo stories: an office with a database, its Zalo on this machine, one morning in November."""

import itertools
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from channel_cast import MORNING, digest

from channels.channel import Envelope, Parcel
from channels.zalo_standin import Running
from channels.zalo_standin_dev import register_dev_templates
from channels.zalo_zns import ZnsChannel
from models.database import connect, migrate, reading, writing
from models.settings import Settings
from models.tables import zalo_token

HOA = "84987654321"
SECRETS = ("dev-app-secret", "dev-oa-secret", "dev-refresh-token", "dev:bot-token", "at-", "rt-")
_numbers = itertools.count(1)


@dataclass
class Office:
    """One engine's settings and database beside a stand-in."""

    settings: Settings
    engine: sa.Engine
    zalo: Running

    def zns(self, **changes) -> ZnsChannel:
        changes = {"owner": "office", "answer_seconds": 0.4} | changes
        return ZnsChannel(changes.pop("settings", self.settings), self.engine, **changes)

    def with_zalo(self, **changes) -> Settings:
        return replace(self.settings, zalo=replace(self.settings.zalo, **changes))

    def token_row(self):
        with reading(self.engine) as db:
            return db.execute(sa.select(zalo_token)).one()

    def set_token(self, **values) -> None:
        with writing(self.engine) as db:
            db.execute(sa.update(zalo_token).values(**values))

    @property
    def refreshes(self) -> int:
        return self.zalo.zalo.calls.count("/v4/oa/access_token")

    @property
    def counts(self) -> dict[str, int]:
        return self.zalo.zalo.store.counts()


def office(folder: Path, zalo: Running, *, now: datetime = MORNING) -> Office:
    """An office whose database is fresh, with the templates registered."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(home=folder, database_url=f"sqlite:///{folder / 'dondoc.sqlite'}", zalo=zalo.settings)
    engine = connect(settings.database_url)
    migrate(engine)
    with writing(engine) as db:
        register_dev_templates(db, now=now)
    return Office(settings, engine, zalo)


def environment(vinh: Office) -> dict[str, str]:
    """The office's settings as another process reads them."""
    zalo = vinh.settings.zalo
    names = ("app_id", "app_secret", "oa_secret", "refresh_token", "bot_token", "api", "oauth", "bot_api")
    return {f"DONDOC_ZALO_{name.upper()}": getattr(zalo, name) for name in names} | {
        "DONDOC_HOME": str(vinh.settings.home), "DONDOC_DATABASE_URL": vinh.settings.database_url,
    }  # fmt: skip


def envelope(address: str = HOA) -> Envelope:
    return Envelope(address, "Chị Hoa", "<tb-1@dondoc.vn>", "t-1", MORNING)


def parcel(channel, address: str = HOA, tracking: str = "", **changes) -> Parcel:
    """A digest written by the channel, under a reference of its own."""
    content = channel.write(digest(**changes), envelope(address))
    return Parcel(1, address, tracking or f"t-{next(_numbers)}", "<tb-1@dondoc.vn>", content)


def send(channel, *parcels, now: datetime = MORNING, within: float = 30):
    """The outcome of one parcel, or those of several."""
    outcomes = channel.send(parcels or [parcel(channel)], now=now, within=within)
    return outcomes if len(parcels) > 1 else outcomes[0]
