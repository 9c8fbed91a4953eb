"""Dead letters: what reached nobody is shown with everything that was tried, and a person decides what follows."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from cast import HEALTH, JUSTICE, VINH, instant, into

from channels.outcome import Accepted, Refused
from models.database import reading, writing
from models.refusal import Refusal
from models.tables import delivery, notice
from tasks.dead_letters import dead
from tasks.settle import cancel, decisions_about, phoned, retry

LAN = "Trần Thị Lan"
REFUSES = "550 5.1.1 <hoa@vinh.vn>: không có hộp thư này"


@pytest.fixture(scope="module")
def reminded(new_office):
    """Vinh is reminded of the year's report, at an address that does not exist and at another that does not either."""
    office = new_office()
    office.goes_live("2023-10-31 12:00")
    hoa = {"unit": VINH, "name": "Hòa"}
    assert office.imports_contacts(hoa | {"email": "hoa@vinh.vn"}, hoa | {"email": "hoa2@vinh.vn"}) == []
    office.sweeps("2023-11-01")
    return office


@pytest.fixture
def office(new_office, reminded):
    return new_office(like=reminded)


def refusing(letters):
    return [Refused(550, REFUSES, True) if to.endswith("@vinh.vn") else Accepted(250, "OK") for _, _, to in letters]


@pytest.fixture
def lost(office):
    """The same after the mail server has refused whatever goes to Vinh."""
    office.delivers("2023-11-01 08:00", send=refusing)
    return office


def letters(office, when="2023-11-01 09:00"):
    with reading(office.engine) as db:
        return dead(db, as_of=instant(when))


def number(office):
    """The number of Vinh's reminder."""
    [one] = office.notices(unit=VINH)
    return one["id"]


def settles(office, verb, *ids, when="2023-11-01 10:00", by=LAN, **how):
    office._reaches(instant(when))
    with writing(office.engine) as db:
        if verb is retry:
            return retry(db, ids, {office.plan.code: office.plan}, office.settings, by=by, now=instant(when))
        return verb(db, ids, by=by, now=instant(when), **how)


def state(office, unit=VINH):
    [one] = office.notices(unit=unit)
    return one["state"], one["reason"]


def deliveries(office, unit=VINH):
    with reading(office.engine) as db:
        query = sa.select(delivery).where(delivery.c.recipient == unit).order_by(delivery.c.id)
        return [dict(row) for row in db.execute(query).mappings()]


# What is shown


def test_a_dead_letter_names_whom_about_what_why_and_everything_that_was_tried(lost):
    [one] = letters(lost)
    [about] = one.notices
    assert (one.recipient, about.unit, about.duty, about.period) == (VINH, VINH, "bao-cao-nam", "2023")
    assert about.id == number(lost) and about.due == instant("2023-12-01 00:00")
    assert one.since == instant("2023-11-01 08:00") and not one.unsure
    assert {each.address for each in one.tries} == {"hoa@…", "hoa2@…"}
    assert one.attempts == len(one.tries) == 2
    [due, submitting, failed] = one.tries[0].history
    assert (due.after, submitting.after, failed.after) == ("due", "submitting", "failed")
    shown = f"{one.reason}{one.tries}"
    assert "550 5.1.1 <hoa@…>" in shown and "vinh.vn" not in shown.replace(one.tries[0].message_id, "")


def test_notices_that_died_together_are_one_letter(office):
    for day in ("2023-11-24", "2023-12-01"):
        office.sweeps(day)
    office.delivers("2023-12-01 08:00", send=lambda some: [Refused(550, "không", True) for _ in some])
    together = [one for one in letters(office, "2023-12-02") if len(one.notices) > 1]
    assert together, "a superior is told of several units in one message"
    ids = [each.id for one in letters(office, "2023-12-02") for each in one.notices]
    assert len(ids) == len(set(ids)) == len(office.notices(state="dead"))


# Once more


def test_once_more_to_a_mended_address_leaves_as_a_new_message(lost):
    done = settles(lost, retry, number(lost))
    assert (done.changed, done.unchanged, done.warnings) == ([number(lost)], [], [])
    assert state(lost) == ("planned", "") and letters(lost) == []
    taken = []
    lost.delivers("2023-11-01 10:01", send=into(taken))
    assert taken == ["hoa@vinh.vn", "hoa2@vinh.vn"]
    assert state(lost)[0] == "sent"
    ids = [one["message_id"] for one in deliveries(lost)]
    slots = {one["slot"] for one in deliveries(lost)}
    assert len(set(ids)) == len(ids) == 4 and slots == {"2023-11-01#1", "2023-11-01#2"}


