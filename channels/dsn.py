"""Reading what mail servers send back: delivery reports (RFC 3464), and the letters of those that write none.

Everything here is written by strangers: nothing that they write makes `read` raise.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.policy import compat32

from channels.dsn_blocks import Block, blocks, field
from channels.headers import printable_line

ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
BY_CLASS = {"2": "delivered", "4": "delayed", "5": "failed"}
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
ANY_MESSAGE_ID = re.compile(rb"^[> \t]*message-id:\s*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)
HEAD_END = re.compile(rb"\r?\n\r?\n")
PREFIX = re.compile(r"^[\w-]+\s*;\s*")
READ_BYTES = 1_000_000
SHOWN = 300

DAEMON = re.compile(r"(daemon|postmaster|mail[-_.]?(delivery|system)\S*)@", re.IGNORECASE)
FAILURE = re.compile(
    r"undeliver|not delivered|delivery.{0,20}(fail|status|problem)|fail.{0,20}deliver|returned (mail|to sender)"
    r"|failure notice|mail (system )?error|không (thể )?(gửi|chuyển|phát) được|không thể (gửi|chuyển)|thư bị trả",
    re.IGNORECASE,
)
ADDRESS_GONE = re.compile(r"5\.1\.(?!7$|8$)\d+|5\.2\.[01]|5\.4\.(1|4|310|312)")
"""Codes that speak of the address itself. A full mailbox (5.2.2), a size limit (5.3.4), a filter or a missing
right (5.7.x) would fail a good address too, and 5.1.7 and 5.1.8 speak of the sender."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What became of one message at a server further on.

    Attributes:
        action: "failed", "delayed", "delivered", "relayed" or "expanded".
        status: RFC 3463 code such as "5.1.1"; "" where the server gave none that counts.
        diagnostic: the server's words, one printable line.
        recipient: whom it could not reach, "" if it does not say; may differ from whom we wrote to (forwarding).
        message_id: of our message, None if it does not say.
    """

    action: str
    status: str
    diagnostic: str
    recipient: str
    message_id: str | None

    @property
    def permanent(self) -> bool:
        """Repeating this message to this recipient is of no use."""
        return self.action == "failed" and self.status.startswith("5")

    @property
    def address_gone(self) -> bool:
        """The address itself is at fault, so nothing more should go to it."""
        return self.permanent and ADDRESS_GONE.fullmatch(self.status) is not None


def read(message: bytes) -> Returned | None:
    """What a mail to one of our return addresses reports; None for what is no report (an answering machine)."""
    content = message[:READ_BYTES]
    try:
        parsed = email.message_from_bytes(content, policy=compat32)
        reported = [block for part in parsed.walk() for block in blocks(part) if _about_a_recipient(block)]
    except RecursionError:  # nested to make us fall over
        return None
    message_id = _message_id(content, parsed)
    if reported:
        return min((_returned(block, message_id) for block in reported), key=lambda one: ACTIONS.index(one.action))
    return _letter(parsed, content, message_id) if _is_refusal(parsed) else None


def _about_a_recipient(block: Block) -> bool:
    return bool((block.get("final-recipient") or block.get("original-recipient")) and _action(block))


def _action(block: Block) -> str:
    told = block.get("action", "").split()
    if told and told[0].lower() in ACTIONS:
        return told[0].lower()
    status = STATUS.search(block.get("status", ""))
    return BY_CLASS[status[1][0]] if status else ""


def _returned(block: Block, message_id: str | None) -> Returned:
    diagnostic = printable_line(PREFIX.sub("", block.get("diagnostic-code", "")))
    recipient = PREFIX.sub("", block.get("final-recipient") or block.get("original-recipient", "")).strip("<> ")
    status = STATUS.search(block.get("status", ""))
    code = status[1] if status else ""
    if code.endswith(".0.0") or not code:  # "something": the other server's own words are often more exact
        inner = STATUS.search(diagnostic)
        code = inner[1] if inner and (not code or inner[1][0] == code[0]) else code
    return Returned(_action(block), code, diagnostic[:SHOWN], printable_line(recipient)[:SHOWN], message_id)


def _is_refusal(parsed: Message) -> bool:
    """A letter about a failure, and not of an answering machine, a challenge, or a receipt."""
    if parsed.get_content_type() == "multipart/report":
        return False  # reports of other kinds: read receipts, complaints
    if field(parsed, "X-Failed-Recipients") or DAEMON.search(field(parsed, "From")):
        return True
    nobody = field(parsed, "Return-Path").strip() == "<>"
    return nobody and FAILURE.search(field(parsed, "Subject")) is not None


def _letter(parsed: Message, content: bytes, message_id: str | None) -> Returned:
    """A failure in free words: the code is not believed, so nothing permanent follows from it."""
    lines = [line for line in _lines(parsed) if line]
    telling = next((line for line in lines if STATUS.search(line) or re.search(r"\b[45]\d\d\b", line)), "")
    recipient = field(parsed, "X-Failed-Recipients").partition(",")[0].strip()
    shown = telling or (lines[0] if lines else printable_line(field(parsed, "Subject")))
    return Returned("failed", "", shown[:SHOWN], printable_line(recipient)[:SHOWN], message_id)


def _lines(parsed: Message) -> Iterator[str]:
    """The first readable part, line by line, up to where the returned letter begins."""
    for part in parsed.walk():
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
            for line in text.splitlines():
                if line.startswith("---"):  # what follows is our letter
                    return
                yield printable_line(line)
            return


def _message_id(content: bytes, parsed: Message) -> str | None:
    """Of the letter that is quoted, else of the one that is answered."""
    _, *rest = HEAD_END.split(content, maxsplit=1)
    quoted = ANY_MESSAGE_ID.search(rest[0]) if rest else None
    if quoted:
        return quoted[1].decode("ascii", "replace")
    answered = re.findall(r"<[^<>\s]{1,250}>", field(parsed, "In-Reply-To") or field(parsed, "References"))
    return answered[-1] if answered else None
