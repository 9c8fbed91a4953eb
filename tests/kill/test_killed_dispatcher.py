"""The dispatcher dies at random moments, again and again: every message arrives, and none arrives twice."""

import os
import random
import signal
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import uvicorn
from postfix import UNITS, missing, postfix

from channels.channel import Channel
from channels.email_channel import EmailChannel
from channels.mail_folder import MailFolder
from channels.mailbox import receiving
from channels.zalo_standin import standing_in
from channels.zalo_standin_dev import register_dev_templates
from channels.zalo_zns import ZnsChannel
from flows.catalog import find_plan
from models.database import connect, reading, writing
from models.people import person
from models.settings import Settings
from models.tables import contact, contact_address, delivery, ledger, notice
from models.unit_store import read_units
from portal.site import create_app
from schedules.zone import MORNING, at
from tasks.deliver import PostRoom, deliver
from tasks.outbox import UNDER_WAY
from tasks.resolve import ASK_ELSEWHERE_AFTER
from tasks.set_up import set_up
from tasks.sweep import sweep

PLAN = find_plan("nghe-an-2023")
MORNING_OF = at(datetime(2023, 12, 1).date(), MORNING)
PEOPLE = 10
"""In each of some 500 units: as many messages as are asked of the story."""
MESSAGES = 5000
KILLS = 60
LEASE = timedelta(seconds=2)
SILENCE = ASK_ELSEWHERE_AFTER + LEASE
PATIENCE = 900  # seconds


@dataclass
class Post:
    """An office whose messages all wait to leave, and its dispatchers. Its clock runs from that morning on."""

    path: Path
    settings: Settings
    kills: int = 0
    began: float = field(default_factory=time.monotonic)
    later: timedelta = timedelta(0)
    span: timedelta = LEASE

    def clock(self) -> datetime:
        return MORNING_OF + timedelta(seconds=time.monotonic() - self.began) + self.later

    def room(self) -> PostRoom:
        engine = connect(f"sqlite:///{self.path}")
        channels: dict[str, Channel] = {"email": EmailChannel(self.settings)}
        if self.settings.zalo.configured:
            zns = ZnsChannel(self.settings, engine, owner=str(os.getpid()))
            zns.rate = None  # as fast as it goes: this story is about deaths
            channels["zns"] = zns
        return PostRoom(engine, self.settings, channels, self.clock, str(os.getpid()), span=self.span)

    def sends(self) -> None:
        """All that can leave now, in this process."""
        room = self.room()
        deliver(room, {PLAN.code: PLAN}, as_of=MORNING_OF)
        room.engine.dispose()

    def begins_to_send(self) -> int:
        """A dispatcher in a process of its own; gives its number."""
        child = os.fork()
        if child:
            return child
        try:
            self.sends()
        finally:
            os._exit(0)

    def states(self) -> Counter[str]:
        with sqlite3.connect(self.path) as raw:
            found = Counter(dict(raw.execute("SELECT state, count(*) FROM delivery GROUP BY state")))
        raw.close()
        return found

    def troubles(self) -> list[tuple[str, str, int]]:
        with sqlite3.connect(self.path) as raw:
            found = list(raw.execute("SELECT channel, error, count(*) FROM delivery WHERE error > '' GROUP BY 1, 2"))
        raw.close()
        return found

    def arrived(self) -> int:
        states = self.states()
        return states["accepted"] + states["delivered"]

    def all_settled(self) -> bool:
        states = self.states()
        return sum(states.values()) > 0 and not set(states) & {*UNDER_WAY}


def dies_often(post: Post, luck: random.Random, *, longest: float = 0.55) -> None:
    """Dispatchers are killed at random moments while there is something left; then one is let live."""
    until = time.monotonic() + PATIENCE
    while post.kills < KILLS or not post.all_settled():
        assert time.monotonic() < until, f"{post.kills} kills, {post.states()}, {post.troubles()}"
        if post.kills >= KILLS or post.arrived() > MESSAGES * 0.98:
            # Time goes by: leases end, whoever could not be reached is tried again, silence is taken for silence.
            post.later += SILENCE / 20
            post.sends()
            time.sleep(0.1)
            continue
        child = post.begins_to_send()
        time.sleep(luck.uniform(0.15, longest))
        os.kill(child, signal.SIGKILL)
        post.kills += os.waitpid(child, 0)[1] == signal.SIGKILL


@pytest.fixture(scope="module")
def waiting(tmp_path_factory) -> Path:
    """An office on the morning after the report was due: some 500 units late, ten people to be told in each."""
    path = tmp_path_factory.mktemp("kill") / "dondoc.sqlite"
    engine = connect(f"sqlite:///{path}")
    set_up(engine, [PLAN], now=MORNING_OF)
    with writing(engine) as db:
        units = read_units(db, province="40")
        sweep(db, PLAN, units, as_of=MORNING_OF, now=MORNING_OF)
        to = db.execute(
            sa.select(notice.c.recipient, notice.c.role).where(notice.c.state == "planned").distinct()
        ).all()
        for number, (unit, role) in enumerate(to):
            for one in range(PEOPLE):
                who = {"unit": unit, "role": role, "person": person(db, f"Người {one}"), "copies": True}
                made = db.execute(sa.insert(contact).values(**who)).inserted_primary_key
                urls = (f"zns://84{912_000_000 + number * PEOPLE + one}", f"mailto://n{number}.{one}@{UNITS}")
                db.execute(sa.insert(contact_address), [
                    {"contact": made[0], "url": url, "ordinary": place, "important": place, "disabled_why": ""}
                    for place, url in enumerate(urls, start=1)
                ])  # fmt: skip
    engine.dispose()
    return path


