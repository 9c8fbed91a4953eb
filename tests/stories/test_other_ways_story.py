"""When one way fails: the same notice, under the same number, by the person's next way, and never by one way twice."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cast import VINH, Through, instant, text_of

from channels.apprise_channel import AppriseChannel
from channels.dsn import Returned
from channels.email_channel import EmailChannel
from channels.outcome import Refused
from channels.zalo_standin import standing_in
from channels.zalo_standin_dev import register_dev_templates
from channels.zalo_zns import ZnsChannel
from models.database import reading, writing
from models.people import contacts
from models.tables import channel, delivery
from tasks.bounces import Found, came_back
from tasks.packing import Ways
from tasks.receipts import Receipt, received

HOA, MAIL = "84912345678", "hoa@vinh.nghean.gov.vn"
LATE, SOON = "2023-12-01", "2023-11-24"
"""Vinh is urged from the first on, which must arrive; a week before it is reminded, which is ordinary."""
NUMBER = re.compile(r"2023-12-01/\d+")


@pytest.fixture
def zalo(office, post, tmp_path):
    """Zalo as the office meets it, in whose clock it is as late as in the office's."""
    with standing_in(tmp_path / "zalo", clock=lambda: office.clock) as running:
        running.zalo.receipts = False
        office.settings = replace(office.settings, zalo=running.settings, smtp_port=post.address.port)
        with writing(office.engine) as db:
            register_dev_templates(db, now=office.clock)
        yield running


@pytest.fixture
def vinh(office, zalo):
    """Vinh's focal point reads Zalo first, then mail; nothing else is asked about here."""
    row = {"unit": VINH, "name": "Nguyễn Thị Hòa", "role": "Đầu mối", "email": MAIL, "zalo_phone": "0912345678",
           "channels": "zalo, email"}  # fmt: skip
    assert office.imports_contacts(row, now="2023-10-31 12:00") == []
    office.goes_live("2023-10-31 12:00")
    return office


def delivers(office, when, **ways):
    office._reaches(instant(when))
    zns = ZnsChannel(office.settings, office.engine, owner="test", answer_seconds=0.3)
    zns.rate = None
    channels = {"email": EmailChannel(office.settings), "zns": zns, "apprise": AppriseChannel()} | ways
    return office.delivers(when, channels=channels)


def by_zalo(zalo):
    return [one for one in zalo.zalo.store.messages(limit=1000, offset=0) if one.address == HOA]


def rows(office, address=None):
    with reading(office.engine) as db:
        found = db.execute(sa.select(delivery).where(delivery.c.recipient == VINH).order_by(delivery.c.id)).all()
    return [row for row in found if address in (None, row.address)]


def receipt_for(office, row, at, key="e1"):
    with writing(office.engine) as db:
        return received(db, Receipt("zns", key, row.tracking_id, "", instant(at)), now=instant(at))


def state_of(office):
    return {n["state"] for n in office.notices(unit=VINH) if n["recipient"] == f"{VINH}/focal_point"} - {"skipped"}


def number_in(mail):
    return NUMBER.search(text_of(mail))[0]


def test_what_zalo_takes_and_tells_of_needs_no_mail(vinh, post, zalo):
    vinh.sweeps(LATE)
    delivers(vinh, f"{LATE} 08:00")
    [one], [row] = by_zalo(zalo), rows(vinh)
    assert one.tracking_id == row.tracking_id and row.provider_id == one.msg_id and row.state == "accepted"
    assert receipt_for(vinh, row, f"{LATE} 08:01") == "delivered"
    assert receipt_for(vinh, row, f"{LATE} 08:02") == "repeated"
    delivers(vinh, f"{LATE} 13:00")
    assert [row.state for row in rows(vinh)] == ["delivered"] and post.mails(MAIL) == []
    assert state_of(vinh) == {"sent"}


def test_a_number_without_zalo_is_written_to_at_once_under_the_same_number(vinh, post, zalo):
    zalo.fault("/message/template", "code", -118)
    vinh.sweeps(LATE)
    delivers(vinh, f"{LATE} 08:00")
    first, second = rows(vinh)
    [mail] = post.mails(MAIL)
    assert (first.channel, first.state, second.state) == ("zns", "failed", "accepted")
    assert second.fallback_of == first.id and number_in(mail) == f"{LATE}/{first.id}" and first.id != second.id
    assert by_zalo(zalo) == [] and state_of(vinh) == {"sent"}


def test_what_must_arrive_goes_by_mail_after_two_silent_hours(vinh, post, zalo):
    vinh.sweeps(LATE)
    delivers(vinh, f"{LATE} 08:00")
    delivers(vinh, f"{LATE} 09:59")
    assert post.mails(MAIL) == []
    delivers(vinh, f"{LATE} 10:31")
    delivers(vinh, f"{LATE} 14:00")
    assert len(post.mails(MAIL)) == len(by_zalo(zalo)) == 1
    assert [row.state for row in rows(vinh)] == ["accepted", "accepted"]


