"""Something about sending that people must look at."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from models.tables import unit
from tasks import watch_words as words

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Trouble:
    """One trouble as it stands now. `kind` and `subject` are the same for as long as it lasts; `text` is Vietnamese:
    what, since when, and what to do.
    """

    kind: str
    subject: str
    text: str

    @property
    def title(self) -> str:
        """Short: the subject of its alarm."""
        return words.TITLES[self.kind]


def unit_names(db: sa.Connection, keys: Collection[str]) -> dict[str, str]:
    """What units are called now; a key that nobody has stands for itself."""
    u = unit.c
    rows = db.execute(sa.select(u.key, u.name).where(u.key.in_(keys)).order_by(u.valid_from))
    return {key: key for key in keys} | {row.key: row.name for row in rows}


def named(db: sa.Connection, keys: Collection[str]) -> str:
    """Units in a sentence, the first ten by name and the rest by their number."""
    every = sorted(set(keys))
    shown = unit_names(db, every[:MOST_NAMED])
    said = ", ".join(shown[key] for key in every[:MOST_NAMED])
    more = len(every) - MOST_NAMED
    return said + (words.MORE_UNITS.format(count=more) if more > 0 else "")
