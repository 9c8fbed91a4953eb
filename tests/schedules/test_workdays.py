"""Which days count, why, and how they are counted."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules import workdays
from schedules.workdays import OverlayRow, WorkCalendar, days_between, overlay, packaged_days, work_calendar
from schedules.zone import at, midnight

VN = work_calendar()
DAYS = st.dates(date(2010, 1, 1), date(2090, 12, 31))
COUNTS = st.integers(1, 40)


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        # Bộ luật Lao động 2019, Điều 112 and the yearly announcements; swaps with their letter.
        ("2023-05-02", False, "nghỉ lễ Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"),
        ("2023-09-01", False, "nghỉ lễ Quốc khánh"),
        ("2024-02-14", False, "nghỉ lễ Mùng năm Tết Nguyên Đán"),
        ("2024-02-15", True, "ngày làm việc"),
        ("2024-04-29", False, "nghỉ hoán đổi (làm bù ngày 04/05/2024)"),  # công văn 2450/VPCP-KGVX
        ("2024-05-04", True, "làm bù"),
        ("2025-05-02", False, "nghỉ hoán đổi (làm bù ngày 26/04/2025)"),
        ("2025-04-26", True, "làm bù"),
        ("2026-01-02", False, "nghỉ hoán đổi (làm bù ngày 10/01/2026)"),  # công văn 12729/VPCP-KGVX
        ("2026-01-10", True, "làm bù cho ngày 02/01/2026"),
        ("2026-08-31", False, "nghỉ hoán đổi (làm bù ngày 22/08/2026)"),
        ("2026-08-22", True, "làm bù"),
        ("2025-11-24", True, "ngày làm việc"),
        ("2026-11-24", False, "nghỉ lễ Ngày Văn hóa Việt Nam"),  # nghị quyết 80-NQ/TW
        ("2019-01-05", True, "làm bù"),  # its day off, 31/12/2018, lies in the year before
        ("2014-12-27", True, "làm bù"),  # its day off, 02/01/2015, lies in the year after
        ("2023-09-30", False, "Thứ Bảy"),
        ("2023-12-31", False, "Chủ Nhật"),
    ],
)
def test_known_days(day: str, working: bool, why: str):
    asked = date.fromisoformat(day)
    for calendar in (VN, work_calendar("40")):
        assert (calendar.is_working_day(asked), calendar.why(asked)) == (working, why)


def test_five_working_days_from_26_04_2024_end_on_07_05_2024():
    """Điều 147 khoản 2: the first day is not counted; the swapped Saturday 04/05/2024 is."""
    assert VN.nth_from(date(2024, 4, 27), 5) == date(2024, 5, 7)


def test_fifteen_days_from_15_04_2024_end_on_02_05_2024():
    """Điều 148 khoản 5: 30/04 is a holiday, so is 01/05."""
    assert VN.on_or_after(date(2024, 4, 15) + timedelta(days=15)) == date(2024, 5, 2)


def test_a_reminder_for_24_11_2026_moves_to_the_day_before():
    assert VN.on_or_before(date(2026, 11, 24)) == date(2026, 11, 23)


def test_an_instant_is_not_a_day():
    with pytest.raises(TypeError, match="local_day"):
        VN.is_working_day(datetime(2024, 4, 30))


@pytest.mark.parametrize("n", [0, -1])
def test_counting_starts_at_one(n: int):
    with pytest.raises(ValueError, match="from 1"):
        VN.nth_from(date(2024, 4, 1), n)


@pytest.mark.parametrize(
    ("due", "as_of", "days"),
    [
        (midnight(date(2023, 12, 1)), midnight(date(2023, 12, 1)) - timedelta.resolution, 0),
        (midnight(date(2023, 12, 1)), midnight(date(2023, 12, 1)), 1),  # a Friday has just begun
        (midnight(date(2023, 12, 1)), at(date(2023, 12, 3), time(23)), 1),
        (midnight(date(2023, 12, 1)), midnight(date(2023, 12, 4)), 2),
        (midnight(date(2024, 12, 1)), at(date(2024, 12, 1), time(12)), 0),  # a Sunday: plainly "Quá hạn"
        (at(date(2023, 12, 1), time(17)), at(date(2023, 12, 1), time(18)), 0),
        (at(date(2023, 12, 1), time(17)), midnight(date(2023, 12, 4)), 1),
    ],
)
def test_working_days_begun_since_due(due: datetime, as_of: datetime, days: int):
    assert VN.begun_since(due, as_of) == days


@given(DAYS, COUNTS)
def test_counting_forward_and_back_comes_home(day: date, n: int):
    home = VN.on_or_after(day)
    assert VN.nth_before(VN.nth_from(home, n + 1), n) == home


@given(DAYS, COUNTS)
def test_the_nth_day_works_and_n_days_work_up_to_it(day: date, n: int):
    last = VN.nth_from(day, n)
    assert VN.is_working_day(last)
    assert sum(map(VN.is_working_day, days_between(day, last))) == n
    assert VN.begun_since(midnight(day), midnight(last)) == n


@given(DAYS)
def test_nearest_working_days_leave_none_between(day: date):
    before, after = VN.on_or_before(day), VN.on_or_after(day)
    assert before <= day <= after
    assert {each for each in days_between(before, after) if VN.is_working_day(each)} == {before, after}


def test_every_overlay_row_is_cited_and_given_once():
    assert overlay()
    assert all(row.reason and row.citation for row in overlay())
    assert len({(row.day, row.province) for row in overlay()}) == len(overlay())


def test_every_overlay_row_changes_what_the_package_says():
    """When this fails after an upgrade, the package has learnt the day and our row can go."""
    for row in overlay():
        special = packaged_days(row.day.year).get(row.day)
        known = special.working if special else row.day.weekday() < 5
        assert known != row.working, f"{row.day} is no longer needed"


@pytest.fixture
def flood_in_40(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    flood = OverlayRow(date(2024, 9, 11), False, "nghỉ phòng chống lũ", "quyết định của tỉnh", "40")
    monkeypatch.setattr(workdays, "overlay", lambda: (flood,))
    workdays.special_days.cache_clear()
    yield
    workdays.special_days.cache_clear()


@pytest.mark.usefixtures("flood_in_40")
def test_a_province_can_have_days_of_its_own():
    day = date(2024, 9, 11)
    assert WorkCalendar("40").why(day) == "nghỉ phòng chống lũ"
    assert not WorkCalendar("40").is_working_day(day)
    assert WorkCalendar("20").is_working_day(day)
    assert WorkCalendar().is_working_day(day)
    assert not WorkCalendar("40").is_working_day(date(2024, 9, 2))  # and keeps the country's


def test_calendars_are_values():
    assert work_calendar("40") is work_calendar("40")
    assert {WorkCalendar("40"), work_calendar("40"), WorkCalendar()} == {WorkCalendar("40"), WorkCalendar()}
