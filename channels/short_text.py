"""A digest as a short text for chats: what is late first, cut between its lines, the link and the number always."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from channels import words
from channels.channel import CannotWrite
from channels.digest import Digest, Line, subject
from channels.headers import nfc, one_line


def text_of(digest: Digest, *, most: int) -> str:
    """As many of its lines as `most` characters have room for, and how many more there are.

    Raises:
        CannotWrite: not even the link and the number have room.
    """
    head = [subject(digest), digest.office, ""]
    tail = ["", words.SHORT_NUMBER.format(number=digest.notice_number)]
    if digest.portal_url is not None:
        tail.insert(1, words.SHORT_LINK.format(url=digest.portal_url))
    rows = list(_rows(digest))
    for shown in range(len(rows), -1, -1):
        left = sum(not row.heading for row in rows[shown:])
        if left and shown and rows[shown - 1].heading:
            continue  # nothing would stand under it
        more = [words.SHORT_MORE.format(count=left)] if left else []
        text = nfc("\n".join([*head, *(row.text for row in rows[:shown]), *more, *tail]))
        if len(text) <= most:
            return text
    raise CannotWrite(words.SHORT_TOO_LONG.format(most=most))


@dataclass(frozen=True)
class _Row:
    text: str
    heading: bool = False


def _rows(digest: Digest) -> Iterator[_Row]:
    """Headings, each followed by its numbered lines."""
    sections: list[tuple[str, Sequence[Line], bool]] = [
        (words.SHORT_OVERDUE, digest.overdue, False), (words.SHORT_UNITS, digest.subordinates, True),
        (words.SHORT_DUE, digest.due, False), (words.SHORT_COPIES, digest.copies, True),
    ]  # fmt: skip
    for heading, lines, named in sections:
        if lines:
            yield _Row(heading, heading=True)
        for number, line in enumerate(lines, 1):
            unit = f"{line.unit_name}: " if named else ""
            duty = f"{unit}{line.duty_title}" + (f" ({line.period})" if line.period else "")
            basis = f" [{line.citation}]" if line.citation else ""
            yield _Row(one_line(f"{number}. {duty} – {line.status}{basis}"))
