"""Receiving: what a unit submits, what happens, and who is taken out. Each is one fact in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa

from models.ledger import Fact, append
from models.owed import Key, Owed, next_period, periods
from models.people import person
from models.plan import Duty, Plan
from models.record import Record, read_record
from models.refusal import Refusal, unknown
from models.regimes import Asked, asked, owed_of, regimes
from models.running import running_now, running_owed, running_period
from models.status import before_live, over_before_live
from models.tables import ledger
from models.units import Units
from models.versions import in_force
from models.words import BEFORE_LIVE
from schedules.periods import Period
from schedules.words import day_shown, period_shown
from schedules.zone import local_day, midnight, parse_instant
from tasks.sheet import BadRow, Row, each_row


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody hands in on a unit's behalf: for which duty and period, when, and by whom."""

    plan: str
    duty: str
    period: str
    unit: str
    at: datetime
    by: str = ""

    @property
    def key(self) -> Key:
        return (self.duty, self.period, self.unit)


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to judge submissions to one plan."""

    plan: Plan
    units: Units
    record: Record
    now: datetime


def desk(db: sa.Connection, plan: Plan, units: Units, *, now: datetime) -> Desk:
    """Everything known by now about a plan as it is in force."""
    plan = in_force(db, plan, as_of=now)
    return Desk(plan, units, read_record(db, plan, as_of=now), now)


def checked(given: Submission, at: Desk) -> Submission:
    """The submission with its unit's key, after every check.

    Raises:
        Refusal: no such duty, unit or period; not owed; before the window opens; in the future.
    """
    duty = at.plan.duty(given.duty)
    unit = at.units.find(given.unit, local_day(given.at))
    asked_for = asked_period(at, duty, given.period)
    period, owed = asked_for.period, owed_by(at, asked_for, unit.key, unit.name)
    if given.at > at.now:
        raise Refusal(f"thời điểm nộp {given.at.isoformat()} ở tương lai; kiểm tra lại ngày nộp")
    if given.at < owed.opens:
        raise Refusal(
            f"{unit.name} nộp {day_shown(local_day(given.at))} trước khi kỳ {period_shown(period.key)} "
            f"mở ({day_shown(local_day(owed.opens))})"
        )
    if over_before_live(owed, at.record):
        raise Refusal(f"{unit.name} đã kết thúc {BEFORE_LIVE}; không giao và không nhận báo cáo")
    if owed.ends is not None and given.at >= owed.ends:
        raise Refusal(
            f"{unit.name} không còn thuộc diện giao việc từ {day_shown(local_day(owed.ends))}; "
            "nộp dưới tên đơn vị kế nhiệm"
        )
    if (waiver := at.record.waiver(owed.key)) is not None and waiver[0] <= given.at:
        raise Refusal(f"{unit.name} đã được miễn nhiệm vụ này từ {day_shown(local_day(waiver[0]))}: {waiver[1]}")
    dropped = running_now(owed, at.record, as_of=given.at).dropped
    if (withdrawal := at.record.withdrawal(owed.key) or dropped) is not None and withdrawal[0] <= given.at:
        since = day_shown(local_day(withdrawal[0]))
        raise Refusal(f"nhiệm vụ này đã rút khỏi {unit.name} từ {since}: {withdrawal[1]}")
    return Submission(at.plan.code, duty.code, period.key, unit.key, given.at, given.by)


def submit(db: sa.Connection, given: Sequence[Submission], *, now: datetime, actor: str = "office") -> int:
    """Record checked submissions. A second one for the same assignment is a correction; both are kept.

    Raises:
        Refusal: the very same submission (assignment and instant) is already there.
    """
    known = _known(db, given)
    for one in given:
        if (one.plan, one.key, one.at) in known:
            raise Refusal(f"đã ghi nhận: {one.unit} nộp {one.duty} kỳ {one.period} lúc {one.at.isoformat()}")
    return append(db, (
        Fact("submitted", one.at, "nộp thay đơn vị", one.plan, one.duty, one.period, one.unit,
             (("by", f"person:{person(db, one.by)}"),) if one.by else ()) for one in given
    ), actor=actor, now=now)  # fmt: skip


def read_submissions(
    rows: Sequence[Row], desks: dict[str, Desk], db: sa.Connection
) -> tuple[list[Submission], list[BadRow]]:
    """Check every row of an import; a row that repeats an earlier one, or what is recorded, is refused too."""
    lines: dict[Submission, int] = {}

    def make(row: Row) -> Submission:
        if row["plan"] not in desks:
            raise unknown("kế hoạch", row["plan"], desks)
        try:
            at = parse_instant(row["submitted_at"], clock=time.min)
        except ValueError as error:
            raise Refusal(str(error)) from error
        raw = Submission(row["plan"], row["duty"], row["period"], row["unit"], at, row["by"])
        one = checked(raw, desks[row["plan"]])
        same = Submission(one.plan, one.duty, one.period, one.unit, one.at)
        if (first := lines.setdefault(same, row.line)) != row.line:
            raise Refusal(f"trùng với dòng {first}")
        if _known(db, [one]):
            raise Refusal("đã được ghi nhận trước đây")
        return one

    return each_row(rows, make)


def open_event(
    db: sa.Connection, plan: Plan, duty_code: str, *, day: date, basis: str, now: datetime, actor: str = "office"
) -> Period:
    """Record that the event came on which a duty waits; its period opens the day after.

    Raises:
        Refusal: the duty waits for no event; in the future; before the plan; the same event twice; no basis.
    """
    plan = in_force(db, plan, as_of=now)
    duty = plan.duty(duty_code)
    if duty.term.event is None:
        raise Refusal(f"Nhiệm vụ «{duty.code}» không chờ sự kiện nào.")
    if day > local_day(now):
        raise Refusal(f"Ngày {day_shown(day)} ở tương lai; chỉ ghi nhận sự kiện đã xảy ra.")
    if day < plan.in_force:
        raise Refusal(f"Ngày {day_shown(day)} trước khi kế hoạch có hiệu lực ({day_shown(plan.in_force)}).")
    if not basis.strip():
        raise Refusal("Cần nêu căn cứ (--basis): số, ký hiệu, ngày và cơ quan ban hành văn bản hướng dẫn.")
    if (duty.code, day) in read_record(db, plan, as_of=now).events:
        raise Refusal(f"Sự kiện ngày {day_shown(day)} của nhiệm vụ «{duty.code}» đã được ghi nhận.")
    append(db, [
        Fact("event", midnight(day), basis.strip(), plan.code, duty.code, day.isoformat())
    ], actor=actor, now=now)  # fmt: skip
    return periods(plan, duty, through=date.max, events=[(duty.code, day)])[0]


def exempt(
    db: sa.Connection,
    plan: Plan,
    units: Units,
    *,
    unit: str,
    duty: str | None,
    day: date,
    reason: str,
    now: datetime,
    period: str | None = None,
    ground: str = "",
    by: str = "",
    actor: str = "office",
) -> str:
    """Take a unit out of one duty (of one period of it), or of the whole plan, from a day on. Gives the unit's key.

    Args:
        ground: the article that it rests on, for example Luật 10/2022, Điều 51 khoản 2 điểm đ.

    Raises:
        Refusal: no such unit, duty or period; no reason; the unit owes nothing there; it is out already.
    """
    plan = in_force(db, plan, as_of=now)
    found = units.find(unit, day)
    duties = [plan.duty(duty)] if duty else list(plan.duties)
    if not reason.strip():
        raise Refusal("Cần nêu lý do (--reason); lý do được lưu trong nhật ký.")
    if not any(found.key in one.lead.spans(units, plan.province) for one in duties):
        raise Refusal(
            f"{found.name} ({found.key}) không thuộc diện giao {f'nhiệm vụ «{duty}»' if duty else 'việc'} "
            f"của kế hoạch {plan.code}."
        )
    record = read_record(db, plan, as_of=max(now, midnight(day)))
    if (duty or "", period or "", found.key) in record.waived:
        raise Refusal(f"{found.name} ({found.key}) đã được miễn từ trước.")
    if period is not None:
        at = Desk(plan, units, record, now)
        owed_by(at, asked_period(at, duties[0], period), found.key, found.name)
    data = [("ground", ground.strip())] if ground.strip() else []
    if by.strip():
        data.append(("by", f"person:{person(db, by)}"))
    fact = Fact("waived", midnight(day), reason.strip(), plan.code, duty, period, found.key, tuple(data))
    append(db, [fact], actor=actor, now=now)
    return found.key


def asked_period(at: Desk, duty: Duty, key: str) -> Asked:
    """The period that somebody names. Raises Refusal: no such period; not open yet; over before the engine was live."""
    today = local_day(at.now)
    every = regimes(at.plan, at.record.versions, at.record.calendars)
    known = [one for one in asked(every, through=today, events=at.record.events) if one.duty.code == duty.code]
    for one in known:
        if one.period.key == key:
            if before_live(running_period(one, at.record, as_of=at.now), at.record):
                raise Refusal(f"kỳ {period_shown(key)} kết thúc {BEFORE_LIVE}, không giao và không nhận báo cáo")
            return one
    coming = next_period(at.plan, duty, after=today, calendar=every[-1].calendar)
    if coming is not None and coming.key == key:
        raise Refusal(f"kỳ {period_shown(key)} chưa mở; kỳ mở ngày {day_shown(local_day(coming.opens))}")
    raise unknown(f"kỳ của nhiệm vụ {duty.code}", key, [one.period.key for one in known])


def owed_by(at: Desk, one: Asked, unit: str, name: str) -> Owed:
    """What a unit owes, with its dates as they stand now. Raises Refusal: it is not asked for this."""
    for owed in owed_of(one, at.units, at.plan.province):
        if owed.unit == unit:
            return running_owed(owed, at.record, as_of=at.now)
    period = period_shown(one.period.key)
    raise Refusal(f"{name} ({unit}) không được giao nhiệm vụ «{one.duty.code}» kỳ {period}")


def _known(db: sa.Connection, given: Sequence[Submission]) -> set[tuple[str, Key, datetime]]:
    """Which of these submissions are recorded already, to the instant."""
    query = sa.select(ledger.c.plan, ledger.c.duty, ledger.c.period, ledger.c.unit, ledger.c.event_at).where(
        ledger.c.kind == "submitted", ledger.c.plan.in_({one.plan for one in given}),
        ledger.c.event_at.in_({one.at for one in given}), ledger.c.unit.in_({one.unit for one in given}),
    )  # fmt: skip
    found = {(plan, (duty, period, unit), at) for plan, duty, period, unit, at in db.execute(query)}
    return found & {(one.plan, one.key, one.at) for one in given}
