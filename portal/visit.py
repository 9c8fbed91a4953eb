"""One request: when it came, which instant it looks at, and links that keep looking at it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote, urlencode

from models.refusal import Refusal
from portal import words
from schedules.words import day_shown
from schedules.zone import MORNING, at, local_day

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class BadRequest(Refusal):
    """What stands in the address cannot be used."""


class NotFound(Refusal):
    """What the address names does not exist."""


class NotReady(Refusal):
    """There is no database that could be read."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at `now` that looks at `as_of`. `day` is the day that was asked for, None for the present."""

    now: datetime
    as_of: datetime
    day: date | None

    @classmethod
    def of(cls, text: str, *, now: datetime) -> "Visit":
        """The visit that asks for a day; the present where it asks for none. A past day is looked at from 07:30.

        Raises:
            BadRequest: not a day, or one that has not come yet.
        """
        if not text.strip():
            return cls(now, now, None)
        day, today = read_day(text), local_day(now)
        if day > today:
            raise BadRequest(words.FUTURE_DAY.format(day=day_shown(day), today=day_shown(today)))
        return cls(now, min(at(day, MORNING), now), day)

    @property
    def today(self) -> date:
        return local_day(self.as_of)

    def home(self) -> str:
        return self._link(())

    def plan(self, code: str, state: str = "") -> str:
        return self._link(("ke-hoach", code), {"trang-thai": state}, "nhiem-vu" if state else "")

    def period(self, plan: str, duty: str, period: str, state: str = "") -> str:
        return self._link(("ke-hoach", plan, "nhiem-vu", duty, period), {"trang-thai": state})

    def unit(self, plan: str, unit: str, anchor: str = "") -> str:
        return self._link(("ke-hoach", plan, "don-vi", unit), anchor=anchor)

    def reminders(self, plan: str, day: date | None = None, to: str = "") -> str:
        query = {"ngay": day.isoformat() if day else "", "nhan": to}
        return self._link(("ke-hoach", plan, "thu-nhac"), query, "thu" if to else "")

    def letter(self, plan: str, day: date, to: str) -> str:
        return self._link(("ke-hoach", plan, "thu-nhac", "noi-dung"), {"ngay": day.isoformat(), "nhan": to})

    def _link(self, path: tuple[str, ...], query: Mapping[str, str] | None = None, anchor: str = "") -> str:
        asked = {"as_of": self.day.isoformat() if self.day else "", **(query or {})}
        said = urlencode({name: value for name, value in asked.items() if value})
        link = "/" + "/".join(quote(part, safe=":") for part in path)
        return link + (f"?{said}" if said else "") + (f"#{anchor}" if anchor else "")


def read_day(text: str) -> date:
    """A day as an address gives it. Raises BadRequest."""
    given = text.strip()
    try:
        if DAY.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise BadRequest(words.BAD_DAY.format(text=given[:40]))
