"""Troubles in the post room: a silent provider, a database that is held, a way taken away, quiet hours again."""

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa
from cast import VINH, Through, instant

from channels.channel import NotTold
from channels.outcome import Accepted, Refused, Unknown, Unreachable
from models.database import reading, writing
from models.tables import delivery
from tasks.deliver import PostRoom, deliver

DAY = "2023-12-01"
HOA = {"unit": VINH, "name": "Nguyễn Thị Hòa", "role": "Đầu mối", "email": "hoa@vinh.vn", "zalo_phone": "0912345678"}
YES = Accepted(250, "OK", "id-1")


class Answers(Through):
    """A way that gives these answers, the last one for ever, and remembers whom it was handed."""

    def __init__(self, office, name, *answers):
        super().__init__(office.settings, self._answer)
        self.name, self.repeatable = name, name == "email"
        self.answers, self.handed = list(answers), []

    def write(self, digest, to):
        return f"{to.message_id} {digest.notice_number}".encode()

    def _answer(self, letters):
        self.handed += [to for _, _, to in letters]
        return [self.answers.pop(0) if len(self.answers) > 1 else self.answers[0] for _ in letters]


class Silent(Answers):
    """Asked what became of a message, it does not answer."""

    asked = 0

    def poll(self, provider_id, phone, *, now):
        self.asked += 1
        raise NotTold("Zalo không trả lời")


@pytest.fixture
def vinh(office):
    """Vinh is urged about what is late since midnight; its focal point reads Zalo first, then mail."""
    assert office.imports_contacts(HOA | {"channels": "zalo, email"}, now="2023-10-31 12:00") == []
    office.goes_live("2023-10-31 12:00")
    office.sweeps(DAY)
    return office


def of_vinh(office):
    with reading(office.engine) as db:
        query = sa.select(delivery).where(delivery.c.recipient == VINH).order_by(delivery.c.id)
        return [(row.channel, row.state) for row in db.execute(query)]


def sends(office, when, **ways):
    return office.delivers(f"{DAY} {when}", channels=ways)


def test_a_question_that_zalo_does_not_answer_stops_nothing(vinh):
    zns, mail = Silent(vinh, "zns", YES), Answers(vinh, "email", YES)
    sends(vinh, "08:00", zns=zns, email=mail)
    before = len(mail.handed)
    sends(vinh, "08:31", zns=zns, email=mail)
    assert zns.asked == 1 and of_vinh(vinh) == [("zns", "accepted")]
    sends(vinh, "10:31", zns=zns, email=mail)
    assert of_vinh(vinh) == [("zns", "accepted"), ("email", "accepted")], "silence is silence"
    assert len(mail.handed) == before + 1


def test_answers_are_kept_while_somebody_else_holds_the_database(vinh):
    """The hands of the post room come back while another process writes for a while."""
    mail = Answers(vinh, "email", YES)
    held, let_go = threading.Event(), threading.Event()

    def holds():
        with writing(vinh.engine):
            held.set()
            let_go.wait(10)

    other = threading.Thread(target=holds)

    def answers(letters):
        other.start()
        held.wait(10)
        threading.Timer(1.5, let_go.set).start()
        return [YES for _ in letters]

    mail.send = lambda parcels, **more: answers(parcels) if not held.is_set() else [YES for _ in parcels]
    done = sends(vinh, "08:00", email=mail)
    other.join()
    with reading(vinh.engine) as db:
        states = set(db.execute(sa.select(delivery.c.state)).scalars())
    assert done.sent > 0 and states == {"accepted"}


def test_what_was_answered_does_not_hide_what_waits_behind_it(vinh, monkeypatch):
    monkeypatch.setattr("tasks.deliver.BATCH", 1)
    mail = Answers(vinh, "email", Unreachable("mất mạng"), YES)
    sends(vinh, "08:00", email=mail)
    with reading(vinh.engine) as db:
        waiting = db.execute(sa.select(sa.func.count()).where(delivery.c.state.in_(("due", "retry")))).scalar_one()
    for duty, period in {(n["duty"], n["period"]) for n in vinh.notices(unit=VINH)}:
        vinh.submits(VINH, duty, period, f"{DAY} 08:01")
    sends(vinh, "08:30", email=mail)
    with reading(vinh.engine) as db:
        left = db.execute(sa.select(sa.func.count()).where(delivery.c.state.in_(("due", "retry")))).scalar_one()
    assert waiting > 100 and left == 0


