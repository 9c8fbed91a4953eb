"""Known dates, each with the article that it tests: what a lawyer would count by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.phrases import term
from schedules.reckon import Given, reckon
from schedules.terms import Backward, Counted, Minimum, Policy
from schedules.workdays import days_between, work_calendar
from schedules.zone import local_day, midnight

VN = work_calendar()

BLDS_147 = "Bộ luật Dân sự 2015, Điều 147 khoản 2 và 3: ngày đầu tiên, ngày xảy ra sự kiện không được tính"
BLDS_148_1 = "Bộ luật Dân sự 2015, Điều 148 khoản 1: thời hạn tính bằng ngày"
BLDS_148_2 = "Bộ luật Dân sự 2015, Điều 148 khoản 2: thời hạn tính bằng tuần"
BLDS_148_3 = "Bộ luật Dân sự 2015, Điều 148 khoản 3: tháng không có ngày tương ứng"
BLDS_148_4 = "Bộ luật Dân sự 2015, Điều 148 khoản 4: thời hạn tính bằng năm"
BLDS_148_5 = "Bộ luật Dân sự 2015, Điều 148 khoản 5: ngày cuối là ngày nghỉ"
BLLD_112 = "Bộ luật Lao động 2019, Điều 112: nghỉ lễ, tết"
SWAP_2024 = "Công văn 2450/VPCP-KGVX: nghỉ 29/4/2024, làm bù 04/5/2024"
SWAP_2025 = "Hoán đổi năm 2025: nghỉ 02/5/2025, làm bù 26/4/2025"
SWAP_2026 = "Hoán đổi năm 2026: nghỉ 02/01 và 31/8, làm bù 10/01 và 22/8"
INFERRED = "Suy luận: nguồn luật không quy định cách tính lùi"

# phrase, the day it is counted from, the last day
COUNTED = [
    # Days, and the day off at their end.
    ("05 ngày", "2024-04-01", "2024-04-08", BLDS_148_5),  # Saturday 6/4, then Monday
    ("15 ngày", "2024-04-15", "2024-05-02", BLDS_148_5),  # 30/4 and 1/5 are holidays
    ("14 ngày", "2024-04-15", "2024-05-02", SWAP_2024),  # 29/4 is off by the swap
    ("19 ngày", "2024-04-15", "2024-05-04", SWAP_2024),  # a Saturday that is worked keeps the term
    ("10 ngày", "2024-01-31", "2024-02-15", BLLD_112),  # Tết 2024: 8/2 to 14/2
    ("20 ngày", "2024-02-09", "2024-02-29", BLDS_148_1),  # the leap day itself
    ("19 ngày", "2023-02-09", "2023-02-28", BLDS_148_1),
    ("01 ngày", "2023-12-31", "2024-01-02", BLDS_148_5),  # 1/1
    ("30 ngày", "2023-12-01", "2024-01-02", BLDS_148_5),  # Sunday 31/12, then 1/1
    ("10 ngày", "2025-12-23", "2026-01-05", SWAP_2026),  # 2/1/2026 off, then the weekend
    ("01 ngày", "2026-01-09", "2026-01-10", SWAP_2026),
    ("05 ngày", "2026-11-19", "2026-11-25", "Nghị quyết 80-NQ/TW: 24/11 là ngày nghỉ từ năm 2026"),
    ("05 ngày", "2025-11-19", "2025-11-24", "24/11 chưa là ngày nghỉ năm 2025"),
    # Weeks.
    ("01 tuần", "2024-04-24", "2024-05-02", BLDS_148_2),  # Wednesday 1/5, a holiday
    ("02 tuần", "2024-03-01", "2024-03-15", BLDS_148_2),
    # Months: counted from the day itself.
    ("01 tháng", "2024-01-31", "2024-02-29", BLDS_148_3),
    ("01 tháng", "2023-01-31", "2023-02-28", BLDS_148_3),
    ("02 tháng", "2024-01-31", "2024-04-01", BLDS_148_5),  # 31/3 is a Sunday
    ("03 tháng", "2024-01-31", "2024-05-02", BLDS_148_5),  # 30/4
    ("01 tháng", "2024-02-29", "2024-03-29", BLDS_148_3),
    ("01 tháng", "2024-10-31", "2024-12-02", BLDS_148_5),  # 30/11 is a Saturday
    ("12 tháng", "2024-02-29", "2025-02-28", BLDS_148_3),
    ("02 tháng", "2023-12-31", "2024-02-29", BLDS_148_3),
    # Years.
    ("01 năm", "2024-02-29", "2025-02-28", BLDS_148_4),
    ("04 năm", "2024-02-29", "2028-02-29", BLDS_148_4),
    ("02 năm", "2023-07-01", "2025-07-01", BLDS_148_4),
    # Working days: Tết of five years, the swaps, the end of a year.
    ("05 ngày làm việc", "2024-04-26", "2024-05-07", SWAP_2024),
    ("01 ngày làm việc", "2024-05-03", "2024-05-04", SWAP_2024),
    ("05 ngày làm việc", "2023-01-18", "2023-02-01", BLLD_112),  # Tết 2023: 20/1 to 26/1
    ("03 ngày làm việc", "2024-02-06", "2024-02-16", BLLD_112),  # Tết 2024: 8/2 to 14/2
    ("03 ngày làm việc", "2025-01-23", "2025-02-04", BLLD_112),  # Tết 2025: 25/1 to 2/2
    ("02 ngày làm việc", "2026-02-12", "2026-02-23", BLLD_112),  # Tết 2026: 14/2 to 22/2
    ("02 ngày làm việc", "2027-02-03", "2027-02-12", BLLD_112),  # Tết 2027: 4/2 to 10/2
    ("04 ngày làm việc", "2025-04-25", "2025-05-05", SWAP_2025),  # 26/4 is worked, 2/5 is off
    ("01 ngày làm việc", "2025-12-31", "2026-01-05", SWAP_2026),
    ("06 ngày làm việc", "2025-12-31", "2026-01-10", SWAP_2026),
    ("02 ngày làm việc", "2026-08-21", "2026-08-24", SWAP_2026),  # Saturday 22/8 is worked
    ("02 ngày làm việc", "2023-12-28", "2024-01-02", BLDS_147),
    ("05 ngày làm việc", "2023-08-30", "2023-09-08", BLLD_112),  # Quốc khánh 2023: 1/9 to 4/9
]


@pytest.mark.parametrize(("length", "since", "last", "article"), COUNTED)
def test_forward(length: str, since: str, last: str, article: str):
    day = date.fromisoformat(since)
    reckoned = reckon(term(f"trong thời hạn {length} kể từ ngày ban hành"), Given(issued=day))
    assert reckoned.last_day == date.fromisoformat(last), article
    assert reckoned.opens == midnight(day + timedelta(days=1)), BLDS_147
    assert reckoned.due == midnight(date.fromisoformat(last) + timedelta(days=1)), "Điều 148 khoản 6: 24 giờ"
    assert reckoned.policy == "civil-code"


# phrase, the day of the event, the last day
BACKWARD = [
    ("ít nhất 02 ngày trước ngày họp", "2024-05-03", "2024-05-01", INFERRED),  # a holiday: it stays
    ("ít nhất 20 ngày trước ngày bầu cử", "2024-05-19", "2024-04-29", INFERRED),  # off by the swap: it stays
    ("ít nhất 05 ngày làm việc trước ngày kiểm tra", "2024-05-07", "2024-04-26", SWAP_2024),
    ("ít nhất 01 ngày làm việc trước ngày họp", "2024-05-05", "2024-05-04", SWAP_2024),
    ("ít nhất 05 ngày làm việc trước ngày họp", "2024-02-16", "2024-02-02", BLLD_112),
    ("ít nhất 01 tháng trước ngày họp", "2024-03-31", "2024-02-29", BLDS_148_3),
    ("ít nhất 45 ngày trước ngày khởi công", "2024-01-15", "2023-12-01", INFERRED),
]


@pytest.mark.parametrize("policy", [None, "nominal", "civil-code"])
@pytest.mark.parametrize(("phrase", "event", "last", "article"), BACKWARD)
def test_backward_never_moves(phrase: str, event: str, last: str, article: str, policy: Policy | None):
    given = Given(issued=date(2023, 1, 2), event=date.fromisoformat(event), policy=policy)
    reckoned = reckon(term(phrase), given)
    assert reckoned.last_day == reckoned.nominal_last_day == date.fromisoformat(last), article
    assert reckoned.opens == midnight(date(2023, 1, 2))
    assert any("tính lùi" in step.why and "không quy định" in reckoned.explain[2].article for step in reckoned.explain)


@pytest.mark.parametrize("policy", [None, "nominal", "civil-code"])
@pytest.mark.parametrize(
    ("phrase", "event", "last"),
    [
        (
            "niêm yết ít nhất 30 ngày kể từ ngày niêm yết",
            "2024-04-01",
            "2024-05-01",
        ),  # a holiday: no longer, no shorter
        ("ít nhất 20 ngày kể từ ngày niêm yết", "2024-04-07", "2024-04-27"),
        ("ít nhất 03 ngày làm việc kể từ ngày niêm yết", "2024-04-26", "2024-05-04"),
    ],
)
def test_a_minimum_never_moves_and_says_that_it_may_not_end_earlier(
    phrase: str, event: str, last: str, policy: Policy | None
):
    reckoned = reckon(term(phrase), Given(event=date.fromisoformat(event), policy=policy))
    assert reckoned.last_day == reckoned.nominal_last_day == date.fromisoformat(last)
    assert any("không được kết thúc trước" in step.why for step in reckoned.explain)


# phrase, last day as written, last day by Điều 148 khoản 5
NAMED = [
    ("Trong Quý III năm 2023", "2023-09-30", "2023-10-02"),
    ("Trong Quý IV năm 2023", "2023-12-31", "2024-01-02"),
    ("6 tháng đầu năm 2024", "2024-06-30", "2024-07-01"),
    ("6 tháng cuối năm 2025", "2025-12-31", "2025-12-31"),
    ("9 tháng đầu năm 2023", "2023-09-30", "2023-10-02"),
    ("Tháng 4 năm 2024", "2024-04-30", "2024-05-02"),
    ("trong tháng 2/2024", "2024-02-29", "2024-02-29"),
    ("trong tháng 2/2023", "2023-02-28", "2023-02-28"),
    ("trong năm 2023", "2023-12-31", "2024-01-02"),
    ("trước ngày 01/12/2024", "2024-11-30", "2024-12-02"),
    ("trước ngày 01/12/2023", "2023-11-30", "2023-11-30"),
    ("trước ngày 01/03/2024", "2024-02-29", "2024-02-29"),
    ("trước ngày 01/01/2024", "2023-12-31", "2024-01-02"),
    ("trước ngày 30/11/2023", "2023-11-29", "2023-11-29"),
    ("chậm nhất ngày 30/9/2023", "2023-09-30", "2023-10-02"),
    ("đến hết ngày 29/4/2024", "2024-04-29", "2024-05-02"),
    ("trong ngày 04/5/2024", "2024-05-04", "2024-05-04"),
    ("trước tháng 10 năm 2023", "2023-09-30", "2023-10-02"),
    ("đến hết Quý I/2024", "2024-03-31", "2024-04-01"),
    ("hết năm 2025", "2025-12-31", "2025-12-31"),
    ("từ ngày 01/3/2024 đến ngày 14/4/2024", "2024-04-14", "2024-04-15"),
]


@pytest.mark.parametrize(("phrase", "nominal", "rolled"), NAMED)
def test_named_dates_and_windows_move_only_where_a_policy_says_so(phrase: str, nominal: str, rolled: str):
    as_written = reckon(term(phrase), Given(issued=date(2023, 1, 3)))
    assert (as_written.last_day, as_written.policy) == (date.fromisoformat(nominal), "nominal")
    by_the_code = reckon(term(phrase), Given(issued=date(2023, 1, 3), policy="civil-code"))
    assert by_the_code.last_day == date.fromisoformat(rolled)
    assert by_the_code.nominal_last_day == date.fromisoformat(nominal)


# phrase, first day on which it is asked, the periods that follow with their last days
RECURRING = [
    ("Hằng năm, trước ngày 01/12", "2024-01-01", [("2024", "2024-11-30"), ("2025", "2025-11-30")]),
    ("Hằng năm, chậm nhất ngày 29/02", "2023-01-01", [("2023", "2023-02-28"), ("2024", "2024-02-29")]),
    ("Hằng năm, trước ngày 29/02", "2023-01-01", [("2023", "2023-02-28"), ("2024", "2024-02-28")]),
    ("hằng năm", "2024-05-01", [("2024", "2024-12-31"), ("2025", "2025-12-31")]),
    ("hằng quý", "2024-05-01", [("2024-Q2", "2024-06-30"), ("2024-Q3", "2024-09-30")]),
    ("hằng tháng", "2024-02-10", [("2024-02", "2024-02-29"), ("2024-03", "2024-03-31")]),
    ("ngày 31 hằng tháng", "2024-01-01", [("2024-01", "2024-01-31"), ("2024-02", "2024-02-29")]),
    ("trước ngày 31 hằng tháng", "2024-02-01", [("2024-02", "2024-02-29"), ("2024-03", "2024-03-30")]),
    ("trước ngày 15 hằng tháng", "2024-01-14", [("2024-01", "2024-01-14"), ("2024-02", "2024-02-14")]),
    ("trước ngày 15 hằng tháng", "2024-01-15", [("2024-02", "2024-02-14"), ("2024-03", "2024-03-14")]),
    ("ngày 20 của tháng cuối quý", "2024-01-01", [("2024-Q1", "2024-03-20"), ("2024-Q2", "2024-06-20")]),
    ("ngày 31 của tháng cuối quý", "2024-04-01", [("2024-Q2", "2024-06-30"), ("2024-Q3", "2024-09-30")]),
    ("trước ngày 01 của tháng cuối quý", "2024-01-01", [("2024-Q1", "2024-02-29"), ("2024-Q2", "2024-05-31")]),
    ("định kỳ 6 tháng, năm", "2024-01-01", [("2024-H1", "2024-06-30"), ("2024", "2024-12-31")]),
    ("định kỳ 6 tháng", "2024-01-01", [("2024-H1", "2024-06-30"), ("2024-H2", "2024-12-31")]),
    (
        "định kỳ quý, 6 tháng, năm", "2024-01-01",
        [("2024-Q1", "2024-03-31"), ("2024-H1", "2024-06-30"), ("2024", "2024-12-31"), ("2024-Q3", "2024-09-30")],
    ),
    ("định kỳ 6 tháng, 9 tháng, năm", "2024-01-01", [("2024-H1", "2024-06-30"), ("2024-9M", "2024-09-30")]),
    ("Năm 2024 và các năm tiếp theo", "2023-01-01", [("2024", "2024-12-31"), ("2025", "2025-12-31")]),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "in_force", "following"), RECURRING)
def test_what_comes_back(phrase: str, in_force: str, following: list[tuple[str, str]]):
    periods = term(phrase).periods(date.fromisoformat(in_force), date(2026, 12, 31))
    found = [(period.key, str(period.last_day)) for period in periods[: len(following)]]
    assert sorted(found) == sorted(following)


def test_a_day_that_a_month_lacks_cites_its_article():
    """Bộ luật Dân sự 2015, Điều 148 khoản 3."""
    (february,) = term("ngày 31 hằng tháng").periods(date(2024, 2, 1), date(2024, 2, 29))
    assert any("khoản 3" in step.article and "29/02/2024" in step.why for step in february.explain)


def test_a_shorter_period_that_ends_with_a_longer_one_is_reported_with_it():
    periods = term("định kỳ quý, 6 tháng, năm").periods(date(2024, 1, 1), date(2024, 12, 31))
    assert sorted(period.key for period in periods) == ["2024", "2024-H1", "2024-Q1", "2024-Q3"]
    assert any("báo cáo chung trong kỳ dài hơn" in step.why for step in periods[0].explain)


def test_the_days_off_that_were_passed_over_are_named():
    reckoned = reckon(term("trong 05 ngày làm việc kể từ ngày ký"), Given(issued=date(2024, 4, 26)))
    count = next(step for step in reckoned.explain if step.step == "count")
    for named in ("27/04/2024 (Thứ Bảy)", "29/04/2024 (nghỉ hoán đổi", "30/04/2024 (nghỉ lễ", "có tính 04/05/2024"):
        assert named in count.why
    assert "Điều 148" in count.article


DAYS = st.dates(date(2010, 1, 1), date(2090, 12, 31))
COUNTS = st.integers(1, 120)


@given(DAYS, COUNTS)
def test_counting_working_days_forward_then_backward_comes_home(day: date, count: int):
    home = VN.on_or_after(day)
    (forward,) = Counted(count, "working day", "họp").periods(day, date(2099, 12, 31), events=[home])
    assert forward.last_day is not None and VN.is_working_day(forward.last_day)
    (back,) = Backward(count, "working day", "họp").periods(date(2000, 1, 1), day, events=[forward.last_day])
    assert back.last_day == home


@given(DAYS, COUNTS)
def test_every_working_day_between_is_counted_and_no_day_off(day: date, count: int):
    (period,) = Counted(count, "working day", "họp").periods(day, date(2099, 12, 31), events=[day])
    assert period.last_day is not None
    between = days_between(local_day(period.opens), period.last_day)
    assert sum(VN.is_working_day(one) for one in between) == count


@given(
    st.dates(date(2010, 1, 1), date(2070, 12, 31)),
    st.integers(1, 25),
    st.sampled_from(("day", "week", "month", "year")),
    st.sampled_from(("nominal", "civil-code")),
)
def test_a_rolled_term_ends_on_the_first_working_day_from_its_nominal_end(day, count, unit, policy):
    (period,) = Counted(count, unit, "họp").periods(day, date(2099, 12, 31), events=[day], policy=policy)
    nominal = period.nominal_last_day
    assert nominal is not None and nominal > day
    assert period.last_day == (VN.on_or_after(nominal) if policy == "civil-code" else nominal)


def test_what_ends_beyond_the_calendar_is_refused():
    with pytest.raises(ValueError, match="nằm ngoài lịch"):
        reckon(term("trong 50 năm kể từ ngày ban hành"), Given(issued=date(2060, 1, 1)))


@given(DAYS, COUNTS, st.sampled_from(("day", "working day", "week", "month")))
def test_a_minimum_lasts_as_long_as_the_same_count_unrolled(day, count, unit):
    (least,) = Minimum(count, unit, "họp").periods(day, date(2099, 12, 31), events=[day])
    (counted,) = Counted(count, unit, "họp").periods(day, date(2099, 12, 31), events=[day], policy="nominal")
    assert (least.opens, least.due) == (counted.opens, counted.due)


@given(DAYS, st.integers(0, 60), st.integers(1, 30))
def test_more_days_never_end_earlier(day, count, more):
    def last(n: int) -> date:
        (period,) = Counted(n, "day", "họp").periods(day, date(2099, 12, 31), events=[day])
        assert period.last_day is not None
        return period.last_day

    assert last(count + 1) <= last(count + 1 + more)
