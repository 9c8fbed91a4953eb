"""A plan's deadlines, or one unit's, as an iCalendar file (RFC 5545) that people's own calendar programs import.

Each deadline is an all-day event on the last day on time. Imported again later, an event takes the place of its
earlier self: its UID stays, its SEQUENCE and DTSTAMP have grown. What is no longer asked is a cancelled event.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parseaddr
from urllib.parse import quote

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from channels.words import SIMULATED
from models.owed import next_period, periods, spans_of
from models.plan import Duty, Plan
from models.record import Record
from models.regimes import Asked, asked, owed_of, regimes
from models.running import running_owed, running_period, until_shown
from models.settings import Settings
from models.status import Standing, shown, standing, standings
from models.units import Units
from models.words import STATE_SHOWN
from schedules.data_periods import DataPeriod
from schedules.periods import Period
from schedules.words import day_shown, period_shown
from schedules.workdays import ONE_DAY
from schedules.zone import MORNING, at, local, local_day

PRODUCT = "-//dondoc//Don doc//VI"
EPOCH = date(2020, 1, 1)
REMIND = (7, 1)
"""Days before the last day on which a calendar program rings, in the morning."""

FINISHED = {"submitted", "done", "done_late"}
NOT_ASKED = {"waived", "withdrawn", "transferred"}


@dataclass(frozen=True, slots=True)
class Exported:
    """The file, how many deadlines it holds, and the titles of the duties that it leaves out: they have no date."""

    content: bytes
    deadlines: int
    without_due: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """One duty and period; `standing` where it is one unit's."""

    duty: Duty
    period: Period
    due: datetime | None
    standing: Standing | None = None

    @property
    def last_day(self) -> date | None:
        return local_day(self.due - timedelta.resolution) if self.due else None


def export(
    plan: Plan, units: Units, record: Record, settings: Settings, *,
    unit: str | None, since: date, through: date, as_of: datetime,
) -> Exported:  # fmt: skip
    """The deadlines whose last day on time lies from `since` to `through`, as they stand at `as_of`.

    Args:
        unit: key of the unit whose assignments are meant, with where each stands; None for the plan's own deadlines.
    """
    every = list(
        _of_plan(plan, record, through, as_of) if unit is None else _of_unit(plan, units, record, unit, through, as_of)
    )
    dated = [one for one in every if one.last_day is not None and since <= one.last_day <= through]
    file = _file(plan, settings, units.name(unit, local_day(as_of)) if unit else None)
    for one in sorted(dated, key=lambda one: (str(one.last_day), one.duty.code, one.period.key)):
        file.add_component(_event(plan, one, settings, as_of))
    undated = [
        duty.title
        for duty in _undated(plan, record, every, through)
        if unit is None or _owes(duty, unit, every, units, plan.province)
    ]
    return Exported(file.to_ical(), len(dated), tuple(undated))


def _of_plan(plan: Plan, record: Record, through: date, as_of: datetime) -> Iterator[Deadline]:
    for one in _asked(plan, record, through):
        now = running_period(one, record, as_of=as_of)
        yield Deadline(one.duty, now, now.due)


def _asked(plan: Plan, record: Record, through: date) -> list[Asked]:
    """The periods that open by then and are asked for still."""
    known = regimes(plan, record.versions, record.calendars)
    return [one for one in asked(known, through=through, events=record.events) if not one.dropped]


def _of_unit(plan: Plan, units: Units, record: Record, unit: str, through: date, as_of: datetime) -> Iterator[Deadline]:
    """What the unit has been asked, what is asked next, and what later periods will ask of it as things stand."""
    told = set()
    for part in standings(plan, units, record, as_of=as_of):
        told.add(part.asked.place)
        yield from (_deadline(one) for one in part.standings if one.owed.unit == unit)
    for one in _asked(plan, record, through):
        if one.place not in told:
            for owed in owed_of(one, units, plan.province):
                if owed.unit == unit:
                    yield _deadline(standing(running_owed(owed, record, as_of=as_of), record, as_of=as_of))


def _deadline(one: Standing) -> Deadline:
    return Deadline(one.owed.duty, one.owed.period, one.owed.due, one)


def _undated(plan: Plan, record: Record, every: list[Deadline], through: date) -> Iterator[Duty]:
    """The duties that no calendar can show: continuous ones, those that wait for an event, those without a term."""
    dated = {one.duty.code for one in every if one.due is not None}
    for duty in plan.duties:
        calendar = record.calendars.last
        known = periods(plan, duty, through=through, events=record.events, calendar=calendar)
        coming = next_period(plan, duty, after=through, calendar=calendar)
        if duty.code not in dated and not any(period.due for period in [*known, coming] if period):
            yield duty


def _owes(duty: Duty, unit: str, every: list[Deadline], units: Units, province: str) -> bool:
    """The duty names the unit, and nobody has taken it off the unit."""
    told = [one.standing.state for one in every if one.standing and one.duty.code == duty.code]
    return unit in spans_of(duty.lead, units, province) and not (told and NOT_ASKED.issuperset(told))


