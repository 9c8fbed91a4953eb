"""What the engine says when it will not do what it was asked."""

from collections.abc import Iterable
from difflib import get_close_matches


class Refusal(Exception):
    """Something was asked that cannot be done; nothing has changed.

    The message is for the person who asked: Vietnamese for what an office enters, English for what a
    developer configures. It says what is wrong, where, and how to mend it.
    """


def unknown(what: str, given: str, known: Iterable[str], *, hint: str = "") -> Refusal:
    """A refusal that names the closest known values: "Không có nhiệm vụ «x». Gần nhất: …"."""
    names = sorted(known)
    close = get_close_matches(given, names, n=3, cutoff=0.5)
    nearest = f" Gần nhất: {', '.join(close)}." if close else f" Hiện có: {', '.join(names[:12])}." if names else ""
    return Refusal(f"Không có {what} «{given}».{nearest}{' ' + hint if hint else ''}")
