"""Terms that are counted from a day: forward with a length, backward before an event, and shortest durations."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Self

from schedules.counting import UNITS, Unit, backward, counted_back, counted_on, forward, shown
from schedules.event_names import checked_name
from schedules.periods import AS_WRITTEN, CIVIL_CODE, Explanation, Policy, Window
from schedules.term import Kind, Known, Need, Term, check
from schedules.windows import DayOf
from schedules.words import day_shown
from schedules.workdays import ONE_DAY, WorkCalendar

ISSUE = "ban hành"
"""What a term is counted from where that is the issue of its own document."""

MOST = 999


@dataclass(frozen=True)
class FromADay(Term):
    """So many units from a day.

    Attributes:
        since: what it is counted from: a named day, ISSUE, an event's name, or "" where the phrase names nothing.
    """

    count: int
    unit: Unit
    since: DayOf | str = ""
    knows_issue: ClassVar[bool] = True  # whether ISSUE is the issue of the document that sets the term

    def __post_init__(self) -> None:
        check("số đếm", self.count, 1, MOST)
        if self.unit not in UNITS:
            raise ValueError(f"đơn vị đếm phải là: {', '.join(UNITS.values())}")
        if isinstance(self.since, str) and self.since:
            object.__setattr__(self, "since", checked_name(self.since, "thiếu tên sự kiện"))

    @property
    def event(self) -> str | None:  # type: ignore[override]  # read only here, as everything in a frozen value
        return None if isinstance(self.since, DayOf) or self._from_issue else self.since

    @property
    def _from_issue(self) -> bool:
        return self.since == ISSUE and self.knows_issue

    @property
    def recurring(self) -> bool:
        return self.event is not None

    @property
    def needs(self) -> tuple[Need, ...]:
        if isinstance(self.since, DayOf):
            return self.since.needs
        return ("issued",) if self._from_issue else ("event",)

    @property
    def years(self) -> tuple[int, ...]:
        return self.since.years if isinstance(self.since, DayOf) else ()

    def in_year(self, year: int) -> Self:
        return replace(self, since=self.since.in_year(year)) if isinstance(self.since, DayOf) else self

    @property
    def _length(self) -> str:
        return shown(self.count, self.unit)

    @property
    def _anchor(self) -> str:
        """The day in words, as it follows "kể từ" or "trước"; "" where there is none."""
        if isinstance(self.since, DayOf):
            return self.since.name
        return f"ngày {self.since}" if self.since else ""

    def _anchors(self, known: Known) -> list[tuple[str, date]]:
        """The key of each period with the day that it is counted from."""
        if isinstance(self.since, DayOf):
            return [] if self.since.year is None else [("-", self.since.days(self.since.year)[0])]
        if self._from_issue:
            return [] if known.issued is None else [("-", known.issued)]
        return [(day.isoformat(), day) for day in sorted(set(known.events))]

    def _said(self, day: date) -> Explanation:
        """From which day it is counted."""
        if self._from_issue:
            named = f"Văn bản ban hành ngày {day_shown(day)}"
        elif self.event:
            named = f"“{self.event}” xảy ra ngày {day_shown(day)}"
        else:
            named = f"Mốc tính là ngày {day_shown(day)}"
        return Explanation(f"{self.text}. {named}", AS_WRITTEN, "anchor")


FIRST_DAY = "Ngày đầu tiên của thời hạn (ngày xảy ra sự kiện) không được tính, thời hạn bắt đầu từ ngày {first}"
NOT_EARLIER = "Thời gian tối thiểu: không được kết thúc trước 24 giờ ngày {last}; gặp ngày nghỉ cũng không kéo dài"
NOT_ROLLED = f"{CIVIL_CODE}, Điều 148 khoản 5 (không áp dụng)"
FIRST_DAY_LAW = f"{CIVIL_CODE}, Điều 147 khoản 2 và 3"


@dataclass(frozen=True)
class Counted(FromADay):
    """Trong thời hạn 05 ngày làm việc kể từ ngày ban hành: rolls to a working day unless the plan says otherwise."""

    kind: ClassVar[Kind] = "counted"
    default_policy: ClassVar[Policy] = "civil-code"

    @property
    def text(self) -> str:
        return f"Trong thời hạn {self._length}" + (f" kể từ {self._anchor}" if self._anchor else "")

    def windows(self, known: Known) -> Iterator[Window]:
        for key, day in self._anchors(known):
            last = forward(day, self.count, self.unit, known.calendar)
            yield Window(key, day + ONE_DAY, last, _counted(self, day, known.calendar))


@dataclass(frozen=True)
class Minimum(FromADay):
    """Ít nhất 30 ngày kể từ ngày niêm yết: it lasts that long and may not end earlier; no day off lengthens it."""

    kind: ClassVar[Kind] = "minimum"
    rolls: ClassVar[bool] = False

    @property
    def text(self) -> str:
        return f"Ít nhất {self._length}" + (f" kể từ {self._anchor}" if self._anchor else "")

    def windows(self, known: Known) -> Iterator[Window]:
        for key, day in self._anchors(known):
            last = forward(day, self.count, self.unit, known.calendar)
            least = Explanation(NOT_EARLIER.format(last=day_shown(last)), NOT_ROLLED, "kept")
            yield Window(key, day + ONE_DAY, last, (*_counted(self, day, known.calendar), least))


@dataclass(frozen=True)
class Backward(FromADay):
    """Ít nhất 05 ngày làm việc trước ngày tổ chức hội nghị: the last day lies that far before the event."""

    kind: ClassVar[Kind] = "backward"
    rolls: ClassVar[bool] = False
    opens_in_force: ClassVar[bool] = True
    knows_issue: ClassVar[bool] = False  # nothing falls due before the document that asks for it is issued

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.since == "":
            raise ValueError("thiếu sự kiện sau “trước”")

    @property
    def text(self) -> str:
        return f"Ít nhất {self._length} trước {self._anchor}"

    def windows(self, known: Known) -> Iterator[Window]:
        for key, day in self._anchors(known):
            last = backward(day, self.count, self.unit, known.calendar)
            steps = (*self.read, self._said(day), *counted_back(day, self.count, self.unit, known.calendar))
            yield Window(key, known.in_force, last, steps)


def _counted(term: FromADay, day: date, calendar: WorkCalendar) -> tuple[Explanation, ...]:
    first = FIRST_DAY.format(first=day_shown(day + ONE_DAY))
    return (
        *term.read,
        term._said(day),
        Explanation(first, FIRST_DAY_LAW, "anchor"),
        *counted_on(day, term.count, term.unit, calendar),
    )
