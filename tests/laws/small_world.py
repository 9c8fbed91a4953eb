"""A province of ten units and a plan of six duties: small enough to live half a year some hundreds of times.

Everything that makes time hard is in it: units that end and begin within a window, an office that moves house,
a duty that waits for an event, days off at Tết.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from cast import Office, into
from hypothesis import strategies as st

from models.database import connect, migrate, writing
from models.owed import owed_for, periods
from models.plan import Citation, Duty, Plan
from models.refusal import Refusal
from models.selector import body, level, role
from models.tables import UnitRoleRow, UnitRow
from models.units import Unit, UnitRole, Units
from schedules.phrases import term
from schedules.terms import Continuous
from schedules.workdays import OverlayRow
from schedules.zone import MORNING, at
from tasks.set_up import apply_plan

FIRST, LAST = date(2023, 9, 1), date(2024, 3, 15)
DAYS = (LAST - FIRST).days
MIDNIGHT, EVENING = time(0), time(23, 59, 59)
CODE = "khao-sat"
HERE = Citation("Kế hoạch thử", "mục 1", date(2023, 8, 1))


def _unit(key: str, level: str, parent: str | None, since: date = date(2021, 1, 1), until: date | None = None) -> Unit:
    return Unit(key, key.partition(":")[2], f"Đơn vị {key}", level, level, parent, "99", since, until)


UNITS = Units(
    [
        _unit("g1:99", "province", None),
        _unit("b:99.tinh-uy", "party_body", "g1:99"),
        _unit("b:99.dan-van", "party_body", "b:99.tinh-uy"),
        _unit("b:99.noi-vu", "department", "g1:99"),
        _unit("b:99.y-te", "department", "g1:99", until=date(2023, 11, 20)),
        _unit("b:99.dan-so", "department", "g1:99", since=date(2023, 11, 20)),
        _unit("g1:991", "district", "g1:99"),
        _unit("g1:992", "district", "g1:99", until=date(2023, 12, 15)),
        _unit("g1:99101", "commune", "g1:991"),
        _unit("g1:99201", "commune", "g1:992"),
    ],
    roles=[
        UnitRole("standing_office", "99", "b:99.noi-vu", date(2021, 1, 1), date(2023, 12, 10)),
        UnitRole("standing_office", "99", "b:99.dan-van", date(2023, 12, 10), None),
    ],
)
DEPARTMENTS, DISTRICTS = level("department", "Sở"), level("district", "Huyện")
STANDING_OFFICE = role("standing_office", "Cơ quan Thường trực")


def _duty(code: str, lead: Any, when: Any, coordinating: Any = None, **more: Any) -> Duty:
    return Duty(code, code.title(), f"Làm {code}.", lead, when, HERE, coordinating, **more)


PLAN = Plan(
    code=CODE, title="Kế hoạch thử", version=1, province="99", issuer="UBND tỉnh", number="1", issued=FIRST,
    in_force=FIRST, source=HERE,
    duties=(
        _duty("quy-che", DEPARTMENTS | DISTRICTS | level("commune", "Xã"), term("Trong Quý IV năm 2023")),
        _duty("ra-soat", body("noi-vu", "Sở Nội vụ"), term("Tháng 11 năm 2023"), DEPARTMENTS | DISTRICTS),
        _duty("bao-cao", DEPARTMENTS | DISTRICTS, term("Hằng năm, trước ngày 01/12")),
        _duty("so-ket", DISTRICTS, term("trong thời hạn 45 ngày làm việc kể từ ngày ban hành")),
        _duty("thong-ke", DEPARTMENTS, term("Tháng 12 năm 2023"), counting="civil-code"),
        _duty("hoi-nghi", STANDING_OFFICE, term("Tháng 12 năm 2023")),
        _duty("nghi-quyet", body("noi-vu", "Sở Nội vụ"), term("Sau khi có văn bản hướng dẫn của Trung ương")),
        _duty("theo-doi", DEPARTMENTS, Continuous()),
    ),
)  # fmt: skip


def _with(code: str, **changes: Any) -> Plan:
    return replace(PLAN, duties=tuple(replace(d, **changes) if d.code == code else d for d in PLAN.duties))


VARIANTS = (
    PLAN,
    _with("bao-cao", term=term("Hằng năm, trước ngày 20/12")),
    _with("quy-che", lead=DISTRICTS),
    replace(PLAN, duties=PLAN.duties[1:]),
    _with("so-ket", term=term("trong thời hạn 60 ngày làm việc kể từ ngày ban hành")),
    _with("bao-cao", term=term("Hằng tháng")),
)

OWED = [
    owed.key
    for duty in PLAN.duties
    for period in periods(PLAN, duty, through=LAST)
    for owed in owed_for(duty, period, UNITS, "99")
]
LEADS = sorted({unit for _, _, unit in OWED})


# What can happen


@dataclass(frozen=True, order=True)
class Report:
    at: datetime
    key: tuple[str, str, str]


@dataclass(frozen=True, order=True)
class Exemption:
    at: datetime
    unit: str
    duty: str


@dataclass(frozen=True, order=True)
class Guidance:
    at: datetime


@dataclass(frozen=True, order=True)
class Extension:
    at: datetime
    key: tuple[str, str, str]
    to: date


@dataclass(frozen=True, order=True)
class Correction:
    at: datetime
    key: tuple[str, str, str]
    to: date


@dataclass(frozen=True, order=True)
class Pause:
    at: datetime
    key: tuple[str, str, str]


@dataclass(frozen=True, order=True)
class Resume:
    at: datetime
    key: tuple[str, str, str]


@dataclass(frozen=True, order=True)
class Amend:
    """The plan is amended: one of `VARIANTS` is applied as the next version."""

    at: datetime
    variant: int


@dataclass(frozen=True, order=True)
class NewDay:
    """A day is declared off, or to be worked."""

    at: datetime
    day: date
    working: bool


@dataclass(frozen=True, order=True)
class Sweep:
    at: datetime


@dataclass(frozen=True, order=True)
class Post:
    at: datetime


Fact = Report | Exemption | Guidance
Decided = Extension | Correction | Pause | Resume | NewDay | Amend
Move = Fact | Decided | Sweep | Post

days = st.integers(0, DAYS).map(lambda n: FIRST + timedelta(days=n))
instants = st.builds(at, days, st.sampled_from([MIDNIGHT, MORNING, time(7, 30, 1), time(14), EVENING]))
at_midnight = st.builds(at, days, st.just(MIDNIGHT))
reports = st.builds(Report, instants, st.sampled_from(OWED))
exemptions = st.builds(Exemption, at_midnight, st.sampled_from(LEADS), st.sampled_from(["", "bao-cao", "quy-che"]))
facts = st.one_of(reports, reports, exemptions, st.builds(Guidance, at_midnight))
terms = st.sampled_from(OWED) | st.sampled_from(OWED).map(lambda key: (*key[:2], ""))  # "" stands for everybody
later = st.dates(FIRST, LAST + timedelta(days=60))
decisions = st.one_of(
    st.builds(Extension, instants, terms, later),
    st.builds(Correction, instants, terms, later),
    st.builds(Pause, instants, terms),
    st.builds(Resume, instants, terms),
    st.builds(NewDay, instants, days, st.booleans()),
    st.builds(Amend, instants, st.integers(0, 5)),
)
sweeps = st.builds(Sweep, instants)


def lives(*, post: bool = True) -> st.SearchStrategy[list[Move]]:
    """Some of everything, in the order in which it happened."""
    kinds = [facts, facts, decisions, sweeps, sweeps, st.builds(Post, instants)]
    kinds = kinds if post else [facts, decisions, sweeps]
    return st.lists(st.one_of(*kinds), min_size=3, max_size=16).map(
        lambda moves: sorted(moves, key=lambda move: (move.at, str(move)))
    )


# Where it happens


class SmallOffice(Office):
    """The office of the small province, in memory; opened anew for each life."""

    version = 1

    def happens(self, move: Move, *, entered: datetime | None = None) -> bool:
        """Whether it was accepted."""
        now = entered.isoformat(sep=" ")[:19] if entered else None
        try:
            match move:
                case Report(when, (duty, period, unit)):
                    self.submits(unit, duty, period, when, entered=entered)
                case Exemption(when, unit, duty):
                    self.exempts(unit, reason="lý do", on=str(when.date()), duty=duty or None, entered=now)
                case Guidance(when):
                    self.hears_of_guidance(str(when.date()), duty="nghi-quyet", now=now)
                case Extension(when, (duty, period, unit), to):
                    self.extends(unit or None, duty, period, to=str(to), on=when)
                case Correction(when, (duty, period, unit), to):
                    self.corrects(unit or None, duty, period, to=str(to), on=when)
                case Pause(when, (duty, period, unit)):
                    self.pauses(unit or None, duty, period, on=when)
                case Resume(when, (duty, period, unit)):
                    self.resumes(unit or None, duty, period, on=when)
                case Amend(when, variant):
                    self.version += 1
                    self.applies(replace(VARIANTS[variant], version=self.version), on=when)
                case NewDay(when, day, working):
                    self.changes_calendar(OverlayRow(day, working, "lý do", "Thông báo 1", None), on=when)
                case Sweep(when):
                    self.sweeps(when)
                case Post(when):
                    self.delivers(when, send=into([]))
        except Refusal:
            return False
        return True

    def happens_all(self, moves: Iterable[Move]) -> list[Move]:
        """What was accepted."""
        return [move for move in moves if self.happens(move)]

    def live(self, moves: Iterable[Move]) -> "SmallOffice":
        for move in moves:
            self.happens(move)
        return self

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that the engine remembers, row by row."""
        raw = _raw(self.engine)
        return {
            table: raw.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
            for table in ("ledger", "assignment", "notice", "delivery", "delivery_item")
        }

    def said(self) -> list[dict[str, Any]]:
        """Every notice, whenever it was planned for."""
        return self.notices(at(LAST + timedelta(days=400), MORNING))


class World:
    """Opens the office on a fresh database, again and again; at most three at a time."""

    def __init__(self) -> None:
        self._template = connect("sqlite://")
        migrate(self._template)
        with writing(self._template) as db:
            db.execute(sa.insert(UnitRow.__table__), [_row(unit) for unit in UNITS])
            db.execute(sa.insert(UnitRoleRow.__table__), [_row(held) for held in UNITS.roles])
            apply_plan(db, PLAN, now=at(FIRST, MIDNIGHT))
        self._engines = [connect("sqlite://") for _ in range(3)]
        self._next = 0

    def office(self) -> SmallOffice:
        self._next = (self._next + 1) % len(self._engines)
        engine = self._engines[self._next]
        _raw(self._template).backup(_raw(engine))
        return SmallOffice(engine, PLAN, began=at(FIRST, MIDNIGHT), tree=UNITS)


def _raw(engine: sa.Engine) -> sqlite3.Connection:
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _row(stored: Unit | UnitRole) -> dict[str, Any]:
    values = {field.name: getattr(stored, field.name) for field in fields(stored)}
    return values | {"shipped": False} | ({"groups": ""} if isinstance(stored, Unit) else {})


WORLD = World()
