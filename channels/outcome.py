"""What became of one message handed to a provider: five answers, each with its own next step."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Accepted:
    """The provider took the message and answers for it from here. `provider_id` is what it calls the message."""

    code: int
    text: str
    provider_id: str = ""


@dataclass(frozen=True)
class Refused:
    """The provider, or we ourselves (code 0), said no: nothing was delivered.

    `permanent`: do not repeat to this address. `ours`: the message itself is wrong, which people must look at.
    """

    code: int
    text: str
    permanent: bool
    ours: bool = False


@dataclass(frozen=True)
class Unknown:
    """The provider may or may not have the message: ask it, or repeat in a way that it can recognise."""

    reason: str


@dataclass(frozen=True)
class Unreachable:
    """Nothing of the message was sent: safe to try again."""

    reason: str


@dataclass(frozen=True)
class Blocked:
    """The channel itself cannot send before `until`; nothing was sent, and nothing is wrong with the message.

    `elsewhere`: the message goes to the next address now instead of waiting. `tell`: people must mend the channel.
    """

    code: int
    reason: str
    until: datetime
    elsewhere: bool = False
    tell: bool = False


Outcome = Accepted | Refused | Unknown | Unreachable | Blocked
