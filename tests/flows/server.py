"""A real Prefect server, alone or inside the whole engine, on a free port and a scratch home."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.environment import environment, prefect_environment
from flows.processes import Child, stop
from models.settings import Settings

ROOT = Path(__file__).parents[2]


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on; open together, so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def scratch_settings(home: Path) -> Settings:
    """Settings on that home, every port free."""
    prefect, portal, mailbox, smtp, zalo = free_ports(5)
    return Settings(
        home=home, database_url=f"sqlite:///{home / 'dondoc.sqlite'}", prefect_port=prefect, portal_port=portal,
        mailbox_port=mailbox, smtp_port=smtp, zalo_port=zalo,
    )  # fmt: skip


@contextmanager
def prefect_server() -> Iterator[dict[str, str]]:
    """Prefect's server alone; gives the environment that finds it."""
    with TemporaryDirectory() as home:
        settings = scratch_settings(Path(home))
        command = ("-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(settings.prefect_port))
        child = Child.start("prefect", command, env=environment(settings), cwd=ROOT, logs=Path(home))
        try:
            wait_until(lambda: answers(f"{settings.prefect_url}/api/health"), 120, child.tail)
            yield prefect_environment(settings)
        finally:
            stop([child], patience=5)


@dataclass(frozen=True)
class Running:
    """The engine that `dondoc up` runs, seen from outside."""

    settings: Settings
    process: subprocess.Popen[str]
    said: Path

    @property
    def env(self) -> dict[str, str]:
        return environment(self.settings)

    def log(self, name: str) -> str:
        return (self.settings.home / "logs" / f"{name}.log").read_text("utf-8")

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """What Prefect's API answers."""
        request = urllib.request.Request(
            f"{self.settings.prefect_url}/api{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def all(self, path: str, **body: Any) -> list[dict[str, Any]]:
        """Every row of a filter, page by page."""
        rows: list[dict[str, Any]] = []
        while page := self.post(path, {**body, "limit": 200, "offset": len(rows)}):
            rows += page
        return rows

    def runs(self, **flow_run: Any) -> list[dict[str, Any]]:
        return self.all("/flow_runs/filter", flow_runs=flow_run)

    def task_runs(self, flow_run: str) -> list[dict[str, Any]]:
        return self.all("/task_runs/filter", flow_runs={"id": {"any_": [flow_run]}})

    def recorded(self, flow_run: str, count: int) -> list[dict[str, Any]]:
        """The task runs of a run once that many are there and every one has ended."""

        def ended() -> bool:
            found = self.task_runs(flow_run)
            return len(found) >= count and all(is_final(one) for one in found)

        wait_until(ended, 90, lambda: f"{len(self.task_runs(flow_run))} of {count} task runs recorded")
        return self.task_runs(flow_run)


@contextmanager
def running_engine(home: Path) -> Iterator[Running]:
    """`dondoc up` until everything is ready; stopped in the end if no test did so."""
    settings = scratch_settings(home)
    said = home.parent / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "up"], cwd=ROOT, env=environment(settings), stdout=out, stderr=out, text=True
        )
    try:
        wait_until(lambda: "đang chạy:" in said.read_text("utf-8") or process.poll() is not None, 180, said.read_text)
        assert process.poll() is None, said.read_text("utf-8")
        yield Running(settings, process, said)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def wait_until(true: Callable[[], bool], seconds: float, why: Callable[[], str]) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, why()
        time.sleep(0.2)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def is_final(run: Mapping[str, Any]) -> bool:
    return run["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
