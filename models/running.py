"""Obligations and periods as they run: the dates frozen at the opening, and what was decided since."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from models.course import Change, running
from models.owed import Owed
from models.record import Record
from models.words import CHANGE_SHOWN, FROZEN_ARTICLE, FROZEN_SHOWN, LEDGER_ARTICLE, NO_DUE_ANY_MORE, UNTIL_END_OF
from schedules.periods import Explanation, Period
from schedules.words import day_shown
from schedules.zone import local, local_day


def running_owed(owed: Owed, record: Record, *, as_of: datetime) -> Owed:
    """The obligation with its dates as they stand at an instant; its period explains how they came about."""
    changes = record.changes_of(owed.key)
    stored = record.assigned.get(owed.key)
    opens, due = (owed.opens, owed.due) if stored is None else (stored.opens, stored.due)
    if not changes and (opens, due) == (owed.opens, owed.due):
        return owed
    now = running(opens, due, changes, as_of=as_of)
    frozen = due if due != owed.due else None
    period = replace(
        owed.period, due=now.due, reckoning=partial(_reckoning, owed.period, frozen, _counting(changes, as_of))
    )
    return replace(owed, opens=now.opens, due=now.due, period=period, began_with=(opens, due))


def running_period(duty: str, period: Period, record: Record, *, as_of: datetime) -> Period:
    """A period with what was decided for all of its units."""
    changes = record.changes_of((duty, period.key, ""))
    if not changes:
        return period
    now = running(period.opens, period.due, changes, as_of=as_of)
    reckoning = partial(_reckoning, period, None, _counting(changes, as_of))
    return replace(period, opens=now.opens, due=now.due, reckoning=reckoning)


def pause(owed: Owed, record: Record, *, as_of: datetime) -> str:
    """Why a term is paused at an instant; "" where it runs."""
    return running(owed.opens, owed.due, record.changes_of(owed.key), as_of=as_of).paused


def until_shown(due: datetime | None) -> str:
    """ "hết ngày 15/12/2024", or the hour where a term does not end with a day."""
    if due is None:
        return NO_DUE_ANY_MORE
    last = due - timedelta.resolution
    if local_day(last) == local_day(due):
        return f"{local(due):%H:%M} ngày {day_shown(local_day(due))}"
    return UNTIL_END_OF.format(day=day_shown(local_day(last)))


def change_shown(change: Change) -> str:
    """A decision in words: "gia hạn đến hết ngày 15/12/2024 (quyết định ngày 28/11/2024): chờ số liệu"."""
    on = day_shown(local_day(change.at))
    return CHANGE_SHOWN[change.kind].format(due=until_shown(change.due), on=on, why=change.why)


def _counting(changes: Sequence[Change], as_of: datetime) -> tuple[Change, ...]:
    return tuple(change for change in changes if change.at <= as_of)


def _reckoning(period: Period, frozen: datetime | None, changes: Sequence[Change]) -> tuple[Explanation, ...]:
    steps = list(period.explain)
    if frozen is not None:
        steps.append(Explanation(FROZEN_SHOWN.format(due=until_shown(frozen)), FROZEN_ARTICLE, "frozen"))
    for change in changes:
        rests_on = change.citation or LEDGER_ARTICLE.format(seq=change.seq)
        steps.append(Explanation(change_shown(change), rests_on, change.kind))
    return tuple(steps)
