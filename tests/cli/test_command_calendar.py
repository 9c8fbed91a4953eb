"""`dondoc calendar` and `dondoc plan ics`: which days count, what a year rests on, deadlines as a calendar file."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from command_cast import HOME_AFFAIRS, PLAN, VINH, Dondoc, as_process, in_process
from icalendar import Calendar

from models.calendars import days_told
from models.database import connect, writing
from models.ledger import Fact, append
from schedules.workdays import OverlayRow, days_between, work_calendar
from schedules.zone import VIETNAM

FIELDS = {"day", "weekday", "working", "reason", "source", "citation", "province"}


def shown(dondoc: Dondoc, year: int, *options: str) -> dict[str, dict[str, Any]]:
    return {row["day"]: row for row in dondoc.done("calendar", "show", year, *options)}


def checked(dondoc: Dondoc, *years: int) -> dict[int, dict[str, Any]]:
    return {one["year"]: one for one in dondoc.done("calendar", "check", *years)["years"]}


def applied(dondoc: Dondoc, *rows: OverlayRow) -> None:
    """The office's own days, as `dondoc calendar apply` leaves them in the ledger."""
    now = datetime(2026, 11, 20, 9, tzinfo=VIETNAM)
    engine = connect(f"sqlite:///{dondoc.home / 'dondoc.sqlite'}")
    with writing(engine) as db:
        told = Fact("calendar_changed", now, "lịch của văn phòng", data=(("days", days_told(rows)),))
        append(db, [told], actor="test", now=now)
    engine.dispose()


# calendar show


def test_the_special_days_of_2026(dondoc: Dondoc) -> None:
    rows = shown(dondoc, 2026)
    assert list(rows) == sorted(rows) and all(set(row) == FIELDS for row in rows.values())
    assert rows["2026-02-17"] == {
        "day": "2026-02-17", "weekday": "Thứ Ba", "working": False, "reason": "nghỉ lễ Tết Nguyên Đán",
        "source": "holidays", "citation": "Bộ luật Lao động 2019, Điều 112, theo gói phần mềm holidays",
        "province": None,
    }  # fmt: skip
    assert rows["2026-01-10"]["working"] and rows["2026-01-10"]["weekday"] == "Thứ Bảy"
    assert rows["2026-01-10"]["source"] == "overlay" and "12729/VPCP-KGVX" in rows["2026-01-10"]["citation"]
    assert rows["2026-08-22"]["reason"] == "làm bù cho ngày 31/08/2026"
    assert {day for day, row in rows.items() if row["working"]} == {"2026-01-10", "2026-08-22"}
    assert "2026-01-03" not in rows  # a plain Saturday


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026, 2027])
def test_what_is_shown_is_what_counts(dondoc: Dondoc, year: int) -> None:
    rows, calendar = shown(dondoc, year, "--province", "40"), work_calendar("40")
    for day in days_between(date(year, 1, 1), date(year, 12, 31)):
        row = rows.get(day.isoformat())
        assert calendar.is_working_day(day) is (row["working"] if row else day.weekday() < 5)


def test_people_see_the_year_in_vietnamese(dondoc: Dondoc) -> None:
    ran = in_process("calendar", "show", "2026")
    assert ran.code == 0
    assert "Lịch làm việc năm 2026 (cả nước): 249 ngày làm việc." in ran.out
    assert "02/01/2026  Thứ Sáu   nghỉ      nghỉ hoán đổi (làm bù ngày 10/01/2026)" in ran.out
    months = [line.split() for line in ran.out.splitlines() if line[:2].strip().isdigit() and "/" not in line]
    assert len(months) == 12 and sum(int(month[1]) for month in months) == 249
    assert sum(int(month[2]) for month in months) == 365 - 249


