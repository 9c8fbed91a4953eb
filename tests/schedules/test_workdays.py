"""Which days count, why, and how they are counted; what a year rests on; the days that an office adds."""

import copy
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules import workdays
from schedules.decided_years import BY_RULE, UNDECIDED, decisions, official, verified
from schedules.office_days import COLUMNS, OPTIONAL, BadDays, read_days
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
        ("2024-05-04", True, "làm bù cho ngày 29/04/2024"),
        ("2025-05-02", False, "nghỉ hoán đổi (làm bù ngày 26/04/2025)"),
        ("2025-04-26", True, "làm bù cho ngày 02/05/2025"),
        ("2026-01-02", False, "nghỉ hoán đổi (làm bù ngày 10/01/2026)"),  # công văn 12729/VPCP-KGVX
        ("2026-01-10", True, "làm bù cho ngày 02/01/2026"),
        ("2026-08-31", False, "nghỉ hoán đổi (làm bù ngày 22/08/2026)"),
        ("2026-08-22", True, "làm bù cho ngày 31/08/2026"),
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


def free(*spans: tuple[str, str]) -> set[date]:
    return {day for span in spans for day in days_between(*map(date.fromisoformat, span))}


# The days in a row that were announced, each with the days around it that were worked. Pages that restate the
# announcement; the originals were not seen.
@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2023-01-20", "2023-01-26"),  # Tết: 8056/VPCP-KGVX, 01/12/2022 (kiemtientuweb.com/tet-2023.html; pld.net.vn)
        ("2023-04-29", "2023-05-03"),  # Giỗ Tổ, 30/4, 1/5 (todaycnews.com/thaonguyen/nghi-le-30-4)
        ("2023-09-01", "2023-09-04"),  # Quốc khánh: 8056/VPCP-KGVX
        ("2024-02-08", "2024-02-14"),  # Tết: Bộ LĐ-TB&XH (sucsongtre.vn)
        ("2024-04-27", "2024-05-01"),  # 2450/VPCP-KGVX (baophapluat.vn, post12513)
        ("2024-08-31", "2024-09-03"),  # Quốc khánh: Bộ LĐ-TB&XH (sucsongtre.vn; phunuvagiadinh.vn)
        ("2025-01-25", "2025-02-02"),  # Tết: 8726/VPCP-KGVX, 26/11/2024 (pld.net.vn; tet-amlich.com)
        ("2025-04-30", "2025-05-04"),  # 02/5 against Saturday 26/4 (tet-amlich.com)
        ("2025-08-30", "2025-09-02"),  # Quốc khánh (tet-amlich.com)
        ("2026-01-01", "2026-01-04"),  # 12729/VPCP-KGVX, 25/12/2025, as a news page restates it
        ("2026-02-14", "2026-02-22"),  # Tết (congan.com.vn, 388656)
        ("2026-08-29", "2026-09-02"),  # Quốc khánh: thuvienphapluat.vn (138100727), which the package cites
    ],
)
def test_announced_days_in_a_row_are_off_and_those_around_them_are_not(first: str, last: str):
    days = free((first, last))
    assert not any(map(VN.is_working_day, days))
    assert VN.is_working_day(min(days) - timedelta(days=1)) and VN.is_working_day(max(days) + timedelta(days=1))


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_no_weekday_is_off_beyond_what_is_known(year: int):
    """Everything else of these years is an ordinary week: nothing was forgotten, nothing invented."""
    named = {
        2023: free(
            ("2023-01-02", "2023-01-02"), ("2023-01-20", "2023-01-26"), ("2023-05-01", "2023-05-03"),
            ("2023-09-01", "2023-09-04"),
        ),
        2024: free(
            ("2024-01-01", "2024-01-01"), ("2024-02-08", "2024-02-14"), ("2024-04-18", "2024-04-18"),
            ("2024-04-29", "2024-05-01"), ("2024-09-02", "2024-09-03"),
        ),
        2025: free(
            ("2025-01-01", "2025-01-01"), ("2025-01-27", "2025-01-31"), ("2025-04-07", "2025-04-07"),
            ("2025-04-30", "2025-05-02"), ("2025-09-01", "2025-09-02"),
        ),
        2026: free(
            ("2026-01-01", "2026-01-02"), ("2026-02-16", "2026-02-20"), ("2026-04-27", "2026-04-27"),
            ("2026-04-30", "2026-05-01"), ("2026-08-31", "2026-09-02"), ("2026-11-24", "2026-11-24"),
        ),
    }[year]  # fmt: skip
    worked = {
        2024: {date(2024, 5, 4)}, 2025: {date(2025, 4, 26)}, 2026: {date(2026, 1, 10), date(2026, 8, 22)},
    }.get(year, set())  # fmt: skip
    every = list(days_between(date(year, 1, 1), date(year, 12, 31)))
    assert {day for day in every if day.weekday() < 5 and not VN.is_working_day(day)} == {
        day for day in named if day.weekday() < 5
    }
    assert {day for day in every if day.weekday() > 4 and VN.is_working_day(day)} == worked


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
    assert WorkCalendar("40", (STORM,)) == WorkCalendar("40", (STORM,)) != WorkCalendar("40")


