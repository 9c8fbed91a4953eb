"""A strict stand-in for Zalo on this machine: nothing leaves it, and it refuses what Zalo refuses.

python -m channels.zalo_standin --port 8030 --folder DIR --webhook http://127.0.0.1:8080/zalo/webhook
"""

import argparse
import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from channels import words
from channels.page_server import HOST, PageServer, Refused, listen, page_socket, port_number
from channels.zalo_http import running_clock
from channels.zalo_standin_app import StandIn, create_app
from channels.zalo_standin_dev import DEV_REFRESH_TOKEN, dev_zalo
from channels.zalo_standin_faults import Fault, Misbehaving
from channels.zalo_standin_store import Store
from models.settings import Zalo


def system_clock() -> datetime:
    """The time as another company's machine has it: the engine's own is always an argument."""
    return datetime.now(UTC)  # noqa: TID251


@dataclass(frozen=True)
class Running:
    """A stand-in that listens."""

    port: int
    zalo: StandIn

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def settings(self) -> Zalo:
        """The settings that lead to it."""
        return dev_zalo(self.port)

    def fault(self, path: str, how: str, value: float = 0, *, times: int = 1, match: str = "") -> None:
        """The next such requests go wrong (see Fault)."""
        self.zalo.faults.add(Fault(path, how, value, times, match))


@contextlib.contextmanager
def standing_in(
    folder: Path | None = None, *, clock: Callable[[], datetime] = system_clock, webhook: str | None = None,
    port: int = 0,
) -> Iterator[Running]:  # fmt: skip
    """A stand-in in a thread of this process, for tests; port 0 takes a free one. Raises OSError."""
    zalo = _made(folder, clock, webhook)
    with listen(port) as listening:
        server = uvicorn.Server(_config(zalo))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.005)
        try:
            yield Running(listening.getsockname()[1], zalo)
        finally:
            server.should_exit = server.force_exit = True
            thread.join(timeout=10)
            zalo.store.close()


def _made(folder: Path | None, clock: Callable[[], datetime], webhook: str | None) -> StandIn:
    """Each start gives consent anew for the fixed refresh token, as an office that sets the engine up again would."""
    store = Store(folder)
    store.consent(DEV_REFRESH_TOKEN)
    return StandIn(clock, store, webhook=webhook)


def _config(zalo: StandIn) -> uvicorn.Config:
    app = Misbehaving(create_app(zalo), zalo.faults, zalo.calls)
    # h11: the connection that a fault cuts is found through it (see Misbehaving).
    return uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="off", http="h11",
        proxy_headers=False, timeout_graceful_shutdown=1,
    )  # fmt: skip


def serve(*, port: int, folder: Path | None, webhook: str | None, clock: datetime | None) -> None:
    """Until SIGTERM or SIGINT. Raises Refused where it cannot start."""
    with page_socket(port, "--port") as listening:
        try:
            zalo = _made(folder, running_clock(clock) if clock is not None else system_clock, webhook)
        except OSError as error:
            raise Refused(words.FOLDER_REFUSED.format(folder=folder, error=error.strerror)) from error
        url = f"http://{HOST}:{listening.getsockname()[1]}"
        print(words.STANDIN_READY.format(url=url, folder=folder or words.STANDIN_MEMORY), flush=True)
        PageServer(_config(zalo)).run(sockets=[listening])
        zalo.store.close()


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def main(arguments: list[str] | None = None) -> int:
    """The command line; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m channels.zalo_standin", description=words.STANDIN_BANNER)
    parser.add_argument("--port", type=port_number, default=8030)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--webhook")
    parser.add_argument("--clock", type=_instant, help="an instant with its zone, from which its clock runs on")
    asked = parser.parse_args(arguments)
    try:
        serve(**vars(asked))
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