def test_the_offices_own_days_are_shown(dondoc: Dondoc) -> None:
    applied(dondoc, OverlayRow(date(2026, 9, 28), False, "nghỉ phòng chống bão", "Công điện 26/CĐ-UBND", "40"))
    row = shown(dondoc, 2026, "--province", "40")["2026-09-28"]
    assert (row["source"], row["citation"], row["province"]) == ("office", "Công điện 26/CĐ-UBND", "40")
    assert "2026-09-28" not in shown(dondoc, 2026, "--province", "20") | shown(dondoc, 2026)
    told = dondoc.done("calendar", "check", 2026, "--province", "40")["years"][0]["notes"]
    assert "văn phòng đã ghi 1 ngày: 28/09/2026" in told


def test_the_offices_announcement_decides_a_year(dondoc: Dondoc) -> None:
    announced = "Thông báo 1/TB-BNV ngày 20/11/2026"
    applied(
        dondoc,
        OverlayRow(date(2027, 2, 4), False, "nghỉ Tết", announced, None),
        OverlayRow(date(2027, 9, 3), False, "nghỉ Quốc khánh", announced, None),
    )
    told = checked(dondoc, 2027)[2027]
    assert told["official"] is True and told["source"] == announced


def test_without_a_database_the_shipped_calendar_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "chua-co"
    monkeypatch.setenv("DONDOC_HOME", str(home))
    bare = Dondoc(home)
    assert "2026-01-10" in shown(bare, 2026, "--province", "40")
    assert "«99»" in bare("calendar", "show", 2026, "--province", "99").reason
    assert checked(bare, 2027)[2027]["official"] is False
    assert not home.exists()


@pytest.mark.parametrize("verb", ["show", "check"])
@pytest.mark.parametrize("year", [1999, 2100, 26])
def test_a_year_beyond_the_calendar_is_refused(dondoc: Dondoc, verb: str, year: int) -> None:
    reason = dondoc("calendar", verb, year).reason
    assert f"Năm {year}" in reason and "2000" in reason and "2099" in reason


def test_a_province_that_does_not_exist_is_refused(dondoc: Dondoc) -> None:
    for province in ("99", "4", "Nghệ An"):
        assert f"«{province}»" in dondoc("calendar", "show", 2026, "--province", province).reason


# calendar check


def test_this_year_and_the_next_two_are_checked(dondoc: Dondoc) -> None:
    found = checked(dondoc)
    assert [(year, one["official"]) for year, one in found.items()] == [(2026, True), (2027, False), (2028, False)]
    assert list(checked(dondoc.when("2023-06-01T03:00:00Z"))) == [2023, 2024, 2025]


def test_a_year_without_a_decision_says_so(dondoc: Dondoc) -> None:
    told = checked(dondoc, 2027)[2027]
    assert set(told) == {"year", "official", "source", "notes"}
    assert any("chưa có thông báo chính thức" in note and "có thể đổi" in note for note in told["notes"])


def test_days_written_from_memory_are_told(dondoc: Dondoc) -> None:
    notes = checked(dondoc, 2026)[2026]["notes"]
    assert sum("12729/VPCP-KGVX" in note and "chưa đối chiếu" in note for note in notes) == 2


def test_years_asked_twice_are_told_once_and_the_check_only_informs(dondoc: Dondoc) -> None:
    ran = in_process("calendar", "check", "2027", "2024", "2027")
    assert ran.code == 0 and ran.err == ""
    heads = [line for line in ran.out.splitlines() if line.startswith("Năm")]
    assert [head[:9] for head in heads] == ["Năm 2027:", "Năm 2024:"]
    assert "chưa có thông báo chính thức" in heads[0] and "đã có thông báo" in heads[1]


# plan ics


def test_the_plans_file_goes_to_standard_output_as_it_is(dondoc: Dondoc) -> None:
    ran = as_process(dondoc.home, "plan", "ics", PLAN, "--from", "2023-07-01", "--to", "2027-12-31")
    assert ran.code == 0 and "\r\n" in ran.out and "\n" not in ran.out.replace("\r\n", "")
    file = Calendar.from_ical(ran.out)
    assert "Báo cáo năm kết quả thực hiện Luật (năm 2026)" in " ".join(str(e["SUMMARY"]) for e in file.walk("VEVENT"))
    assert "5 nhiệm vụ không có ngày đến hạn" in ran.err


