"""What every page works with: the database, the plans and the units, each read again only when it changed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from flows.catalog import load_plans, plan_files
from models.database import check_version, connect, reading
from models.plan import Plan
from models.refusal import Refusal, unknown
from models.settings import Settings
from models.tables import ledger
from models.unit_store import read_units
from models.units import Units
from models.versions import all_in_force
from portal import words
from portal.visit import NotFound, NotReady


class Desk:
    """One portal over one database. `clock` is read once for each request."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.clock = clock
        self._engine = connect(settings.database_url)
        self._plans: tuple[object, Mapping[str, Plan]] = (None, {})
        self._units: dict[str, tuple[str, Units]] = {}

    @property
    def engine(self) -> sa.Engine:
        """The database. Raises NotReady where it is missing, or of another version."""
        try:
            check_version(self._engine)
        except Refusal as refusal:
            raise NotReady(str(refusal)) from refusal
        return self._engine

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A look at one moment of the database."""
        with reading(self.engine) as db:
            yield db

    def plans(self) -> Mapping[str, Plan]:
        """Every plan as it is in force, read again when a module was written to or a version was applied."""
        files = [(path, _stamp(path)) for path in plan_files(self.settings.plans_folder)]
        with self.reading() as db:
            known = (files, self.mark(db, ledger.c.kind == "plan_applied"))
            if self._plans[0] != known:
                declared = load_plans(self.settings.plans_folder)
                self._plans = (known, all_in_force(db, declared.values(), as_of=self.clock()))
        return self._plans[1]

    def plan(self, code: str) -> Plan:
        plans = self.plans()
        if code not in plans:
            raise NotFound(str(unknown(words.UNKNOWN_PLAN, code, plans)))
        return plans[code]

    def mark(self, db: sa.Connection, *where: sa.ColumnElement[bool]) -> str:
        """The hash of the newest fact (of a kind): it changes with each new one, and with a database made anew."""
        query = sa.select(ledger.c.hash).where(*where).order_by(ledger.c.seq.desc()).limit(1)
        return db.execute(query).scalar_one_or_none() or ""

    def units(self, db: sa.Connection, province: str) -> Units:
        """The tree of a province, read again when units were loaded or imported since."""
        mark = self.mark(db, ledger.c.kind == "units_imported", ledger.c.plan.is_(None))
        known = self._units.get(province)
        if known is None or known[0] != mark:
            known = self._units[province] = (mark, read_units(db, province=province))
        return known[1]


def _stamp(path: Path) -> tuple[int, int]:
    told = path.stat()
    return told.st_mtime_ns, told.st_size
