"""A digest as an email. Nothing is made here that a repeat would make differently."""

import hashlib
import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from channels import words
from channels.digest import Digest, subject
from channels.headers import HeaderRefused, mailbox, nfc, text
from channels.render import render
from schedules.zone import VIETNAM


class _AsWritten(EmailPolicy):
    """Headers are encoded and folded here (see channels/headers.py) and leave as they are."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value


POLICY = _AsWritten(linesep="\r\n", cte_type="7bit", refold_source="none")
MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
BLANK_LINES = re.compile(r"\n{3,}")


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
    message["From"] = mailbox("From", digest.office, sender)
    message["To"] = mailbox("To", to_name, to)
    if reply_to is not None:
        message["Reply-To"] = mailbox("Reply-To", "", reply_to)
    message["Subject"] = text("Subject", subject(digest))
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
    message.set_content(nfc(BLANK_LINES.sub("\n\n", render("digest.txt", **values))))
    message.add_alternative(nfc(render("digest.html", **values)), subtype="html")
