"""From a term to its periods, and the reasons it gives."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.periods import Explanation, Period, Policy
from schedules.terms import (
    ISSUE,
    AfterEvent,
    Backward,
    BoundOf,
    Continuous,
    Counted,
    DayOf,
    DayOfEachMonth,
    DayOfEachQuarter,
    Every,
    HalfOf,
    Minimum,
    MonthOf,
    NineMonthsOf,
    QuarterOf,
    RangeOf,
    Term,
    Unstated,
    YearlyBefore,
    YearlyBy,
    YearOf,
    YearsFrom,
)
from schedules.workdays import work_calendar
from schedules.zone import local_day, midnight

IN_FORCE = date(2023, 6, 1)
LATE = date(2030, 12, 31)
GUIDANCE = AfterEvent("có văn bản hướng dẫn của Trung ương")


def only(periods: list[Period]) -> Period:
    (period,) = periods
    return period


def reasons(period: Period) -> str:
    return "\n".join(f"{step.why} [{step.article}]" for step in period.explain)


@pytest.mark.parametrize(
    ("term", "policy", "key", "opens", "due", "source"),
    [
        (QuarterOf(2023, 3), "nominal", "2023-Q3", "2023-07-01", "2023-10-01", "002-1, window as written"),
        (QuarterOf(2023, 4), "nominal", "2023-Q4", "2023-10-01", "2024-01-01", "002-2, window as written"),
        (MonthOf(2023, 10), "nominal", "2023-10", "2023-10-01", "2023-11-01", "002-3, window as written"),
        (YearlyBefore(12, 1), "nominal", "2023", "2023-06-01", "2023-12-01", "002-9, from in force"),
        (
            QuarterOf(2023, 3),
            "civil-code",
            "2023-Q3",
            "2023-07-01",
            "2023-10-03",
            "148.5: Sat 30/9 to Mon 02/10",
        ),
        (
            QuarterOf(2023, 4),
            "civil-code",
            "2023-Q4",
            "2023-10-01",
            "2024-01-03",
            "148.5: Sun, then Tết: 02/01",
        ),
        (MonthOf(2024, 2), "nominal", "2024-02", "2024-02-01", "2024-03-01", "147-148: leap February whole"),
        (MonthOf(2023, 10), "civil-code", "2023-10", "2023-10-01", "2023-11-01", "148.5: a Tuesday stays"),
    ],
)
def test_windows(term: Term, policy: Policy, key: str, opens: str, due: str, source: str):
    through = date(2023, 12, 31) if term.recurring else LATE
    period = only(term.periods(IN_FORCE, through, policy=policy))
    assert period.key == key, source
    assert period.opens == midnight(date.fromisoformat(opens)), source
    assert period.due == midnight(date.fromisoformat(due)), source


@pytest.mark.parametrize(
    ("year", "last_day"),
    [
        (2024, "2024-12-02"),
        (2025, "2025-12-01"),
        (2026, "2026-11-30"),
        (2027, "2027-11-30"),
        (2028, "2028-11-30"),
    ],
)
def test_before_01_12_rolled_by_the_civil_code(year: int, last_day: str):
    """Research B: 30/11 is a Saturday in 2024 and a Sunday in 2025."""
    periods = YearlyBefore(12, 1).periods(IN_FORCE, LATE, policy="civil-code")
    period = only([each for each in periods if each.key == str(year)])
    assert period.last_day == date.fromisoformat(last_day)


def test_the_last_day_is_the_last_one_on_time():
    assert only(QuarterOf(2023, 3).periods(IN_FORCE, LATE)).last_day == date(2023, 9, 30)
    assert only(Continuous().periods(IN_FORCE, LATE)).last_day is None
    extended_to_noon = Period("-", midnight(IN_FORCE), midnight(IN_FORCE) + timedelta(hours=12))
    assert extended_to_noon.last_day == IN_FORCE


def test_a_window_that_opens_before_the_plan_is_in_force_opens_with_it():
    period = only(QuarterOf(2023, 3).periods(date(2023, 8, 15), LATE))
    assert period.opens == midnight(date(2023, 8, 15))
    assert "Kế hoạch có hiệu lực từ ngày 15/08/2023" in reasons(period)


def test_a_window_that_was_over_before_the_plan_is_no_period():
    assert QuarterOf(2023, 2).periods(date(2023, 7, 1), LATE) == []
    assert only(QuarterOf(2023, 2).periods(date(2023, 6, 30), LATE)).key == "2023-Q2"


def test_each_following_year_is_a_window_of_its_own():
    periods = YearsFrom(2024).periods(IN_FORCE, date(2026, 1, 1))
    assert [period.key for period in periods] == ["2024", "2025", "2026"]
    assert [period.due for period in periods] == [midnight(date(year, 1, 1)) for year in (2025, 2026, 2027)]
    assert [period.key for period in YearsFrom(2024).periods(date(2025, 3, 1), date(2026, 1, 1))] == [
        "2025",
        "2026",
    ]


@pytest.mark.parametrize(
    ("in_force", "first"), [("2023-11-30", "2023"), ("2023-12-01", "2024"), ("2023-12-15", "2024")]
)
def test_a_year_whose_due_is_at_or_before_the_plan_has_no_period(in_force: str, first: str):
    assert YearlyBefore(12, 1).periods(date.fromisoformat(in_force), LATE)[0].key == first


def test_before_29_02_is_no_later_than_28_02_in_every_year():
    periods = YearlyBefore(2, 29).periods(date(2023, 1, 1), date(2024, 12, 31))
    assert [period.last_day for period in periods] == [date(2023, 2, 28), date(2024, 2, 28)]


def test_two_events_are_two_periods_each_from_the_day_after():
    """Bộ luật Dân sự 2015, Điều 147 khoản 3: the day of the event is not counted."""
    events = [date(2024, 9, 9), date(2024, 3, 5), date(2024, 9, 9)]
    first, second = GUIDANCE.periods(IN_FORCE, LATE, events=events)
    assert (first.key, first.opens, first.due) == ("2024-03-05", midnight(date(2024, 3, 6)), None)
    assert (second.key, second.opens) == ("2024-09-09", midnight(date(2024, 9, 10)))
    assert "Điều 147 khoản 3" in reasons(first)
    assert GUIDANCE.periods(IN_FORCE, date(2024, 3, 5), events=events) == []
    assert GUIDANCE.periods(IN_FORCE, LATE) == []


@pytest.mark.parametrize("term", [Continuous(), Unstated("bài báo không ghi ngày")])
def test_terms_without_a_date_open_with_the_plan_and_never_fall_due(term: Term):
    period = only(term.periods(IN_FORCE, LATE))
    assert (period.key, period.opens, period.due) == ("-", midnight(IN_FORCE), None)
    assert term.periods(IN_FORCE, IN_FORCE - timedelta(days=1)) == []


def test_what_the_source_does_not_say_is_said():
    term = Unstated("bài báo không ghi ngày")
    assert term.text == "nguồn không nêu"
    assert "bài báo không ghi ngày" in reasons(only(term.periods(IN_FORCE, LATE)))


def test_a_nominal_quarter_explains_why_it_does_not_roll():
    first, kept, end = only(QuarterOf(2023, 3).periods(IN_FORCE, LATE)).explain
    assert first.why == "Trong Quý III năm 2023: từ 01/07/2023 đến hết 30/09/2023"
    assert first.article == "Kế hoạch (thời hạn như văn bản ghi)"
    assert kept.why.startswith("Ngày cuối 30/09/2023 rơi vào Thứ Bảy; ngày nêu đích danh không lùi")
    assert kept.article == "Bộ luật Dân sự 2015, Điều 148 khoản 5 (không áp dụng)"
    assert end.why == "Thời hạn kết thúc lúc 24 giờ ngày 30/09/2023"
    assert end.article == "Bộ luật Dân sự 2015, Điều 148 khoản 6"


def test_a_rolled_quarter_explains_where_it_went():
    rolled = only(QuarterOf(2023, 3).periods(IN_FORCE, LATE, policy="civil-code")).explain[1]
    assert rolled.why.endswith("ngày làm việc tiếp theo, 02/10/2023")
    assert rolled.article == "Bộ luật Dân sự 2015, Điều 148 khoản 5"


def test_before_a_day_explains_that_the_day_is_not_included():
    year = YearlyBefore(12, 1).periods(IN_FORCE, date(2023, 12, 31))[0]
    assert "không gồm ngày 01/12; báo cáo đúng hạn chậm nhất trong ngày 30/11/2023" in reasons(year)


@pytest.mark.parametrize(
    ("term", "after", "key"),
    [
        (QuarterOf(2023, 3), "2023-06-30", "2023-Q3"),
        (QuarterOf(2023, 3), "2023-07-01", None),
        (YearlyBefore(12, 1), "2023-05-31", "2023"),
        (YearlyBefore(12, 1), "2023-06-01", "2024"),
        (YearsFrom(2030), "2023-06-01", "2030"),
        (Continuous(), "2023-05-31", "-"),
        (Continuous(), "2023-06-01", None),
        (GUIDANCE, "2023-06-01", None),
    ],
)
def test_the_next_period(term: Term, after: str, key: str | None):
    period = term.next_period(IN_FORCE, date.fromisoformat(after))
    assert (period.key if period else None) == key


def test_an_event_that_has_happened_has_a_next_period():
    period = GUIDANCE.next_period(IN_FORCE, date(2024, 3, 5), events=[date(2024, 3, 5)])
    assert period and period.opens == midnight(date(2024, 3, 6))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: QuarterOf(2023, 5), "quý phải từ 1 đến 4, không phải 5"),
        (lambda: QuarterOf(203, 3), "năm phải từ 2000 đến 2099, không phải 203"),
        (lambda: MonthOf(2023, 0), "tháng phải từ 1 đến 12, không phải 0"),
        (lambda: MonthOf(1923, 1), "năm phải từ"),
        (lambda: YearsFrom(20244), "năm phải từ"),
        (lambda: YearlyBefore(13, 1), "tháng phải từ 1 đến 12"),
        (lambda: YearlyBefore(11, 31), "ngày của tháng 11 phải từ 1 đến 30, không phải 31"),
        (lambda: YearlyBefore(2, 30), "ngày của tháng 2 phải từ 1 đến 29"),
        (lambda: YearlyBefore(1, 1), "không còn ngày nào"),
        (lambda: AfterEvent(" . "), "thiếu tên sự kiện"),
        (lambda: AfterEvent("có hướng dẫn, chậm nhất 15 ngày"), "là thời hạn"),
        (lambda: AfterEvent("làm việc tiếp theo"), "không mở đầu tên"),
        (lambda: AfterEvent("có hướng dẫn, nếu cần"), "không chắc chắn"),
        (lambda: Unstated(" "), "lý do"),
        (lambda: YearOf(None), "năm nào"),
        (lambda: HalfOf(2024, 3), "nửa năm phải từ 1 đến 2"),
        (lambda: DayOf(2023, 2, 29), "29/02/2023 không có trong lịch"),
        (lambda: RangeOf(DayOf(2024, 1, 2), DayOf(2024, 1, 1)), "đứng trước ngày đầu"),
        (lambda: RangeOf(DayOf(2024, 1, 1), DayOf(None, 2, 1)), "cả hai đầu"),
        (lambda: RangeOf(DayOf(None, 12, 15), DayOf(None, 1, 14)), "sang năm sau"),
        (lambda: Every(()), "kỳ phải là"),
        (lambda: Every(("year", "year")), "hai lần"),
        (lambda: DayOfEachMonth(32, True), "ngày phải từ 1 đến 31"),
        (lambda: DayOfEachMonth(1, False), "không còn ngày nào"),
        (lambda: DayOfEachQuarter(1, False, 1), "không còn ngày nào"),
        (lambda: Counted(0, "day"), "số đếm phải từ 1"),
        (lambda: Counted(5, "hour"), "đơn vị đếm"),
        (lambda: Counted(5, "day", "có hướng dẫn, chậm nhất 15 ngày"), "là thời hạn"),
        (lambda: Backward(5, "day"), "thiếu sự kiện"),
    ],
)
def test_constructors_refuse_what_cannot_be(build, message: str):
    with pytest.raises(ValueError, match=message):
        build()


EACH_FAMILY = [
    (QuarterOf(2023, 3), "window", False, None, ()),
    (QuarterOf(None, 3), "window", False, None, ("year",)),
    (NineMonthsOf(2024), "window", False, None, ()),
    (RangeOf(DayOf(None, 3, 1), DayOf(None, 4, 1)), "window", False, None, ("year",)),
    (DayOf(2024, 3, 1), "bound", False, None, ()),
    (BoundOf(DayOf(None, 12, 1), False), "bound", False, None, ("year",)),
    (YearlyBefore(12, 1), "recurring", True, None, ()),
    (Every(("half", "year")), "recurring", True, None, ()),
    (Counted(5, "day", ISSUE), "counted", False, None, ("issued",)),
    (Counted(5, "day", DayOf(2024, 3, 1)), "counted", False, None, ()),
    (Counted(5, "day", DayOf(None, 3, 1)), "counted", False, None, ("year",)),
    (Counted(5, "day", "nhận đơn"), "counted", True, "nhận đơn", ("event",)),
    (Counted(5, "day"), "counted", True, "", ("event",)),
    (Backward(5, "day", "bầu cử"), "backward", True, "bầu cử", ("event",)),
    (Backward(5, "day", ISSUE), "backward", True, "ban hành", ("event",)),
    (Minimum(30, "day"), "minimum", True, "", ("event",)),
    (GUIDANCE, "event", True, "có văn bản hướng dẫn của Trung ương", ("event",)),
    (Continuous(), "continuous", False, None, ()),
    (Unstated("không ghi"), "unstated", False, None, ()),
]


@pytest.mark.parametrize(("term", "kind", "recurring", "event", "needs"), EACH_FAMILY)
def test_a_term_says_what_it_is_and_what_it_needs(term: Term, kind: str, recurring: bool, event: str | None, needs):
    assert (term.kind, term.recurring, term.event, term.needs) == (kind, recurring, event, needs)
    assert term.default_policy == ("civil-code" if kind == "counted" else "nominal")
    if needs:
        assert term.periods(IN_FORCE, LATE) == [] and term.next_period(IN_FORCE, IN_FORCE) is None


def test_a_missing_year_is_filled_in_and_a_year_that_is_there_stays():
    assert QuarterOf(None, 3).in_year(2024) == QuarterOf(2024, 3)
    assert QuarterOf(2023, 3).in_year(2024) == QuarterOf(2023, 3)
    assert BoundOf(DayOf(None, 12, 1), False).in_year(2024) == BoundOf(DayOf(2024, 12, 1), False)
    assert RangeOf(DayOf(None, 3, 1), MonthOf(None, 6)).in_year(2024) == RangeOf(DayOf(2024, 3, 1), MonthOf(2024, 6))
    assert Counted(5, "day", DayOf(None, 3, 1)).in_year(2024) == Counted(5, "day", DayOf(2024, 3, 1))
    assert Continuous().in_year(2024) == Continuous()
    with pytest.raises(ValueError, match="29/02/2023 không có trong lịch"):
        BoundOf(DayOf(None, 2, 29), True).in_year(2023)


def test_counted_from_the_issue_waits_for_its_day_and_no_event():
    term = Counted(5, "working day", ISSUE)
    assert term.periods(IN_FORCE, LATE, events=[date(2024, 4, 26)]) == []
    period = only(term.periods(IN_FORCE, LATE, issued=date(2024, 4, 26)))
    assert (period.key, period.last_day) == ("-", date(2024, 5, 7))


def test_each_event_is_a_period_of_its_own():
    term = Counted(15, "day", "nhận đơn")
    first, second = term.periods(IN_FORCE, LATE, events=[date(2024, 6, 3), date(2024, 4, 15)])
    assert (first.key, first.last_day) == ("2024-04-15", date(2024, 5, 2))
    assert second.key == "2024-06-03"


def test_counted_terms_roll_unless_the_plan_says_otherwise():
    """Bộ luật Dân sự 2015, Điều 148 khoản 5."""
    events = [date(2024, 4, 15)]
    term = Counted(15, "day", "nhận đơn")
    by_default, as_said = (only(term.periods(IN_FORCE, LATE, events=events, policy=p)) for p in (None, "nominal"))
    assert (by_default.last_day, by_default.nominal_last_day) == (date(2024, 5, 2), date(2024, 4, 30))
    assert as_said.last_day == as_said.nominal_last_day == date(2024, 4, 30)
    assert "không lùi" in reasons(as_said)


def test_how_a_phrase_was_read_is_told_and_is_no_part_of_its_meaning():
    told = BoundOf(DayOf(2024, 12, 31), True).read_as(Explanation("“cuối năm 2024” là ngày 31/12/2024", "Điều 146"))
    assert told == BoundOf(DayOf(2024, 12, 31), True)
    assert "cuối năm 2024" in reasons(only(told.periods(IN_FORCE, LATE)))


def test_an_unknown_policy_is_refused():
    with pytest.raises(ValueError, match="civil_code"):
        Continuous().periods(IN_FORCE, LATE, policy="civil_code")  # type: ignore[arg-type]


TERMS = st.one_of(
    st.builds(QuarterOf, st.integers(2020, 2040), st.integers(1, 4)),
    st.builds(MonthOf, st.integers(2020, 2040), st.integers(1, 12)),
    st.builds(YearsFrom, st.integers(2020, 2040)),
    st.dates(date(2024, 1, 2), date(2024, 12, 31)).map(lambda day: YearlyBefore(day.month, day.day)),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: YearlyBy(day.month, day.day)),
    st.builds(
        Every,
        st.lists(st.sampled_from(("month", "quarter", "half", "nine months", "year")), min_size=1, unique=True).map(
            tuple
        ),
    ),
    st.builds(DayOfEachMonth, st.integers(2, 31), st.booleans()),
    st.builds(DayOfEachQuarter, st.integers(2, 31), st.booleans(), st.integers(1, 3)),
    st.builds(HalfOf, st.integers(2020, 2040), st.integers(1, 2)),
    st.dates(date(2020, 1, 1), date(2040, 12, 31)).map(
        lambda day: BoundOf(DayOf(day.year, day.month, day.day), bool(day.day % 2))
    ),
    st.builds(Counted, st.integers(1, 90), st.sampled_from(("day", "working day", "week", "month")), st.just("họp")),
    st.builds(Minimum, st.integers(1, 90), st.sampled_from(("day", "working day")), st.just("họp")),
    st.just(GUIDANCE),
    st.just(Continuous()),
)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
POLICIES = st.sampled_from(["nominal", "civil-code"])


@given(TERMS, DAYS, DAYS, st.lists(DAYS, max_size=4), POLICIES)
def test_periods_are_ordered_and_keep_their_bounds(term, in_force, through, events, policy):
    periods = term.periods(in_force, through, events=events, policy=policy)
    assert [each.opens for each in periods] == sorted(each.opens for each in periods)
    assert len({each.key for each in periods}) == len(periods)
    for period in periods:
        assert midnight(in_force) <= period.opens <= midnight(through)
        assert period.due is None or period.opens < period.due
        assert all(step.why and step.article for step in period.explain)


@given(TERMS, DAYS, DAYS, st.lists(DAYS, max_size=4), st.integers(0, 800))
def test_a_later_day_only_adds_periods(term, in_force, through, events, more):
    earlier = term.periods(in_force, through, events=events)
    later = term.periods(in_force, through + timedelta(days=more), events=events)
    assert later[: len(earlier)] == earlier


@given(TERMS, DAYS, DAYS, st.lists(DAYS, max_size=4))
def test_the_next_period_is_the_first_that_periods_would_add(term, in_force, after, events):
    following = term.next_period(in_force, after, events=events)
    now = term.periods(in_force, after, events=events)
    if following:
        then = term.periods(in_force, local_day(following.opens), events=events)
        assert then[: len(now) + 1] == [*now, following]
    else:
        assert term.periods(in_force, date(2099, 12, 31), events=events) == now


@given(TERMS, DAYS, DAYS)
def test_rolling_never_shortens_and_ends_on_a_working_day(term, in_force, through):
    rolled = {each.key: each for each in term.periods(in_force, through, policy="civil-code")}
    for period in term.periods(in_force, through):
        if period.due:
            assert rolled[period.key].due >= period.due
    for period in rolled.values():
        assert period.last_day is None or work_calendar().is_working_day(period.last_day)
