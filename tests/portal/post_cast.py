"""A mail server for the pages about sending: it takes what comes and refuses some recipients."""

from dataclasses import replace
from datetime import datetime

from channels.email_channel import EmailChannel
from channels.outcome import Accepted, Refused
from models.settings import Settings
from schedules.zone import MORNING, VIETNAM, parse_instant
from tasks.deliver import PostRoom, deliver

DAY = parse_instant("2023-11-28", clock=MORNING)
NOW = datetime(2024, 2, 1, 9, 0, tzinfo=VIETNAM)
"""When the home was swept, and when it is looked at: as in conftest.py."""

SAID = "550 5.1.1 <{to}>: không có hộp thư này"


def refused(*units):
    """A server that refuses these units (by their made-up addresses) and takes the rest."""
    theirs = tuple(f"{unit.replace(':', '-')}@" for unit in units)

    def answers(to):
        return Refused(550, SAID.format(to=to), True) if theirs and to.startswith(theirs) else Accepted(250, "OK")

    return answers


def settings_in(home, **changes):
    return replace(Settings(home=home, database_url=f"sqlite:///{home / 'dondoc.sqlite'}"), **changes)


class Answering(EmailChannel):
    """Email whose server answers as told."""

    def __init__(self, settings, answers):
        super().__init__(settings)
        self._answers = answers

    def send(self, parcels, *, now, within):
        return [self._answers(one.address) for one in parcels]


def delivered(engine, home, plan, answers, *, now=NOW, as_of=DAY):
    """Everything due by `as_of` is sent at `now`."""
    settings = settings_in(home)
    room = PostRoom(engine, settings, {"email": Answering(settings, answers)}, lambda: now, "test")
    return deliver(room, {plan.code: plan}, as_of=as_of)
