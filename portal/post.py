"""The page about sending: what waits, what left, how the channels fare, what reached nobody and what to do about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from models.plan import Plan
from models.settings import Settings
from models.tables import alarm, delivery, dispatcher, notice
from models.words import DELIVERY_STATE_SHOWN, ROLE_SHOWN
from portal import words
from portal.desk import Desk
from portal.visit import Visit
from schedules.words import period_shown, step_shown
from schedules.zone import local_day, midnight
from tasks.alarms import alarm_targets
from tasks.dead_letters import DeadLetter, dead
from tasks.outbox import WAITING
from tasks.post_figures import PostFigures, Way, post_figures, sent_since
from tasks.shown_address import shown_address, without_addresses
from tasks.trouble import Trouble, unit_names
from tasks.unreachable import CHANNEL_SHOWN, channels_of
from tasks.watch import troubles
from tasks.watch_ways import SILENT_AFTER
from tasks.watch_words import TITLES

PATH = "/gui-tin"
MOST = 50
"""Dead letters, and units without an address, that the page names."""
ALARMS_OF = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WayShown:
    """A channel as the page shows it; `row` is None while nothing has happened to it, `why` tells of its trouble."""

    name: str
    shown: str
    open: bool
    sent: int
    waiting: int
    row: Way | None

    @property
    def title(self) -> str:
        return self.shown[:1].upper() + self.shown[1:]

    @property
    def why(self) -> str:
        return without_addresses(self.row.why) if self.row else ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A dead letter with its recipient's name and what it was about, in words."""

    letter: DeadLetter
    name: str
    role: str
    about: tuple[str, ...]

    @property
    def numbers(self) -> str:
        return " ".join(str(one.id) for one in self.letter.notices)


@dataclass(frozen=True, slots=True)
class AlarmShown:
    """An alarm that was raised; `states` of its deliveries."""

    at: datetime
    title: str
    text: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dispatcher:
    owner: str
    started_at: datetime
    beat_at: datetime
    alive: bool


@dataclass(frozen=True, slots=True)
class PostPage:
    """Everything on the page, as of one moment."""

    figures: PostFigures
    troubles: list[Trouble]
    ways: list[WayShown]
    dispatchers: list[Dispatcher]
    lost: list[Lost]
    unreached: list[tuple[str, int]]
    alarms: list[AlarmShown]
    targets: list[str]

    def notices(self, state: str) -> int:
        return self.figures.notices.get(state, 0)

    def deliveries(self, *states: str) -> int:
        return sum(count for (_, state), count in self.figures.deliveries.items() if state in states)

    @property
    def sent(self) -> int:
        return sum(way.sent for way in self.ways)


def add_to(app: FastAPI, desk: Desk, page: Callable[..., HTMLResponse]) -> None:
    """Add the page to the portal."""

    @app.get(PATH)
    def post() -> HTMLResponse:
        visit = Visit.of("", now=desk.clock())
        plans = desk.plans()
        with desk.reading() as db:
            found = read_page(db, plans, desk.settings, now=visit.now)
        return page("post.html", visit=visit, post=found, most=MOST, states=DELIVERY_STATE_SHOWN)


def read_page(db: sa.Connection, plans: Mapping[str, Plan], settings: Settings, *, now: datetime) -> PostPage:
    """The page at `now`."""
    figures = post_figures(db, settings, now=now)
    targets = [shown_address(one.channel, one.address) for one in alarm_targets(db, plans, settings, now=now)]
    return PostPage(
        figures, troubles(db, plans, settings, now=now), _ways(db, figures, settings, now), _dispatchers(db, now),
        _lost(db, dead(db, as_of=now), plans), _unreached(db), _alarms(db, now), targets,
    )  # fmt: skip


def _ways(db: sa.Connection, figures: PostFigures, settings: Settings, now: datetime) -> list[WayShown]:
    sent = sent_since(db, midnight(local_day(now)))
    rows = {way.name: way for way in figures.ways}
    open_now = channels_of(settings)
    return [
        WayShown(
            name, shown, name in open_now, sent.get(name, 0),
            sum(figures.deliveries.get((name, state), 0) for state in WAITING), rows.get(name),
        )
        for name, shown in CHANNEL_SHOWN.items()
        if name in open_now or name in rows or any(way == name for way, _ in figures.deliveries)
    ]  # fmt: skip


def _dispatchers(db: sa.Connection, now: datetime) -> list[Dispatcher]:
    d = dispatcher.c
    rows = db.execute(sa.select(d.owner, d.started_at, d.beat_at).order_by(d.beat_at.desc())).all()
    return [Dispatcher(row.owner, row.started_at, row.beat_at, row.beat_at >= now - SILENT_AFTER) for row in rows]


def _lost(db: sa.Connection, letters: Iterable[DeadLetter], plans: Mapping[str, Plan]) -> list[Lost]:
    every = list(letters)
    keys = {one.recipient for one in every} | {each.unit for one in every for each in one.notices}
    names = unit_names(db, keys)
    titles = {(plan.code, duty.code): duty.title for plan in plans.values() for duty in plan.duties}
    return [
        Lost(one, names[one.recipient], ROLE_SHOWN.get(one.role, one.role), tuple(
            words.POST_ABOUT.format(
                id=each.id, title=titles.get((each.plan, each.duty), each.duty), unit=names[each.unit],
                period=period_shown(each.period), step=step_shown(each.step),
            )
            for each in one.notices
        ))
        for one in every
    ]  # fmt: skip


def _unreached(db: sa.Connection) -> list[tuple[str, int]]:
    """Recipients whom nobody can write to, by name, each with the number of notices that wait for an address."""
    n = notice.c
    query = sa.select(n.recipient, sa.func.count()).where(n.state == "undeliverable").group_by(n.recipient)
    rows = {row[0]: row[1] for row in db.execute(query)}
    names = unit_names(db, rows.keys())
    return sorted((names[key], count) for key, count in rows.items())


def _alarms(db: sa.Connection, now: datetime) -> list[AlarmShown]:
    a, d = alarm.c, delivery.c
    rows = db.execute(sa.select(alarm).where(a.raised_at >= now - ALARMS_OF).order_by(a.raised_at.desc())).all()
    slots = {f"alarm:{row.key}": row.key for row in rows}
    states: dict[str, list[str]] = {row.key: [] for row in rows}
    query = sa.select(d.slot, d.state).where(d.about == "alarm", d.slot.in_(slots)).order_by(d.id)
    for row in db.execute(query):
        states[slots[row.slot]].append(DELIVERY_STATE_SHOWN[row.state])
    return [AlarmShown(row.raised_at, TITLES.get(row.kind, row.kind), row.text, tuple(states[row.key])) for row in rows]
