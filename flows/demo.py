"""`dondoc demo`: the whole engine on a scratch database, filled by replaying the plan with simulated answers."""

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from channels.email_channel import EmailChannel
from channels.mail_folder import MailFolder
from channels.mailbox import receiving
from flows import words
from flows.catalog import load_plans
from flows.lock import LOCK, held
from flows.up import up
from models.database import connect, writing
from models.settings import Settings, Zalo
from schedules.zone import MORNING, VIETNAM, at, local_day
from tasks.deliver import PostRoom, deliver
from tasks.set_up import go_live, set_up
from tasks.simulate import replay, report_since

BACK = timedelta(days=365)
"""How long before today the simulated engine went live."""

UNSWEPT = timedelta(days=7)
"""The last days are left to the first sweep in Prefect, which then has something to show."""

MAILED = timedelta(days=60)
"""The mails of these last days are really sent, to the development mailbox."""

SEED = 2023


def demo(settings: Settings) -> None:
    """Replay a year up to last week in a folder of its own, then start the engine there."""
    home = settings.home / "demo"
    scratch = replace(
        settings, home=home, database_url=f"sqlite:///{home / 'dondoc.sqlite'}", smtp_url=None, zalo=Zalo(), alarms=(),
        public_url=None, returned_mail=None, smtp_log=None, simulated=True,
    )  # fmt: skip
    home.mkdir(parents=True, exist_ok=True)
    with held(home):
        _empty(home)
        print(words.REHEARSING, flush=True)
        rehearse(scratch, now=datetime.now(VIETNAM))
    up(scratch)


def rehearse(settings: Settings, *, now: datetime) -> None:
    """Fill the database and the mailbox with the year before `now`."""
    plans = load_plans(settings.plans_folder)
    engine = connect(settings.database_url)
    through = local_day(now) - UNSWEPT
    since = through - BACK
    set_up(engine, plans.values(), now=at(since, MORNING), actor="simulation")
    with writing(engine) as db:
        go_live(db, now=at(since, MORNING), actor="simulation")
    with receiving(MailFolder(settings.home / "mailbox")) as port:
        channels = {"email": EmailChannel(replace(settings, smtp_port=port))}

        def mail(as_of: datetime) -> None:
            if local_day(as_of) > through - MAILED:
                deliver(PostRoom(engine, settings, channels, lambda: as_of, "demo"), plans, as_of=as_of)

        for plan in plans.values():
            replay(engine, plan, since=since, through=through, seed=SEED, after_day=mail)
            report_since(engine, plan, after=at(through, MORNING), until=now, seed=SEED)


def _empty(home: Path) -> None:
    """Start from nothing: a demo keeps no state, and never touches the data beside it."""
    for part in home.iterdir():
        if part.is_dir():
            shutil.rmtree(part)
        elif part.name != LOCK:
            part.unlink()