def test_a_reminder_does_not(vinh, post, zalo):
    vinh.sweeps(SOON)
    delivers(vinh, f"{SOON} 08:00")
    for hour in (9, 11, 15):
        delivers(vinh, f"{SOON} {hour:02}:00")
    assert post.mails(MAIL) == [] and len(by_zalo(zalo)) == 1


def test_what_was_answered_meanwhile_is_not_said_elsewhere(vinh, post, zalo):
    vinh.sweeps(LATE)
    delivers(vinh, f"{LATE} 08:00")
    for duty, period in {(n["duty"], n["period"]) for n in vinh.notices(unit=VINH)}:
        vinh.submits(VINH, duty, period, f"{LATE} 09:00")
    delivers(vinh, f"{LATE} 10:31")
    assert post.mails(MAIL) == [] and state_of(vinh) == {"sent"}


@pytest.mark.parametrize("told", [True, False])
def test_a_lost_answer_waits_for_the_receipt_and_then_goes_by_mail(vinh, post, zalo, told):
    zalo.fault("/message/template", "hang-after", 2)
    vinh.sweeps(LATE)
    delivers(vinh, f"{LATE} 08:00")
    [row] = rows(vinh)
    assert row.state == "unknown" and len(by_zalo(zalo)) == 1
    if told:
        assert receipt_for(vinh, row, f"{LATE} 08:10") == "delivered"
    delivers(vinh, f"{LATE} 08:29")
    assert post.mails(MAIL) == []
    delivers(vinh, f"{LATE} 08:31")
    assert len(post.mails(MAIL)) == (0 if told else 1) and len(by_zalo(zalo)) == 1
    assert state_of(vinh) == {"sent"}


def test_a_receipt_that_comes_before_the_answer_is_recorded_stays(vinh, post, zalo):
    class ToldEarly(ZnsChannel):
        def send(self, parcels, *, now, within):
            outcomes = super().send(parcels, now=now, within=within)
            [row] = rows(vinh)
            assert receipt_for(vinh, row, f"{LATE} 08:00") == "delivered"
            return outcomes

    vinh.sweeps(LATE)
    delivers(vinh, f"{LATE} 08:00", zns=ToldEarly(vinh.settings, vinh.engine, owner="test"))
    assert [row.state for row in rows(vinh)] == ["delivered"] and state_of(vinh) == {"sent"}
    delivers(vinh, f"{LATE} 12:00")
    assert post.mails(MAIL) == []


def test_zalo_takes_nothing_at_night(vinh, post, zalo):
    vinh.sweeps(LATE)
    delivers(vinh, f"{LATE} 22:00")
    assert by_zalo(zalo) == [] and [row.state for row in rows(vinh)] == ["due"]
    delivers(vinh, "2023-12-02 05:59")
    assert by_zalo(zalo) == [] and post.mails(MAIL) == []
    delivers(vinh, "2023-12-02 06:00")
    assert len(by_zalo(zalo)) == 1


def test_without_quota_it_goes_by_mail_and_zalo_is_tried_the_next_day(vinh, post, zalo):
    zalo.zalo.account.quota = 0
    vinh.sweeps(SOON)
    delivers(vinh, f"{SOON} 08:00")
    assert len(post.mails(MAIL)) == 1
    with reading(vinh.engine) as db:
        paused = db.execute(sa.select(channel.c.paused_until).where(channel.c.name == "zns")).scalar_one()
    assert paused == instant("2023-11-25 06:00")
    zalo.zalo.account.quota = 500
    vinh.sweeps("2023-11-28")
    delivers(vinh, "2023-11-28 08:00")
    assert len(by_zalo(zalo)) == 1 and len(post.mails(MAIL)) == 1


def test_important_on_all_channels_means_at_once(vinh, post, zalo):
    row = {"unit": VINH, "name": "Nguyễn Thị Hòa", "role": "Đầu mối", "email": MAIL, "zalo_phone": "0912345678",
           "channels": "zalo, email"}  # fmt: skip
    vinh.imports_contacts(row | {"important": "có"})
    vinh.sweeps(SOON)
    delivers(vinh, f"{SOON} 08:00")
    assert (len(by_zalo(zalo)), len(post.mails(MAIL))) == (1, 0)
    vinh.sweeps(LATE)
    delivers(vinh, f"{LATE} 08:00")
    assert (len(by_zalo(zalo)), len(post.mails(MAIL))) == (2, 1)


