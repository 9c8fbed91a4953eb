"""Real SMTP servers that misbehave as relays do."""

import asyncio
import contextlib
import ipaddress
import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from channels.smtp import SmtpAddress


class Moody:
    """A relay that behaves but for one stage: "greeting", "EHLO", "MAIL", "RCPT", "DATA" or "content".

    There it says `says`, hangs ("hang"), or hangs up ("drop"; in the middle of the content). `moods` is how many times;
    afterwards it behaves.
    """

    def __init__(self, stage: str, says: str, *, moods: int = 10**9) -> None:
        self.stage, self.says, self.moods = stage, says, moods
        self.connections = self.open = self.most_open = 0
        self.got: list[bytes] = []
        self.over = threading.Event()
        self.lock = threading.Lock()

    def serve(self, line: socket.socket) -> None:
        with self.lock:
            self.connections += 1
            self.open += 1
            self.most_open = max(self.most_open, self.open)
        try:
            with line, line.makefile("rb") as said:
                self._talk(line, said)
        except (OSError, _Drops):
            pass
        finally:
            with self.lock:
                self.open -= 1

    def _talk(self, line: socket.socket, said: Any) -> None:
        self._answer(line, "greeting", "220 moody")
        answers = {"EHLO": "250 moody", "MAIL": "250 OK", "RCPT": "250 OK", "DATA": "354 go on", "RSET": "250 OK"}
        while command := said.readline():
            verb = command[:4].decode().upper()
            as_usual = self._answer(line, verb, answers.get(verb, "221 bye"))
            if verb == "QUIT":
                return
            if verb == "DATA" and as_usual:
                self._content(line, said)

    def _content(self, line: socket.socket, said: Any) -> None:
        if self.stage == "content" and self.says == "drop" and self._in_the_mood():
            said.read(2000)
            raise _Drops
        lines = []
        while (one := said.readline()) not in (b".\r\n", b""):
            lines.append(one)
        if self._answer(line, "content", "250 taken"):
            self.got.append(b"".join(lines))

    def _answer(self, line: socket.socket, stage: str, usual: str) -> bool:
        """True when it was the usual answer."""
        moody = stage == self.stage and self._in_the_mood()
        if moody and self.says == "drop":
            raise _Drops
        if moody and self.says == "hang":
            self.over.wait(20)
            raise _Drops
        line.sendall(f"{self.says if moody else usual}\r\n".encode())
        return not moody

    def _in_the_mood(self) -> bool:
        with self.lock:
            self.moods -= 1
            return self.moods >= 0


class _Drops(Exception):
    pass


@contextlib.contextmanager
def moody(relay: Moody) -> Iterator[SmtpAddress]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            relay.serve(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield SmtpAddress("127.0.0.1", server.server_address[1])
        finally:
            relay.over.set()
            server.shutdown()
            thread.join()


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


def certificate(folder: Path, *, name: str = "localhost", days: int = 2) -> tuple[ssl.SSLContext, Path]:
    """A self-made certificate for `name` and, if that is localhost, 127.0.0.1; it ends in `days`.

    Gives the server's context and the file that vouches for it.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name == "localhost":
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    ends = datetime.now(UTC) + timedelta(days=days)
    made = (
        x509.CertificateBuilder(issuer_name=who, subject_name=who, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=10))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret, cert = folder / "key.pem", folder / "cert.pem"
    pem = serialization.Encoding.PEM
    form, unlocked = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(pem, form, unlocked))
    cert.write_bytes(made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, secret)
    return context, cert


def login(user: str, password: str) -> Any:
    """An authenticator that knows one account."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (user.encode(), password.encode()), handled=False)

    return check


@contextlib.contextmanager
def cut_off_after_content(port: int) -> Iterator[int]:
    """A wire to a relay that breaks when a message's content has gone over it, so that its answer never comes back."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_carry, args=(listener, port))
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            thread.join(timeout=10)


def _carry(listener: socket.socket, port: int) -> None:
    near, _ = listener.accept()
    with near, socket.create_connection(("127.0.0.1", port)) as far:
        for line in (near, far):
            line.setblocking(False)
        gone = False
        while not gone:
            ready, _, _ = select.select([near, far], [], [], 5)
            for line in ready:
                data = line.recv(65536)
                gone = gone or not data or (line is near and data.endswith(b"\r\n.\r\n"))
                (far if line is near else near).sendall(data)
        near.close()
        select.select([far], [], [], 5)  # the relay's answer came, and goes nowhere
