"""What every verb needs: the settings, the database, the plans, the wall clock, and one way to print."""

import codecs
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from cli import words
from flows.catalog import find_plan, load_plans
from models.database import check_version, connect, reading
from models.plan import Plan
from models.record import live_from
from models.refusal import Refusal
from models.settings import Settings
from models.versions import in_force
from schedules.terms import LAST_YEAR
from schedules.words import day_shown
from schedules.zone import MORNING, VIETNAM, local_day, parse_instant


@dataclass
class Desk:
    """One run of the command. `now` is read from the clock once."""

    settings: Settings = field(default_factory=Settings.read)
    now: datetime = field(default_factory=lambda: datetime.now(VIETNAM))

    @cached_property
    def engine(self) -> sa.Engine:
        """The database, whose schema is the one that this code knows."""
        engine = connect(self.settings.database_url)
        check_version(engine)
        return engine

    def plans(self) -> dict[str, Plan]:
        return load_plans(self.settings.plans_folder)

    def plan(self, code: str) -> Plan:
        return find_plan(code, self.settings.plans_folder)

    def running(self, code: str) -> Plan:
        """The plan with that code as it is in force, whatever its file says meanwhile."""
        declared = self.plan(code)
        with reading(self.engine) as db:
            return in_force(db, declared, as_of=self.now)

    def chosen(self, code: str | None) -> list[Plan]:
        """One plan by its code, or all of them."""
        return [self.plan(code)] if code else list(self.plans().values())

    def not_ahead(self, text: str | None) -> datetime:
        """The asked instant; a live engine neither sweeps nor sends ahead of the clock."""
        at = self.instant(text)
        with reading(self.engine) as db:
            if at > self.now and live_from(db) is not None:
                raise Refusal(words.FUTURE.format(at=at.isoformat()))
        return at

    def instant(self, text: str | None, *, clock: time = MORNING) -> datetime:
        """An instant as given on the command line; now where none is."""
        if text is None:
            return self.now
        try:
            instant = parse_instant(text, clock=clock)
        except ValueError as error:
            raise Refusal(str(error)) from error
        self._known(local_day(instant))
        return instant

    def day(self, text: str | None) -> date:
        if text is None:
            return local_day(self.now)
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise Refusal(words.BAD_DAY.format(text=text)) from error
        self._known(day)
        return day

    def _known(self, day: date) -> None:
        """Refuse what lies beyond the calendar: nobody knows the holidays, and counting there has no end."""
        if day.year > LAST_YEAR:
            raise Refusal(words.BEYOND.format(day=day_shown(day), year=LAST_YEAR))


def show(as_json: bool, data: Any, human: Callable[[], Iterable[str]]) -> None:
    """Print the result: one JSON document, or lines for people."""
    if as_json:
        print(json.dumps(data, ensure_ascii=not _speaks_utf8(), indent=1))
    else:
        for line in human():
            print(line)


def _speaks_utf8() -> bool:
    return codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"


def table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> Iterable[str]:
    """Rows as aligned columns."""
    cells = [[str(column) for column in columns]]
    cells += [["" if row.get(column) is None else str(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    return ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells)


def tell(message: str) -> None:
    """Something that is not the result: to standard error."""
    print(message, file=sys.stderr)
