"""Postfix's log, line by line: which messages reached its queue, and which sessions are still open."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

PROCESS = re.compile(rb"/(cleanup|qmgr|nqmgr|smtpd)\[(\d+)\]: (.*)")
QUEUED = re.compile(rb"([0-9A-Za-z]+): (.*)")
MESSAGE_ID = re.compile(rb"(?:resent-)?message-id=(\S*)")
KEPT = re.compile(rb"(?:milter-)?(?:discard|hold): ")
REJECTED = re.compile(rb"(?:milter-)?reject: ")
BROKEN_OFF = re.compile(rb"(?:lost connection|timeout|too many errors) after (?:DATA|BDAT)")
LOOPBACK = re.compile(rb"connect from \S*\[(?:127\.|::1\])")


@dataclass
class _Session:
    """One client of an smtpd process: the line that tells of its coming, and the queue id that it was given last."""

    opened: bytes
    last: bytes = b""


class PostfixLines:
    """Lines go in, in order, through `read`.

    `taken`: wanted Message-IDs that reached the queue. Postfix answers for a message once its queue manager has it;
    `cleanup` names its Message-ID before that, also of a message whose client hangs up in the middle.
    """

    def __init__(self, message_ids: Sequence[str]) -> None:
        self.taken: set[bytes] = set()
        self._wanted = {one.encode("ascii", "replace") for one in message_ids}
        self._named: dict[bytes, bytes] = {}  # wanted Message-IDs by queue id, until their fate is known
        self._sessions: dict[bytes, _Session] = {}
        self._broken_off: set[bytes] = set()  # queue ids; cleanup may name such a message after its session is over

    def read(self, line: bytes) -> None:
        found = PROCESS.search(line)
        if found is None:
            return
        process, pid, said = found.groups()
        if process == b"smtpd":
            self._session(pid, said, line)
        elif queued := QUEUED.match(said):
            self._queue(process, *queued.groups())

    @property
    def undecided(self) -> set[bytes]:
        """Wanted Message-IDs that were named and neither reached the queue nor were given up."""
        return set(self._named.values())

    def open_sessions(self, *, here: bool) -> Iterator[bytes]:
        """The lines with which sessions opened that have not ended; `here`: only those from this machine."""
        return (one.opened for one in self._sessions.values() if not here or LOOPBACK.search(one.opened))

    def _session(self, pid: bytes, said: bytes, line: bytes) -> None:
        if said.startswith(b"connect from"):
            self._sessions[pid] = _Session(line)
        elif said.startswith(b"disconnect from"):
            self._sessions.pop(pid, None)
        elif BROKEN_OFF.match(said):
            if pid in self._sessions:
                self._broken_off.add(self._sessions[pid].last)
                self._named.pop(self._sessions[pid].last, None)
        elif (queued := QUEUED.match(said)) and queued[2].startswith(b"client=") and pid in self._sessions:
            self._sessions[pid].last = queued[1]
            self._broken_off.discard(queued[1])  # short queue ids are used again

    def _queue(self, process: bytes, queue_id: bytes, said: bytes) -> None:
        if process == b"cleanup":
            if named := MESSAGE_ID.match(said):
                self._name(queue_id, named[1])
            elif KEPT.match(said):
                self._take(queue_id)
            elif REJECTED.match(said):
                self._named.pop(queue_id, None)
        elif said.endswith(b"(queue active)") or said == b"removed":
            self._take(queue_id)

    def _name(self, queue_id: bytes, message_id: bytes) -> None:
        if message_id in self._wanted and queue_id not in self._broken_off:
            self._named[queue_id] = message_id
        else:
            self._named.pop(queue_id, None)

    def _take(self, queue_id: bytes) -> None:
        message_id = self._named.pop(queue_id, None)
        if message_id is not None:
            self.taken.add(message_id)
