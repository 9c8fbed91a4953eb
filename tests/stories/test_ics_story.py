"""Deadlines leave as an iCalendar file: what stands in it, that it keeps to RFC 5545, and that a program takes it."""

import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from cast import HOME_AFFAIRS, JUSTICE, VINH, instant
from icalendar import Calendar

from models.database import reading, writing
from models.ledger import Fact, append
from models.record import read_record
from models.settings import Settings
from schedules.data_periods import STATUTORY
from schedules.zone import at, midnight
from tasks.ics import export

YEAR = ("bao-cao-nam", "2024")
UID_2024 = "nghe-an-2023.bao-cao-nam.2024"
SETTINGS = Settings(
    home=Path("/nowhere"), database_url="", mail_domain="nghean.invalid", mail_from="Đôn đốc <don-doc@nghean.invalid>"
)


def exported(
    office, as_of="2024-11-20", *, unit=None, since="2024-01-01", through="2024-12-31", plan=None, settings=SETTINGS
):
    plan = plan or office.plan
    with reading(office.engine) as db:
        units, record = office.units(db), read_record(db, plan, as_of=instant(as_of))
    return export(
        plan, units, record, settings, unit=unit, since=date.fromisoformat(since),
        through=date.fromisoformat(through), as_of=instant(as_of),
    )  # fmt: skip


def events(office, as_of="2024-11-20", **asked):
    """UID without its domain → event."""
    file = Calendar.from_ical(exported(office, as_of, **asked).content)
    return {str(event["UID"]).partition("@")[0]: event for event in file.walk("VEVENT")}


def alarms(event):
    return sorted(alarm.TRIGGER for alarm in event.walk("VALARM"))


# What stands in it


def test_the_plans_deadlines_of_a_year(office):
    found = events(office)
    assert list(found) == [
        UID_2024, "nghe-an-2023.tap-huan-cap-tinh.2024", "nghe-an-2023.tap-huan-cap-xa.2024",
    ]  # fmt: skip
    assert {event.DTSTART for event in found.values()} == {date(2024, 11, 30), date(2024, 12, 31)}


def test_a_deadline_is_an_all_day_event_on_its_last_day(office):
    event = events(office)[UID_2024]
    assert (date(2024, 11, 30), date(2024, 12, 1)) == (event.DTSTART, event.DTEND)  # 30/11 is a Saturday and stays
    assert event["SUMMARY"] == "Hạn: Báo cáo năm kết quả thực hiện Luật (năm 2024)"
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")
    assert event.categories == ["Đôn đốc", "nghe-an-2023"]
    assert event["URL"] == "http://127.0.0.1:8080/ke-hoach/nghe-an-2023/nhiem-vu/bao-cao-nam/2024"
    assert event["UID"] == f"{UID_2024}@nghean.invalid"
    assert (
        event["ORGANIZER"] == "mailto:don-doc@nghean.invalid" and event["ORGANIZER"].params["CN"] == "UBND tỉnh Nghệ An"
    )


def test_it_says_how_the_deadline_was_counted_and_where_it_is_written(office):
    text = str(events(office)[UID_2024]["DESCRIPTION"])
    assert "Thời hạn: hết ngày 30/11/2024" in text and "đoạn 9" in text
    assert "trước ngày 01/12: không gồm ngày 01/12" in text
    assert "Bộ luật Dân sự 2015, Điều 148 khoản 6" in text
    assert "Tình hình" not in text  # the plan's own file is nobody's


def test_a_calendar_rings_in_the_morning_seven_days_and_one_day_before(office):
    before = at(date(2024, 11, 23), time(7, 30))
    assert alarms(events(office)[UID_2024]) == [before - midnight(date(2024, 11, 30)), -timedelta(hours=16, minutes=30)]
    assert alarms(events(office, "2024-11-25")[UID_2024]) == [
        -timedelta(hours=16, minutes=30)
    ]  # not at once, for the past
    assert alarms(events(office, "2024-11-30")[UID_2024]) == []


