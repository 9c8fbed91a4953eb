"""`dondoc channels test email`: what is wrong with the settings of the email channel, and how to mend it."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from channels import words
from channels.email import letter
from channels.email_channel import EmailChannel
from channels.finding import Finding
from channels.headers import HeaderRefused, printable_line
from channels.log_files import instant
from channels.outcome import Accepted, Outcome, Refused
from channels.returned import is_maildir
from channels.smtp import send
from channels.smtp_address import SmtpAddress, SmtpAddressError
from channels.smtp_connection import CannotConnect, connect, hang_up
from channels.smtp_trouble import trouble
from models.settings import NOWHERE, Settings

ANSWER_SECONDS = 15.0
LARGEST = 500_000
"""Bytes of the largest digest that is expected: a superior unit's table of some hundred late units."""


def problems(settings: Settings, *, to: str | None, now: datetime) -> list[Finding]:
    """Everything looked at, well or not, in the order in which a letter meets it; with `to` one letter is sent there.

    Nothing that a server does makes this raise.
    """
    if settings.smtp_url is None and not settings.mailbox_only:
        return [Finding(False, words.NO_MAIL_SERVER, words.MEND_NO_MAIL_SERVER)]
    if settings.smtp_url is None:
        found = [Finding(True, words.MAILBOX_IN_USE.format(url=settings.mailbox_url))]
    else:
        found = list(_settings(settings, now))
    try:
        channel = EmailChannel(settings, timeout=ANSWER_SECONDS)
        address = SmtpAddress.parse(settings.mail_server)
        address.tls_context()
    except SmtpAddressError as error:
        return [Finding(False, str(error), words.MEND_URL), *found]
    senders = list(dict.fromkeys([settings.mail_from, channel.returns_to(0)]))
    reached = asyncio.run(_spoken_to(address, senders))
    if to is not None and all(one.ok for one in reached):
        reached.append(_sent(settings, address, channel.returns_to(0), to, now=now))
    return [*reached, *found]


def _settings(settings: Settings, now: datetime) -> Iterator[Finding]:
    if settings.mail_domain == NOWHERE or settings.mail_from.endswith(f"@{NOWHERE}"):
        yield Finding(False, words.SENDER_IS_DEFAULT.format(sender=settings.mail_from), words.MEND_SENDER_IS_DEFAULT)
    if settings.reply_to is None:
        yield Finding(False, words.NO_REPLY_TO.format(sender=settings.mail_from), words.MEND_REPLY_TO)
    yield _returns(settings)
    yield _log(settings, now)


def _returns(settings: Settings) -> Finding:
    folder = settings.returned_mail
    if folder is None:
        return Finding(False, words.NO_RETURNED_MAIL, words.MEND_RETURNED_MAIL.format(domain=settings.mail_domain))
    if not settings.own_returns:
        return Finding(False, words.NO_MAIL_DOMAIN, words.MEND_MAIL_DOMAIN)
    try:
        if is_maildir(folder):
            next((folder / "new").iterdir(), None)
            return Finding(True, words.RETURNED_MAIL_READ.format(folder=folder, domain=settings.mail_domain))
        there = folder.is_dir()
    except OSError as error:
        return Finding(False, words.UNREADABLE.format(path=folder, error=error.strerror), words.MEND_UNREADABLE)
    said = words.NOT_A_MAILDIR if there else words.NOT_THERE
    return Finding(False, said.format(path=folder), words.MEND_MAILDIR)


def _log(settings: Settings, now: datetime) -> Finding:
    log = settings.smtp_log
    if log is None:
        return Finding(True, words.NO_SMTP_LOG)
    try:
        with log.open("rb") as file:
            lines = [line for _, line in zip(range(1000), file, strict=False)]
    except OSError as error:
        return Finding(False, words.UNREADABLE.format(path=log, error=error.strerror), words.MEND_LOG)
    if not any(b"postfix" in line and instant(line, now) for line in lines):
        return Finding(False, words.NO_POSTFIX_LINES.format(path=log), words.MEND_LOG)
    return Finding(True, words.LOG_READ.format(path=log))


async def _spoken_to(address: SmtpAddress, senders: list[str]) -> list[Finding]:
    try:
        client = await connect(address, ANSWER_SECONDS)
    except CannotConnect as error:
        return [trouble(address, error)]
    try:
        found = [Finding(True, words.CONNECTED.format(server=address)), *_size(client)]
        return found + [await _takes(client, sender) for sender in senders]
    except (SMTPException, OSError) as error:
        return [*found, trouble(address, error)]
    finally:
        await hang_up(client)


def _size(client: aiosmtplib.SMTP) -> Iterator[Finding]:
    told = client.esmtp_extensions.get("size", "")
    if told.isdigit() and 0 < int(told) < LARGEST:
        yield Finding(False, words.SIZE_LIMIT.format(limit=int(told)), words.MEND_SIZE.format(needed=LARGEST))


async def _takes(client: aiosmtplib.SMTP, sender: str) -> Finding:
    try:
        await client.mail(sender)
        await client.rset()
    except SMTPResponseException as error:
        said = f"{error.code} {printable_line(error.message)}"
        return Finding(False, words.SENDER_REFUSED.format(sender=sender, said=said), words.MEND_SENDER)
    return Finding(True, words.SENDER_TAKEN.format(sender=sender))


def _sent(settings: Settings, address: SmtpAddress, sender: str, to: str, *, now: datetime) -> Finding:
    number = f"{now:%Y%m%d%H%M%S%f}"
    try:
        content = letter(
            sender=settings.mail_from, name="dondoc", to=to, to_name="", reply_to=settings.reply_to,
            subject=words.TEST_SUBJECT, message_id=f"<thu.{number}@{settings.mail_domain}>", date=now,
        )  # fmt: skip
    except HeaderRefused as error:
        return Finding(False, str(error), words.MEND_RECIPIENT)
    content.set_content(words.TEST_TEXT)
    [outcome] = send([(content.as_bytes(), sender, to)], address, timeout=ANSWER_SECONDS)
    return _told(to, outcome)


def _told(to: str, outcome: Outcome) -> Finding:
    if isinstance(outcome, Accepted):
        return Finding(True, words.TEST_SENT.format(to=to, said=f"{outcome.code} {outcome.text}"))
    if isinstance(outcome, Refused):
        said = words.TEST_REFUSED.format(to=to, said=f"{outcome.code} {outcome.text}")
        return Finding(False, said, words.MEND_RECIPIENT if outcome.permanent else words.MEND_LATER)
    return Finding(False, words.TEST_UNSURE.format(to=to, reason=outcome.reason), words.MEND_LATER)
