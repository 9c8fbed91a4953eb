"""The blocks of fields in a delivery report: one about the message, then one for each recipient."""

import re
from collections.abc import Iterator
from email.message import Message
from typing import Any

Block = dict[str, str]
KINDS = ("message/delivery-status", "message/global-delivery-status")
FIELD_LENGTH = 1000
FIELD = re.compile(r"([!-9;-~]+)[ \t]*:(.*)")


def blocks(part: Message) -> Iterator[Block]:
    """The blocks of one MIME part, field names in small letters; none where it is no delivery status."""
    if part.get_content_type() in KINDS:
        for text in re.split(r"\n[ \t]*\n", _text(part)):
            if found := _fields(text):
                yield found


def field(message: Message, name: str) -> str:
    """A header's first 1,000 characters unfolded, decoded as UTF-8 where it is not ASCII; "" where it is missing."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return " ".join(_utf8(value).split())[:FIELD_LENGTH]
    return ""


def _fields(text: str) -> Block:
    found: Block = {}
    name = ""
    for line in text.splitlines():
        if line[:1] in (" ", "\t"):
            if name:
                found[name] += " " + line.strip()
        elif given := FIELD.fullmatch(line):
            name = given[1].lower()
            found.setdefault(name, given[2].strip())
    return found


def _text(part: Message) -> str:
    """As it stands, or decoded: some servers encode what RFC 3464 wants in clear."""
    inner = part.get_payload()
    raw = "\n".join(map(_inside, inner)) if isinstance(inner, list) else str(inner)
    encoding = field(part, "Content-Transfer-Encoding").lower()
    if encoding in ("base64", "quoted-printable"):
        carrier = Message()
        carrier["Content-Transfer-Encoding"] = encoding
        carrier.set_payload(raw)
        decoded = carrier.get_payload(decode=True)
        raw = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else raw
    return raw.replace("\r\n", "\n")


def _inside(block: Any) -> str:
    """What the library took for a message of its own: its headers, then whatever follows."""
    if not isinstance(block, Message):
        return str(block)
    head = "\n".join(f"{name}: {_utf8(value)}" for name, value in block.raw_items())
    inner = block.get_payload()
    rest = inner if isinstance(inner, str) else ""
    return f"{head}\n\n{_utf8(rest)}"


def _utf8(value: Any) -> str:
    return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