def test_once_more_twice_is_once(lost):
    settles(lost, retry, number(lost))
    facts = len(lost.ledger())
    again = settles(lost, retry, number(lost))
    assert (again.changed, again.unchanged) == ([], [number(lost)]) and len(lost.ledger()) == facts
    taken = []
    lost.delivers("2023-11-01 10:01", send=into(taken))
    assert len(taken) == len(set(taken))


def test_what_fails_again_is_dead_again(lost):
    settles(lost, retry, number(lost))
    lost.delivers("2023-11-01 10:01", send=refusing)
    [one] = letters(lost, "2023-11-01 11:00")
    assert one.since == instant("2023-11-01 10:01") and len(one.tries) > 2


def test_what_was_reported_meanwhile_is_not_said_again(lost):
    lost.submits(VINH, "bao-cao-nam", "2023", "2023-11-01 09:30")
    before = lost.ledger()
    with pytest.raises(Refusal, match="không còn nợ nhiệm vụ này"):
        settles(lost, retry, number(lost))
    assert state(lost)[0] == "dead" and lost.ledger() == before


def test_a_reminder_whose_due_is_past_is_not_said_again(lost):
    lost.sweeps("2023-12-01")
    [first, *_] = [one["id"] for one in lost.notices(unit=VINH, step="remind:-30d")]
    with pytest.raises(Refusal, match="không cần gửi lại: đã đến hạn"):
        settles(lost, retry, first, when="2023-12-01 09:00")


def test_reported_between_the_decision_and_the_sending(lost):
    settles(lost, retry, number(lost))
    lost.submits(VINH, "bao-cao-nam", "2023", "2023-11-01 10:00:30")
    taken = []
    lost.delivers("2023-11-01 10:01", send=into(taken))
    assert taken == [] and state(lost)[0] == "cancelled"


def test_reported_while_the_second_attempt_waits(lost):
    settles(lost, retry, number(lost))
    lost.delivers("2023-11-01 10:01", send=lambda some: [Refused(451, "bận", False) for _ in some])
    lost.submits(VINH, "bao-cao-nam", "2023", "2023-11-01 10:20")
    taken = []
    lost.delivers("2023-11-01 10:30", send=into(taken))
    assert taken == [] and state(lost)[0] == "cancelled", "not dead once more: nothing is owed"


def test_once_more_where_the_first_may_have_arrived_warns(office):
    office.settings = replace(office.settings, unknown_by_hand=True)
    with pytest.raises(ZeroDivisionError):
        office.delivers("2023-11-01 08:00", send=lambda some: 1 / 0)
    with pytest.raises(Refusal, match="Không có thông báo số 1000000"):
        settles(office, retry, 10**6)
    office.delivers("2023-11-01 09:00", send=into([]))
    [one] = [one for one in letters(office, "2023-11-01 09:30") if one.recipient == VINH]
    assert one.unsure and one.reason.startswith("không rõ đã tới hay chưa")
    done = settles(office, retry, number(office))
    assert done.changed and "có thể đã tới" in done.warnings[0] and "hoa@…" in done.warnings[0]
    taken = []
    office.delivers("2023-11-01 10:01", send=into(taken))
    assert set(taken) == {"hoa@vinh.vn", "hoa2@vinh.vn"} and state(office)[0] == "sent"
    old, new = deliveries(office)[0], deliveries(office)[-1]
    assert old["state"] == "dead" and old["message_id"] != new["message_id"]


def test_a_paused_duty_waits_and_the_person_is_told(lost):
    lost.pauses(VINH, "bao-cao-nam", "2023", on="2023-11-01 09:00")
    assert "tạm dừng" in settles(lost, retry, number(lost)).warnings[0]
    taken = []
    lost.delivers("2023-11-01 10:01", send=into(taken))
    assert taken == [] and state(lost)[0] == "planned"


def test_undeliverable_may_be_asked_for_again_and_says_that_nobody_is_there(office):
    office.settings = replace(office.settings, smtp_url="smtp://127.0.0.1:1")
    office.delivers("2023-11-01 08:00", send=into([]))
    [one] = office.notices(unit=HEALTH)
    assert one["state"] == "undeliverable"
    assert "vẫn chưa có địa chỉ nhận" in settles(office, retry, one["id"]).warnings[0]


