"""Nghệ An's plan, held against what its source says and leaves open."""

from datetime import date

import pytest

from flows.plans.nghe_an_2023 import PLAN
from models.plan import Unknown
from models.plan_check import problems
from models.unit_store import shipped_tree
from models.units import TWO_TIERS
from schedules.terms import AfterEvent, Continuous, MonthOf, QuarterOf, Unstated, YearlyBefore, YearsFrom

UNITS = shipped_tree("40")
AT_THE_START = date(2023, 10, 1)

# code, term, number of units that owe it on 1/10/2023, paragraph of the source
AS_THE_SOURCE_SAYS = [
    ("hoi-nghi-quan-triet", QuarterOf(2023, 3), 1, 3),
    ("ban-hanh-quy-che", QuarterOf(2023, 4), 20 + 21 + 460, 4),
    ("ra-soat-van-ban", MonthOf(2023, 10), 1, 5),
    ("tap-huan-cap-tinh", YearsFrom(2024), 1, 6),
    ("tap-huan-cap-xa", YearsFrom(2024), 21, 6),
    ("nghi-quyet-hdnd", AfterEvent("có văn bản hướng dẫn của Trung ương"), 1, 7),
    ("theo-doi-tong-hop", Continuous(), 1, 7),
    ("tuyen-truyen", Continuous(), 4, 8),
    ("ke-hoach-chi-tiet", Unstated("không có thời hạn xây dựng kế hoạch chi tiết"), 41, 9),
    ("bao-cao-nam", YearlyBefore(12, 1), 41, 9),
    ("kiem-tra-don-doc", Continuous(), 501, 2),
]


def test_all_eleven_duties_stand_in_the_order_of_the_source():
    assert [duty.code for duty in PLAN.duties] == [code for code, *_ in AS_THE_SOURCE_SAYS]


@pytest.mark.parametrize(("code", "term", "owing", "paragraph"), AS_THE_SOURCE_SAYS)
def test_each_duty_says_when_who_and_where(code, term, owing, paragraph):
    duty = PLAN.duty(code)
    assert duty.term == term
    assert len(duty.lead.on(UNITS, "40", AT_THE_START)) == owing
    assert duty.citation.locator == f"đoạn {paragraph}"
    assert duty.policy == "nominal"


def test_the_plan_holds_together():
    assert problems(PLAN, UNITS) == []


def test_what_the_source_leaves_open_stays_open():
    assert isinstance(PLAN.number, Unknown)
    assert isinstance(PLAN.issued, Unknown)
    assert "nguồn không nêu" in str(PLAN.number)
    assert all(isinstance(duty.data_period, Unknown) for duty in PLAN.duties)
    assert isinstance(PLAN.duty("ban-hanh-quy-che").report_to, Unknown)
    assert str(PLAN.duty("bao-cao-nam").report_to).endswith("Sở Nội vụ")


def test_district_duties_pass_to_the_communes_by_an_assumption_that_is_shown():
    lead = PLAN.duty("tap-huan-cap-xa").lead
    before = lead.on(UNITS, "40", date(2025, 6, 30))
    after = lead.on(UNITS, "40", TWO_TIERS)
    assert {UNITS.nearest(key, date(2025, 6, 30)).level for key in before} == {"district"}
    assert len(before) == 20
    assert {UNITS.nearest(key, TWO_TIERS).level for key in after} == {"commune"}
    assert len(after) == 130
    assert any("giả định" in text and "203/2025/QH15" in text for text in lead.assumptions)


def test_lists_that_nobody_has_given_yet_are_named():
    missing = PLAN.duty("ban-hanh-quy-che").lead.nobody(UNITS, "40", AT_THE_START)
    assert missing == [
        "Cơ quan, đơn vị trực thuộc theo phân cấp quản lý",
        "Doanh nghiệp nhà nước",
        "Doanh nghiệp ngoài nhà nước",
    ]


def test_coordinating_units_owe_nothing():
    duty = PLAN.duty("ra-soat-van-ban")
    assert duty.lead.on(UNITS, "40", AT_THE_START) == ["b:40.so-noi-vu"]
    assert duty.coordinating is not None
    assert duty.coordinating.on(UNITS, "40", AT_THE_START) == ["b:40.so-tu-phap"]


def test_the_hash_tells_any_change_of_what_is_declared():
    from dataclasses import replace

    assert replace(PLAN).hash == PLAN.hash
    assert replace(PLAN, title="khác").hash != PLAN.hash
    first, *others = PLAN.duties
    assert replace(PLAN, duties=(replace(first, counting="civil-code"), *others)).hash != PLAN.hash
