"""Mail that came back to our return addresses, wherever the mail server puts it.

A mail stays unread until its reader calls `done`, which it does once what the mail says is recorded: after a crash in
between it is given again, and `key` tells that it is the same.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from functools import partial
from hashlib import sha256
from pathlib import Path

from channels.dsn_blocks import field as header
from channels.mail_folder import NAME
from channels.return_address import ADDRESS

READ_BYTES = 2_000_000  # of one mail: what follows is attachments
HEAD_BYTES = 16_384
BOOKMARK = ".returned"
ENVELOPE = ("Delivered-To", "X-Original-To")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. `recipients` are the addresses it was delivered to, those that its headers name where none is told."""

    name: str
    content: bytes
    recipients: tuple[str, ...]
    _done: Callable[[], None] = field(repr=False, compare=False)

    @property
    def key(self) -> str:
        """The same for the same mail, however often and from wherever it is read."""
        return sha256(self.content).hexdigest()

    def done(self) -> None:
        """Not to be given again. Raises OSError."""
        self._done()


def collect(folder: Path) -> Iterator[Mail]:
    """What is new in a Maildir, or in the development mailbox's folder; oldest first.

    Of the development mailbox, which holds everybody's mail, only what went to a return address. Its mails are to be
    taken in order: `done` with one is done with those before it.
    Raises OSError for a folder that cannot be read.
    """
    return _from_maildir(folder) if is_maildir(folder) else _from_mailbox(folder)


def is_maildir(folder: Path) -> bool:
    return (folder / "new").is_dir() and (folder / "cur").is_dir()


def _from_maildir(folder: Path) -> Iterator[Mail]:
    new = [path for path in (folder / "new").iterdir() if not path.name.startswith(".")]
    opened = [path for path in (folder / "cur").iterdir() if "S" not in path.name.partition(":2,")[2]]
    for path in sorted(new + opened, key=lambda path: path.name):
        content = _content(path)
        if content is not None:
            yield Mail(path.name, content, _recipients(content), partial(_mark_seen, path, folder / "cur"))


def _mark_seen(path: Path, seen: Path) -> None:
    name, _, flags = path.name.partition(":2,")
    with suppress(FileNotFoundError):  # another reader was done with it first
        os.rename(path, seen / f"{name}:2,{''.join(sorted({*flags, 'S'}))}")


def _from_mailbox(folder: Path) -> Iterator[Mail]:
    bookmark = folder / BOOKMARK
    read_up_to = bookmark.read_text("ascii") if bookmark.exists() else ""
    passed, met = read_up_to, False
    new = [path for path in folder.iterdir() if path.suffix == ".eml" and path.name > read_up_to]
    for path in sorted(path for path in new if NAME.fullmatch(path.stem)):
        content = _content(path) if any(map(ADDRESS.fullmatch, _recipients(_head(path)))) else None
        if content is not None:
            met = True
            yield Mail(path.name, content, _recipients(content), partial(_set_bookmark, bookmark, path.name))
        elif not met:
            passed = path.name
    if not met and passed != read_up_to:  # nothing of ours up to there: not to be looked at again
        _set_bookmark(bookmark, passed)


def _set_bookmark(bookmark: Path, name: str) -> None:
    unfinished = bookmark.with_suffix(".part")
    unfinished.write_text(name, "ascii")
    os.replace(unfinished, bookmark)


def _content(path: Path) -> bytes | None:
    """None for what is no mail or has gone meanwhile."""
    try:
        with path.open("rb") as file:
            return file.read(READ_BYTES)
    except (FileNotFoundError, IsADirectoryError):
        return None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _recipients(content: bytes) -> tuple[str, ...]:
    parsed = BytesHeaderParser(policy=compat32).parsebytes(content[:HEAD_BYTES])
    told = [str(value).strip().strip("<>") for name in ENVELOPE for value in parsed.get_all(name, [])]
    if not told:
        told = [address for _, address in getaddresses([header(parsed, "To")]) if address]
    return tuple(dict.fromkeys(told))
