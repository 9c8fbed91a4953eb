"""What leaves: one Vietnamese digest per recipient through a real SMTP conversation, once, whatever happens."""

import re
from collections import Counter
from dataclasses import replace
from email.utils import parsedate_to_datetime

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from cast import (
    CUA_LO,
    HEALTH,
    HOME_AFFAIRS,
    JUSTICE,
    PARTY_OFFICE,
    PROVINCE,
    QUE_PHONG,
    VINH,
    Mailbox,
    Through,
    instant,
    text_of,
)

from channels.channel import Heard
from channels.outcome import Accepted, Refused, Unreachable
from channels.smtp import SmtpAddress, send
from models.database import reading
from models.tables import DeliveryRow

delivery = DeliveryRow.__table__
SILENT = {VINH, CUA_LO, QUE_PHONG, HEALTH, JUSTICE, HOME_AFFAIRS}
LETTERS = len(SILENT) + 1  # whoever has not reported, and the province about a late review of texts
NOTICES = len(SILENT) + 2


def at_hand(unit):
    return f"{unit.replace(':', '-')}@hop-thu-thu.invalid"


@pytest.fixture(scope="module")
def first_of_november(new_office):
    """Six units have not reported and are reminded; Sở Nội vụ's review of texts is late since midnight."""
    office = new_office()
    office.goes_live("2023-10-31 12:00")
    row = {"plan": office.plan.code, "duty": "bao-cao-nam", "period": "2023", "submitted_at": "2023-10-31"}
    asked = {r["unit"] for r in office.status("2023-10-31", by="unit") if r["duty"] == "bao-cao-nam" and r["pending"]}
    assert len(asked) == 41 and asked > SILENT
    assert office.imports_reports(*(row | {"unit": unit} for unit in asked - SILENT), now="2023-10-31 13:00") == []
    office.sweeps("2023-11-01")
    return office


@pytest.fixture
def office(new_office, first_of_november):
    return new_office(like=first_of_november)


def contact(unit, email, name="Nguyễn Thị Hòa", role="Đầu mối"):
    return {"unit": unit, "name": name, "role": role, "email": email}


def sent_states(office):
    return Counter(n["state"] for n in office.notices() if n["state"] != "skipped")


def deliveries(office):
    with reading(office.engine) as db:
        return [dict(row) for row in db.execute(sa.select(delivery).order_by(delivery.c.id)).mappings()]


# The ordinary morning


def test_one_digest_for_each_recipient_and_a_second_deliver_sends_nothing(office, post):
    done = office.delivers("2023-11-01 07:31")
    assert (done.sent, done.failed, done.waiting, done.undeliverable) == (LETTERS, 0, 0, 0)
    assert len(set(post.recipients())) == len(post.recipients()) == LETTERS
    again = office.delivers("2023-11-01 07:32")
    assert (again.sent, again.failed, again.waiting, again.undeliverable) == (0, 0, 0, 0)
    assert len(post.mails()) == LETTERS
    assert sent_states(office) == {"sent": NOTICES}


def test_a_digest_carries_everything_for_its_recipient_in_vietnamese(office, post):
    office.delivers("2023-11-01 07:31")
    [mail] = post.mails(at_hand(HOME_AFFAIRS))
    assert mail["Subject"] == "[Đôn đốc] 1 nhiệm vụ quá hạn, 1 sắp đến hạn – Sở Nội vụ"
    assert "Sở Nội vụ" in mail["To"]
    text = text_of(mail)
    assert "Kính gửi: Sở Nội vụ (Đầu mối)" in text
    assert "Rà soát văn bản quy phạm pháp luật về thực hiện dân chủ ở cơ sở" in text
    assert "Quá hạn 1 ngày làm việc" in text
    assert "Báo cáo năm kết quả thực hiện Luật" in text
    assert "Còn 29 ngày (đến hết 30/11/2023)" in text
    assert "đoạn 9" in text, "each line names its ground"
    assert "07 giờ 31 ngày 01/11/2023" in text