def test_a_calendar_can_be_copied_and_sent_to_another_process():
    calendar = WorkCalendar("40", (STORM,))
    calendar.is_working_day(STORM.day)
    for other in (copy.deepcopy(calendar), pickle.loads(pickle.dumps(calendar))):
        assert other == calendar and hash(other) == hash(calendar) and not other.is_working_day(STORM.day)


# The office's own days

STORM = OverlayRow(date(2026, 9, 28), False, "nghỉ phòng chống bão", "Công điện 26/CĐ-UBND", "40")
SWAPPED = (
    OverlayRow(date(2027, 1, 4), False, "nghỉ hoán đổi", "Thông báo 1/TB-BNV", None),
    OverlayRow(date(2027, 1, 9), True, "làm bù cho ngày 04/01/2027", "Thông báo 1/TB-BNV", None),
)


def test_an_office_adds_days_for_the_country_and_for_its_province():
    ours = WorkCalendar("40", (STORM, *SWAPPED))
    assert ours.why(STORM.day) == "nghỉ phòng chống bão" and not ours.is_working_day(STORM.day)
    assert not ours.is_working_day(date(2027, 1, 4)) and ours.is_working_day(date(2027, 1, 9))
    elsewhere = WorkCalendar("20", (STORM, *SWAPPED))
    assert elsewhere.is_working_day(STORM.day) and not elsewhere.is_working_day(date(2027, 1, 4))
    assert work_calendar("40").is_working_day(STORM.day)  # what is shipped stays as it was


def row(day: str, working: bool, reason: str, province: str | None = None) -> OverlayRow:
    return OverlayRow(date.fromisoformat(day), working, reason, "văn bản", province)


def test_the_nearest_authority_and_the_later_row_have_the_last_word():
    day = "2026-01-10"  # worked, says the shipped overlay
    assert WorkCalendar("40", (row(day, False, "văn phòng"),)).why(date.fromisoformat(day)) == "văn phòng"
    both = (row(day, True, "tỉnh", "40"), row(day, False, "cả nước"))
    assert WorkCalendar("40", both).why(date.fromisoformat(day)) == "tỉnh"
    assert WorkCalendar("20", both).why(date.fromisoformat(day)) == "cả nước"
    later = (row(day, False, "trước"), row(day, True, "sau"))
    assert WorkCalendar("40", later).why(date.fromisoformat(day)) == "sau"


def test_nobody_changes_a_calendar_by_its_days():
    with pytest.raises(TypeError):
        VN.special(2026)[date(2026, 1, 5)] = VN.special(2026)[date(2026, 1, 1)]  # type: ignore[index]


OFFICE_ROWS = st.lists(
    st.builds(
        OverlayRow, st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.booleans(), st.just("lý do"), st.just("văn bản"),
        st.sampled_from([None, "40", "20"]),
    ),
    max_size=30,
).map(tuple)  # fmt: skip


