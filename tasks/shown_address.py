"""Addresses as pages, alarms and logs may show them: enough to be recognised by whoever knows them, no more."""

import re

from channels.apprise_channel import shown
from channels.channel import SCHEMES

URL_OF = {channel: scheme for scheme, channel in SCHEMES.items()}
EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(\.[\w\-]+)+")
TELEPHONE = re.compile(r"\b(?:84|0)\d{9}\b")


def shown_address(channel: str, target: str) -> str:
    """What a delivery's address is called: "hoa@…", "8498…321", "json://127.0.0.1/…"."""
    return shown(f"{URL_OF[channel]}://{target}" if channel in URL_OF else target)


def without_addresses(text: str) -> str:
    """A server's words with the addresses in them shortened."""
    text = EMAIL.sub(lambda found: shown_address("email", found[0]), text)
    return TELEPHONE.sub(lambda found: shown_address("zns", found[0]), text)