def test_the_superior_reads_who_is_late(office, post):
    office.delivers("2023-11-01 07:31")
    [mail] = post.mails(at_hand(PROVINCE))
    assert mail["Subject"] == "[Đôn đốc] 1 đơn vị quá hạn – UBND tỉnh Nghệ An"
    assert "Đơn vị: Sở Nội vụ" in text_of(mail)


def test_each_mail_has_its_own_message_id_and_the_date_of_the_deliver(office, post):
    office.delivers("2023-11-01 07:31")
    mails = post.mails()
    assert len({mail["Message-ID"] for mail in mails}) == LETTERS
    assert {parsedate_to_datetime(mail["Date"]) for mail in mails} == {instant("2023-11-01 07:31")}
    listed = {n["message_id"] for n in office.notices(state="sent")}
    assert listed == {mail["Message-ID"] for mail in mails}


def test_what_was_sent_later_was_still_planned_before(office, post):
    office.delivers("2023-11-01 09:00")
    [before] = office.notices("2023-11-01 08:59", unit=VINH)
    [after] = office.notices("2023-11-01 09:00", unit=VINH)
    assert (before["state"], before["sent_at"], before["message_id"]) == ("planned", None, None)
    assert (after["state"], after["sent_at"]) == ("sent", "2023-11-01T09:00:00+07:00")


def test_nothing_leaves_before_it_is_planned(office, post):
    assert office.delivers("2023-11-01 07:29").sent == 0
    assert post.mails() == []


def test_reported_between_sweep_and_deliver_is_not_reminded(office, post):
    office.submits(VINH, "bao-cao-nam", "2023", "2023-11-01 07:40")
    office.delivers("2023-11-01 08:00")
    assert post.mails(at_hand(VINH)) == [] and len(post.mails()) == LETTERS - 1
    [about] = office.notices(unit=VINH)
    assert about["state"] == "cancelled" and about["reason"]


def test_a_late_deliver_says_only_the_newest(office, post):
    for day in ("2023-11-24", "2023-11-28", "2023-11-30"):
        office.sweeps(day)
    office.delivers("2023-11-30 08:00")
    states = {n["step"]: n["state"] for n in office.notices(unit=VINH)}
    assert states.pop("remind:-1wd") == "sent" and list(states.values()) == ["skipped"] * 3
    [mail] = post.mails(at_hand(VINH))
    assert "Hôm nay là ngày cuối (30/11/2023)" in text_of(mail)


def test_a_reminder_that_did_not_leave_before_the_due_is_not_sent_after_it(office, post):
    office.sweeps("2023-11-30")
    office.delivers("2023-12-01 00:00")
    assert post.mails(at_hand(VINH)) == []
    assert {n["state"] for n in office.notices(unit=VINH)} == {"skipped"}


# Who has an address


def test_a_contact_receives_the_digest_in_place_of_the_made_up_address(office, post):
    assert office.imports_contacts(contact(VINH, "Hoa@vinh.nghean.gov.vn")) == []
    office.delivers("2023-11-01 08:00")
    [mail] = post.mails("hoa@vinh.nghean.gov.vn")
    assert "Nguyễn Thị Hòa" in mail["To"]
    assert post.mails(at_hand(VINH)) == []


def test_both_contacts_of_a_unit_receive_it(office, post):
    office.imports_contacts(contact(VINH, "hoa@vinh.vn"), contact(VINH, "lan@vinh.vn"))
    office.delivers("2023-11-01 08:00")
    assert [len(post.mails(f"{name}@vinh.vn")) for name in ("hoa", "lan")] == [1, 1]


def test_the_standing_office_is_reached_under_its_role(office, post):
    office.sweeps("2023-11-07")
    office.delivers("2023-11-07 08:00")
    [mail] = post.mails("b-40.ban-dan-van-tinh-uy+standing-office@hop-thu-thu.invalid")
    assert "Sở Nội vụ" in text_of(mail)


