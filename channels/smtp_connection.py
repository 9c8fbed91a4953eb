"""A connection to the mail relay, ready to take messages."""

import asyncio
import socket
from functools import cache

import aiosmtplib
from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPResponseException

from channels import words
from channels.headers import printable_line
from channels.smtp_address import THIS_MACHINE, SmtpAddress


class CannotConnect(Exception):
    """str() is the Vietnamese reason; `__cause__` is what the library or the system said."""


async def connect(address: SmtpAddress, timeout: float) -> aiosmtplib.SMTP:
    """Greeted, encrypted and logged in as the address says; raises CannotConnect.

    `timeout` is seconds for each answer. SmtpAddressError where the CA file cannot be read.
    """
    # Asking DNS for our own name stalls an offline machine; a relay on it does not care.
    name = "localhost" if address.host in THIS_MACHINE else await asyncio.to_thread(_our_name)
    client = aiosmtplib.SMTP(
        hostname=address.host,
        port=address.port,
        username=address.user,
        password=address.password,
        use_tls=address.tls == "implicit",
        start_tls=address.tls == "starttls",
        tls_context=address.tls_context(),
        local_hostname=name,
        timeout=timeout,
    )
    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:  # now, so that MAIL is the next thing said
            await client.ehlo()
    except SMTPAuthenticationError as error:
        client.close()
        raise CannotConnect(
            words.LOGIN_REFUSED.format(server=address, code=error.code, text=printable_line(error.message))
        ) from error
    except (SMTPException, OSError) as error:  # ssl.SSLError and TimeoutError are OSErrors
        client.close()
        raise CannotConnect(words.NOT_CONNECTED.format(server=address, error=said(error))) from error
    return client


async def hang_up(client: aiosmtplib.SMTP) -> None:
    """Say goodbye; never raises and never waits long."""
    if not client.is_connected:
        return
    try:
        await client.quit(timeout=2)
    except (SMTPException, OSError):
        client.close()


def said(error: Exception) -> str:
    """The relay's own words where it gave any, else the error's."""
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {printable_line(error.message)}"
    return printable_line(str(error))


@cache
def _our_name() -> str:
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"
