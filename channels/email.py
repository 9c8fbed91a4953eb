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
from channels.headers import HeaderRefused, mailbox, nfc, text, unsubscribe
from channels.render import render
from schedules.zone import VIETNAM


class _AsWritten(EmailPolicy):
    """Headers are encoded and folded here (see channels/headers.py) and leave as they are.

    They are not parsed on the way either, which is half the work of making a letter; `message["Subject"]` is what
    goes over the wire.
    """

    def header_max_count(self, name: str) -> None:
        return None

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return value


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
    message = letter(
        sender=sender, name=digest.office, to=to, to_name=to_name, reply_to=reply_to,
        subject=subject(digest), message_id=message_id, date=date,
    )  # fmt: skip
    answer_to = reply_to or sender
    if for_information(digest):
        offered = unsubscribe(digest.unsubscribe_url, answer_to=answer_to, notice_number=digest.notice_number)
        for name, value in offered.items():
            message[name] = value
    _fill(message, digest, answer_to=answer_to)
    # The library draws boundaries at random; base64 and quoted-printable never hold "=_".
    message.set_boundary("=_" + hashlib.sha256(message_id.encode()).hexdigest()[:24])
    return message


def letter(
    *, sender: str, name: str, to: str, to_name: str, subject: str, message_id: str, date: datetime,
    reply_to: str | None,
) -> EmailMessage:  # fmt: skip
    """The headers of any letter of ours, without its content. Raises HeaderRefused."""
    if date.tzinfo is None:
        raise HeaderRefused(words.DATE_WITHOUT_ZONE)
    if not MESSAGE_ID.fullmatch(message_id):
        raise HeaderRefused(words.NOT_A_MESSAGE_ID.format(value=message_id))
    message = EmailMessage(policy=POLICY)
    message["From"] = mailbox("From", name, sender)
    message["To"] = mailbox("To", to_name, to)
    if reply_to is not None:
        message["Reply-To"] = mailbox("Reply-To", "", reply_to)
    message["Subject"] = text("Subject", subject)
    message["Message-ID"] = message_id
    message["Date"] = format_datetime(date)
    message["Content-Language"] = "vi"
    # Keeps holiday answers and other machines from replying to the office.
    message["Auto-Submitted"] = "auto-generated"
    return message


def for_information(digest: Digest) -> bool:
    """Nothing but copies: the only message that a recipient may refuse to get."""
    return bool(digest.copies) and not (digest.must_answer or digest.subordinates)


def _fill(message: EmailMessage, digest: Digest, *, answer_to: str) -> None:
    values = {
        "digest": digest,
        "as_of": digest.as_of.astimezone(VIETNAM),
        "subject": subject(digest),
        "answer_to": answer_to,
    }
    message.set_content(nfc(BLANK_LINES.sub("\n\n", render("digest.txt", **values))))
    message.add_alternative(nfc(render("digest.html", **values)), subtype="html")
