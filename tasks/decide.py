"""Deciding about a running term: extend, correct, pause, resume, withdraw. Each is one fact, with reason and person."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from models.ledger import Fact, append, facts
from models.owed import Key
from models.people import person
from models.plan import Duty
from models.refusal import Refusal
from models.regimes import Asked
from models.running import running_period, until_shown
from models.status import OPEN, REPORTED, RUNNING, Standing, standings
from models.words import STATE_SHOWN
from schedules.words import day_shown, period_shown
from schedules.workdays import ONE_DAY
from schedules.zone import local_day, midnight
from tasks.receive import Desk, asked_period, owed_by


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides about one unit's term, or (without a unit) about a whole period.

    Attributes:
        on: from when on it counts; not in the future, not before the term opened. It is judged by what held then, so
            that a decision may be entered after the fact.
        by: who decided, a person's name.
    """

    duty: str
    period: str
    unit: str | None
    reason: str
    on: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to: how many units it is about, and the dates before and after."""

    key: Key
    units: int
    was_due: datetime | None
    due: datetime | None


def end_of(day: date) -> datetime:
    """The instant at which a term whose last day this is ends: 24:00 (Điều 148 khoản 6 BLDS 2015)."""
    return midnight(day + ONE_DAY)


def extend(
    db: sa.Connection, at: Desk, decision: Decision, *, to: datetime, now: datetime, actor: str = "office"
) -> Decided:
    """Give more time, to any later instant.

    Raises:
        Refusal: nothing is open; no due date; not later than now; more often than the duty allows; no reason.
    """
    case = _Case.of(at, decision, RUNNING, now)
    if case.due is None:
        raise Refusal(f"{case.name} không có ngày đến hạn nên không có gì để gia hạn.")
    if to <= case.due:
        raise Refusal(
            f"Chỉ gia hạn đến ngày muộn hơn hạn hiện tại ({until_shown(case.due)}). "
            "Nếu ngày đến hạn đã ghi sai, dùng «dondoc correct»."
        )
    limit = case.duty.extensions
    if limit is not None and case.extended(db) >= limit:
        often = f"{limit} lần" if limit else "0 lần (không cho gia hạn)"
        raise Refusal(f"Nhiệm vụ «{case.duty.code}» chỉ được gia hạn {often}; {case.name} đã gia hạn đủ.")
    return case.record(db, "extended", actor, due=to)


def correct(
    db: sa.Connection, at: Desk, decision: Decision, *, due: datetime | None, opens: datetime | None,
    now: datetime, actor: str = "office",
) -> Decided:  # fmt: skip
    """Put a wrong date right; both values are kept, and both directions are allowed.

    Raises:
        Refusal: no date, or the dates as they are; the term would end before it opens; no reason.
    """
    case = _Case.of(at, decision, RUNNING | REPORTED | {"not_open"}, now)
    new_opens, new_due = opens or case.opens, due or case.due
    if (new_opens, new_due) == (case.opens, case.due):
        raise Refusal("Ngày mới trùng với ngày đang ghi; không có gì để sửa.")
    if new_due is not None and new_due <= new_opens:
        raise Refusal(f"Hạn {until_shown(new_due)} không sau ngày bắt đầu {day_shown(local_day(new_opens))}.")
    if due is not None and case.due is None:
        raise Refusal(f"{case.name} không có ngày đến hạn; thời hạn thuộc về kế hoạch, hãy sửa đổi kế hoạch.")
    return case.record(db, "corrected", actor, due=due, opens=opens)


def pause(db: sa.Connection, at: Desk, decision: Decision, *, now: datetime, actor: str = "office") -> Decided:
    """Stop the term for a while, for example to wait for guidance: no reminders, no ladder. The due date stays."""
    return _Case.of(at, decision, OPEN, now).record(db, "paused", actor)


def resume(
    db: sa.Connection, at: Desk, decision: Decision, *, to: datetime | None = None, now: datetime, actor: str = "office"
) -> Decided:
    """Let a paused term run on, with the due date that it had, or extended to `to` in the same act."""
    case = _Case.of(at, decision, {"paused"}, now)
    if to is not None:
        extend(db, at, decision, to=to, now=now, actor=actor)
    done = case.record(db, "resumed", actor)
    return done if to is None else Decided(done.key, done.units, case.due, to)


def withdraw(db: sa.Connection, at: Desk, decision: Decision, *, now: datetime, actor: str = "office") -> Decided:
    """Close a term early: it is no longer asked for. What was sent and reported stays on record."""
    return _Case.of(at, decision, RUNNING, now).record(db, "withdrawn", actor)


@dataclass(frozen=True, slots=True)
class _Case:
    """What a decision is about, with everything that was checked."""

    at: Desk
    decision: Decision
    duty: Duty
    key: Key
    name: str
    opens: datetime
    due: datetime | None
    units: int
    now: datetime

    @classmethod
    def of(cls, at: Desk, decision: Decision, states: set[str] | frozenset[str], now: datetime) -> "_Case":
        """Raises Refusal: unknown duty, period or unit; in a state in which this cannot be decided; bad time."""
        if not decision.reason.strip():
            raise Refusal("Cần nêu lý do (--reason); lý do được lưu trong nhật ký và hiện bên cạnh thời hạn.")
        if decision.on > now:
            raise Refusal(f"Thời điểm quyết định {decision.on.isoformat()} ở tương lai; ghi ngày đã quyết định.")
        duty = at.plan.duty(decision.duty)
        asked = asked_period(at, duty, decision.period)
        if decision.unit is None:
            return cls._period(at, decision, asked, states, now)
        unit = at.units.find(decision.unit, local_day(decision.on))
        owed = owed_by(at, asked, unit.key, unit.name)
        _not_before(decision, min(owed.opens, owed.at_first[0]))
        one = next((s for s in _standings(at, asked) if s.owed.key == owed.key), None)
        if one is None or one.state not in states:
            state = STATE_SHOWN[one.state].lower() if one else "không được giao"
            raise Refusal(
                f"{unit.name}, kỳ {period_shown(asked.period.key)}: đang ở tình trạng «{state}», {_only(states)}."
            )
        return cls(at, decision, duty, owed.key, unit.name, one.owed.opens, one.owed.due, 1, now)

    @classmethod
    def _period(
        cls, at: Desk, decision: Decision, asked: Asked, states: set[str] | frozenset[str], now: datetime
    ) -> "_Case":
        _not_before(decision, asked.period.opens)
        found = [one for one in _standings(at, asked) if one.state in states]
        name = f"{asked.duty.title}, kỳ {period_shown(asked.period.key)}"
        if not found:
            raise Refusal(f"{name}: không có đơn vị nào để quyết định, {_only(states)}.")
        running = running_period(asked, at.record, as_of=at.now)
        return cls(at, decision, asked.duty, (*asked.place, ""), name, running.opens, running.due, len(found), now)

    def extended(self, db: sa.Connection) -> int:
        """How often this was extended, for the unit or for everybody, whenever each decision counts from."""
        duty, period, unit = self.key
        told = facts(db, ("extended",), plan=self.at.plan.code)
        return sum((one.duty, one.period) == (duty, period) and one.unit in (None, unit) for one in told)

    def record(
        self, db: sa.Connection, kind: str, actor: str, *, due: datetime | None = None, opens: datetime | None = None
    ) -> Decided:
        """Append the fact, with the dates as they were."""
        data: list[tuple[str, object]] = []
        if due is not None:
            data += [("due", due.isoformat()), ("was_due", self.due.isoformat() if self.due else None)]
        if opens is not None:
            data += [("opens", opens.isoformat()), ("was_opens", self.opens.isoformat())]
        if self.decision.by.strip():
            data.append(("by", f"person:{person(db, self.decision.by)}"))
        duty, period, unit = self.key
        reason = self.decision.reason.strip()
        fact = Fact(kind, self.decision.on, reason, self.at.plan.code, duty, period, unit or None, tuple(data))
        append(db, [fact], actor=actor, now=self.now)
        return Decided(self.key, self.units, self.due, due or self.due)


def _standings(at: Desk, asked: Asked) -> list[Standing]:
    parts = standings(at.plan, at.units, at.record, as_of=at.now)
    return [one for part in parts if part.asked.place == asked.place for one in part.standings]


def _not_before(decision: Decision, opens: datetime) -> None:
    if decision.on < opens:
        raise Refusal(f"Ngày quyết định trước khi kỳ mở ({day_shown(local_day(opens))}); xem lại ngày.")


def _only(states: set[str] | frozenset[str]) -> str:
    shown = [f"«{text.lower()}»" for state, text in STATE_SHOWN.items() if state in states]
    return f"chỉ quyết định được khi {', '.join(shown)}"