def test_with_a_real_server_who_has_no_contact_is_undeliverable_and_listed(office, post):
    office.settings = replace(office.settings, smtp_url=f"smtp://127.0.0.1:{post.address.port}")
    office.imports_contacts(contact(VINH, "hoa@vinh.nghean.gov.vn"))
    done = office.delivers("2023-11-01 08:00")
    assert (done.sent, done.undeliverable) == (1, NOTICES - 1)
    assert post.recipients() == ["hoa@vinh.nghean.gov.vn"]
    listed = office.notices(state="undeliverable")
    assert {n["unit"] for n in listed} >= {HEALTH, HOME_AFFAIRS} and VINH not in {n["unit"] for n in listed}
    assert all(n["reason"] for n in listed)
    office.imports_contacts(contact(HEALTH, "lan@yte.nghean.gov.vn", role=""))
    assert office.delivers("2023-11-01 09:00").sent == 1
    assert post.recipients() == ["hoa@vinh.nghean.gov.vn", "lan@yte.nghean.gov.vn"]


def test_after_weeks_without_an_address_only_the_newest_is_sent(office, post):
    office.settings = replace(office.settings, smtp_url=f"smtp://127.0.0.1:{post.address.port}")
    for day in ("2023-11-01", "2023-11-24", "2023-11-28"):
        office.sweeps(day)
        office.delivers(f"{day} 08:00")
    office.imports_contacts(contact(VINH, "hoa@vinh.nghean.gov.vn"))
    office.delivers("2023-11-28 09:00")
    assert [n["step"] for n in office.notices(unit=VINH, state="sent")] == ["remind:-3wd"]


# When the server does not do as it should


def test_a_server_that_is_down_keeps_everything_waiting_and_it_leaves_once_later(office, post):
    working, office.mailbox = office.mailbox, Mailbox(post._folder, _closed_port())
    done = office.delivers("2023-11-01 08:00")
    assert (done.sent, done.failed, done.waiting) == (0, 0, LETTERS)
    assert sent_states(office) == {"planned": NOTICES}
    office.mailbox = working
    assert office.delivers("2023-11-01 08:10").sent == LETTERS
    assert office.delivers("2023-11-01 08:40").sent == 0
    assert Counter(post.recipients()).most_common(1)[0][1] == 1 and len(post.mails()) == LETTERS


def test_a_permanent_refusal_is_a_failure_and_is_not_repeated(office):
    class KnowsNobody:
        async def handle_RCPT(self, server, session, envelope, address, options):
            return "550 5.1.1 Khong co hop thu nay"

    controller = Controller(KnowsNobody(), hostname="127.0.0.1", port=_closed_port())
    controller.start()
    try:
        address = SmtpAddress("127.0.0.1", controller.port)
        done = office.delivers("2023-11-01 08:00", send=lambda letters: send(letters, address))
        again = office.delivers("2023-11-01 08:30", send=lambda letters: send(letters, address))
    finally:
        controller.stop()
    assert (done.sent, done.failed, done.waiting) == (0, LETTERS, 0)
    assert (again.sent, again.failed, again.waiting) == (0, 0, 0)
    [about] = office.notices(unit=VINH)
    assert about["state"] == "dead" and "550" in about["reason"]


def test_a_refusal_for_now_is_tried_again(office, post):
    later = office.delivers("2023-11-01 08:00", send=lambda letters: [Refused(451, "Later", False) for _ in letters])
    assert (later.failed, later.waiting) == (0, LETTERS)
    assert office.delivers("2023-11-01 08:00:30").sent == 0, "not before a minute or so has passed"
    assert office.delivers("2023-11-01 08:05").sent == LETTERS


class PowerCut(Exception):
    pass


def crashes_after(post):
    """The relay takes everything, and then nobody is left to write it down."""

    def sends(letters):
        post.takes(letters)
        raise PowerCut

    return sends


