"""What span the figures of a report cover: from the 15th to the 14th, kept apart from the due date."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.catalog import find_plan
from models.declaration import read_back, written
from models.plan import plain
from schedules.data_periods import CALENDAR, STATUTORY, DataPeriod, DataSpan
from schedules.phrases import term
from schedules.workdays import ONE_DAY

MONTHS = st.builds(lambda year, month: f"{year}-{month:02}", st.integers(2001, 2098), st.integers(1, 12))
RULES = st.sampled_from([STATUTORY, CALENDAR])


# Nghị định 09/2019/NĐ-CP, Điều 12, as restated by luatvietnam.vn/tin-van-ban-moi (186-21960) and
# ducco.gialai.gov.vn (News/11448): the article's own text was not seen.
@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2024-10", "2024-09-15", "2024-10-14"),
        ("2024-01", "2023-12-15", "2024-01-14"),
        ("2024-03", "2024-02-15", "2024-03-14"),
        ("2024-Q1", "2023-12-15", "2024-03-14"),
        ("2024-Q2", "2024-03-15", "2024-06-14"),
        ("2024-Q3", "2024-06-15", "2024-09-14"),
        ("2024-Q4", "2024-09-15", "2024-12-14"),
        ("2024-H1", "2023-12-15", "2024-06-14"),
        ("2024-H2", "2024-06-15", "2024-12-14"),
        ("2024", "2023-12-15", "2024-12-14"),
    ],
)
def test_the_statutory_reporting_calendar(period: str, first: str, last: str):
    assert STATUTORY.span(period) == DataSpan(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "period", ["2024-03-05", "-", "2024-9M", "2024-H3", "2024-Q5", "2024-13", "2024-00", "0000", "", "năm 2024", "٢٠٢٤"]
)
def test_what_the_law_gives_no_span(period: str):
    assert STATUTORY.span(period) is None


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        ("2024-02", "01/02/2024–29/02/2024"),
        ("2023-Q4", "01/10/2023–31/12/2023"),
        ("2024-H1", "01/01/2024–30/06/2024"),
        ("2024", "01/01/2024–31/12/2024"),
    ],
)
def test_the_calendar_itself(period: str, shown: str):
    span = CALENDAR.span(period)
    assert span is not None and span.shown == shown


def test_people_read_it():
    span = STATUTORY.span("2024")
    assert span is not None and span.shown == "15/12/2023–14/12/2024"
    assert STATUTORY.citation == "Nghị định 09/2019/NĐ-CP, Điều 12"
    assert "15/12 năm trước đến ngày 14/12" in STATUTORY.text and STATUTORY.citation in str(STATUTORY)


def test_it_is_no_due_date():
    """The yearly report of the plan is due before its year's figures close: both days stand as they are."""
    [period] = term("Hằng năm, trước ngày 01/12").periods(date(2024, 1, 1), date(2024, 12, 31))
    span = STATUTORY.span(period.key)
    assert period.last_day == date(2024, 11, 30)
    assert span is not None and span.last == date(2024, 12, 14) > period.last_day


@given(RULES, MONTHS)
def test_months_follow_one_another_without_gap_or_overlap(rule: DataPeriod, month: str):
    year, number = int(month[:4]), int(month[5:])
    following = f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02}"
    here, there = rule.span(month), rule.span(following)
    assert here is not None and there is not None
    assert here.last + ONE_DAY == there.first


@given(RULES, st.integers(2001, 2098))
def test_longer_periods_are_made_of_their_months(rule: DataPeriod, year: int):
    def whole(*keys: str) -> DataSpan:
        spans = [span for key in keys if (span := rule.span(key))]
        assert len(spans) == len(keys)
        return DataSpan(spans[0].first, spans[-1].last)

    months = [f"{year}-{number:02}" for number in range(1, 13)]
    quarters = [f"{year}-Q{number}" for number in range(1, 5)]
    assert [rule.span(key) for key in quarters] == [whole(*months[n : n + 3]) for n in range(0, 12, 3)]
    assert [rule.span(f"{year}-H1"), rule.span(f"{year}-H2")] == [whole(*quarters[:2]), whole(*quarters[2:])]
    assert rule.span(str(year)) == whole(*months)


def test_an_office_can_have_a_closing_day_of_its_own():
    ours = DataPeriod("Từ ngày 20 đến ngày 19", "Quy chế làm việc của UBND tỉnh", closes=19)
    assert ours.span("2024-02") == DataSpan(date(2024, 1, 20), date(2024, 2, 19))


@pytest.mark.parametrize("closes", [0, 29, 31])
def test_a_closing_day_that_some_month_lacks_is_refused(closes: int):
    with pytest.raises(ValueError, match="từ 1 đến 28"):
        DataPeriod("x", "y", closes=closes)


def test_a_plans_declaration_carries_it_there_and_back():
    whole = find_plan("nghe-an-2023")
    first, *others = whole.duties
    plan = replace(whole, duties=(replace(first, data_period=STATUTORY), *others))
    assert read_back(written(plan)) == plan and plan.hash != whole.hash


def test_it_is_declared_by_plain_values():
    assert plain(STATUTORY) == {
        "is": "DataPeriod", "text": STATUTORY.text, "citation": STATUTORY.citation, "closes": 14,
    }  # fmt: skip
