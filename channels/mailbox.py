"""The development mailbox: a real SMTP server on this machine that keeps every mail and sends none on.

python -m channels.mailbox --smtp-port 1025 --http-port 8025 --folder DIR
"""

import argparse
import contextlib
import logging
import socket
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from channels import words
from channels.mail_folder import MailFolder
from channels.mailbox_page import create_app
from channels.page_server import HOST, PageServer, Refused, page_socket, port_number, port_words


class _Server(SMTP):
    line_length_limit = 1_048_576  # a mailbox for tests rejects nothing, not even overlong lines


class _Keep:
    """aiosmtpd's handler: what arrives goes into the folder."""

    def __init__(self, folder: MailFolder) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        kept = self.folder.store(content, sender=envelope.mail_from or "", recipients=envelope.rcpt_tos)
        return f"250 OK {kept}"


class _Listener(Controller):
    """Listens in a thread of its own; accepts any login and any size; port 0 takes a free one."""

    def __init__(self, folder: MailFolder, port: int) -> None:
        # Bound here because the controller needs five seconds to notice that a port is taken.
        self._socket = socket.create_server((HOST, port), backlog=128)
        self._open: weakref.WeakSet[SMTP] = weakref.WeakSet()
        super().__init__(
            _Keep(folder),
            hostname=HOST,
            port=self._socket.getsockname()[1],
            server_hostname="localhost",
            data_size_limit=None,
            authenticator=lambda *_: AuthResult(success=True),
            auth_require_tls=False,
        )

    def factory(self) -> SMTP:
        server = _Server(self.handler, **self.SMTP_kwargs)
        self._open.add(server)
        return server

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)

    def stop(self, no_assert: bool = False) -> None:
        self.loop.call_soon_threadsafe(self._hang_up)
        super().stop(no_assert)

    def _hang_up(self) -> None:
        """From Python 3.12 on a server is not closed before its last connection is."""
        for server in list(self._open):
            if server.transport is not None:
                server.transport.close()


@contextlib.contextmanager
def receiving(folder: MailFolder, *, port: int = 0) -> Iterator[int]:
    """A mailbox without its page, for tests and other processes; gives its SMTP port. Raises OSError."""
    listener = _Listener(folder, port)
    listener.start()
    try:
        yield listener.port
    finally:
        listener.stop()


def serve(*, smtp_port: int, http_port: int, folder: Path, title_suffix: str = "") -> None:
    """Both servers until SIGTERM or SIGINT. Raises Refused when one cannot start."""
    mails = _open_folder(folder)
    with page_socket(http_port, "--http-port") as page, contextlib.ExitStack() as stack:
        try:
            smtp_port = stack.enter_context(receiving(mails, port=smtp_port))
        except OSError as error:
            raise Refused(port_words(error, smtp_port, "SMTP", "--smtp-port")) from error
        app = create_app(mails, title_suffix=title_suffix)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=3,
        )
        url = f"http://{HOST}:{page.getsockname()[1]}"
        print(words.MAILBOX_READY.format(url=url, smtp_port=smtp_port, folder=folder), flush=True)
        PageServer(config).run(sockets=[page])


def _open_folder(path: Path) -> MailFolder:
    try:
        return MailFolder(path)
    except OSError as error:
        raise Refused(words.FOLDER_REFUSED.format(folder=path, error=error.strerror)) from error


def main(arguments: list[str] | None = None) -> int:
    """The command line; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m channels.mailbox", description=words.MAILBOX_BANNER)
    parser.add_argument("--smtp-port", type=port_number, default=1025)
    parser.add_argument("--http-port", type=port_number, default=8025)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--title-suffix", default="")
    asked = parser.parse_args(arguments)
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd's own
    try:
        serve(**vars(asked))
    except Refused as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
