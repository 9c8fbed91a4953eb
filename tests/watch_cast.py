"""The cast of the stories about watching: an office that has just reminded everybody, looked at again and again."""

from collections import Counter

import sqlalchemy as sa
from cast import instant

from channels.outcome import Unreachable
from models.database import reading, writing
from models.tables import alarm, channel, dispatcher
from tasks.deliver import PostRoom, deliver
from tasks.watch import troubles, watch

WEDNESDAY = "2023-11-01 08:00"
"""Half an hour after everybody was reminded of the year's report; Sở Nội vụ's review of October is late."""


def reminded_office(new_office):
    office = new_office()
    office.goes_live("2023-10-31 12:00")
    office.sweeps("2023-11-01")
    return office


def looks(office, when):
    """What is wrong, by kind."""
    with reading(office.engine) as db:
        found = troubles(db, {office.plan.code: office.plan}, office.settings, now=instant(when))
    assert all(one.title and one.text.strip() == one.text and "\nCần làm: " in one.text for one in found), found
    return {one.kind: one for one in found}


def watches(office, when, channels=("email", "apprise")):
    return watch(office.engine, {office.plan.code: office.plan}, office.settings, channels, now=instant(when))


def rows(office, table):
    with reading(office.engine) as db:
        return [dict(row) for row in db.execute(sa.select(table)).mappings()]


def told(office):
    """How often each kind was told."""
    return Counter(row["kind"] for row in rows(office, alarm))


def sends_alarms(office, when, **channels):
    """What a dispatcher does at night too: nothing leaves but alarms."""
    room = PostRoom(office.engine, office.settings, channels, lambda: instant(when), "test")
    return deliver(room, {}, as_of=instant(when))


def change(office, statement):
    with writing(office.engine) as db:
        db.execute(statement)


def beats(office, when, owner="may-chu:1:ab", started="2023-11-01 07:00"):
    values = {"owner": owner, "started_at": instant(started), "beat_at": instant(when)}
    with writing(office.engine) as db:
        db.execute(sa.delete(dispatcher).where(dispatcher.c.owner == owner))
        db.execute(sa.insert(dispatcher).values(**values))


class Down:
    """A mail server that is not there."""

    def __call__(self, letters):
        return [Unreachable("Không kết nối được") for _ in letters]


def paused(office, name="email", **values):
    kept = {"name": name, "why": "", "elsewhere": False, "failures": 0} | values
    with writing(office.engine) as db:
        db.execute(sa.delete(channel).where(channel.c.name == name))
        db.execute(sa.insert(channel).values(**kept))
