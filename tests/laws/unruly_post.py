"""Ways out that answer as chance has it, and remember what they really took: the peers of the laws of the post."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from channels.channel import Envelope, Heard, Parcel
from channels.digest import Digest
from channels.outcome import Accepted, Blocked, Outcome, Refused, Unknown, Unreachable

ANSWERS = (
    "yes", "yes", "yes", "later", "never", "lost but taken", "lost", "down", "blocked", "elsewhere", "dies before",
    "dies after",
)  # fmt: skip


class Killed(Exception):
    """The dispatcher dies with its messages on the line."""


@dataclass(frozen=True)
class Take:
    """One message that the provider really has, and whether the dispatcher was told so."""

    delivery: int
    address: str
    at: datetime
    told: bool


@dataclass
class Unruly:
    """A channel whose every answer is drawn; `log`: it can be asked what it took, and tells the truth or nothing."""

    name: str
    luck: Random
    repeatable: bool
    log: bool
    hours: tuple[int, int] | None = None
    rate: float | None = None
    tame: bool = False
    takes: list[Take] = field(default_factory=list)
    attempts: list[tuple[int, str, str]] = field(default_factory=list)

    def write(self, digest: Digest, to: Envelope) -> bytes:
        return f"{to.message_id} {digest.notice_number}".encode()

    def send(self, parcels: Sequence[Parcel], *, now: datetime, within: float) -> list[Outcome]:
        return [self._answer(one, now) for one in parcels]

    def ask(self, parcels: Sequence[Parcel], *, since: datetime) -> list[Heard]:
        if not self.log or (not self.tame and self.luck.random() < 0.3):
            return [Heard.SILENT for _ in parcels]
        has = {one.delivery for one in self.takes}
        return [Heard.TAKEN if one.delivery in has else Heard.ABSENT for one in parcels]

    def _answer(self, parcel: Parcel, now: datetime) -> Outcome:
        said = "yes" if self.tame else self.luck.choice(ANSWERS)
        self.attempts.append((parcel.delivery, parcel.address, said))
        if said in ("yes", "lost but taken", "dies after"):
            self.takes.append(Take(parcel.delivery, parcel.address, now, told=said == "yes"))
        if said.startswith("dies"):
            raise Killed
        return {
            "yes": Accepted(250, "OK", f"id-{len(self.takes)}"),
            "later": Refused(451, "later", permanent=False),
            "never": Refused(550, "no such mailbox", permanent=True),
            "lost but taken": Unknown("lost"),
            "lost": Unknown("lost"),
            "down": Unreachable("down"),
            "blocked": Blocked(-1, "night", until=now + timedelta(hours=1)),
            "elsewhere": Blocked(-2, "no money", until=now + timedelta(hours=1), elsewhere=True),
        }[said]