def test_duties_without_a_date_are_left_out_and_told(office):
    made = exported(office)
    assert len(made.without_due) == 5 and made.deadlines == 3
    assert any("Tham mưu Nghị quyết" in title for title in made.without_due)  # waits for an event
    assert len(exported(office, unit=JUSTICE).without_due) == 2


def test_the_span_of_the_figures_stands_beside_the_due_date(office):
    duties = tuple(
        replace(duty, data_period=STATUTORY) if duty.code == YEAR[0] else duty for duty in office.plan.duties
    )
    text = str(events(office, plan=replace(office.plan, duties=duties))[UID_2024]["DESCRIPTION"])
    assert "Kỳ số liệu: 15/12/2023–14/12/2024 (Nghị định 09/2019/NĐ-CP, Điều 12)" in text
    assert "hết ngày 30/11/2024" in text


# One unit's file


def test_a_units_deadlines_with_where_each_stands(office):
    office.sweeps("2024-11-01")
    event = events(office, unit=VINH)[f"{UID_2024}.{VINH}"]
    assert "Tình hình lúc 07:30 ngày 20/11/2024: Chưa báo cáo" in event["DESCRIPTION"]
    assert len(alarms(event)) == 2
    late = events(office, "2024-12-10", unit=VINH)[f"{UID_2024}.{VINH}"]
    assert "Quá hạn 7 ngày làm việc" in late["DESCRIPTION"] and not alarms(late)


def test_what_is_finished_says_so_and_rings_no_more(office):
    office.sweeps("2024-11-01")
    office.submits(VINH, *YEAR, "2024-11-18 16:00")
    event = events(office, unit=VINH)[f"{UID_2024}.{VINH}"]
    assert event["SUMMARY"].startswith("✓ Hạn: Báo cáo năm") and event["STATUS"] == "CONFIRMED"
    assert "Hoàn thành đúng hạn, nộp lúc 16:00 ngày 18/11/2024" in event["DESCRIPTION"]
    assert not alarms(event)


def test_what_is_no_longer_asked_is_a_cancelled_event(office):
    office.sweeps("2024-11-01")
    office.exempts(VINH, reason="không có nhiệm vụ", on="2024-11-10", duty=YEAR[0])
    event = events(office, unit=VINH)[f"{UID_2024}.{VINH}"]
    assert event["STATUS"] == "CANCELLED" and event["SUMMARY"].endswith("– Không áp dụng") and not alarms(event)


def test_an_extension_moves_the_units_event_and_tells_why(office):
    office.sweeps("2024-11-01")
    with writing(office.engine) as db:
        append(db, [Fact(
            "extended", instant("2024-11-18 09:00"), "chờ số liệu cấp xã", plan=office.plan.code, duty=YEAR[0],
            period=YEAR[1], unit=VINH, data=(("due", midnight(date(2024, 12, 16)).isoformat()),),
        )], actor="test", now=instant("2024-11-18 09:00"))  # fmt: skip
    event = events(office, unit=VINH)[f"{UID_2024}.{VINH}"]
    assert date(2024, 12, 15) == event.DTSTART
    assert "Thời hạn: hết ngày 15/12/2024" in event["DESCRIPTION"] and "chờ số liệu cấp xã" in event["DESCRIPTION"]
    assert date(2024, 11, 30) == events(office, unit=HOME_AFFAIRS)[f"{UID_2024}.{HOME_AFFAIRS}"].DTSTART
    assert date(2024, 11, 30) == events(office)[UID_2024].DTSTART


def test_a_unit_sees_later_periods_too(office):
    found = events(office, unit=HOME_AFFAIRS, since="2024-11-01", through="2027-12-31")
    years = [uid.split(".")[2] for uid in found if ".bao-cao-nam." in uid]
    assert years == ["2024", "2025", "2026", "2027"]
    ahead = found[f"nghe-an-2023.bao-cao-nam.2027.{HOME_AFFAIRS}"]
    assert "Chưa đến kỳ" in ahead["DESCRIPTION"]
    assert ahead["URL"].endswith("/ke-hoach/nghe-an-2023")  # its own page is still to come


# Imported again