def _file(plan: Plan, settings: Settings, unit: str | None) -> Calendar:
    name = f"Thời hạn của {unit} · {plan.title}" if unit else f"Thời hạn · {plan.title}"
    if settings.simulated:
        name = f"{SIMULATED} · {name}"
    file = Calendar()
    file.add("version", "2.0")
    file.add("prodid", PRODUCT)
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    for property in ("name", "x-wr-calname"):  # RFC 7986, and what programs knew before it
        file.add(property, name)
    file.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    return file


def _event(plan: Plan, one: Deadline, settings: Settings, as_of: datetime) -> Event:
    assert one.last_day is not None
    state = one.standing.state if one.standing else ""
    stamp = as_of.astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", _uid(plan, one, settings))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", (local_day(as_of) - EPOCH).days)  # never falls; of one day's files DTSTAMP tells the later
    event.add("dtstart", one.last_day)
    event.add("dtend", one.last_day + ONE_DAY)
    event.add("summary", _summary(one, settings))
    event.add("description", "\n".join(_description(plan, one, settings, as_of)))
    event.add("categories", ["Đôn đốc", plan.code])
    event.add("status", "CANCELLED" if state in NOT_ASKED else "TENTATIVE" if state == "paused" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("organizer", _organizer(plan, settings), encode=False)
    event.add("url", _url(plan, one, settings, as_of))
    if state not in FINISHED | NOT_ASKED | {"paused"}:
        for days in REMIND:
            # An alarm that lies behind would ring as soon as the file is imported.
            if as_of < at(one.last_day - timedelta(days=days), MORNING):
                event.add_component(_alarm(days, one))
    return event


def _uid(plan: Plan, one: Deadline, settings: Settings) -> str:
    parts = [plan.code, one.duty.code, one.period.key, *([one.standing.owed.unit] if one.standing else [])]
    return f"{'.'.join(parts)}@{settings.mail_domain}"


def _title(one: Deadline) -> str:
    return one.duty.title if one.period.key == "-" else f"{one.duty.title} ({period_shown(one.period.key)})"


def _summary(one: Deadline, settings: Settings) -> str:
    state = one.standing.state if one.standing else ""
    text = f"{'✓ ' if state in FINISHED else ''}Hạn: {_title(one)}"
    if one.standing and state in NOT_ASKED | {"paused"}:
        text = f"{text} – {STATE_SHOWN[state]}"
    return f"[{SIMULATED}] {text}" if settings.simulated else text


def _description(plan: Plan, one: Deadline, settings: Settings, as_of: datetime) -> Iterator[str]:
    if settings.simulated:
        yield SIMULATED
    yield f"Kế hoạch: {plan.title}"
    yield f"Nhiệm vụ: {one.duty.asks}"
    yield f"Thời hạn: {until_shown(one.due)}"
    if one.standing:
        yield f"Tình hình lúc {_clock(as_of)}: {_state(one.standing, as_of)}"
    if (figures := one.duty.data_period) and isinstance(figures, DataPeriod) and (span := figures.span(one.period.key)):
        yield f"Kỳ số liệu: {span.shown} ({figures.citation})"
    yield f"Căn cứ: {one.duty.citation}"
    yield ""
    yield "Cách tính thời hạn:"
    yield from (f"{number}. {step.why} [{step.article}]" for number, step in enumerate(one.period.explain, start=1))


def _state(one: Standing, as_of: datetime) -> str:
    told = shown(one, as_of=as_of)
    return f"{told}, nộp lúc {_clock(one.submitted_at)}" if one.submitted_at else told


def _clock(instant: datetime) -> str:
    return f"{local(instant):%H:%M} ngày {day_shown(local_day(instant))}"


def _organizer(plan: Plan, settings: Settings) -> vCalAddress:
    """RFC 5546 asks a published event for one: the address that the plan's mails come from."""
    organizer = vCalAddress(f"mailto:{parseaddr(settings.mail_from)[1]}")
    organizer.params["cn"] = vText(plan.issuer)
    return organizer


def _url(plan: Plan, one: Deadline, settings: Settings, as_of: datetime) -> str:
    """The period's page; the plan's page while the period has none yet."""
    page = f"{settings.portal_url}/ke-hoach/{quote(plan.code)}"
    return page if as_of < one.period.opens else f"{page}/nhiem-vu/{quote(one.duty.code)}/{quote(one.period.key)}"


def _alarm(days: int, one: Deadline) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Còn {days} ngày: {_title(one)}")
    # An all-day event starts at midnight; this rings in the morning of the day that is so many days before.
    alarm.add("trigger", datetime.combine(EPOCH, MORNING) - datetime.combine(EPOCH, time.min) - timedelta(days=days))
    return alarm
