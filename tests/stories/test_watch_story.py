"""Watching the watchman: each trouble is seen, told once in its span, and gone when mended."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cast import HEALTH, VINH, instant, into
from watch_cast import WEDNESDAY, Down, beats, change, looks, paused, reminded_office, rows, told, watches

from channels.outcome import Accepted, Refused
from channels.zalo_templates import APPROVED, Template, register
from models.database import reading, writing
from models.settings import Zalo
from models.tables import contact_address, delivery, dispatcher, notice, zalo_token
from schedules.sending_time import sending_time_ago
from schedules.workdays import work_calendar
from tasks.watch import unreached


@pytest.fixture(scope="module")
def reminded(new_office):
    return reminded_office(new_office)


@pytest.fixture
def office(new_office, reminded):
    return new_office(like=reminded)


@pytest.fixture
def alive(office):
    """A dispatcher that never dies."""
    beats(office, "2030-01-01")
    return office


# Late


def test_hours_of_sending_are_counted_and_nights_and_weekends_are_not():
    calendar, hour = work_calendar("40"), timedelta(hours=1)
    assert sending_time_ago(instant("2023-11-01 09:30"), hour, calendar) == instant("2023-11-01 08:30")
    assert sending_time_ago(instant("2023-11-01 07:30"), hour, calendar) == instant("2023-10-31 19:30")
    assert sending_time_ago(instant("2023-11-06 07:30"), hour, calendar) == instant("2023-11-03 19:30")
    assert sending_time_ago(instant("2023-11-05 12:00"), hour, calendar) == instant("2023-11-03 19:00")
    assert sending_time_ago(instant("2023-11-01 06:59"), hour, calendar) == instant("2023-10-31 19:00")
    assert sending_time_ago(instant("2024-02-15 07:20"), hour, calendar) == instant("2024-02-07 19:20"), "over Tết"


def test_what_is_late_by_an_hour_is_one_alarm_with_its_number_and_the_oldest(alive):
    assert "late" not in looks(alive, "2023-11-01 08:30")
    late = looks(alive, "2023-11-01 08:31")["late"]
    waiting = sum(row["state"] == "planned" for row in rows(alive, notice))
    assert f"{waiting} thông báo" in late.text and "cũ nhất từ 07:30 ngày 01/11/2023" in late.text
    assert "đơn vị khác" in late.text and len(late.text) < 700


def test_late_is_told_once_a_day_and_not_at_the_weekend(alive):
    assert watches(alive, "2023-11-02 09:00") == 1 and watches(alive, "2023-11-02 09:01") == 0
    assert watches(alive, "2023-11-02 19:59") == 0
    assert watches(alive, "2023-11-03 06:00") == 0, "at night nothing could be sent"
    assert watches(alive, "2023-11-03 07:00") == 1
    assert watches(alive, "2023-11-04 09:00") == watches(alive, "2023-11-05 09:00") == 0, "Saturday, Sunday"
    assert watches(alive, "2023-11-06 09:00") == 1
    assert told(alive) == {"late": 3}


def test_it_is_gone_when_it_has_left(alive):
    assert "late" in looks(alive, "2023-11-01 10:00")
    alive.delivers("2023-11-01 10:00", send=into([]))
    assert looks(alive, "2023-11-01 10:01") == {}
    assert looks(alive, "2023-11-02 10:01") == {}


def test_what_a_server_does_not_take_is_late_too(alive):
    alive.delivers(WEDNESDAY, send=Down())
    assert "late" not in looks(alive, "2023-11-01 08:59")
    assert "late" in looks(alive, "2023-11-01 09:01")


def test_quiet_hours_are_no_delay_and_a_paused_duty_neither(new_office, reminded):
    office = new_office(like=reminded)
    beats(office, "2030-01-01")
    row = {"plan": office.plan.code, "duty": "bao-cao-nam", "period": "2023", "submitted_at": "2023-10-31"}
    asked = {r["unit"] for r in office.status("2023-10-31", by="unit") if r["duty"] == "bao-cao-nam" and r["pending"]}
    others = asked - {VINH, HEALTH}
    assert office.imports_reports(*(row | {"unit": unit} for unit in others), now="2023-11-01 07:40") == []
    hoa = {"unit": VINH, "name": "Hòa", "email": "hoa@vinh.vn", "quiet": "07:00-11:00"}
    assert office.imports_contacts(hoa) == []
    office.pauses(HEALTH, "bao-cao-nam", "2023", on="2023-11-01 07:45")
    office.delivers("2023-11-01 07:50", send=into([]))
    waiting = {n["recipient"]: n["state"] for n in rows(office, notice) if n["state"] in ("planned", "sending")}
    assert waiting == {VINH: "sending", HEALTH: "planned"}
    assert looks(office, "2023-11-01 10:59") == {}
    office.delivers("2023-11-01 11:01", send=Down())
    assert "1 thông báo" in looks(office, "2023-11-01 12:02")["late"].text


# Dispatchers


def test_nobody_sends_though_something_is_due(office):
    assert looks(office, "2023-11-01 07:32") == {}
    silent = looks(office, "2023-11-01 07:33")["silent"]
    assert "chưa từng chạy" in silent.text
    beats(office, "2023-11-01 07:40")
    assert "silent" not in looks(office, "2023-11-01 07:43")
    assert "07:40 ngày 01/11/2023" in looks(office, "2023-11-01 07:44")["silent"].text
    assert "silent" not in looks(office, "2023-11-01 22:00"), "at night nothing could be sent anyhow"
    assert watches(office, "2023-11-01 07:50") == 1 and watches(office, "2023-11-01 07:59") == 0
    assert watches(office, "2023-11-01 08:00") == 1, "the gravest trouble is told every hour"


def test_nobody_sends_and_nothing_is_due(office):
    office.delivers(WEDNESDAY, send=into([]))
    assert looks(office, "2023-11-01 12:00") == {}


def test_what_waits_for_its_next_attempt_is_due_then(office):
    office.delivers(WEDNESDAY, send=lambda letters: [Refused(451, "Later", False) for _ in letters])
    assert looks(office, "2023-11-01 08:02") == {}
    assert "silent" in looks(office, "2023-11-01 08:06")


def test_a_dispatcher_that_died_is_told_until_another_came_in_its_place(office):
    office.delivers(WEDNESDAY, send=into([]))
    beats(office, "2023-11-01 08:10")
    assert looks(office, "2023-11-01 08:13") == {}
    assert "may-chu:1:ab" in looks(office, "2023-11-01 08:14")["dispatcher"].text
    beats(office, "2023-11-01 08:20", owner="may-chu:2:cd", started="2023-11-01 08:00")
    assert "dispatcher" in looks(office, "2023-11-01 08:20"), "the other one ran already"
    beats(office, "2023-11-01 08:21", owner="may-chu:3:ef", started="2023-11-01 08:11")
    assert looks(office, "2023-11-01 08:21") == {}
    beats(office, "2023-11-03 08:00", owner="may-chu:3:ef", started="2023-11-01 08:11")
    watches(office, "2023-11-03 08:00")
    assert {row["owner"] for row in rows(office, dispatcher)} == {"may-chu:3:ef"}


def test_one_that_waits_long_for_an_answer_is_alive(office):
    beats(office, "2023-11-01 08:00")
    with pytest.raises(ZeroDivisionError):
        office.delivers(WEDNESDAY, send=lambda letters: 1 / 0)
    change(office, sa.update(delivery).values(lease_owner="may-chu:1:ab"))
    assert looks(office, "2023-11-01 08:09") == {}
    assert {"silent", "dispatcher"} & looks(office, "2023-11-01 08:12").keys()


# What broke off, what is unknown, what is dead


def test_a_lease_that_ended_without_a_record(alive):
    with pytest.raises(ZeroDivisionError):
        alive.delivers(WEDNESDAY, send=lambda letters: 1 / 0)
    assert "lease" not in looks(alive, "2023-11-01 08:13")
    overrun = looks(alive, "2023-11-01 08:13:01")["lease"]
    assert "cũ nhất hết hạn lúc 08:10 ngày 01/11/2023" in overrun.text
    alive.delivers("2023-11-01 08:30", send=into([]))
    assert looks(alive, "2023-11-01 08:31") == {}


def test_what_stays_unknown_waits_for_a_person(alive):
    alive.settings = replace(alive.settings, unknown_by_hand=True)
    with pytest.raises(ZeroDivisionError):
        alive.delivers(WEDNESDAY, send=lambda letters: 1 / 0)
    alive.delivers("2023-11-01 08:30", send=into([]))
    found = looks(alive, "2023-11-01 08:31")
    assert found.keys() == {"unknown"} and "hỏi nơi nhận" in found["unknown"].text
    assert "unknown" in looks(alive, "2023-11-07 08:31"), "until somebody decides"


def test_the_dead_are_told_at_once_then_with_the_day_and_no_address_is_named(alive):
    alive.imports_contacts({"unit": VINH, "name": "Hòa", "email": "hoa@vinh.vn"})
    refuses = "550 5.1.1 <hoa@vinh.vn>: không có hộp thư này"

    def half(letters):
        return [Refused(550, refuses, True) if to == "hoa@vinh.vn" else Accepted(250, "OK") for _, _, to in letters]

    alive.delivers("2023-11-03 08:00", send=half)
    dead = looks(alive, "2023-11-03 08:01")["dead"]
    assert "1 thông báo gửi không được" in dead.text and "Vinh" in dead.text and "hoa@vinh.vn" not in dead.text
    assert watches(alive, "2023-11-03 08:01") == 1 and watches(alive, "2023-11-03 15:00") == 0
    assert watches(alive, "2023-11-04 08:00") == watches(alive, "2023-11-05 23:00") == 0, "not at the weekend"
    assert watches(alive, "2023-11-06 06:59") == 0 and watches(alive, "2023-11-06 07:00") == 1
    assert watches(alive, "2023-11-07 08:00") == 0, "known since the working day before the last"


def test_an_address_that_was_given_up_is_told_shortened(alive):
    alive.delivers(WEDNESDAY, send=into([]))
    alive.imports_contacts({"unit": VINH, "name": "Hòa", "email": "hoa@vinh.vn"})
    why = "thư bị trả lại: 5.1.1 <hoa@vinh.vn> không có"
    change(alive, sa.update(contact_address).values(disabled_at=instant("2023-11-02 09:00"), disabled_why=why))
    said = looks(alive, "2023-11-02 09:05")["addresses"].text
    assert "Vinh (hoa@…: thư bị trả lại: 5.1.1 <hoa@…> không có)" in said and "vinh.vn" not in said
    assert watches(alive, "2023-11-02 09:05") == 1 and watches(alive, "2023-11-02 12:00") == 0
    assert looks(alive, "2023-11-06 09:00") == {}


# Channels and Zalo


def test_a_channel_that_stays_away_is_told_with_since_when(alive):
    for minute in (0, 2, 8):
        alive.delivers(f"2023-11-01 08:{minute:02}", send=Down())
    said = looks(alive, "2023-11-01 08:10")["channel"].text
    assert "thư điện tử" in said and "(gửi không được từ 08:00 ngày 01/11/2023): Không kết nối được." in said
    assert "dondoc channels test email" in said
    alive.delivers("2023-11-01 08:30", send=into([]))
    assert looks(alive, "2023-11-01 08:31") == {}


def test_nights_and_first_failures_mend_themselves(alive):
    alive.delivers(WEDNESDAY, send=into([]))
    paused(alive, "zns", why="ban đêm (mã -133)", paused_until=instant("2023-11-02 06:00"))
    paused(alive, "email", why="Không kết nối được", failures=2, paused_until=instant("2023-11-01 23:10"))
    assert looks(alive, "2023-11-01 23:00") == {}
    paused(alive, "zns", why="Hết tiền (mã -115)", elsewhere=True, paused_until=instant("2023-11-02 00:00"))
    assert "địa chỉ tiếp theo" in looks(alive, "2023-11-01 23:00")["channel"].text
    assert looks(alive, "2023-11-02 00:00") == {}


def test_a_quota_under_a_fifth_of_today(alive):
    alive.delivers(WEDNESDAY, send=into([]))
    paused(alive, "zns", quota_daily=500, quota_left=100, quota_at=instant("2023-11-01 09:00"))
    assert looks(alive, "2023-11-01 09:01") == {}
    paused(alive, "zns", quota_daily=500, quota_left=99, quota_at=instant("2023-11-01 09:00"))
    assert "99 trên 500" in looks(alive, "2023-11-01 09:01")["quota"].text
    assert looks(alive, "2023-11-02 09:01") == {}, "yesterday's"


def test_zalos_token_that_ends_was_refused_or_may_be_lost(alive):
    alive.delivers(WEDNESDAY, send=into([]))
    alive.settings = replace(alive.settings, zalo=Zalo("app", "secret", api="http://127.0.0.1:1"))
    kept = {
        "app_id": "app", "access_token": "a", "refresh_token": "r", "expires_at": instant("2023-11-02"),
        "refresh_expires_at": instant("2023-11-09 08:00"), "generation": 3, "refreshing_by": "", "seed": "",
        "trouble": "",
    }  # fmt: skip
    change(alive, sa.insert(zalo_token).values(**kept))
    assert looks(alive, "2023-11-02 07:59") == {}
    assert "còn 6 ngày" in looks(alive, "2023-11-02 08:01")["token"].text
    assert "đã hết hạn" in looks(alive, "2023-11-09 08:00")["token"].text
    for trouble, said in (("spent", "không nhận refresh token"), ("lost", "không có câu trả lời")):
        change(alive, sa.update(zalo_token).values(trouble=trouble))
        assert said in looks(alive, "2023-11-01 09:00")["token"].text
    assert watches(alive, "2023-11-01 09:00") == 1 and watches(alive, "2023-11-01 10:00") == 0
    alive.settings = replace(alive.settings, zalo=Zalo())
    assert looks(alive, "2023-11-01 09:00") == {}


def test_a_template_that_is_not_approved_is_told_by_the_week(alive):
    alive.delivers(WEDNESDAY, send=into([]))
    alive.settings = replace(alive.settings, zalo=Zalo("app", "secret", api="http://127.0.0.1:1"))
    with writing(alive.engine) as db:
        register(db, "due", Template("77", "", "PENDING_REVIEW", {"don_vi": 100}), now=instant(WEDNESDAY))
        register(db, "overdue", Template("78", "", APPROVED, {"don_vi": 100}), now=instant(WEDNESDAY))
    said = looks(alive, "2023-11-01 09:00")["template"].text
    assert "77" in said and "--purpose due" in said and "78" not in said
    assert watches(alive, "2023-11-01 09:00") == 1 and watches(alive, "2023-11-03 09:00") == 0
    assert watches(alive, "2023-11-06 09:00") == 1


# Units that nobody can be written to


def test_units_without_an_address_are_told_once_a_week_once_mail_is_real(alive):
    alive.delivers(WEDNESDAY, send=into([]))
    plans = {alive.plan.code: alive.plan}
    with reading(alive.engine) as db:
        assert unreached(db, plans, alive.settings, now=instant(WEDNESDAY)) == []
    alive.settings = replace(alive.settings, smtp_url="smtp://127.0.0.1:1")
    with reading(alive.engine) as db:
        [one] = unreached(db, plans, alive.settings, now=instant(WEDNESDAY))
    assert "chưa có đầu mối" in one.text and "dondoc contacts missing" in one.text
    assert watches(alive, "2023-11-01 09:00") == 1
    assert watches(alive, "2023-11-01 09:01") == watches(alive, "2023-11-03 09:00") == 0
    assert watches(alive, "2023-11-05 09:00") == watches(alive, "2023-11-06 06:59") == 0
    assert watches(alive, "2023-11-06 07:00") == 1
    assert told(alive) == {"unreachable": 2}