def test_a_later_file_takes_the_place_of_an_earlier_one(office):
    first, later = (events(office, day)[UID_2024] for day in ("2024-11-20", "2024-11-21"))
    same_day = events(office, "2024-11-20 09:00")[UID_2024]
    assert first["UID"] == later["UID"] == same_day["UID"]
    assert first["SEQUENCE"] == same_day["SEQUENCE"] < later["SEQUENCE"]
    assert first.DTSTAMP < same_day.DTSTAMP < later.DTSTAMP
    assert exported(office).content == exported(office).content


def test_every_event_has_an_identity_of_its_own(office):
    span = {"since": "2023-07-01", "through": "2027-12-31"}
    files = [exported(office, unit=unit, **span) for unit in (None, VINH, HOME_AFFAIRS)]
    uids = [str(e["UID"]) for file in files for e in Calendar.from_ical(file.content).walk("VEVENT")]
    assert len(uids) == len(set(uids)) == sum(file.deadlines for file in files) > 20


# RFC 5545


@pytest.fixture(params=[None, HOME_AFFAIRS], ids=["plan", "unit"])
def content(office, request):
    office.sweeps("2024-11-01")
    return exported(office, unit=request.param, since="2023-07-01", through="2026-12-31").content


def test_lines_end_with_crlf_and_are_folded_between_letters(content):
    assert content.endswith(b"\r\n") and not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # a fold inside a letter would fail here
    text = content.decode().replace("\r\n ", "")
    assert "Báo cáo năm kết quả thực hiện Luật" in text and unicodedata.is_normalized("NFC", text)


def test_every_required_property_is_there_once(content):
    file = Calendar.from_ical(content)
    assert (file["VERSION"], file["CALSCALE"], file["METHOD"]) == ("2.0", "GREGORIAN", "PUBLISH")
    assert file["PRODID"] and file["X-WR-CALNAME"] == file["NAME"] and "Kế hoạch" in file["NAME"]
    found = file.walk("VEVENT")
    assert found and not [part for part in (file, *found) if part.errors]
    for event in found:
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "SEQUENCE", "LAST-MODIFIED",
                     "STATUS", "ORGANIZER", "URL", "CATEGORIES", "TRANSP"):  # fmt: skip
            assert (name in event and not isinstance(event[name], list)) or name == "CATEGORIES", name
        assert event["DTSTART"].params["VALUE"] == "DATE" and timedelta(days=1) == event.DTEND - event.DTSTART
        assert event.DTSTAMP.utcoffset() == timedelta(0)
        for alarm in event.walk("VALARM"):
            assert alarm["ACTION"] == "DISPLAY" and alarm["DESCRIPTION"]


def test_it_reads_back_to_the_same_file(content):
    assert Calendar.from_ical(Calendar.from_ical(content).to_ical()).to_ical() == content


def test_simulated_deadlines_say_so(office):
    file = Calendar.from_ical(exported(office, settings=replace(SETTINGS, simulated=True)).content)
    event = file.walk("VEVENT")[0]
    for text in (file["X-WR-CALNAME"], event["SUMMARY"], event["DESCRIPTION"]):
        assert "DỮ LIỆU MÔ PHỎNG" in text


# A real program

CALCURSE = shutil.which("calcurse")


@pytest.mark.skipif(CALCURSE is None, reason="calcurse is not installed (Debian package calcurse)")
def test_calcurse_takes_it(content, tmp_path):
    file, home = tmp_path / "thoi-han.ics", tmp_path / "calcurse"
    file.write_bytes(content)
    home.mkdir()
    count = len(Calendar.from_ical(content).walk("VEVENT"))
    environment = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "HOME": str(tmp_path), "TERM": "dumb"}
    ran = subprocess.run(
        [str(CALCURSE), "-D", str(home), "-i", str(file)], env=environment, capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    assert f"{count} events" in ran.stdout and "0 skipped" in ran.stdout
    kept = (home / "apts").read_text("utf-8").splitlines()
    assert len(kept) == count
    assert [line for line in kept if line.startswith("11/30/2024") and "Báo cáo năm kết quả thực hiện Luật" in line]
