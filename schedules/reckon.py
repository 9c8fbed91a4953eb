"""One term reckoned to its dates from what is known: the day of issue, the day of the event, the year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from schedules.periods import AS_WRITTEN, Explanation, Period, Policy
from schedules.term import FIRST_YEAR, LAST_YEAR, Need, Term
from schedules.words import day_shown
from schedules.workdays import WorkCalendar
from schedules.zone import midnight

LONG_AGO = date(FIRST_YEAR - 1, 1, 1)
THE_END = date(LAST_YEAR, 12, 31)

MISSING: dict[Need, str] = {
    "year": "Chưa biết năm nên chưa có ngày cụ thể",
    "issued": "Chưa biết ngày ban hành văn bản nên chưa tính được những ngày phụ thuộc ngày đó",
    "event": "Chưa biết ngày xảy ra sự kiện nên chưa tính được ngày",
}
NOT_CALENDAR = "ngày {day} nằm ngoài lịch mà hệ thống biết (từ năm {first} đến hết năm {last})"
OTHER_YEAR = "năm {year} trái với thời hạn “{text}”"
OVER = "thời hạn “{text}” hết ngày {last}, trước khi văn bản có hiệu lực (ngày {issued})"
NO_PERIOD = "thời hạn “{text}” không có kỳ nào trong năm {year}"
NO_PERIOD_FROM = "thời hạn “{text}” không có kỳ nào kể từ ngày {issued}"


@dataclass(frozen=True)
class Given:
    """What is known beside the phrase.

    Attributes:
        issued: the day of issue of the document, which counts as the day from which it is in force.
        event: the day of what the term waits for.
        year: the year that the phrase does not name, or the one asked for of a term that comes back.
        policy: how the last day is counted; None leaves it to the term.
        calendar: whose working days; None is the whole country's.
    """

    issued: date | None = None
    event: date | None = None
    year: int | None = None
    policy: Policy | None = None
    calendar: WorkCalendar | None = None


@dataclass(frozen=True)
class Reckoned:
    """The dates of a term, as far as they are known.

    Attributes:
        term: the term, its missing year filled in.
        opens, due: half-open instants.
        last_day: the last day on which a report is on time.
        nominal_last_day: the same before any rule moved it.
        policy: the one that counted.
        needs: what would settle what is still unknown.
    """

    term: Term
    opens: datetime | None
    due: datetime | None
    last_day: date | None
    nominal_last_day: date | None
    policy: Policy
    needs: tuple[Need, ...]
    explain: tuple[Explanation, ...]


def reckon(term: Term, given: Given) -> Reckoned:
    """The one period that the given facts single out. Raises ValueError, in Vietnamese, where they leave none."""
    for day in (given.issued, given.event):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(NOT_CALENDAR.format(day=day_shown(day), first=FIRST_YEAR, last=LAST_YEAR))
    said = Explanation(f"Đọc là: {term.text}", AS_WRITTEN)
    settled = _in_year(term, given)
    needs = tuple(_needs(settled, given))
    notes = (*_unused(term, given), *(Explanation(MISSING[need], AS_WRITTEN, "missing") for need in needs))
    period = _period(settled, given) if _is_dated(settled, needs) else None
    policy = settled.policy(given.policy)
    if period is None:
        opens = midnight(given.issued) if settled.opens_in_force and given.issued else None
        return Reckoned(settled, opens, None, None, None, policy, needs, (said, *term.read, *notes))
    opens = None if "issued" in needs else period.opens
    explain = (said, *period.explain, *notes)
    return Reckoned(settled, opens, period.due, period.last_day, period.nominal_last_day, policy, needs, explain)


def _comes_back(term: Term) -> bool:
    """By the calendar, not with each event."""
    return term.recurring and term.event is None


def _in_year(term: Term, given: Given) -> Term:
    """The term with its missing year; a year that the phrase itself contradicts is refused."""
    if given.year is None or _comes_back(term):
        return term
    if "year" in term.needs:
        return term.in_year(given.year)
    if term.years and not min(term.years) <= given.year <= max(term.years):
        raise ValueError(OTHER_YEAR.format(year=given.year, text=term.text))
    return term


def _needs(term: Term, given: Given) -> Iterator[Need]:
    """What is still missing, of what the phrase lacks and of what only the document's issue can say."""
    if "year" in term.needs or (_comes_back(term) and not (given.year or given.issued or term.years)):
        yield "year"
    if "event" in term.needs and given.event is None:
        yield "event"
    if ("issued" in term.needs and _issued(term, given) is None) or (term.opens_in_force and given.issued is None):
        yield "issued"


def _is_dated(term: Term, needs: tuple[Need, ...]) -> bool:
    """Whether what is missing leaves a period at all: without the issue only the opening of some is unknown."""
    return not needs or (needs == ("issued",) and "issued" not in term.needs)


def _issued(term: Term, given: Given) -> date | None:
    """The day of issue; for a term that is counted from it the day of the event may be meant."""
    return given.issued or (given.event if "issued" in term.needs else None)


def _period(term: Term, given: Given) -> Period:
    issued = _issued(term, given)
    in_force = given.issued or _first_day(term, given)
    events = [given.event] if given.event else []
    periods = term.periods(
        in_force, THE_END, events=events, issued=issued, policy=given.policy, calendar=given.calendar
    )  # fmt: skip
    if given.year is not None and _comes_back(term):
        periods = [period for period in periods if period.key.startswith(str(given.year))]
        if not periods:
            raise ValueError(NO_PERIOD.format(text=term.text, year=given.year))
    if not periods:
        raise ValueError(_why_none(term, given, events, issued))
    return periods[0]


def _first_day(term: Term, given: Given) -> date:
    """From which day to look where nobody says when the document was issued."""
    if not _comes_back(term):
        return LONG_AGO
    return date(given.year or term.years[0], 1, 1)


def _why_none(term: Term, given: Given, events: list[date], issued: date | None) -> str:
    shown = day_shown(given.issued) if given.issued else "?"
    ever = term.periods(LONG_AGO, THE_END, events=events, issued=issued, policy=given.policy, calendar=given.calendar)
    if not ever or ever[0].last_day is None:
        return NO_PERIOD_FROM.format(text=term.text, issued=shown)
    return OVER.format(text=term.text, last=day_shown(ever[0].last_day), issued=shown)


def _unused(term: Term, given: Given) -> Iterator[Explanation]:
    """What was given and changes nothing: said, so that nobody believes it counted."""
    if given.event and term.event is None and not ("issued" in term.needs and given.issued is None):
        yield Explanation("Ngày xảy ra sự kiện không dùng đến: thời hạn này không chờ sự kiện", AS_WRITTEN, "unused")
    if given.year and not term.years and "year" not in term.needs and not _comes_back(term):
        yield Explanation("Năm không dùng đến: thời hạn này không tính theo năm", AS_WRITTEN, "unused")
