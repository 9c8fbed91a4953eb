"""`dondoc up`: Prefect's server and worker, the portal and the mailbox under one process that starts and stops them.

Everything listens on 127.0.0.1 and nothing needs the internet. What ends unexpectedly is named with the end of its
log, and takes the others with it: a half-running engine would look like a running one.
"""

import signal
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import FrameType

from channels.smtp_address import SmtpAddress
from channels.zalo_standin_dev import dev_zalo, register_dev_templates
from flows import words
from flows.catalog import load_plans
from flows.environment import WORKER, environment
from flows.lock import held
from flows.ports import check_ports
from flows.processes import Child, adopt_orphans, kill_orphans, stop
from models.database import connect, writing
from models.settings import Settings
from schedules.zone import VIETNAM
from tasks.set_up import go_live, set_up

CHECKOUT = Path(__file__).parent.parent
HOST = "127.0.0.1"
READY_WITHIN = 120  # seconds; a fresh Prefect database alone takes 16 on two cores
LOOK_EVERY = 0.2  # seconds
WORKER_PATIENCE, PATIENCE = 8, 5  # seconds
SENDERS = ("dispatcher", "worker", "deploy")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(Exception):
    """A child process ended, or is not ready in time; str() says which and why, in Vietnamese."""


def up(settings: Settings) -> None:
    """Run the whole engine until Ctrl-C or SIGTERM.

    Raises:
        Refusal: this home's engine is already running, a port is taken, or a plan does not hold together.
        SystemExit: a child process ended unexpectedly (code 1).
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    settings = with_stand_in(settings)
    with held(settings.home):
        check_ports(settings)
        _prepare(settings)
        with _until_told() as told:
            engine = Engine(settings, told)
            try:
                engine.start()
                engine.watch()
            except Ended as ended:
                print(ended, file=sys.stderr, flush=True)
                raise SystemExit(1) from ended
            finally:
                engine.stop()


def with_stand_in(settings: Settings) -> Settings:
    """The same with a Zalo of our own on this machine, while no real channel is configured."""
    if not settings.mailbox_only or settings.zalo.configured or settings.zalo.bot_configured:
        return settings
    return replace(settings, zalo=dev_zalo(settings.zalo_port))


def _prepare(settings: Settings) -> None:
    now = datetime.now(VIETNAM)
    database = connect(settings.database_url)
    set_up(database, load_plans(settings.plans_folder).values(), now=now)
    with writing(database) as db:
        go_live(db, now=now)
        if uses_stand_in(settings):
            register_dev_templates(db, now=now)
    database.dispose()


@dataclass
class Engine:
    """The child processes, in the order in which they were started."""

    settings: Settings
    told: threading.Event
    children: list[Child] = field(default_factory=list)

    def start(self) -> None:
        """Start everything, each when what it needs is there; returns early when told to stop."""
        settings = self.settings
        print(words.STARTING, flush=True)
        adopt_orphans()
        server = self._run(
            "prefect", "-m", "prefect", "server", "start", "--host", HOST, "--port", str(settings.prefect_port)
        )
        pages = [(self._run(name, *command), url) for name, command, url in _pages(settings)]
        for child, url in (*pages, (server, f"{settings.prefect_url}/api/health")):
            self._wait_for(child, url)
        if self.told.is_set():
            return
        print(words.DEPLOYING, flush=True)
        # Before the worker: what was missed while the engine was off is settled while nobody can pick it up.
        self._finish(self._run("deploy", "-m", "flows.deploy", "--at-start"))
        self._run("dispatcher", "-m", "cli", "deliver", "--forever")
        self._run("worker", "-m", "prefect", "worker", "start", "--pool", "dondoc", "--type", "process",
                  "--name", WORKER, "--limit", "1")  # fmt: skip
        print(_ready(settings), flush=True)

    def watch(self) -> None:
        """Wait until told to stop. Raises Ended as soon as a child has ended."""
        while not self.told.wait(LOOK_EVERY):
            self._check()

    def stop(self) -> None:
        """Stop whoever works while what they need still listens, then the others, then whatever they left behind."""
        print(words.STOPPING, flush=True)
        stop([one for one in self.children if one.name in SENDERS], patience=WORKER_PATIENCE)
        stop([one for one in self.children if one.name not in SENDERS], patience=PATIENCE)
        kill_orphans(self.children)
        print(words.STOPPED, flush=True)

    def _run(self, name: str, *command: str) -> Child:
        logs = self.settings.home / "logs"
        logs.mkdir(exist_ok=True)
        child = Child.start(name, command, env=environment(self.settings), cwd=CHECKOUT, logs=logs)
        self.children.append(child)
        return child

    def _wait_for(self, child: Child, url: str) -> None:
        until = time.monotonic() + READY_WITHIN
        while not _answers(url) and not self.told.wait(LOOK_EVERY):
            self._check()
            if time.monotonic() > until:
                raise Ended(_about(words.CHILD_SLOW, child, seconds=READY_WITHIN))

    def _finish(self, child: Child) -> None:
        """Wait for a child whose work has an end."""
        while child.code is None and not self.told.wait(LOOK_EVERY):
            self._check()
        if child.code == 0:
            self.children.remove(child)
        else:
            self._check()

    def _check(self) -> None:
        for child in self.children:
            if child.code is not None and not (child.name == "deploy" and child.code == 0):
                raise Ended(_about(words.CHILD_ENDED, child, code=child.code))


def _pages(settings: Settings) -> Iterator[tuple[str, Sequence[str], str]]:
    """The processes that only serve pages: name, command, the address that answers when they are ready."""
    portal = ("-m", "uvicorn", "portal.app:app", "--host", HOST, "--port", str(settings.portal_port),
              "--log-level", "warning", "--no-server-header")  # fmt: skip
    yield "portal", portal, settings.portal_url
    if settings.mailbox_only:
        suffix = ("--title-suffix", words.SIMULATED_SUFFIX) if settings.simulated else ()
        mailbox = ("-m", "channels.mailbox", "--smtp-port", str(settings.smtp_port), "--http-port",
                   str(settings.mailbox_port), "--folder", str(settings.home / "mailbox"), *suffix)  # fmt: skip
        yield "mailbox", mailbox, settings.mailbox_url
    if uses_stand_in(settings):
        zalo = ("-m", "channels.zalo_standin", "--port", str(settings.zalo_port), "--folder",
                str(settings.home / "zalo"), "--webhook", f"{settings.portal_url}/zalo/webhook")  # fmt: skip
        yield "zalo", zalo, settings.zalo.api


def uses_stand_in(settings: Settings) -> bool:
    """Whether Zalo is the stand-in that we start ourselves."""
    return settings.zalo == dev_zalo(settings.zalo_port)


def _answers(url: str) -> bool:
    """Whether a page answers there, without asking an office's web proxy."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5):
            return True
    except OSError:
        return False


