"""Handing messages to a mail relay over a few reused connections."""

import asyncio
import re
import socket
import ssl
from collections import deque
from collections.abc import Sequence
from email.errors import MessageError
from email.message import EmailMessage

import aiosmtplib
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponseException,
    SMTPTimeoutError,
)

from channels import words
from channels.outcome import Accepted, Outcome, Refused, Unknown, Unreachable
from channels.smtp_address import THIS_MACHINE, SmtpAddress

Message = tuple[EmailMessage, str, str]
SERVICE_CLOSING = 421
PATH = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")

__all__ = [
    "Accepted",
    "Message",
    "Outcome",
    "Refused",
    "SmtpAddress",
    "Unknown",
    "Unreachable",
    "send",
    "send_all",
]


async def send_all(
    messages: Sequence[Message], address: SmtpAddress, *, connections: int = 2, timeout: float = 60
) -> list[Outcome]:
    """Send each (message, envelope sender, recipient); outcomes come in the same order.

    `timeout` is seconds for each answer of the relay. No message makes this raise: a lost connection
    is opened again for the next one, and when none can be opened the rest are Unreachable.
    Only an address that can never work (an unreadable CA file) raises: SmtpAddressError.
    """
    outcomes: dict[int, Outcome] = {}
    waiting = deque(enumerate(messages))
    relay = _Relay(address, timeout)
    workers = min(max(connections, 1), len(messages))
    reasons = await asyncio.gather(*(_work(relay, waiting, outcomes) for _ in range(workers)))
    for number, _ in waiting:
        outcomes[number] = Unreachable(next(filter(None, reasons)))
    return [outcomes[number] for number in range(len(messages))]


def send(
    messages: Sequence[Message], address: SmtpAddress, *, connections: int = 2, timeout: float = 60
) -> list[Outcome]:
    """`send_all` for callers without an event loop, in any thread.

    It starts a loop of its own, so it must not be called on a running one (RuntimeError): there,
    await `send_all`.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(send_all(messages, address, connections=connections, timeout=timeout))
    raise RuntimeError("send() was called on a running event loop; await send_all() there")


class _CannotConnect(Exception):
    """str() is the Vietnamese reason."""


class _Relay:
    """What every connection of one `send_all` shares."""

    def __init__(self, address: SmtpAddress, timeout: float) -> None:
        self.address = address
        self.timeout = timeout
        self.tls_context = address.tls_context()
        # Asking DNS for our own name stalls an offline machine; a relay on it does not care.
        self.our_name = "localhost" if address.host in THIS_MACHINE else None

    async def connect(self) -> aiosmtplib.SMTP:
        """A connection ready for MAIL; raises _CannotConnect."""
        if self.our_name is None:
            self.our_name = await asyncio.to_thread(_our_name)
        client = aiosmtplib.SMTP(
            hostname=self.address.host,
            port=self.address.port,
            username=self.address.user,
            password=self.address.password,
            use_tls=self.address.tls == "implicit",
            start_tls=self.address.tls == "starttls",
            tls_context=self.tls_context,
            local_hostname=self.our_name,
            timeout=self.timeout,
        )
        try:
            await client.connect()
        except SMTPAuthenticationError as error:
            client.close()
            raise _CannotConnect(
                words.LOGIN_REFUSED.format(server=self.address, code=error.code, text=_reply(error.message))
            ) from error
        except (SMTPException, OSError, ssl.SSLError, TimeoutError) as error:
            client.close()
            raise _CannotConnect(words.NOT_CONNECTED.format(server=self.address, error=_reply(str(error)))) from error
        return client


async def _work(relay: _Relay, waiting: deque[tuple[int, Message]], outcomes: dict[int, Outcome]) -> str | None:
    """Send what waits over one connection; the reason if no connection can be had, else None."""
    client: aiosmtplib.SMTP | None = None
    try:
        while waiting:
            reused = client is not None and client.is_connected
            if not reused:
                client = await relay.connect()
            assert client is not None
            if not waiting:  # another connection took the last one while this one opened
                break
            number, message = waiting.popleft()
            outcome = await _send_one(client, message)
            if reused and _lost_before_data(outcome):
                # The relay had closed an idle or full connection: not the message's fault.
                client, outcome = await _again(relay, message)
            outcomes[number] = outcome
    except _CannotConnect as error:
        return str(error)
    finally:
        await _close(client)
    return None


async def _again(relay: _Relay, message: Message) -> tuple[aiosmtplib.SMTP | None, Outcome]:
    try:
        client = await relay.connect()
    except _CannotConnect as error:
        return None, Unreachable(str(error))
    return client, await _send_one(client, message)


async def _send_one(client: aiosmtplib.SMTP, message: Message) -> Outcome:
    content, sender, to = message
    for path in (sender, to):
        if not PATH.fullmatch(path):
            return Refused(0, words.NOT_SENDABLE.format(address=path), permanent=True)
    try:
        data = content.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError, MessageError) as error:
        return Refused(0, words.NOT_ENCODABLE.format(error=error), permanent=True)
    try:
        await client.mail(sender)
        await client.rcpt(to)
    except SMTPResponseException as error:
        await _reset(client)
        return _refusal(error)
    except (SMTPException, OSError) as error:
        client.close()
        return Unreachable(words.LOST_BEFORE_DATA.format(error=_reply(str(error))))
    return await _send_data(client, data)


async def _send_data(client: aiosmtplib.SMTP, data: bytes) -> Outcome:
    """From here on a lost connection leaves us not knowing."""
    try:
        code, text = await client.data(data)
        return Accepted(code, _reply(text))
    except SMTPResponseException as error:
        if 400 <= error.code < 600:
            await _reset(client)
            return _refusal(error)
        client.close()
        return Unknown(words.ODD_REPLY.format(code=error.code, text=_reply(error.message)))
    except SMTPTimeoutError as error:
        return Unknown(words.TIMEOUT_AFTER_DATA.format(error=error))
    except (SMTPException, OSError) as error:
        client.close()
        return Unknown(words.LOST_AFTER_DATA.format(error=_reply(str(error))))


def _refusal(error: SMTPResponseException) -> Refused:
    return Refused(error.code, _reply(error.message), permanent=500 <= error.code < 600)


def _lost_before_data(outcome: Outcome) -> bool:
    closing = isinstance(outcome, Refused) and outcome.code == SERVICE_CLOSING
    return closing or isinstance(outcome, Unreachable)


async def _reset(client: aiosmtplib.SMTP) -> None:
    """Forget the half-started message; a connection that cannot is not used again."""
    try:
        await client.rset()
    except (SMTPException, OSError):
        client.close()


async def _close(client: aiosmtplib.SMTP | None) -> None:
    if client is None or not client.is_connected:
        return
    try:
        await client.quit(timeout=2)
    except (SMTPException, OSError):
        client.close()


def _our_name() -> str:
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"


def _reply(text: str) -> str:
    """A relay's words on one line, without bytes that a database or terminal would choke on."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(char if char.isprintable() else " " for char in clean).split())