def test_the_usual_span_is_a_month_back_and_a_year_ahead(dondoc: Dondoc) -> None:
    made = dondoc.done("plan", "ics", PLAN)
    days = [event.DTSTART for event in Calendar.from_ical(made["ics"]).walk("VEVENT")]
    assert made["deadlines"] == len(days) > 0
    assert min(days) >= date(2026, 10, 22) and max(days) <= date(2027, 12, 26)
    assert (made["plan"], made["unit"], made["file"], made["without_due"]) == (PLAN, None, None, 5)


def test_one_units_file(dondoc: Dondoc, tmp_path: Path) -> None:
    out = tmp_path / "so-noi-vu.ics"
    made = dondoc.done("plan", "ics", PLAN, "--unit", HOME_AFFAIRS, "--out", out)
    assert made["file"] == str(out) and made["unit"] == HOME_AFFAIRS and "ics" not in made
    file = Calendar.from_ical(out.read_bytes())
    assert "Sở Nội vụ" in file["X-WR-CALNAME"] and len(file.walk("VEVENT")) == made["deadlines"]
    told = in_process("plan", "ics", PLAN, "--unit", HOME_AFFAIRS, "--out", str(out))
    assert told.out == "" and f"Đã ghi {made['deadlines']} thời hạn vào {out}." in told.err


def test_a_report_makes_its_mark(dondoc: Dondoc) -> None:
    assert dondoc.submit(period="2026", at="2026-11-20").code == 0
    made = dondoc.done("plan", "ics", PLAN, "--unit", HOME_AFFAIRS)
    [event] = [e for e in Calendar.from_ical(made["ics"]).walk("VEVENT") if ".bao-cao-nam.2026." in e["UID"]]
    assert event["SUMMARY"].startswith("✓ ")


def test_exporting_changes_nothing(dondoc: Dondoc) -> None:
    before = dondoc.state
    dondoc.done("plan", "ics", PLAN)
    dondoc.done("plan", "ics", PLAN, "--unit", HOME_AFFAIRS)
    assert dondoc.state == before


def test_what_cannot_be_exported_is_refused(dondoc: Dondoc, tmp_path: Path) -> None:
    assert PLAN in dondoc("plan", "ics", "nghe-an-2024").reason
    assert "Không có" in dondoc("plan", "ics", PLAN, "--unit", "b:40.so-khong-co").reason
    assert "«hôm nay»" in dondoc("plan", "ics", PLAN, "--from", "hôm nay").reason
    assert "sau ngày cuối" in dondoc("plan", "ics", PLAN, "--from", "2027-01-01", "--to", "2026-01-01").reason
    empty = dondoc("plan", "ics", PLAN, "--from", "2024-02-01", "--to", "2024-02-02").reason
    assert "Từ 01/02/2024 đến 02/02/2024 không có thời hạn nào" in empty and "dondoc plan preview" in empty
    nowhere = dondoc("plan", "ics", PLAN, "--out", tmp_path / "khong-co" / "lich.ics").reason
    assert "lich.ics" in nowhere and "--out" in nowhere


def test_a_unit_that_has_ended_keeps_only_its_past(dondoc: Dondoc) -> None:
    assert "Thành phố Vinh" in dondoc("plan", "ics", PLAN, "--unit", VINH).reason
    made = dondoc.done("plan", "ics", PLAN, "--unit", VINH, "--from", "2023-07-01")
    days = {event.DTSTART for event in Calendar.from_ical(made["ics"]).walk("VEVENT")}
    assert date(2024, 11, 30) in days and max(days) < date(2026, 1, 1)
