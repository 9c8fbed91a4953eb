"""The dispatcher day by day: within the hours of sending, after the sweeps, with a sign of life, and it goes on."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from cast import VINH, Office, Through, instant

from models.database import reading, writing
from models.ledger import Fact, append
from models.refusal import Refusal
from models.tables import delivery, dispatcher
from tasks.alarms import DEVELOPER
from tasks.deliver import BATCH, PostRoom
from tasks.dispatch import dispatch, send_all, sweeps_awaited

STEP = timedelta(minutes=5)


class Running:
    """A dispatcher whose five seconds are five minutes, from one instant to another."""

    def __init__(self, office: Office, since: str, until: str, *, plans=None, takes=None) -> None:
        self.office, self.now, self.until = office, instant(since), instant(until)
        self.told, self.complaints, self.left_at = [], [], []
        self.plans = plans or (lambda: {office.plan.code: office.plan})
        self.channel = Through(office.settings, takes or self.takes)

    def takes(self, letters):
        self.left_at += [(self.now, to) for _, _, to in letters]
        return self.office.mailbox.takes(letters)

    def wait(self, _seconds: float) -> bool:
        self.now += STEP
        return self.now > self.until

    def run(self) -> "Running":
        room = PostRoom(self.office.engine, self.office.settings, {"email": self.channel}, lambda: self.now, "d1")
        dispatch(room, self.plans, wait=self.wait, told=self.told.append, complain=self.complaints.append)
        return self

    def to_units(self) -> list[datetime]:
        return [at for at, to in self.left_at if to != DEVELOPER]


@pytest.fixture
def morning(office, post):
    """A Monday on which units are urged; the sweep has come at half past seven."""
    office.goes_live("2023-11-30 12:00")
    office.sweeps("2023-12-04")
    return office


def test_it_sends_only_on_working_days_between_seven_and_eight_in_the_evening(office, post):
    office.goes_live("2023-11-30 12:00")
    office.sweeps("2023-12-01 19:56")
    during = Running(office, "2023-12-01 20:00", "2023-12-04 06:55").run()
    assert during.to_units() == [], "Friday evening, Saturday, Sunday, and Monday before seven"
    monday = Running(office, "2023-12-04 06:55", "2023-12-04 07:10").run()
    assert monday.to_units() and min(monday.to_units()) == instant("2023-12-04 07:00")
    assert sum(done.sent for done in monday.told) >= len(monday.to_units())


@pytest.mark.parametrize(
    ("swept", "first"),
    [
        ("2024-02-07 20:10", "2024-02-15 07:00"),  # Tết: from Thursday 8 to Wednesday 14 February
        ("2024-05-03 20:10", "2024-05-04 07:00"),  # a Saturday worked in exchange for Monday 29 April
    ],
)
def test_what_comes_up_in_the_evening_waits_for_the_next_working_day(office, post, swept, first):
    office.goes_live("2023-11-30 12:00")
    office.sweeps(swept)
    ran = Running(office, swept, first).run()
    assert ran.to_units() and min(ran.to_units()) == instant(first)


def test_a_mornings_message_waits_for_the_sweeps_of_all_plans_for_ten_minutes(morning, post):
    two = {morning.plan.code: morning.plan, "kia": replace(morning.plan, code="kia")}
    with reading(morning.engine) as db:
        assert sweeps_awaited(db, two, instant("2023-12-04 07:31"))
        assert not sweeps_awaited(db, two, instant("2023-12-04 07:40"))
        assert not sweeps_awaited(db, two, instant("2023-12-04 07:29"))
        assert not sweeps_awaited(db, {morning.plan.code: morning.plan}, instant("2023-12-04 07:31"))
    with writing(morning.engine) as db:
        append(db, [Fact("swept", instant("2023-12-04 07:32"), "rà soát", "kia")], actor="test", now=morning.clock)
    with reading(morning.engine) as db:
        assert not sweeps_awaited(db, two, instant("2023-12-04 07:33"))


def test_it_leaves_a_sign_of_life_and_takes_it_with_it(morning, post):
    seen = []

    def plans():
        with reading(morning.engine) as db:
            seen.extend(db.execute(sa.select(dispatcher.c.beat_at)).scalars())
        return {morning.plan.code: morning.plan}

    Running(morning, "2023-12-04 07:45", "2023-12-04 08:00", plans=plans).run()
    assert {instant("2023-12-04 07:45"), instant("2023-12-04 08:00")} <= set(seen)
    with reading(morning.engine) as db:
        assert db.execute(sa.select(dispatcher)).all() == [], "an orderly end is no silence"


def test_a_round_that_cannot_be_done_is_told_and_the_next_is_tried(morning, post):
    answers = iter([Refusal("kế hoạch hỏng"), OSError("đĩa đầy")])

    def plans():
        for trouble in answers:
            raise trouble
        return {morning.plan.code: morning.plan}

    ran = Running(morning, "2023-12-04 08:00", "2023-12-04 08:30", plans=plans).run()
    assert [str(one) for one in ran.complaints] == ["kế hoạch hỏng", "đĩa đầy"]
    assert ran.to_units()


def test_told_to_end_it_finishes_what_is_on_the_line_and_begins_nothing_more(morning, post):
    for number in range(120):
        row = {"unit": VINH, "name": f"Người {number}", "role": "Đầu mối", "email": f"n{number}@vinh.vn"}
        assert morning.imports_contacts(row) == []
    ended = []

    def takes(letters):
        ended.append(True)
        return post.takes(letters)

    room = PostRoom(morning.engine, morning.settings, {"email": Through(morning.settings, takes)},
                    lambda: instant("2023-12-04 08:00"), "d1", stop=lambda: bool(ended))  # fmt: skip
    send_all(room, {morning.plan.code: morning.plan}, as_of=instant("2023-12-04 08:00"), wait=lambda seconds: None)
    with reading(morning.engine) as db:
        states = set(db.execute(sa.select(delivery.c.state)).scalars())
    assert states == {"accepted", "due"}, "nothing is unknown, and the rest waits"
    assert 0 < len(post.mails()) <= 2 * BATCH
