"""Units as an office writes them: by key or code; a name is answered with the key that it should have been."""

from collections import defaultdict
from datetime import date
from functools import cached_property

from models.refusal import Refusal
from models.units import Unit, Units

MOST_NAMED = 4


class UnitNames:
    """The units of the country, asked about one row after the other; what was refused once is refused at once."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._refused: dict[str, Refusal] = {}

    def find(self, text: str, day: date) -> Unit:
        """The unit with that key or code. Raises Refusal with the closest ones; names are never guessed about."""
        if text in self._refused:
            raise self._refused[text]
        try:
            if named := self._by_name.get(_plain(text), []):
                raise Refusal(_say_key(text, [unit for unit in named if unit.alive(day)] or named))
            return self._units.find(text, day)
        except Refusal as refusal:
            self._refused[text] = refusal
            raise

    @cached_property
    def _by_name(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self._units:
            found[_plain(unit.name)].append(unit)
        return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).removeprefix("ubnd ")


def _say_key(text: str, units: list[Unit]) -> str:
    keys = list(dict.fromkeys(unit.key for unit in units))
    more = f" và {len(keys) - MOST_NAMED} đơn vị khác cùng tên" if len(keys) > MOST_NAMED else ""
    return f"cột unit ghi tên «{text}»; ghi khóa đơn vị: {', '.join(keys[:MOST_NAMED])}{more}"
