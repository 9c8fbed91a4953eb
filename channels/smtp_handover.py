"""Handing one message to a relay that is ready for it."""

import re

import aiosmtplib
from aiosmtplib import (
    SMTPDataError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)
from aiosmtplib.protocol import SMTPProtocol, normalize_message_line_endings

from channels import words
from channels.headers import printable_line
from channels.outcome import Accepted, Outcome, Refused, Unknown, Unreachable
from channels.smtp_connection import said

Message = tuple[bytes, str, str]
"""Content (7-bit, lines ending in CRLF), envelope sender, recipient."""
START_INPUT, COMPLETED = 354, 250
DOT_AT_START = re.compile(rb"(?m)^\.")
PATH = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")


async def hand_over(client: aiosmtplib.SMTP, message: Message) -> Outcome:
    """What became of it. The commands are given one by one, so that a lost connection tells before or after what."""
    content, sender, to = message
    for path in (sender, to):
        if not PATH.fullmatch(path):
            return Refused(0, words.NOT_SENDABLE.format(address=path), permanent=True)
    if not content.isascii():
        return Refused(0, words.NOT_SEVEN_BIT, permanent=True, ours=True)
    try:
        if refused := await _mail(client, sender):
            return refused
        await client.rcpt(to)
        started = await client.execute_command(b"DATA")
        if started.code != START_INPUT:
            raise SMTPDataError(started.code, started.message)
        protocol = client.protocol
        if protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        protocol.write(DOT_AT_START.sub(b"..", normalize_message_line_endings(content)) + b".\r\n")
    except SMTPResponseException as error:
        if 400 <= error.code < 600:
            await _reset(client)
            return _refusal(error.code, error.message)
        client.close()
        return Unreachable(words.ODD_REPLY_BEFORE.format(text=said(error)))
    except (SMTPException, OSError) as error:
        client.close()
        return Unreachable(words.LOST_BEFORE_DATA.format(error=printable_line(str(error))))
    return await _answer(client, protocol)


async def _mail(client: aiosmtplib.SMTP, sender: str) -> Unreachable | None:
    """Begin a message. A lasting refusal here is about us, not about whom we write to: nobody's message fails by it."""
    try:
        await client.mail(sender)
    except SMTPResponseException as error:
        if not 500 <= error.code < 600:
            raise
        await _reset(client)
        return Unreachable(words.REFUSED_AT_MAIL.format(sender=sender, text=said(error)))
    return None


async def _answer(client: aiosmtplib.SMTP, protocol: SMTPProtocol) -> Outcome:
    """What the relay says to the content. A connection lost from here on leaves us not knowing."""
    try:
        code, text = await protocol.read_response(timeout=client.timeout)
    except SMTPTimeoutError as error:
        client.close()
        return Unknown(words.TIMEOUT_AFTER_DATA.format(error=error))
    except SMTPResponseException as error:
        client.close()
        return Unknown(words.ODD_REPLY.format(text=said(error)))
    except (SMTPException, OSError) as error:
        client.close()
        return Unknown(words.LOST_AFTER_DATA.format(error=printable_line(str(error))))
    if code == COMPLETED:
        return Accepted(code, printable_line(text))
    if 400 <= code < 600:
        return _refusal(code, text)
    client.close()
    return Unknown(words.ODD_REPLY.format(text=f"{code} {printable_line(text)}"))


def _refusal(code: int, text: str) -> Refused:
    return Refused(code, printable_line(text), permanent=500 <= code < 600)


async def _reset(client: aiosmtplib.SMTP) -> None:
    """Forget the half-started message; a connection that cannot is not used again."""
    try:
        await client.rset()
    except (SMTPException, OSError):
        client.close()
