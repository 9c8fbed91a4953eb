"""Changes of a running term: what was decided about it, and what a new version of the plan or calendar makes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from schedules.periods import Explanation

DECISIONS = ("extended", "corrected", "paused", "resumed")
"""Facts that change how a term runs."""
DERIVED = ("amended", "recounted", "dropped", "reinstated")
"""What follows from the versions of the plan and from the calendars (`models.regimes`)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a running term.

    Attributes:
        kind: one of `DECISIONS` or `DERIVED`.
        at: from when on it counts.
        seq: the place of its fact in the ledger; 0 where it is derived.
        wide: it is about every unit of the period, not about one.
        opens, due: the new dates; `opens` None leaves the opening, `moves_due` says whether `due` is meant.
        citation: what it rests on, where that is more than the reason.
        counted: how the new date was reckoned, where it was.
    """

    kind: str
    at: datetime
    seq: int
    why: str
    citation: str = ""
    wide: bool = False
    opens: datetime | None = None
    due: datetime | None = None
    moves_due: bool = False
    counted: Callable[[], tuple[Explanation, ...]] = field(default=tuple, compare=False, repr=False)