def test_a_crash_after_sending_is_repeated_once_after_15_minutes_byte_for_byte(office, post):
    with pytest.raises(PowerCut):
        office.delivers("2023-11-01 08:00", send=crashes_after(post))
    assert {d["state"] for d in deliveries(office)} == {"submitting"}
    assert office.delivers("2023-11-01 08:14:59").sent == 0
    assert len(post.mails()) == LETTERS
    assert office.delivers("2023-11-01 08:15").sent == LETTERS
    assert office.delivers("2023-11-01 08:31").sent == 0
    copies = Counter(post.raw())
    assert len(copies) == LETTERS and set(copies.values()) == {2}
    assert {d["state"] for d in deliveries(office)} == {"accepted"}
    for one in deliveries(office):
        assert any(raw.endswith(one["message"]) for raw in copies), "what was stored is what left"
    assert sent_states(office) == {"sent": NOTICES}


def test_a_repeat_that_crashes_too_is_left_to_a_person(office, post):
    for when in ("2023-11-01 08:00", "2023-11-01 08:20"):
        with pytest.raises(PowerCut):
            office.delivers(when, send=crashes_after(post))
    assert office.delivers("2023-11-01 09:00").sent == 0
    assert len(post.mails()) == 2 * LETTERS
    assert {d["state"] for d in deliveries(office)} == {"dead"}
    assert {(n["state"], bool(n["reason"])) for n in office.notices(state="dead")} == {("dead", True)}


def test_the_repeat_is_recognised_by_message_id_and_date(office, post):
    with pytest.raises(PowerCut):
        office.delivers("2023-11-01 08:00", send=crashes_after(post))
    office.delivers("2023-11-01 09:00")
    first, second = post.mails(at_hand(VINH))
    assert (first["Message-ID"], first["Date"]) == (second["Message-ID"], second["Date"])
    assert parsedate_to_datetime(second["Date"]) == instant("2023-11-01 08:00")


def test_what_is_unknown_is_not_written_a_second_time_by_the_next_deliver(office, post):
    with pytest.raises(PowerCut):
        office.delivers("2023-11-01 08:00", send=crashes_after(post))
    office.sweeps("2023-11-01 08:05")
    done = office.delivers("2023-11-01 08:06")
    assert (done.sent, len(post.mails())) == (0, LETTERS)


def test_a_repeat_that_meets_a_server_down_keeps_its_message_id(office, post):
    with pytest.raises(PowerCut):
        office.delivers("2023-11-01 08:00", send=crashes_after(post))
    office.delivers("2023-11-01 08:20", send=lambda letters: [Unreachable("Không kết nối được") for _ in letters])
    office.delivers("2023-11-01 08:40")
    office.delivers("2023-11-01 09:00")
    first, second = post.mails(at_hand(VINH))
    assert first["Message-ID"] == second["Message-ID"]
    assert sent_states(office) == {"sent": NOTICES}


def test_an_address_that_could_not_be_reached_is_tried_again_though_another_was(office, post):
    office.imports_contacts(contact(VINH, "hoa@vinh.vn"), contact(VINH, "lan@vinh.vn"))

    def half(letters):
        return [Unreachable("Mất kết nối") if to == "lan@vinh.vn" else Accepted(250, "OK") for _, _, to in letters]

    assert office.delivers("2023-11-01 08:00", send=half).waiting == 1
    office.delivers("2023-11-01 08:30")
    assert post.recipients() == ["lan@vinh.vn"]


def test_an_address_that_has_been_replaced_does_not_keep_the_notice_waiting(office, post):
    office.delivers("2023-11-01 08:00", send=lambda letters: [Unreachable("Mất kết nối") for _ in letters])
    office.imports_contacts(contact(VINH, "hoa@vinh.vn"))
    office.delivers("2023-11-01 08:30")
    assert len(post.mails("hoa@vinh.vn")) == 1 and post.mails(at_hand(VINH)) == []
    [about] = office.notices(unit=VINH)
    assert about["state"] == "sent"


