"""The address to which a mail server returns one delivery: it names the delivery, and nobody else can make one up."""

import base64
import hmac
import re

ADDRESS = re.compile(r"<?n\.(0|[1-9][0-9]{0,17})\.([a-z2-7]{16})@[^@\s]+", re.IGNORECASE)
PURPOSE = b"dondoc return address "


def make(delivery: int, domain: str, key: bytes) -> str:
    """ "n.<delivery>.<signature>@domain"; the part before @ is at most 37 characters long.

    0 is no delivery: a letter that only tries the way.
    """
    return f"n.{delivery}.{_signature(delivery, key)}@{domain}"


def read(address: str, key: bytes) -> int | None:
    """The delivery that an address of ours names, in any mix of cases; None for any other or a forged one."""
    found = ADDRESS.fullmatch(address.strip().removesuffix(">"))
    if found is None:
        return None
    delivery = int(found[1])
    return delivery if hmac.compare_digest(_signature(delivery, key), found[2].lower()) else None


def _signature(delivery: int, key: bytes) -> str:
    # Base 32, because some mail servers change the case of addresses; 80 bits cannot be guessed over SMTP.
    digest = hmac.digest(key, PURPOSE + str(delivery).encode(), "sha256")
    return base64.b32encode(digest[:10]).decode().lower()
