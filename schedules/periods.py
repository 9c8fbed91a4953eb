"""Periods: half-open windows [opens, due), each with the reckoning that led to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal

from schedules.words import day_shown
from schedules.workdays import ONE_DAY, WorkCalendar
from schedules.zone import local_day, midnight

Policy = Literal["nominal", "civil-code"]

CIVIL_CODE = "Bộ luật Dân sự 2015"
AS_WRITTEN = "Kế hoạch (thời hạn như văn bản ghi)"
IN_FORCE = "Kế hoạch (ngày có hiệu lực)"
CONVENTION = "Quy ước của hệ thống (nguồn không nêu)"


@dataclass(frozen=True)
class Explanation:
    """One step of the reckoning, in Vietnamese, and the article it rests on.

    Attributes:
        step: its kind: read, convention, unused, missing, in force, anchor, count, month end, roll, kept, end or open.
    """

    why: str
    article: str
    step: str = "read"


@dataclass(frozen=True)
class Period:
    """One occurrence of a duty: on time is `opens <= submitted_at < due`; no due means no deadline.

    Attributes:
        nominal_last_day: the last day before any rule moved it.
    """

    key: str
    opens: datetime
    due: datetime | None
    nominal_last_day: date | None = field(default=None, compare=False, repr=False, kw_only=True)
    # Worked out when somebody asks: the reasons need the holidays, which take 0.1 s to load; the dates mostly do not.
    reckoning: Callable[[], tuple[Explanation, ...]] = field(default=tuple, compare=False, repr=False)

    @property
    def explain(self) -> tuple[Explanation, ...]:
        """The steps of the reckoning, each with the article it rests on."""
        return self.reckoning()

    @property
    def last_day(self) -> date | None:
        """The last day on which a report is on time."""
        return local_day(self.due - timedelta.resolution) if self.due else None


@dataclass(frozen=True)
class Window:
    """The days that the document names, both included, before any rule is applied to them."""

    key: str
    first: date
    last: date | None
    explain: tuple[Explanation, ...]


def settle(window: Window, in_force: date, policy: Policy, calendar: WorkCalendar, rolls: bool = True) -> Period | None:
    """The window under its plan's rules; None when it was over before the plan was in force.

    `rolls` is False for the terms whose last day no policy may move.
    """
    opens = max(window.first, in_force)
    last = window.last
    if last is not None and rolls and policy == "civil-code":
        last = calendar.on_or_after(last)
    if last is not None and last < opens:
        return None
    due = None if last is None else midnight(last + ONE_DAY)
    reckoning = partial(_reckoning, window, in_force, policy, calendar, rolls)
    return Period(window.key, midnight(opens), due, reckoning, nominal_last_day=window.last)


def _reckoning(
    window: Window, in_force: date, policy: Policy, calendar: WorkCalendar, rolls: bool
) -> tuple[Explanation, ...]:
    """Why the window opens and ends when it does, step by step."""
    steps = window.explain
    if in_force > window.first:
        why = f"Kế hoạch có hiệu lực từ ngày {day_shown(in_force)} nên kỳ này bắt đầu từ ngày đó"
        steps += (Explanation(why, IN_FORCE, "in force"),)
    if window.last is None:
        return steps
    return steps + (_ending(window.last, policy, calendar) if rolls else (_end(window.last),))


def _ending(last: date, policy: Policy, calendar: WorkCalendar) -> tuple[Explanation, ...]:
    """What happens where the last day is a day off, and the hour at which the term ends."""
    rolled = calendar.on_or_after(last)
    article = f"{CIVIL_CODE}, Điều 148 khoản 5"
    steps: tuple[Explanation, ...] = ()
    if rolled != last:
        day_off = f"Ngày cuối {day_shown(last)} rơi vào {calendar.why(last)}"
        if policy == "nominal":
            kept = "ngày nêu đích danh không lùi (kế hoạch chọn cách tính theo văn bản)"
            steps = (Explanation(f"{day_off}; {kept}", f"{article} (không áp dụng)", "kept"),)
        else:
            moved = f"thời hạn kết thúc vào cuối ngày làm việc tiếp theo, {day_shown(rolled)}"
            steps = (Explanation(f"{day_off}; {moved}", article, "roll"),)
            last = rolled
    return (*steps, _end(last))


def _end(last: date) -> Explanation:
    return Explanation(f"Thời hạn kết thúc lúc 24 giờ ngày {day_shown(last)}", f"{CIVIL_CODE}, Điều 148 khoản 6", "end")
