"""The page that shows the reminders of a day before they leave: who would get which digest."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from fastapi.responses import HTMLResponse

from channels.digest import subject
from models.plan import Plan
from models.record import read_decisions
from models.settings import Settings
from portal import words
from portal.desk import Desk
from portal.figures import rows
from portal.visit import BadRequest, NotFound, Visit, read_day
from schedules.words import day_shown
from schedules.zone import MORNING, at
from tasks.preview_digests import DigestPreview, Letter, parts, preview_digests, sending_days

AHEAD = timedelta(days=400)
CHOICES = 8
KEPT = 4

# A mail may style itself and nothing else; its links open in a new tab, outside the sandbox.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
HEAD = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)
NEW_TAB = '<base target="_blank">'
ROLE_ORDER = ("chair", "standing_office")


@dataclass(frozen=True, slots=True)
class Listed:
    """A letter in the list; `to` is what names it in an address."""

    to: str
    subject: str
    letter: Letter

    @property
    def name(self) -> str:
        return self.letter.digest.recipient_name


def add_to(app: FastAPI, desk: Desk, page: Callable[..., HTMLResponse]) -> None:
    """Add the page, and the letter that stands in its frame, to the portal."""

    def visit(as_of: str = "") -> Visit:
        return Visit.of(as_of, now=desk.clock())

    Asked = Annotated[Visit, Depends(visit)]
    previews = Previews(desk)

    @app.get("/ke-hoach/{code}/thu-nhac")
    def reminders(
        visit: Asked,
        code: str,
        day: Annotated[str, Query(alias="ngay")] = "",
        to: Annotated[str, Query(alias="nhan")] = "",
    ) -> HTMLResponse:
        plan = desk.plan(code)
        choices = _choices(desk, plan, visit)
        asked = _day(day, visit) if day else choices[0] if choices else None
        found = previews.of(asked) if asked else DigestPreview([], False)
        letters = _listed(found, plan)
        shown = _chosen(letters, to, asked) if to and asked else letters[0] if letters else None
        return page(
            "reminders.html", visit=visit, plan=plan, day=asked, choices=choices[:CHOICES], swept=found.swept,
            letters=letters, shown=shown,
        )  # fmt: skip

    @app.get("/ke-hoach/{code}/thu-nhac/noi-dung")
    def letter(
        visit: Asked, code: str, day: Annotated[str, Query(alias="ngay")], to: Annotated[str, Query(alias="nhan")]
    ) -> HTMLResponse:
        plan, asked = desk.plan(code), _day(day, visit)
        one = _chosen(_listed(previews.of(asked), plan), to, asked)
        return HTMLResponse(_html(one.letter, desk.settings), headers={"Content-Security-Policy": LETTER_POLICY})


def _day(text: str, visit: Visit) -> date:
    day, last = read_day(text), visit.now.date() + AHEAD
    if day > last:
        raise BadRequest(words.TOO_FAR.format(day=day_shown(day), last=day_shown(last)))
    return day


def _choices(desk: Desk, plan: Plan, visit: Visit) -> list[date]:
    """The coming days on which the plan sends something, as far as is known."""
    with desk.reading() as db:
        found = rows(db, plan, desk.units(db, plan.province), as_of=visit.as_of)
        record = read_decisions(db, plan, as_of=visit.as_of)
    late = {(row.duty.code, row.key) for row in found if row.counts["overdue"]}
    return sending_days(plan, after=visit.as_of, through=visit.today + AHEAD, late=late, record=record)


class Previews:
    """The previews of the last few days that were asked for, kept while no fact is added to the ledger."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: dict[tuple[str, date], tuple[Mapping[str, Plan], DigestPreview]] = {}
        self._one_at_a_time = Lock()

    def of(self, day: date) -> DigestPreview:
        desk, plans = self._desk, self._desk.plans()
        with self._one_at_a_time:
            with desk.reading() as db:
                key = (desk.mark(db), day)
                units = {plan.province: desk.units(db, plan.province) for plan in plans.values()}
            known = self._kept.get(key)
            if known is not None and known[0] is plans:
                return known[1]
            found = preview_digests(desk.engine, plans, units, desk.settings, as_of=at(day, MORNING))
            while len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = (plans, found)
            return found


def _listed(found: DigestPreview, plan: Plan) -> list[Listed]:
    """The letters that speak of this plan: to the leaders, to the standing office, then to the units by name."""
    listed = [
        Listed(f"{one.recipient}/{one.role}", subject(one.digest), one)
        for one in found.letters
        if plan.code in one.plans
    ]
    rank = {role: place for place, role in enumerate(ROLE_ORDER)}
    return sorted(listed, key=lambda one: (rank.get(one.letter.role, len(rank)), one.name, one.to))


def _chosen(letters: list[Listed], to: str, day: date) -> Listed:
    for one in letters:
        if one.to == to:
            return one
    raise NotFound(words.NO_SUCH_LETTER.format(day=day_shown(day), to=to))


def _html(letter: Letter, settings: Settings) -> str:
    """The HTML part, whose links open in a new tab."""
    _, html = parts(letter, settings)
    found = HEAD.search(html)
    start = found.end() if found else 0
    return html[:start] + NEW_TAB + html[start:]