def test_of_two_ways_at_once_one_may_fail(vinh, post, zalo):
    row = {"unit": VINH, "name": "Nguyễn Thị Hòa", "role": "Đầu mối", "email": MAIL, "zalo_phone": "0912345678",
           "channels": "zalo, email"}  # fmt: skip
    vinh.imports_contacts(row | {"important": "có"})
    zalo.fault("/message/template", "code", -118)
    vinh.sweeps(LATE)
    delivers(vinh, f"{LATE} 08:00")
    assert len(post.mails(MAIL)) == 1 and state_of(vinh) == {"sent"}


def test_quiet_hours_are_the_persons_own(vinh, post, zalo):
    row = {"unit": VINH, "name": "Nguyễn Thị Hòa", "role": "Đầu mối", "email": MAIL, "zalo_phone": ""}
    lan = {"unit": VINH, "name": "Trần Lan", "role": "Đầu mối", "email": "lan@vinh.vn", "zalo_phone": ""}
    vinh.imports_contacts(row | {"quiet": "07:00-09:30"}, lan | {"quiet": ""})
    vinh.sweeps(SOON)
    delivers(vinh, f"{SOON} 08:00")
    assert (len(post.mails("lan@vinh.vn")), len(post.mails(MAIL)), len(by_zalo(zalo))) == (1, 0, 0)
    delivers(vinh, f"{SOON} 09:29")
    assert post.mails(MAIL) == []
    delivers(vinh, f"{SOON} 09:30")
    assert len(post.mails(MAIL)) == 1


# What mail servers give back


GONE = Returned("failed", "5.1.1", "550 5.1.1 User unknown", MAIL, None)
FULL_FOR_DAYS = Returned("failed", "4.2.2", "452 4.2.2 Mailbox full", MAIL, None)
SLOW = Returned("delayed", "4.4.1", "connection timed out", MAIL, None)


@pytest.fixture
def mailed(vinh, post):
    """Mail first, Zalo second, and a letter on its way."""
    row = {"unit": VINH, "name": "Nguyễn Thị Hòa", "role": "Đầu mối", "email": MAIL, "zalo_phone": "0912345678",
           "channels": "zalo, email"}  # fmt: skip
    vinh.imports_contacts(row | {"channels": "email, zalo"})
    vinh.sweeps(LATE)
    delivers(vinh, f"{LATE} 08:00")
    assert len(post.mails(MAIL)) == 1
    return vinh


def comes_back(office, told, key="dsn:1", at=f"{LATE} 09:00"):
    [first, *_] = rows(office, MAIL)
    with writing(office.engine) as db:
        return came_back(
            db, Found(first.id, told, key), Ways(("email", "zns")), office.settings, as_of=instant(at), now=instant(at)
        )


def test_an_address_that_is_gone_is_given_up_and_the_notice_goes_another_way(mailed, post, zalo):
    assert comes_back(mailed, GONE) == "disabled"
    assert comes_back(mailed, GONE) == "repeated"
    delivers(mailed, f"{LATE} 09:05")
    assert len(by_zalo(zalo)) == 1 and len(post.mails(MAIL)) == 1
    with reading(mailed.engine) as db:
        [hoa] = contacts(db)[VINH]
    assert {one.url: bool(one.disabled) for one in hoa.addresses} == {f"mailto://{MAIL}": True, f"zns://{HOA}": False}
    mailed.sweeps("2023-12-04")
    delivers(mailed, "2023-12-04 08:00")
    assert len(post.mails(MAIL)) == 1, "nobody is written to at an address that is gone"


def test_what_came_back_for_a_passing_reason_is_tried_once_more(mailed, post, zalo):
    assert comes_back(mailed, FULL_FOR_DAYS) == "again"
    delivers(mailed, f"{LATE} 09:05")
    first, second = post.mails(MAIL)
    assert first["Message-ID"] != second["Message-ID"] and number_in(first) == number_in(second)
    assert by_zalo(zalo) == []


def test_a_delay_changes_nothing(mailed, post, zalo):
    assert comes_back(mailed, SLOW) == "delayed"
    delivers(mailed, f"{LATE} 09:05")
    assert len(post.mails(MAIL)) == 1 and by_zalo(zalo) == [] and state_of(mailed) == {"sent"}


def test_with_every_way_lost_a_person_hears_of_it(vinh, post, zalo):
    zalo.fault("/message/template", "code", -118, times=9)
    vinh.sweeps(LATE)
    refuses = Through(vinh.settings, lambda letters: [Refused(550, "5.1.1 Khong co", True) for _ in letters])
    done = delivers(vinh, f"{LATE} 08:00", email=refuses)
    assert done.failed >= 1 and state_of(vinh) == {"dead"}
    assert Counter(row.state for row in rows(vinh)) == {"failed": 2}
    later = instant(f"{LATE} 08:00") + timedelta(days=1)
    assert delivers(vinh, later.strftime("%Y-%m-%d %H:%M"), email=refuses).sent == 0
