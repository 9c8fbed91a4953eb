"""A digest as an email. Nothing is made here that a repeat would make differently."""

import hashlib
import re
import unicodedata
from datetime import datetime
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from channels import words
from channels.digest import Digest, subject
from channels.render import one_line, render
from schedules.zone import VIETNAM


class _AsWritten(EmailPolicy):
    """Headers are encoded and folded here (see `_encoded`) and leave as they are."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value


POLICY = _AsWritten(linesep="\r\n", cte_type="7bit", refold_source="none")
MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
BLANK_LINES = re.compile(r"\n{3,}")
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ]*")
LINE_SEPARATORS = "\u2028\u2029"


class HeaderRefused(ValueError):
    """A value that must not become a header; the message is Vietnamese."""


def compose(
    digest: Digest,
    *,
    sender: str,
    to: str,
    to_name: str,
    message_id: str,
    date: datetime,
    reply_to: str | None = None,
) -> EmailMessage:
    """The digest as a multipart message, text and HTML, 7-bit safe.

    The same arguments give the same bytes, so a repeat can be recognised by whoever receives it.
    Raises HeaderRefused for a name with a line break, a wrong address or a wrong Message-ID.
    """
    if date.tzinfo is None:
        raise HeaderRefused(words.DATE_WITHOUT_ZONE)
    if not MESSAGE_ID.fullmatch(message_id):
        raise HeaderRefused(words.NOT_A_MESSAGE_ID.format(value=message_id))
    message = EmailMessage(policy=POLICY)
    message["From"] = _mailbox("From", digest.office, sender)
    message["To"] = _mailbox("To", to_name, to)
    if reply_to is not None:
        message["Reply-To"] = _mailbox("Reply-To", "", reply_to)
    message["Subject"] = _text("Subject", subject(digest))
    message["Message-ID"] = message_id
    message["Date"] = format_datetime(date)
    message["Content-Language"] = "vi"
    # Keeps holiday answers and other machines from replying to the office.
    message["Auto-Submitted"] = "auto-generated"
    _fill(message, digest, answer_to=reply_to or sender)
    # The library draws boundaries at random; base64 and quoted-printable never hold "=_".
    message.set_boundary("=_" + hashlib.sha256(message_id.encode()).hexdigest()[:24])
    return message


def _fill(message: EmailMessage, digest: Digest, *, answer_to: str) -> None:
    values = {
        "digest": digest,
        "as_of": digest.as_of.astimezone(VIETNAM),
        "subject": subject(digest),
        "answer_to": answer_to,
    }
    message.set_content(_nfc(BLANK_LINES.sub("\n\n", render("digest.txt", **values))))
    message.add_alternative(_nfc(render("digest.html", **values)), subtype="html")


def _mailbox(field: str, name: str, address: str) -> str:
    for value in (name, address):
        _refuse_controls(field, value)
    try:
        plain = Address(addr_spec=address).addr_spec
        plain.encode("ascii")
    except (ValueError, IndexError, HeaderParseError) as error:  # which one depends on the Python version
        raise HeaderRefused(words.NOT_AN_ADDRESS.format(field=field, value=address)) from error
    shown = one_line(name)
    if not shown:
        return plain
    if PLAIN_NAME.fullmatch(shown) and len(shown) <= 60:
        return f"{shown}\r\n <{plain}>"
    return f"{_encoded(field, shown)}\r\n <{plain}>"


def _text(field: str, value: str) -> str:
    _refuse_controls(field, value)
    return _encoded(field, one_line(value))


def _encoded(field: str, value: str) -> str:
    """All of it as encoded words, with the old Header class.

    EmailMessage folds long values that mix ASCII and Vietnamese words wrongly: on Python 3.11.7 it
    loses the space in "Sở tế" or breaks "Nam" into "Na m". tests/channels/test_email.py holds this.
    """
    return Header(_nfc(value), "utf-8", maxlinelen=75, header_name=field).encode(linesep="\r\n")


def _refuse_controls(field: str, value: str) -> None:
    if any(unicodedata.category(char) == "Cc" or char in LINE_SEPARATORS for char in value):
        raise HeaderRefused(words.NOT_ONE_LINE.format(field=field, value=value))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
