"""What holds of the post whatever its providers answer: nothing lost, nothing twice but by the two ways that say so."""

import os
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import CODE, OWED, WORLD, SmallOffice
from unruly_post import Killed, Unruly

from models.database import reading
from models.refusal import Refusal
from models.tables import assignment, delivery, delivery_event, delivery_item, notice
from schedules.zone import MORNING, at
from tasks.deliver import PostRoom, deliver
from tasks.resolve import ONCE_MORE

FURTHER = os.environ.get("DONDOC_LAWS")
law = settings(max_examples=int(FURTHER or 5), deadline=None, derandomize=FURTHER is None)

ROUNDS = 400
"""Looks at the clock in one call of deliver(): far more than any honest round needs."""

STEPS = {
    "": {"due"},
    "due": {"submitting", "cancelled", "failed"},
    "retry": {"submitting", "cancelled", "failed", "dead", "accepted"},
    "submitting": {"accepted", "retry", "unknown", "failed", "dead"},
    "unknown": {"submitting", "accepted", "retry", "dead", "cancelled"},
    "failed": {"retry"},
    "dead": {"accepted"},
    "accepted": set(),
    "cancelled": set(),
}
"""The state machine of tasks/outbox.py, without receipts and returned mail."""

PEOPLE = (
    {"unit": "g1:991", "name": "Hòa", "email": "hoa@a.vn", "zalo_phone": "0912345671", "channels": "zalo,email"},
    {"unit": "g1:991", "name": "Bình", "email": "binh@a.vn", "zalo_phone": "0912345672", "channels": "email,zalo"},
    {"unit": "g1:992", "name": "An", "email": "an@b.vn", "quiet": "12:00-13:30"},
    {"unit": "b:99.noi-vu", "name": "Cúc", "zalo_phone": "0912345673"},
    {"unit": "b:99.tinh-uy", "name": "Dung", "email": "dung@c.vn", "zalo_phone": "0912345674", "important": "có"},
)

DAYS = st.sampled_from([date(2023, 11, 1), date(2023, 11, 23), date(2023, 12, 1), date(2023, 12, 4)])
WAITS = st.sampled_from([1, 2, 6, 11, 16, 31, 61, 130, 300, 1440]).map(lambda minutes: timedelta(minutes=minutes))
MOVES = st.lists(
    st.one_of(WAITS, WAITS, st.sampled_from(OWED), st.just("sweep"), st.just("one only")), min_size=2, max_size=14
)


class Post:
    """A small office, its two unruly ways, and a clock that only goes on."""

    def __init__(self, day: date, seed: int, *, log: bool) -> None:
        self.office: SmallOffice = WORLD.office()
        self.now = at(day, MORNING)
        assert self.office.imports_contacts(*({"role": "Đầu mối"} | one for one in PEOPLE)) == []
        luck = Random(seed)
        self.email = Unruly("email", luck, repeatable=True, log=log)
        self.zns = Unruly("zns", luck, repeatable=False, log=False)
        self.lives = 0
        self.answered: dict[tuple[str, str, str], datetime] = {}

    def sweeps(self) -> None:
        self.office.sweeps(self.now)

    def reports(self, key: tuple[str, str, str]) -> None:
        duty, period, unit = key
        try:
            self.office.submits(unit, duty, period, self.now)
        except Refusal:
            return  # not open, or in already
        self.answered.setdefault(key, self.now)

    def delivers(self, limit: int | None = None) -> None:
        """As a new dispatcher where the one before died."""
        asked = 0

        def clock() -> datetime:
            nonlocal asked
            asked += 1
            assert asked < ROUNDS, "deliver() goes round and round"
            return self.now

        room = PostRoom(
            self.office.engine, self.office.settings, {"email": self.email, "zns": self.zns}, clock, f"d{self.lives}"
        )
        try:
            deliver(room, {CODE: self.office.plan}, as_of=self.now, limit=limit)
        except Killed:
            self.lives += 1

    def settles(self) -> None:
        """The providers come to their senses, and four days pass."""
        self.email.tame = self.zns.tame = True
        for hours in (0.3, 1.1, 3, 13, 24, 73):
            self.now += timedelta(hours=hours)
            self.delivers()

    @property
    def takes(self) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for one in (*self.email.takes, *self.zns.takes):
            found[one.delivery].append(one)
        return found

    def all(self, query: Any) -> list[Any]:
        with reading(self.office.engine) as db:
            return list(db.execute(query).all())

    def carried(self) -> dict[int, list[int]]:
        """notice → the deliveries that carry it, oldest first."""
        found: dict[int, list[int]] = defaultdict(list)
        for row in self.all(sa.select(delivery_item).order_by(delivery_item.c.delivery)):
            found[row.notice].append(row.delivery)
        return found

    def histories(self) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in self.all(sa.select(delivery_event).order_by(delivery_event.c.id)):
            found[row.delivery].append(row)
        return found


