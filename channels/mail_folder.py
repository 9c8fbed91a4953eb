"""Mails as .eml files in one folder. Their names sort by arrival; a file never changes once it is there."""

import contextlib
import email
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import compat32, default
from email.utils import getaddresses, parsedate_to_datetime
from itertools import count
from pathlib import Path

from channels import words
from schedules.zone import VIETNAM

NAME = re.compile(r"[0-9]{10}-[0-9a-f]{8}")
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
HEAD_BYTES = 16_384
# As a final delivery agent writes them; they survive Bcc and lists, which To does not.
ENVELOPE_FROM, ENVELOPE_TO = "Return-Path", "Delivered-To"


@dataclass(frozen=True)
class Summary:
    """What the list shows of one mail. `folded` is what a search looks in."""

    id: str
    sender: str
    to: str
    subject: str
    date: datetime | None
    folded: str


class MailFolder:
    """A folder of mails, made if it is missing (only its owner may read it). Raises OSError.

    Ids are checked against their pattern, so none can name a file outside the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        newest = max((int(mail_id[:10]) for mail_id in self.ids()), default=0)
        self._numbers = count(newest + 1)
        self._summaries: dict[str, Summary] = {}

    def store(self, content: bytes, *, sender: str, recipients: Iterable[str]) -> str:
        """Keep one mail as it came, behind its envelope; gives its id. It appears all at once."""
        mail_id = f"{next(self._numbers):010d}-{secrets.token_hex(4)}"
        envelope = [f"{ENVELOPE_FROM}: <{sender}>", *(f"{ENVELOPE_TO}: {to}" for to in recipients)]
        head = "".join(f"{line}\r\n" for line in envelope).encode("utf-8", "surrogateescape")
        unfinished = self.path / f".{mail_id}.part"
        unfinished.write_bytes(head + content)
        os.replace(unfinished, self.path / f"{mail_id}.eml")
        return mail_id

    def ids(self) -> list[str]:
        """All ids, newest first. Reads names only."""
        with os.scandir(self.path) as entries:
            names = [entry.name[:-4] for entry in entries if entry.name.endswith(".eml")]
        return sorted((name for name in names if NAME.fullmatch(name)), reverse=True)

    def raw(self, mail_id: str) -> bytes:
        """The file's bytes; KeyError for an id that is not there or is no id."""
        if not NAME.fullmatch(mail_id):
            raise KeyError(mail_id)
        try:
            return (self.path / f"{mail_id}.eml").read_bytes()
        except FileNotFoundError:
            raise KeyError(mail_id) from None

    def message(self, mail_id: str) -> EmailMessage:
        return email.message_from_bytes(self.raw(mail_id), policy=default)

    def summary(self, mail_id: str) -> Summary:
        """The shown headers, read once and remembered: files do not change."""
        found = self._summaries.get(mail_id)
        if found is None:
            found = self._summaries[mail_id] = _summarise(mail_id, self._head(mail_id))
        return found

    def search(self, text: str) -> list[str]:
        """Ids, newest first, whose subject or recipients hold every word; tone marks may be left out."""
        wanted = [fold(word) for word in text.split()]
        return [it for it in self.ids() if all(word in self.summary(it).folded for word in wanted)]

    def _head(self, mail_id: str) -> bytes:
        with open(self.path / f"{mail_id}.eml", "rb") as file:
            return BLANK_LINE.split(file.read(HEAD_BYTES), maxsplit=1)[0]


def fold(text: str) -> str:
    """Small letters without tone or letter marks: "Sở Nội vụ" and "so noi vu" meet."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def decoded(value: str | None) -> str:
    """A raw header as people read it; a broken one as it stands, but printable."""
    flat = " ".join((value or "").split())
    with contextlib.suppress(ValueError, LookupError):
        flat = str(make_header(decode_header(flat)))
    return flat.encode("utf-8", "replace").decode("utf-8")


def _summarise(mail_id: str, head: bytes) -> Summary:
    headers = BytesHeaderParser(policy=compat32).parsebytes(head)
    to = _addresses(headers, "To") or _addresses(headers, ENVELOPE_TO)
    subject = decoded(_raw(headers, "Subject"))
    envelope = " ".join(str(value) for value in headers.get_all(ENVELOPE_TO, []))
    return Summary(
        id=mail_id,
        sender=_addresses(headers, "From"),
        to=to,
        subject=subject or words.NO_SUBJECT,
        date=_date(_raw(headers, "Date")),
        folded=fold(f"{subject} {to} {envelope}"),
    )


def _raw(headers: Message, name: str) -> str | None:
    value = headers.get(name)
    return None if value is None else str(value)


def _addresses(headers: Message, name: str) -> str:
    # Split first, decode after: a comma inside an encoded name is not a separator.
    pairs = getaddresses([str(value) for value in headers.get_all(name, [])])
    shown = [(decoded(person), address) for person, address in pairs if person or address]
    return ", ".join(f"{person} <{address}>" if person else address for person, address in shown)


def _date(value: str | None) -> datetime | None:
    """The mail's own date in Vietnam; None if it has none or an impossible one."""
    try:
        found = parsedate_to_datetime(value) if value else None
        if found is not None and found.tzinfo is None:  # "-0000": no zone known
            found = found.replace(tzinfo=UTC)
        return found.astimezone(VIETNAM) if found is not None else None
    except (ValueError, TypeError, OverflowError):
        return None