def test_quiet_hours_hold_for_the_second_attempt_too(office):
    row = HOA | {"channels": "zalo, email", "quiet": "12:00-13:30"}
    assert office.imports_contacts(row, now="2023-10-31 12:00") == []
    office.goes_live("2023-10-31 12:00")
    office.sweeps(DAY)
    zns, mail = Answers(office, "zns", Refused(451, "later", False), YES), Answers(office, "email", YES)
    sends(office, "11:59:50", zns=zns, email=mail)
    sends(office, "12:30", zns=zns, email=mail)
    assert of_vinh(office) == [("zns", "retry")]
    sends(office, "13:30", zns=zns, email=mail)
    assert of_vinh(office) == [("zns", "accepted")]


def test_the_one_repeat_waits_for_the_hours_and_is_left_out_once_nothing_is_owed(vinh):
    mail = Answers(vinh, "email", Unknown("mất trả lời"), YES)
    sends(vinh, "19:50", email=mail)
    handed = len(mail.handed)
    night = instant(f"{DAY} 20:10")
    deliver(PostRoom(vinh.engine, vinh.settings, {"email": mail}, lambda: night, "night"), {}, as_of=night)
    assert len(mail.handed) == handed, "nobody is awake"
    mail.answers = [Unknown("mất trả lời")]
    [(_, state)] = of_vinh(vinh)
    for duty, period in {(n["duty"], n["period"]) for n in vinh.notices(unit=VINH)}:
        vinh.submits(VINH, duty, period, f"{DAY} 20:20")
    mail.answers = [YES]
    vinh.delivers("2023-12-04 08:00", channels={"email": mail})
    if state == "unknown":
        assert of_vinh(vinh) == [("email", "cancelled")]
    assert mail.handed.count("hoa@vinh.vn") == 1


def test_a_way_that_is_taken_away_leaves_nothing_behind(vinh):
    zns, mail = Answers(vinh, "zns", Unreachable("mất mạng")), Answers(vinh, "email", YES)
    sends(vinh, "08:00", zns=zns, email=mail)
    assert of_vinh(vinh) == [("zns", "retry")]
    sends(vinh, "08:10", email=mail)
    assert of_vinh(vinh) == [("zns", "cancelled"), ("email", "accepted")]


def test_who_cannot_be_told_is_counted_when_it_is_found_out(vinh):
    vinh.settings = replace(vinh.settings, smtp_url="smtp://127.0.0.1:1")
    mail = Answers(vinh, "email", YES)
    first, second = sends(vinh, "08:00", email=mail), sends(vinh, "08:01", email=mail)
    assert first.undeliverable > 100 and second.undeliverable == 0


def test_what_waited_for_its_provider_is_not_old(vinh):
    """Four days without a network, then a refusal for now: the three days of trying begin with that one."""
    down = Answers(vinh, "email", Unreachable("mất mạng"))
    sends(vinh, "08:00", email=down)
    vinh.delivers("2023-12-05 08:00", channels={"email": Answers(vinh, "email", Refused(451, "greylisted", False))})
    assert of_vinh(vinh) == [("email", "retry")]
    vinh.delivers("2023-12-05 09:00", channels={"email": Answers(vinh, "email", YES)})
    assert of_vinh(vinh) == [("email", "accepted")]


def test_a_message_that_waited_for_quiet_hours_carries_the_date_on_which_it_left(office):
    assert office.imports_contacts(HOA | {"quiet": "07:00-10:00"}, now="2023-10-31 12:00") == []
    office.goes_live("2023-10-31 12:00")
    office.sweeps(DAY)
    mail = Answers(office, "email", YES)
    sends(office, "08:00", email=mail)
    sends(office, "10:00", email=mail)
    with reading(office.engine) as db:
        date = db.execute(sa.select(delivery.c.header_date).where(delivery.c.recipient == VINH)).scalar_one()
    assert date == instant(f"{DAY} 10:00")