@contextmanager
def office(waiting: Path, folder: Path, change: Callable[[Settings], Settings]) -> Iterator[Post]:
    path = folder / "dondoc.sqlite"
    with sqlite3.connect(waiting) as source, sqlite3.connect(path) as target:
        source.backup(target)
    source.close()
    target.close()
    yield Post(path, change(Settings(home=folder, database_url=f"sqlite:///{path}")))


def arrived_once(post: Post, arrived: Counter[str], *, kills: int = KILLS) -> None:
    with reading(connect(f"sqlite:///{post.path}")) as db:
        sent = set(db.execute(sa.select(delivery.c.message_id)).scalars())
        said = Counter(db.execute(sa.select(notice.c.state).where(notice.c.state != "skipped")).scalars())
        told = db.execute(sa.select(sa.func.count()).where(ledger.c.kind == "delivered")).scalar_one()
    assert post.kills >= kills
    assert len(sent) >= MESSAGES
    assert sent - arrived.keys() == set(), "lost"
    assert {id: count for id, count in arrived.items() if count > 1} == {}, "duplicated"
    assert arrived.keys() == sent
    assert set(said) == {"sent"}
    assert told == len(sent), "the ledger knows each once"


def test_sixty_deaths_into_the_mailbox_lose_nothing_and_repeat_nothing(waiting, tmp_path):
    folder = MailFolder(tmp_path / "mailbox")
    with (
        receiving(folder) as port,
        office(waiting, tmp_path, lambda s: replace(s, smtp_port=port)) as post,
    ):
        dies_often(post, random.Random(20231201))
        arrived = Counter(str(folder.message(id)["Message-ID"]) for id in folder.ids())
    arrived_once(post, arrived)


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_sixty_deaths_into_postfix_lose_nothing_and_repeat_nothing(waiting, tmp_path):
    with (
        postfix(tmp_path) as relay,
        office(waiting, tmp_path, lambda s: replace(
            s, smtp_url=f"smtp://127.0.0.1:{relay.port}", smtp_log=relay.log)) as post,
    ):  # fmt: skip
        dies_often(post, random.Random(20231202))
        relay.wait_idle(60)
        arrived = relay.delivered()
    arrived_once(post, arrived)


def test_sixty_deaths_into_zalo_lose_nothing_and_repeat_nothing(waiting, tmp_path):
    """Nobody can ask Zalo about a lost answer: a receipt tells, or after half an hour the same goes out by mail."""
    folder = MailFolder(tmp_path / "mailbox")
    webhook, url = socket.create_server(("127.0.0.1", 0)), "http://127.0.0.1:{}/zalo/webhook"
    with (
        receiving(folder) as port,
        office(waiting, tmp_path, lambda s: replace(s, smtp_port=port)) as post,
        standing_in(tmp_path / "zalo", clock=post.clock, webhook=url.format(webhook.getsockname()[1])) as zalo,
    ):
        zalo.zalo.account.quota = 10 * MESSAGES
        post.settings = replace(post.settings, zalo=zalo.settings)
        engine = connect(f"sqlite:///{post.path}")
        with writing(engine) as db:
            register_dev_templates(db, now=post.clock())
        # The first tokens are there before the dying begins: a refresh that dies half-way needs a person's consent.
        ZnsChannel(post.settings, engine, owner="office").quota(now=post.clock())
        engine.dispose()
        with portal(post, webhook):
            dies_often(post, random.Random(20231203), longest=1.5)
            kept = Counter(one.tracking_id for one in zalo.zalo.store.messages(limit=10**6, offset=0))
        mails = Counter(str(folder.message(id)["Message-ID"]) for id in folder.ids())
    with reading(connect(f"sqlite:///{post.path}")) as db:
        rows = db.execute(sa.select(delivery)).all()
        said = set(db.execute(sa.select(notice.c.state).where(notice.c.state != "skipped")).scalars())
    first = [row for row in rows if row.fallback_of is None]
    instead = {row.fallback_of: row for row in rows if row.fallback_of is not None}
    times = {row.id: kept[row.tracking_id] + (mails[instead[row.id].message_id] if row.id in instead else 0)
             for row in first}  # fmt: skip
    assert post.kills >= KILLS and len(first) >= MESSAGES
    assert {id: count for id, count in times.items() if count == 0} == {}, "lost"
    assert {id: count for id, count in times.items() if count > 1} == {}, "duplicated"
    assert sum(kept.values()) + sum(mails.values()) == len(first)
    assert said == {"sent"}


@contextmanager
def portal(post: Post, listening: socket.socket) -> Iterator[None]:
    """The office's portal, which hears what Zalo tells."""
    app = create_app(post.settings, clock=post.clock)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def test_two_dispatchers_at_once_send_nothing_twice(waiting, tmp_path):
    folder = MailFolder(tmp_path / "mailbox")
    with (
        receiving(folder) as port,
        office(waiting, tmp_path, lambda s: replace(s, smtp_port=port)) as post,
    ):
        post.span = timedelta(minutes=1)
        both = [post.begins_to_send() for _ in range(2)]
        assert [os.waitpid(child, 0)[1] for child in both] == [0, 0]
        post.sends()
        arrived = Counter(str(folder.message(id)["Message-ID"]) for id in folder.ids())
    with sqlite3.connect(post.path) as raw:
        owners = {owner for (owner,) in raw.execute("SELECT DISTINCT lease_owner FROM delivery")}
    raw.close()
    assert len(owners) == 2, "both had a part in it"
    arrived_once(post, arrived, kills=0)