@given(OFFICE_ROWS, st.dates(date(2024, 12, 1), date(2027, 1, 31)), st.integers(1, 15))
def test_the_laws_of_counting_hold_whatever_the_office_adds(office: tuple[OverlayRow, ...], day: date, n: int):
    calendar = WorkCalendar("40", office)
    home = calendar.on_or_after(day)
    assert calendar.nth_before(calendar.nth_from(home, n + 1), n) == home
    assert calendar.begun_since(midnight(day), midnight(calendar.nth_from(day, n))) == n
    ours = [one for one in office if one.day == day and one.province in (None, "40")]
    if ours:
        nearest = [one for one in ours if one.province == "40"] or ours
        assert calendar.is_working_day(day) == nearest[-1].working


@given(OFFICE_ROWS, st.integers(2024, 2027))
def test_a_day_off_is_never_a_working_day(office: tuple[OverlayRow, ...], year: int):
    calendar = WorkCalendar("40", office)
    for day, special in calendar.special(year).items():
        assert day.year == year and special.reason and special.citation
        assert calendar.is_working_day(day) is special.working


# What a year rests on


def cited(one: OverlayRow, citation: str) -> OverlayRow:
    return one._replace(citation=citation)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_a_year_whose_announcement_is_known(year: int):
    basis = official(year)
    assert basis.official and basis.source == decisions()[year].decision
    assert any("chưa đối chiếu văn bản gốc" in note for note in basis.notes)


def test_the_days_off_of_a_decided_year_are_those_of_its_announcement():
    """The shipped list and the calendar are two copies of one fact."""
    assert "26/01/2023" in decisions()[2023].decision and "03/9/2024" in decisions()[2024].decision
    assert all(one.decision and one.read_at for one in decisions().values())


@pytest.mark.parametrize("year", [2021, 2027, 2028, 2060])
def test_a_year_without_an_announcement_says_so(year: int):
    basis = official(year)
    assert not basis.official and basis.source == BY_RULE and UNDECIDED in basis.notes
    assert "chưa có thông báo chính thức" in UNDECIDED and "có thể đổi" in UNDECIDED


def test_a_year_of_which_the_package_knows_the_swapped_days():
    assert official(2019).official and "chưa đối chiếu" in official(2019).source


def test_what_was_written_from_memory_is_told():
    told = " ".join(official(2026).notes)
    assert "02/01/2026" in told and "10/01/2026" in told and "chưa đối chiếu" in told
    assert "24/11/2026" in told  # the change of the Labour Code was not found
    assert "24/11/2027" in " ".join(official(2027).notes)


def test_an_office_that_knows_better_silences_the_doubt():
    shipped = [one for one in overlay() if one.day == date(2026, 1, 2)]
    ours = tuple(cited(one, "Văn bản 12729/VPCP-KGVX ngày 25/12/2025") for one in shipped)
    told = " ".join(official(2026, WorkCalendar(None, ours)).notes)
    assert (
        "02/01/2026: nghỉ" not in told
        and "10/01/2026: làm bù" in told
        and "văn phòng đã ghi 1 ngày: 02/01/2026" in told
    )


def test_an_office_can_put_the_announcement_itself_on_record():
    tet = OverlayRow(date(2027, 2, 4), False, "nghỉ Tết", "Thông báo 1/TB-BNV", None)
    national = OverlayRow(date(2027, 9, 3), False, "nghỉ Quốc khánh", "Thông báo 1/TB-BNV", None)
    assert not official(2027, WorkCalendar(None, (tet,))).official
    assert not official(2027, WorkCalendar("40", (tet, national._replace(province="40")))).official
    assert not official(2027, WorkCalendar(None, (tet, cited(national, "theo trí nhớ")))).official
    basis = official(2027, WorkCalendar(None, (tet, national)))
    assert basis.official and basis.source == "Thông báo 1/TB-BNV"


def test_a_citation_says_of_itself_that_it_was_not_checked():
    assert verified("Công văn 2450/VPCP-KGVX") and not verified("ghi theo trí nhớ, CHƯA ĐỐI CHIẾU")


# Reading an office's file


