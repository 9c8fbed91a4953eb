"""Header values of a letter: encoded and folded by our own hand, refused where they would break a header."""

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from functools import lru_cache
from urllib.parse import quote

from channels import words

PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ]*")
SPACES = re.compile(r"\s+")
WEB_ADDRESS = re.compile(r"https?://[!-;=?-~]+")
LINE_SEPARATORS = "\u2028\u2029"


class HeaderRefused(ValueError):
    """A value that must not become a header; the message is Vietnamese."""


def check_receiver(name: str, address: str) -> None:
    """Raises HeaderRefused for a name or an address that no letter could be addressed to."""
    mailbox("To", name, address)


def mailbox(field: str, name: str, address: str) -> str:
    for value in (name, address):
        refuse_controls(field, value)
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
    return f"{encoded(field, shown)}\r\n <{plain}>"


def text(field: str, value: str) -> str:
    refuse_controls(field, value)
    return encoded(field, one_line(value))


def unsubscribe(url: str | None, *, answer_to: str, notice_number: str) -> dict[str, str]:
    """How a mail program offers to stop these messages: by one POST (RFC 8058), or by a mail to `answer_to`."""
    if url is None:
        subject = quote(words.UNSUBSCRIBE_SUBJECT.format(number=one_line(nfc(notice_number))), safe="")
        return {"List-Unsubscribe": f"<mailto:{quote(answer_to, safe='@.+-_')}?subject={subject}>"}
    if not WEB_ADDRESS.fullmatch(url):
        raise HeaderRefused(words.NOT_A_WEB_ADDRESS.format(value=url))
    found = {"List-Unsubscribe": f"<{url}>"}
    if url.startswith("https:"):  # the RFC knows no other
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found


@lru_cache(maxsize=4096)
def encoded(field: str, value: str) -> str:
    """All of it as encoded words, with the old Header class.

    EmailMessage folds long values that mix ASCII and Vietnamese words wrongly: on Python 3.11.7 it
    loses the space in "Sở tế" or breaks "Nam" into "Na m". tests/channels/test_email.py holds this.
    """
    return Header(nfc(value), "utf-8", maxlinelen=75, header_name=field).encode(linesep="\r\n")


def refuse_controls(field: str, value: str) -> None:
    if any(unicodedata.category(char) == "Cc" or char in LINE_SEPARATORS for char in value):
        raise HeaderRefused(words.NOT_ONE_LINE.format(field=field, value=value))


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def printable_line(text: str) -> str:
    """A stranger's words on one line, without bytes that a database or terminal would choke on."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return one_line("".join(char if char.isprintable() else " " for char in clean))


def one_line(text: str) -> str:
    """Any run of white space becomes one space, so a title cannot forge a heading in a text part."""
    return SPACES.sub(" ", text).strip()
