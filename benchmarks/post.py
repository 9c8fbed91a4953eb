"""Ten thousand digests to a mail server on this machine, every change committed, beside Apprise's own email service."""

import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

import sqlalchemy as sa

from benchmarks.office import DAY, PLAN
from channels.email_channel import EmailChannel
from models.database import connect, reading, writing
from models.plan_check import problems
from models.settings import Settings
from models.tables import delivery
from models.unit_store import read_units
from schedules.zone import MORNING, at
from tasks.deliver import PostRoom, deliver
from tasks.set_up import set_up
from tasks.sweep import sweep

DIGESTS = 10_000
FEW = 200
MORNING_OF = at(DAY, MORNING)


def measure():
    with TemporaryDirectory() as folder, mail_server(Path(folder)) as port:
        home = Path(folder)
        engine = connect(f"sqlite:///{home}/post.sqlite")
        plans = _country(engine)
        settings = Settings(home=home, database_url=str(engine.url), smtp_port=port)
        room = PostRoom(engine, settings, {"email": EmailChannel(settings)}, lambda: MORNING_OF, "bench")
        started = perf_counter()
        done = deliver(room, plans, as_of=MORNING_OF, limit=DIGESTS)
        ours = perf_counter() - started
        assert done.sent == DIGESTS, done
        floor, messages = _bare(engine, port)
        apprise = _apprise(messages, port)
    return [
        {
            "what": f"{DIGESTS} digests, committed (floor: bare smtplib, one connection)",
            "seconds": ours, "floor": floor * DIGESTS, "target": "40 s",
        },
        {
            "what": f"{FEW} mails by Apprise (floor: our share of the same)",
            "seconds": apprise * FEW, "floor": ours / DIGESTS * FEW, "target": "shown for comparison",
        },
    ]  # fmt: skip


def _country(engine):
    """The plan in every province, swept on a morning on which nearly every unit is late."""
    set_up(engine, [PLAN], now=MORNING_OF)
    with reading(engine) as db:
        units = read_units(db)
        provinces = sorted(unit.code for unit in units.alive(DAY) if unit.level == "province")
    plans = {f"do-{code}": _of_province(code, units) for code in provinces}
    set_up(engine, plans.values(), now=MORNING_OF)
    for plan in plans.values():
        with writing(engine) as db:
            sweep(db, plan, read_units(db, province=plan.province), as_of=MORNING_OF, now=MORNING_OF)
    return plans


def _of_province(code, units):
    """The plan with those duties that every province's shipped units can be asked."""
    here = replace(PLAN, code=f"do-{code}", province=code)
    return replace(here, duties=tuple(d for d in here.duties if not problems(replace(here, duties=(d,)), units)))


def _bare(engine, port):
    """Seconds a message that Python's own client needs for the same bytes on one connection, and some of them."""
    import smtplib

    with reading(engine) as db:
        sent = sa.select(delivery.c.message).where(delivery.c.state == "accepted").limit(1000)
        messages = list(db.execute(sent).scalars())
    started = perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as client:
        for message in messages:
            client.sendmail("bench@dondoc.invalid", ["bench@hop-thu-thu.invalid"], message)
    return (perf_counter() - started) / len(messages), messages


def _apprise(messages, port):
    """Seconds a message by Apprise, a fresh object for each address, as its own documentation shows."""
    import apprise

    started = perf_counter()
    for number in range(FEW):
        one = apprise.Apprise()
        one.add(f"mailto://127.0.0.1:{port}?from=bench@dondoc.invalid&to=b{number}@hop-thu-thu.invalid&mode=insecure")
        assert one.notify(title="Đôn đốc", body=messages[number % len(messages)].decode()[:4000])
    return (perf_counter() - started) / FEW


@contextmanager
def mail_server(home):
    """The development mailbox in a process of its own; gives its SMTP port."""
    smtp, page = _free(), _free()
    server = subprocess.Popen([
        sys.executable, "-m", "channels.mailbox", "--smtp-port", str(smtp), "--http-port", str(page), "--folder",
        str(home / "mailbox"),
    ], stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", smtp)).close()
                break
            except OSError:
                sleep(0.05)
        yield smtp
    finally:
        server.terminate()
        server.wait()


def _free():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]
