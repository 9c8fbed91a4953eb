"""Real SMTP servers that misbehave as relays do."""

import asyncio
import contextlib
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from channels.smtp import SmtpAddress


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class Relay:
    """Accepts everything and remembers it; its children say no at one point."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.connections = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(envelope.rcpt_tos[0])
        return "250 OK"


class RefusesRecipients(Relay):
    """Local part "x450" is answered with 450, and so on."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("x"):
            return f"{address[1:4]} {'Hộp thư đầy' if address[1] == '4' else 'No such user'}"
        envelope.rcpt_tos.append(address)
        return "250 OK"


class DropsAfterData(Relay):
    """Takes the content of one recipient's message and hangs up without a word."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if envelope.rcpt_tos[0].startswith("drop"):
            server.transport.abort()
        return await super().handle_DATA(server, session, envelope)


class DropsBeforeData(Relay):
    """Hangs up at RCPT, always for "drop", for anyone else on the second message of a connection."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        session.seen = getattr(session, "seen", 0) + 1
        if address.startswith("drop") or session.seen > 1:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"


class ClosesAfterOne(Relay):
    """Answers 421 to the second message of a connection, as relays with a limit do."""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        session.seen = getattr(session, "seen", 0) + 1
        if session.seen > 1:
            return "421 Too many messages on this connection"
        envelope.mail_from = address
        return "250 OK"


class NeverAnswersData(Relay):
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(30)
        return "250 OK"


class RefusesContent(Relay):
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        return "451 Try later" if envelope.rcpt_tos[0].startswith("later") else "554 Looks like spam"


@contextlib.contextmanager
def listening(handler: Relay, **options: Any) -> Iterator[SmtpAddress]:
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield SmtpAddress("127.0.0.1", controller.port)
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A self-made certificate for localhost: the server's context and the file that vouches for it."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command.split(), *names, "-keyout", key, "-out", cert], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


def login(user: str, password: str) -> Any:
    """An authenticator that knows one account."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (user.encode(), password.encode()), handled=False)

    return check
