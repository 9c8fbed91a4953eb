"""What one message says, as ready-to-show Vietnamese strings. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from channels import words


@dataclass(frozen=True)
class Line:
    """One duty of one unit. `due` is the date as people write it; None where the source sets none."""

    unit_name: str
    duty_title: str
    period: str
    due: str | None
    status: str
    citation: str
    note: str

    @property
    def due_unsaid(self) -> str | None:
        """The due date, unless the status has already told it ("Còn 7 ngày (đến hết 30/11/2023)")."""
        return None if self.due is None or self.due in self.status else self.due


@dataclass(frozen=True)
class Step:
    """One step of a reckoning, and the article that it rests on; "" where it rests on none."""

    why: str
    article: str


@dataclass(frozen=True)
class Reckoning:
    """How one due date came about, step by step. `due` is the date as people write it."""

    duty_title: str
    period: str
    due: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class LateGroup:
    """Late units of one duty, period and date, in the order in which their lines came.

    `first` is the line that tells what they have in common, `note` what is said of every one of several.
    """

    lines: tuple[Line, ...]
    note: str

    @property
    def first(self) -> Line:
        return self.lines[0]


@dataclass(frozen=True)
class Digest:
    """One message to one recipient: its own late and coming duties, late units below it, and copies.

    Attributes:
        role: why the recipient is written to ("Đầu mối", "Lãnh đạo"…).
        office: who sends it.
        portal_url: the recipient's own link to what is said here.
        reckonings: how its due dates came about, each once.
        unsubscribe_url: stops copies for information; only in a message of nothing else.

    Raises ValueError for a naive `as_of` and for a link that is not http(s).
    """

    recipient_name: str
    role: str
    as_of: datetime
    office: str
    overdue: tuple[Line, ...]
    due: tuple[Line, ...]
    subordinates: tuple[Line, ...]
    copies: tuple[Line, ...]
    notice_number: str
    portal_url: str | None
    simulated: bool
    reckonings: tuple[Reckoning, ...] = ()
    unsubscribe_url: str | None = None

    def __post_init__(self) -> None:
        if self.as_of.tzinfo is None:
            raise ValueError("Digest.as_of must be an aware datetime")
        for link in (self.portal_url, self.unsubscribe_url):
            if link is not None and not link.startswith(("http://", "https://")):
                raise ValueError(f"a digest's link must start with http:// or https://: {link!r}")

    @property
    def must_answer(self) -> bool:
        """True when the recipient itself owes something."""
        return bool(self.overdue or self.due)

    @property
    def late_units(self) -> int:
        """How many different units below the recipient are late (a unit may have several lines)."""
        return _units(self.subordinates)

    @property
    def late_groups(self) -> list[LateGroup]:
        """The late units below, what they have in common said once: hundreds of them still make one short message."""
        groups: dict[tuple[str, str, str, str | None], list[Line]] = {}
        for line in self.subordinates:
            groups.setdefault((line.duty_title, line.period, line.citation, line.due_unsaid), []).append(line)
        return [LateGroup(tuple(lines), _shared_note(lines)) for lines in groups.values()]

    @property
    def reasons(self) -> list[str]:
        """Why the recipient gets this message, one clause per section that is not empty."""
        return words.reasons(
            overdue=len(self.overdue), due=len(self.due), units=self.late_units, copies=len(self.copies)
        )


def subject(digest: Digest) -> str:
    """Short and useful on a phone: "[Đôn đốc] 2 nhiệm vụ quá hạn, 1 sắp đến hạn – Sở Nội vụ"."""
    tag = words.TAG_COPY
    if digest.due:
        tag = words.TAG_REMIND
    if digest.overdue or digest.subordinates:
        tag = words.TAG_URGE
    counts = words.counts(
        overdue=len(digest.overdue), due=len(digest.due), units=digest.late_units, copies=len(digest.copies)
    )
    text = f"{tag} {counts} – {digest.recipient_name}"
    return f"{words.TAG_SIMULATED} {text}" if digest.simulated else text


def _shared_note(lines: Sequence[Line]) -> str:
    notes = {line.note for line in lines}
    return notes.pop() if len(lines) > 1 and len(notes) == 1 else ""


def _units(lines: Sequence[Line]) -> int:
    return len({line.unit_name for line in lines})