def lived(day: date, moves: list[Any], seed: int, log: bool) -> Post:
    post = Post(day, seed, log=log)
    post.sweeps()
    post.delivers()
    for move in moves:
        if isinstance(move, timedelta):
            post.now += move
        elif isinstance(move, tuple):
            post.reports(move)
        elif move == "sweep":
            post.sweeps()
        post.delivers(limit=1 if move == "one only" else None)
    return post


lives = given(DAYS, MOVES, st.integers(0, 2**32), st.booleans())


@law
@lives
def test_no_message_is_taken_twice_but_for_the_one_recognisable_repeat(day, moves, seed, log):
    post = lived(day, moves, seed, log)
    post.settles()
    histories = post.histories()
    for id, takes in post.takes.items():
        repeats = sum(event.why == ONCE_MORE for event in histories[id])
        assert repeats <= 1 + sum(
            any(nothing_left in event.why for nothing_left in ("down", "night", "later")) for event in histories[id]
        )
        assert len(takes) <= 1 + min(repeats, 1), (takes, histories[id])
        assert len({one.address for one in takes}) == 1


@law
@lives
def test_a_person_has_a_notice_once_unless_nobody_could_tell(day, moves, seed, log):
    post = lived(day, moves, seed, log)
    post.settles()
    histories, takes = post.histories(), post.takes
    rows = {row.id: row for row in post.all(sa.select(delivery))}
    for carriers in post.carried().values():
        for person in {rows[id].contact for id in carriers}:
            got = [id for id in carriers if rows[id].contact == person and id in takes]
            for before, after in pairwise(got):
                assert any(event.after == "unknown" for event in histories[before]), (before, after)
                assert rows[before].state != "accepted" or rows[after].fallback_of is not None


@law
@lives
def test_in_the_end_every_notice_is_said_or_settled_and_every_answer_is_on_record(day, moves, seed, log):
    post = lived(day, moves, seed, log)
    post.settles()
    states = {row.id: row.state for row in post.all(sa.select(notice.c.id, notice.c.state))}
    assert set(states.values()) <= {"sent", "dead", "cancelled", "skipped", "undeliverable"}
    rows = {row.id: row for row in post.all(sa.select(delivery))}
    assert {row.state for row in rows.values()} <= {"accepted", "failed", "dead", "cancelled"}
    takes = post.takes
    for id, carriers in post.carried().items():
        # A batch that died with its dispatcher was told nothing.
        if states[id] == "sent":
            assert any(rows[one].state == "accepted" for one in carriers)
        if states[id] == "dead":
            assert all(rows[one].state in ("failed", "dead") for one in carriers)
    histories = post.histories()
    for one in rows.values():
        if one.state in ("failed", "cancelled") and not any(event.before == "unknown" for event in histories[one.id]):
            assert one.id not in takes


@law
@lives
def test_nothing_leaves_about_what_was_answered_before(day, moves, seed, log):
    post = lived(day, moves, seed, log)
    post.settles()
    a = assignment.c
    query = sa.select(notice.c.id, a.duty, a.period, a.unit).join(assignment, a.id == notice.c.assignment)
    about = {row.id: (row.duty, row.period, row.unit) for row in post.all(query)}
    takes, histories = post.takes, post.histories()
    repeated = {id for id, events in histories.items() if any(event.why == ONCE_MORE for event in events)}
    for id, carriers in post.carried().items():
        answered = post.answered.get(about[id])
        for one in carriers:
            if answered is not None and one not in repeated:
                assert all(take.at <= answered for take in takes.get(one, ()))


@law
@lives
def test_every_history_is_a_walk_through_the_states(day, moves, seed, log):
    post = lived(day, moves, seed, log)
    histories = post.histories()
    for row in post.all(sa.select(delivery.c.id, delivery.c.state)):
        events = histories[row.id]
        assert events[0].before == "" and events[-1].after == row.state
        for one in events:
            assert one.after in STEPS[one.before], (one.before, one.after)
        for before, after in pairwise(events):
            assert before.after == after.before and before.at <= after.at


@law
@lives
def test_an_address_that_said_never_is_not_asked_again_about_the_same(day, moves, seed, log):
    post = lived(day, moves, seed, log)
    post.settles()
    carried = post.carried()
    never = {(id, address) for way in (post.email, post.zns) for id, address, said in way.attempts if said == "never"}
    attempts = [(id, address) for way in (post.email, post.zns) for id, address, _ in way.attempts]
    for carriers in carried.values():
        for id, address in never:
            if id in carriers:
                assert not [one for one, to in attempts if one in carriers and one > id and to == address]
