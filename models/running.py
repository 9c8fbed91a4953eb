"""Obligations and periods as they run: the dates frozen at the opening, and what was decided since."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from models.change import Change
from models.course import Running, running
from models.owed import Owed
from models.record import Record
from models.regimes import Asked
from models.words import (
    CHANGE_SHOWN,
    FROZEN_ARTICLE,
    FROZEN_SHOWN,
    KEPT_SHOWN,
    LEDGER_ARTICLE,
    NO_DUE_ANY_MORE,
    OPENS_SHOWN,
    UNTIL_END_OF,
    VERSIONS_ARTICLE,
)
from schedules.periods import Explanation, Period
from schedules.words import day_shown
from schedules.zone import local, local_day


def changes_of(owed: Owed, record: Record) -> tuple[Change, ...]:
    """Everything that changed about an obligation, in the order in which it counts."""
    return _merged(owed.turns, record.changes_of(owed.key))


def period_changes(one: Asked, record: Record) -> tuple[Change, ...]:
    """Everything that changed about a period as a whole."""
    return _merged(one.changes, record.changes_of((*one.place, "")))


def running_owed(owed: Owed, record: Record, *, as_of: datetime) -> Owed:
    """The obligation with its dates as they stand at an instant; its period explains how they came about."""
    changes = changes_of(owed, record)
    stored = record.assigned.get(owed.key)
    opens, due = (owed.opens, owed.due) if stored is None else (stored.opens, stored.due)
    if not changes and (opens, due) == (owed.opens, owed.due):
        return owed
    now = running(opens, due, changes, as_of=as_of)
    frozen = due if due != owed.due else None
    reckoning = partial(_reckoning, owed.period, Running(opens, due), frozen, _counting(changes, as_of))
    period = replace(owed.period, due=now.due, reckoning=reckoning)
    return replace(owed, opens=now.opens, due=now.due, period=period, began_with=(opens, due))


def running_period(one: Asked, record: Record, *, as_of: datetime) -> Period:
    """A period with what changed for all of its units."""
    period, changes = one.period, period_changes(one, record)
    if not changes:
        return period
    now = running(period.opens, period.due, changes, as_of=as_of)
    reckoning = partial(_reckoning, period, Running(period.opens, period.due), None, _counting(changes, as_of))
    return replace(period, opens=now.opens, due=now.due, reckoning=reckoning)


def running_now(owed: Owed, record: Record, *, as_of: datetime) -> Running:
    """How an obligation's term runs at an instant: paused, dropped, or neither."""
    return running(*owed.at_first, changes_of(owed, record), as_of=as_of)


def until_shown(due: datetime | None) -> str:
    """ "hết ngày 15/12/2024", or the hour where a term does not end with a day."""
    if due is None:
        return NO_DUE_ANY_MORE
    last = due - timedelta.resolution
    if local_day(last) == local_day(due):
        return f"{local(due):%H:%M} ngày {day_shown(local_day(due))}"
    return UNTIL_END_OF.format(day=day_shown(local_day(last)))


def change_shown(change: Change) -> str:
    """A change in words: "Gia hạn đến hết ngày 15/12/2024 (quyết định ngày 28/11/2024): chờ số liệu"."""
    words = CHANGE_SHOWN[change.kind] if change.moves_due or change.opens is None else OPENS_SHOWN
    opens = day_shown(local_day(change.opens)) if change.opens else ""
    on = day_shown(local_day(change.at))
    return words.format(due=until_shown(change.due), opens=opens, on=on, why=change.why)


def _merged(turns: tuple[Change, ...], decided: tuple[Change, ...]) -> tuple[Change, ...]:
    if not turns or not decided:
        return turns or decided
    return tuple(sorted((*turns, *decided), key=lambda change: (change.at, change.seq)))


def _counting(changes: Sequence[Change], as_of: datetime) -> tuple[Change, ...]:
    return tuple(change for change in changes if change.at <= as_of)


def _reckoning(
    period: Period, term: Running, frozen: datetime | None, changes: Sequence[Change]
) -> tuple[Explanation, ...]:
    """How the date came about: the first reckoning, then each change with what it did to the date."""
    steps = list(period.explain)
    if frozen is not None:
        steps.append(Explanation(FROZEN_SHOWN.format(due=until_shown(frozen)), FROZEN_ARTICLE, "frozen"))
    for change in changes:
        term = term.after(change)
        steps += _step(change, term)
    return tuple(steps)


def _step(change: Change, term: Running) -> Iterator[Explanation]:
    derived = VERSIONS_ARTICLE if change.seq == 0 else LEDGER_ARTICLE.format(seq=change.seq)
    yield Explanation(change_shown(change), change.citation or derived, change.kind)
    yield from change.counted()
    if change.moves_due and term.due != change.due:
        yield Explanation(KEPT_SHOWN.format(due=until_shown(term.due)), FROZEN_ARTICLE, "kept")