@dataclass(frozen=True)
class Cells:
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def cells(*rows: str) -> list[Cells]:
    """Rows as an office writes them: day;working;reason;citation;province."""
    names = (*COLUMNS, *OPTIONAL)
    return [Cells(line, dict(zip(names, text.split(";"), strict=False))) for line, text in enumerate(rows, start=2)]


SWAP = ("2027-01-04;0;nghỉ hoán đổi;Thông báo 1/TB-BNV", "09/01/2027;1;làm bù cho ngày 04/01/2027;Thông báo 1/TB-BNV;")


def test_a_file_becomes_the_offices_days():
    assert read_days(cells(*SWAP)) == SWAPPED
    [storm] = read_days(cells("28/9/2026;0;nghỉ phòng chống bão;Công điện 26/CĐ-UBND;40"))
    assert storm == STORM


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2027-02-30;0;nghỉ;văn bản", "không phải là một ngày"),
        ("ngày 4/1;0;nghỉ;văn bản", "ghi như 2026-01-02 hoặc 02/01/2026"),
        ("04/01/27;0;nghỉ;văn bản", "không phải là một ngày"),
        ("1927-01-04;0;nghỉ;văn bản", "nằm ngoài lịch"),
        ("2207-01-04;0;nghỉ;văn bản", "từ năm 2000 đến năm 2099"),
        ("2027-01-04;nghỉ;nghỉ;văn bản", "ghi 0 (ngày nghỉ) hoặc 1"),
        ("2027-01-04;;nghỉ;văn bản", "cột working: «»"),
        ("2027-01-04;0;;văn bản", "cột reason còn trống"),
        ("2027-01-04;0;nghỉ;", "cột citation còn trống"),
        ("2027-01-04;0;nghỉ;văn bản;Nghệ An", "mã tỉnh gồm hai chữ số"),
        ("2027-01-04;0;nghỉ;văn bản;4", "mã tỉnh gồm hai chữ số"),
        ("2027-01-03;0;nghỉ;văn bản", "Chủ Nhật, ngày 03/01/2027, vốn là ngày nghỉ hằng tuần"),
        ("2027-01-05;1;làm việc;văn bản;40", "Thứ Ba, ngày 05/01/2027, vốn là ngày làm việc"),
    ],
)
def test_a_row_that_cannot_be_used_says_what_to_do(text: str, told: str):
    with pytest.raises(BadDays) as bad:
        read_days(cells(*SWAP, text))
    assert [line for line, _ in bad.value.problems] == [4]
    assert told in str(bad.value) and str(bad.value).startswith("dòng 4: ")


def test_every_bad_row_is_told_at_once_in_order():
    with pytest.raises(BadDays) as bad:
        read_days(cells("2027-01-03;0;nghỉ;văn bản", SWAP[0], "x;0;nghỉ;văn bản", SWAP[0]))
    assert [line for line, _ in bad.value.problems] == [2, 4, 5]
    assert "đã có ở dòng 3" in str(bad.value)


def test_one_day_may_stand_once_for_the_country_and_once_for_a_province():
    rows = cells(SWAP[0], "04/01/2027;1;vẫn làm việc;Công văn 2/UBND-NC;40")
    assert [one.province for one in read_days(rows)] == [None, "40"]
    with pytest.raises(BadDays, match="vốn là ngày làm việc"):
        read_days(rows[1:])  # without the country's row it says nothing new


def test_an_announcement_may_restate_days_that_the_rule_knew():
    """That is how a year becomes decided where the announcement changes nothing."""
    told = cells("2027-02-04;0;nghỉ Tết;Thông báo 1/TB-BNV", "2027-09-03;0;nghỉ Quốc khánh;Thông báo 1/TB-BNV")
    assert official(2027, WorkCalendar(None, read_days(told))).official


def test_what_is_on_record_word_for_word_is_passed_over():
    def known(province: str | None) -> WorkCalendar:
        return WorkCalendar(province, SWAPPED)

    assert read_days(cells(*SWAP), known=known) == ()
    taken_back = (*SWAPPED, SWAPPED[0]._replace(working=True, reason="bỏ hoán đổi"))
    assert read_days(cells(*SWAP), known=lambda province: WorkCalendar(province, taken_back)) == SWAPPED[:1]