# No more, and by telephone


def test_no_more(lost):
    done = settles(lost, cancel, number(lost), why="đơn vị đã báo miệng")
    assert done.changed == [number(lost)] and done.warnings == []
    assert state(lost) == ("cancelled", "đơn vị đã báo miệng") and letters(lost) == []
    again = settles(lost, cancel, number(lost), why="lần nữa")
    assert again.unchanged == [number(lost)] and state(lost)[1] == "đơn vị đã báo miệng"
    with pytest.raises(Refusal, match="không gửi nữa"):
        settles(lost, retry, number(lost))


def test_no_more_of_what_waits_for_its_next_attempt(office):
    office.delivers("2023-11-01 08:00", send=lambda some: [Refused(451, "bận", False) for _ in some])
    settles(office, cancel, number(office), why="gửi nhầm")
    taken = []
    office.delivers("2023-11-01 10:30", send=into(taken))
    assert not [to for to in taken if to.endswith("vinh.vn")] and state(office)[0] == "cancelled"
    assert {one["state"] for one in deliveries(office)} == {"cancelled"}


def test_what_is_on_the_line_may_still_arrive_and_stays_settled(office):
    with pytest.raises(ZeroDivisionError):
        office.delivers("2023-11-01 08:00", send=lambda some: 1 / 0)
    assert "có thể vẫn tới" in settles(office, phoned, number(office), when="2023-11-01 08:05").warnings[0]
    office.delivers("2023-11-01 08:30", send=into([]))
    assert state(office)[0] == "phoned"


def test_said_by_telephone(lost):
    settles(lost, phoned, number(lost), note="gặp chị Hòa, hẹn nộp thứ Sáu")
    assert state(lost) == ("phoned", "gặp chị Hòa, hẹn nộp thứ Sáu") and letters(lost) == []
    assert settles(lost, phoned, number(lost)).unchanged == [number(lost)]
    taken = []
    lost.delivers("2023-11-02 08:00", send=into(taken))
    assert taken == []


def test_what_was_sent_cannot_be_settled(lost):
    [sent] = [one["id"] for one in lost.notices(unit=JUSTICE)]
    for verb, how in ((retry, {}), (cancel, {"why": "x"}), (phoned, {})):
        with pytest.raises(Refusal, match=f"Thông báo {sent} đã gửi"):
            settles(lost, verb, sent, **how)


# All or nothing, and what is remembered


def test_all_or_nothing(lost):
    [sent] = [one["id"] for one in lost.notices(unit=JUSTICE)]
    before = lost.ledger()
    for ids in ((number(lost), sent), (number(lost), 4_000_000)):
        with pytest.raises(Refusal, match="chưa có gì thay đổi"):
            settles(lost, phoned, *ids)
    with pytest.raises(Refusal, match="4000000, 4000001"):
        settles(lost, retry, 4_000_000, 4_000_001)
    for verb, how in ((retry, {}), (phoned, {}), (cancel, {"why": "x"})):
        with pytest.raises(Refusal, match="--by"):
            settles(lost, verb, number(lost), by="  ", **how)
    with pytest.raises(Refusal, match="--why"):
        settles(lost, cancel, number(lost), why=" ")
    assert state(lost)[0] == "dead" and lost.ledger() == before


def test_the_ledger_names_who_decided_by_number_and_nothing_that_was_said(lost):
    settles(lost, retry, number(lost))
    settles(lost, phoned, number(lost), note="gặp chị Hòa")
    retried, called = lost.ledger("notice_retried", "notice_phoned")
    assert (retried["unit"], retried["duty"], retried["period"]) == (VINH, "bao-cao-nam", "2023")
    assert retried["actor"] == called["actor"] and called["actor"].startswith("person:")
    assert not any(word in str(lost.ledger()) for word in ("Lan", "Hòa", "vinh.vn"))
    assert lost.broken_links() == []
    with reading(lost.engine) as db:
        from tasks.dead_letters import told

        [one] = told(db, notice.c.id == number(lost))
        assert [(what, by) for _, what, by in decisions_about(db, one)] == [
            ("cho gửi lại", LAN), ("đã gọi điện", LAN)
        ]  # fmt: skip
