"""What became of one message handed to a relay: four answers, each with its own next step."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """The relay took the message and answers for it from here."""

    code: int
    text: str


@dataclass(frozen=True)
class Refused:
    """The relay, or we ourselves (code 0), said no: nothing was delivered. `permanent`: do not repeat."""

    code: int
    text: str
    permanent: bool


@dataclass(frozen=True)
class Unknown:
    """The relay may or may not have the message: ask it, or repeat with the same Message-ID and Date."""

    reason: str


@dataclass(frozen=True)
class Unreachable:
    """Nothing of the message was sent: safe to try again."""

    reason: str


Outcome = Accepted | Refused | Unknown | Unreachable
