"""Recording what became of an attempt: the state that follows, when to try again, and the ledger's fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from channels.outcome import Accepted, Blocked, Outcome, Refused, Unknown, Unreachable
from models.ledger import Fact, append
from models.tables import delivery
from tasks import channel_state
from tasks.claim import GIVEN_UP, Letter
from tasks.outbox import Moved, move, next_attempt

SOON = timedelta(minutes=1)
STILL_UNKNOWN = "gửi lại một lần mà vẫn không rõ đã tới hay chưa"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The state of each delivery after the attempt, and those that need another way."""

    states: Mapping[int, str]
    lost: list[int]


def record(
    db: sa.Connection, channel: str, letters: Sequence[Letter], outcomes: Sequence[Outcome], *, owner: str,
    as_of: datetime, now: datetime,
) -> Recorded:  # fmt: skip
    """Record the outcomes of one batch; a lease that was lost meanwhile is not recorded over, but for an acceptance."""
    until = _fares(db, channel, outcomes, now)
    changes = [_judged(letter, outcome, until, as_of, now) for letter, outcome in zip(letters, outcomes, strict=True)]
    moved = move(db, changes, now=now, owner=owner)
    late = [one for one in changes if one.delivery not in moved and one.after == "accepted"]
    moved |= _known_after_all(db, late, now)
    states = {one.delivery: one.after for one in changes if one.delivery in moved}
    told = [
        Fact("delivered", as_of, channel, unit=letter.recipient, data=(("delivery", letter.id),))
        for letter in letters
        if states.get(letter.id) == "accepted" and letter.recipient
    ]
    append(db, told, actor="engine", now=now)
    lost = [id for id, state in states.items() if state in ("failed", "dead")]
    return Recorded(states, lost)


def _fares(db: sa.Connection, channel: str, outcomes: Sequence[Outcome], now: datetime) -> datetime | None:
    """How the channel fares after a batch; the end of its pause, if it has one now."""
    if blocked := next((one for one in outcomes if isinstance(one, Blocked)), None):
        channel_state.blocked(db, channel, blocked.reason, until=blocked.until, elsewhere=blocked.elsewhere)
        return blocked.until
    if any(isinstance(one, Accepted | Refused) for one in outcomes):
        channel_state.answered(db, channel)
        return None
    return channel_state.unreachable(db, channel, outcomes[0].reason, now=now)  # type: ignore[union-attr]


def _judged(letter: Letter, outcome: Outcome, until: datetime | None, as_of: datetime, now: datetime) -> Moved:
    """The state that a delivery gets from an outcome."""
    if isinstance(outcome, Accepted):
        code = str(outcome.code)
        return _to(letter, "accepted", "", sent_at=as_of, provider_id=outcome.provider_id, provider_code=code, error="")
    if isinstance(outcome, Unknown):
        if letter.repeated:
            return _to(letter, "dead", STILL_UNKNOWN, error=f"{STILL_UNKNOWN}: {outcome.reason}")
        return _to(letter, "unknown", outcome.reason, error=outcome.reason)
    reason, code = _told(outcome)
    values: dict[str, Any] = {"error": reason, "provider_code": code}
    if (isinstance(outcome, Refused) and outcome.permanent) or (isinstance(outcome, Blocked) and outcome.elsewhere):
        return _to(letter, "failed", reason, **values)
    if letter.repeated:
        if letter.expires_at is not None and now > letter.expires_at:
            return _to(letter, "dead", f"{GIVEN_UP}: {reason}", **values)
        # This time nothing left, so the one repeat is still to come.
        return _to(letter, "unknown", reason, repeats=0, **values)
    if isinstance(outcome, Refused):
        again = next_attempt(letter.parcel.tracking_id, letter.attempts, now)
        if letter.expires_at is not None and again > letter.expires_at:
            return _to(letter, "dead", f"{GIVEN_UP}: {reason}", **values)
        return _to(letter, "retry", reason, next_attempt_at=again, **values)
    # The provider, not the message, was the trouble: the attempt does not count.
    return _to(letter, "retry", reason, next_attempt_at=until or now + SOON, attempts=letter.attempts - 1, **values)


def _told(outcome: Refused | Blocked | Unreachable) -> tuple[str, str]:
    """The reason as people read it, and the provider's code."""
    if isinstance(outcome, Refused):
        return f"{outcome.code or ''} {outcome.text}".strip(), str(outcome.code)
    return outcome.reason, str(outcome.code) if isinstance(outcome, Blocked) else ""


def _to(letter: Letter, state: str, why: str, **values: Any) -> Moved:
    return Moved(letter.id, "submitting", state, why, tuple(values.items()))


def _known_after_all(db: sa.Connection, accepted: Sequence[Moved], now: datetime) -> set[int]:
    """An acceptance is a fact, even where somebody else had to call the attempt unknown meanwhile."""
    if not accepted:
        return set()
    d = delivery.c
    open_states = ("unknown", "retry", "dead", "failed", "cancelled")
    query = sa.select(d.id, d.state).where(d.id.in_([one.delivery for one in accepted]), d.state.in_(open_states))
    stood = {row.id: row.state for row in db.execute(query)}
    changes = [
        Moved(one.delivery, stood[one.delivery], "accepted", "máy chủ đã nhận, ghi muộn", one.values)
        for one in accepted
        if one.delivery in stood
    ]
    return move(db, changes, now=now)
