"""What was decided about terms, as the pages mark it: dates that moved, and why nothing is asked for now."""

from datetime import datetime

from models.change import Change
from models.record import Record
from models.regimes import Asked
from models.running import change_shown, changes_of, period_changes, running_now
from models.status import Standing
from portal import words
from schedules.periods import Period
from schedules.words import day_shown
from schedules.zone import local_day


def period_mark(one: Asked, record: Record) -> str:
    """How the date of a whole period last moved; "" where it did not."""
    moved = _moves(period_changes(one, record))
    return words.DUE_MARK[moved[-1].kind] if moved else ""


def unit_mark(one: Standing, period: Period, record: Record) -> str:
    """Why a unit's date is another than its period's; "" where it is the same."""
    if one.owed.due == period.due:
        return ""
    moved = _moves(changes_of(one.owed, record))
    own = [change for change in moved if not change.wide]
    last = own or moved
    return words.DUE_MARK[last[-1].kind] if last else words.KEPT_MARK


def period_hold(one: Asked, record: Record) -> str:
    """Why a whole period is withdrawn or paused; "" where it runs."""
    key = (*one.place, "")
    if one.dropped:
        return change_shown(next(change for change in reversed(one.changes) if change.kind == "dropped"))
    if withdrawal := record.withdrawal(key):
        return _ended(words.WITHDRAWN_SHOWN, *withdrawal)
    return _paused(record.changes_of(key))


def unit_hold(one: Standing, record: Record, *, as_of: datetime) -> str:
    """Why nothing is asked of a unit now; "" where something is."""
    key = one.owed.key
    if one.state == "paused":
        return _paused(record.changes_of(key))
    if one.state == "waived" and (waiver := record.waiver(key)):
        return _ended(words.WAIVED_SHOWN, *waiver)
    if one.state == "withdrawn":
        withdrawal = record.withdrawal(key) or running_now(one.owed, record, as_of=as_of).dropped
        return _ended(words.WITHDRAWN_SHOWN, *withdrawal) if withdrawal else words.NOT_ASKED
    return ""


def _moves(changes: tuple[Change, ...]) -> list[Change]:
    return [change for change in changes if change.moves_due]


def _paused(changes: tuple[Change, ...]) -> str:
    turns = [change for change in changes if change.kind in ("paused", "resumed")]
    return change_shown(turns[-1]) if turns and turns[-1].kind == "paused" else ""


def _ended(words_: str, at: datetime, why: str) -> str:
    return words_.format(on=day_shown(local_day(at)), why=why)
