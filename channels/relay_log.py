"""What the relay knows of messages whose answers were lost, read from its own records."""

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from channels.channel import Heard
from channels.log_files import covering, instant
from channels.postfix_lines import PostfixLines

FOLDER_MARGIN = timedelta(minutes=1)
HEAD_BYTES = 16_384


def ask_postfix(log: Path, message_ids: Sequence[str], since: datetime, *, here: bool = True) -> list[Heard]:
    """What Postfix's log tells of each message, sent at `since` or later.

    TAKEN: it reached Postfix's queue. ABSENT: it did not, and the log goes from before `since` to after it without a
    session still open that could be handing it over. SILENT: anything else, also a log that cannot be read.

    `here`: we speak to Postfix over this machine's loopback, so that sessions from elsewhere are not ours.
    """
    seen = PostfixLines(message_ids)
    first = last = b""
    try:
        for lines in covering(log, since):
            for line in lines:
                first = first or line
                last = line
                seen.read(line)
    except (OSError, EOFError, zlib.error):
        return [Heard.SILENT for _ in message_ids]
    whole_second = since.replace(microsecond=0)
    begun, ended = instant(first, since), instant(last, since)
    reliable = begun is not None and ended is not None and begun <= since and ended >= whole_second
    if reliable:
        opened = [instant(line, since) for line in seen.open_sessions(here=here)]
        reliable = not any(when is None or when >= whole_second for when in opened)
    return [_heard(seen, one.encode("ascii", "replace"), reliable) for one in message_ids]


def _heard(seen: PostfixLines, message_id: bytes, reliable: bool) -> Heard:
    if message_id in seen.taken:
        return Heard.TAKEN
    return Heard.ABSENT if reliable and message_id not in seen.undecided else Heard.SILENT


def ask_folder(folder: Path, message_ids: Sequence[str], since: datetime) -> list[Heard]:
    """What the development mailbox holds (see channels/mail_folder.py): TAKEN or ABSENT; SILENT without a folder.

    Only mails that came after `since`, less a minute, are looked at.
    """
    earliest = (since - FOLDER_MARGIN).timestamp()
    wanted = {one.encode("ascii", "replace") for one in message_ids}
    found: set[bytes] = set()
    try:
        for path in folder.iterdir():
            if path.suffix == ".eml" and path.stat().st_mtime >= earliest:
                found |= _ids(path) & wanted
    except OSError:
        return [Heard.SILENT for _ in message_ids]
    return [Heard.TAKEN if one.encode("ascii", "replace") in found else Heard.ABSENT for one in message_ids]


def _ids(path: Path) -> set[bytes]:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return {line[11:].strip() for line in head.splitlines() if line[:11].lower() == b"message-id:"}