def test_the_ledger_knows_each_digest_and_no_address(office, post):
    office.imports_contacts(contact(VINH, "hoa@vinh.nghean.gov.vn"))
    office.delivers("2023-11-01 08:00")
    facts = office.ledger("delivered")
    assert len(facts) == LETTERS and PARTY_OFFICE not in {f["unit"] for f in facts}
    assert not re.search(r"@|Hòa", "".join(f"{f['data']}{f['cause']}{f['actor']}" for f in office.ledger()))
    assert office.broken_links() == []


def _closed_port():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


# While something waits to leave


def greylisted(letters):
    return [Refused(450, "4.2.0 Greylisted, thu lai sau", False) for _ in letters]


def test_a_newer_step_takes_the_place_of_one_that_could_not_leave(office, post):
    office.delivers("2023-11-01 08:00", send=greylisted)
    office.sweeps("2023-11-24")
    office.delivers("2023-11-24 08:00")
    [mail] = post.mails(at_hand(VINH))
    assert "Còn 6 ngày" in text_of(mail)
    assert {n["step"]: n["state"] for n in office.notices(unit=VINH)} == {
        "remind:-30d": "skipped",
        "remind:-7d": "sent",
    }


def test_what_waits_to_leave_again_says_only_what_is_still_so(office, post):
    office.delivers("2023-11-01 08:00", send=greylisted)
    office.submits(VINH, "bao-cao-nam", "2023", "2023-11-01 08:01")
    office.delivers("2023-11-01 09:00")
    assert post.mails(at_hand(VINH)) == []
    assert [n["state"] for n in office.notices(unit=VINH)] == ["cancelled"]
    assert len(post.mails()) == LETTERS - 1


def test_a_report_while_a_batch_is_on_the_line_stops_the_next(office, post):
    """Whoever reports while one batch leaves is not in the next."""

    def reports_meanwhile(letters):
        if not post.mails():
            office.submits(VINH, "bao-cao-nam", "2023", "2023-11-01 08:00")
        return post.takes(letters)

    office.delivers("2023-11-01 08:00", send=reports_meanwhile, limit=1)
    office.delivers("2023-11-01 08:01")
    told = [n["state"] for n in office.notices(unit=VINH)]
    assert told == ["cancelled"] and post.mails(at_hand(VINH)) == []


def test_it_is_given_up_after_three_days_and_a_person_sees_it(office):
    for when in ("08:00", "08:05", "08:15", "09:00", "12:00", "20:00"):
        office.delivers(f"2023-11-01 {when}", send=greylisted)
    for day in ("2", "3", "4", "5"):
        for hour in ("00", "13"):
            office.delivers(f"2023-11-0{day} {hour}:00", send=greylisted)
    [about] = office.notices(unit=VINH)
    assert about["state"] == "dead" and "Greylisted" in about["reason"]
    history = office.post_history(unit=VINH)
    assert [(one["before"], one["after"]) for one in history][:3] == [
        ("", "due"), ("due", "submitting"), ("submitting", "retry")]  # fmt: skip
    assert history[-1]["after"] == "dead"


def test_a_limit_sends_so_many_and_the_rest_later(office, post):
    assert office.delivers("2023-11-01 08:00", limit=3).sent == 3 == len(post.mails())
    assert office.delivers("2023-11-01 08:01").sent == LETTERS - 3


def test_nothing_is_concluded_from_a_picture_that_did_not_look_at_the_plan(office, post):
    """A dispatcher dies with everything on the line; the next finds nothing waiting, then learns that nothing left."""
    with pytest.raises(PowerCut):
        office.delivers("2023-11-01 08:00", send=lambda letters: (_ for _ in ()).throw(PowerCut()))
    knows = Knows(office.settings, post.takes)
    office.delivers("2023-11-01 08:20", channels={"email": knows})
    assert len(post.mails()) == LETTERS and sent_states(office) == {"sent": NOTICES}
    assert Counter(post.recipients()).most_common(1)[0][1] == 1


class Knows(Through):
    """A relay whose log says that it has nothing."""

    def ask(self, parcels, *, since):
        return [Heard.ABSENT for _ in parcels]
