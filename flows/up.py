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
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import FrameType

from channels.smtp_address import SmtpAddress
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


def _prepare(settings: Settings) -> None:
    now = datetime.now(VIETNAM)
    database = connect(settings.database_url)
    set_up(database, load_plans(settings.plans_folder).values(), now=now)
    with writing(database) as db:
        go_live(db, now=now)
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
        self._run("worker", "-m", "prefect", "worker", "start", "--pool", "dondoc", "--type", "process",
                  "--name", WORKER, "--limit", "1")  # fmt: skip
        print(_ready(settings), flush=True)

    def watch(self) -> None:
        """Wait until told to stop. Raises Ended as soon as a child has ended."""
        while not self.told.wait(LOOK_EVERY):
            self._check()

    def stop(self) -> None:
        """Stop the worker while the server still listens to it, then the others, then whatever they left behind."""
        print(words.STOPPING, flush=True)
        stop([one for one in self.children if one.name in ("worker", "deploy")], patience=WORKER_PATIENCE)
        stop([one for one in self.children if one.name not in ("worker", "deploy")], patience=PATIENCE)
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
    mail = (
        words.MAILBOX_LINE.format(url=settings.mailbox_url) if settings.mailbox_only
        else words.MAIL_SERVER_LINE.format(server=_without_password(settings.mail_server))
    )  # fmt: skip
    return words.READY.format(
        prefect=settings.prefect_url, portal=settings.portal_url, mailbox=mail,
        home=settings.home, logs=settings.home / "logs",
    )  # fmt: skip


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