def _about(text: str, child: Child, **more: object) -> str:
    what = words.NAMES[child.name]
    return text.format(what=what[0].upper() + what[1:], log=child.log, tail=child.tail() or words.EMPTY_LOG, **more)


def _ready(settings: Settings) -> str:
    return words.READY.format(
        prefect=settings.prefect_url, portal=settings.portal_url, channels="\n  ".join(_channels(settings)),
        home=settings.home, logs=settings.home / "logs",
        banner=words.NOTHING_LEAVES if settings.mailbox_only else "",
    )  # fmt: skip


def _channels(settings: Settings) -> Iterator[str]:
    """How notices leave, a line for each way."""
    if settings.mailbox_only:
        yield words.MAILBOX_LINE.format(url=settings.mailbox_url)
    elif settings.smtp_url is not None:
        yield words.MAIL_SERVER_LINE.format(server=_without_password(settings.mail_server))
    else:
        yield words.NO_MAIL_LINE
    if uses_stand_in(settings):
        yield words.STANDIN_LINE.format(url=settings.zalo.api)
    elif settings.zalo.configured:
        yield words.ZALO_LINE.format(app=settings.zalo.app_id)
    else:
        yield words.NO_ZALO_LINE


def _without_password(url: str) -> str:
    """The mail server as people may read it."""
    return str(SmtpAddress.parse(url))


@contextmanager
def _until_told() -> Iterator[threading.Event]:
    """An event that is set by Ctrl-C, SIGTERM or the closing of the terminal, even where a script ignores them."""
    told = threading.Event()

    def tell(number: int, frame: FrameType | None) -> None:
        told.set()

    before = {number: signal.signal(number, tell) for number in SIGNALS}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
