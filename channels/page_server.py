"""What the development servers of this machine have in common: one page each, started and stopped cleanly."""

import contextlib
import errno
import signal
import socket
from collections.abc import Iterator

import uvicorn

from channels import words

HOST = "127.0.0.1"


class Refused(Exception):
    """str() is Vietnamese: why the server cannot start."""


class PageServer(uvicorn.Server):
    """uvicorn re-raises the signal that stopped it, which would end a clean stop with an error code."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.handle_exit)
        yield


def listen(port: int) -> socket.socket:
    """A socket of this machine; port 0 takes a free one. Raises OSError."""
    found = socket.create_server((HOST, port), backlog=128)
    # Each answer leaves in two pieces; without this the second waits 40 ms for the first to be acknowledged.
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found


def page_socket(port: int, option: str) -> socket.socket:
    """Listening before the first request can arrive; uvicorn takes it over. Raises Refused, which names `option`."""
    try:
        return listen(port)
    except OSError as error:
        raise Refused(port_words(error, port, words.WEB_PAGE, option)) from error


def port_words(error: OSError, port: int, what: str, option: str) -> str:
    """Why a port could not be opened."""
    if error.errno == errno.EADDRINUSE:
        return words.PORT_TAKEN.format(port=port, what=what, option=option)
    return words.PORT_REFUSED.format(port=port, what=what, option=option, error=error.strerror)


def port_number(text: str) -> int:
    """A port as given on the command line; 0 takes a free one. Raises ValueError."""
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError(text)
    return port
