"""A unit is taken out with a reason; and the engine goes live long after the plan began."""

import pytest
from cast import HEALTH, THANH_VINH, VINH, assignment, instant, into

from models.refusal import Refusal

YEAR = ("bao-cao-nam", "2023")
REASON = "Thành phố đang sắp xếp, UBND tỉnh đồng ý tại Công văn 12"


def test_a_unit_that_is_out_is_not_expected_and_gets_no_more_notices(office):
    office.goes_live("2023-11-20")
    office.sweeps("2023-11-24")
    office.exempts(VINH, reason=REASON, on="2023-11-25")
    office.sweeps("2023-12-20")
    row = office.row(*YEAR, "2023-12-20")
    assert (row["expected"], row["waived"], row["overdue"]) == (40, 1, 40)
    assert office.state(VINH, *YEAR, "2023-12-20") == "waived"
    assert {n["step"] for n in office.notices(unit=VINH, duty=YEAR[0])} == {"remind:-30d", "remind:-7d"}


def test_it_is_out_from_the_day_and_not_before(office):
    office.exempts(VINH, reason=REASON, on="2023-11-25", duty="bao-cao-nam")
    assert office.state(VINH, *YEAR, "2023-11-24 23:59:59") == "due_soon"
    assert office.state(VINH, *YEAR, "2023-11-25 00:00") == "waived"
    assert office.state(VINH, "ban-hanh-quy-che", "2023-Q4", "2023-11-25") == "pending"


def test_a_reminder_that_was_already_planned_is_cancelled(office):
    office.goes_live("2023-11-20")
    office.sweeps("2023-11-24")
    office.exempts(VINH, reason=REASON, on="2023-11-24")
    to = []
    office.delivers("2023-11-24 09:00", send=into(to))
    assert "g1-412@hop-thu-thu.invalid" not in to and "g1-413@hop-thu-thu.invalid" in to
    states = {n["step"]: n["state"] for n in office.notices(unit=VINH, duty=YEAR[0])}
    assert states == {"remind:-30d": "skipped", "remind:-7d": "cancelled"}


def test_what_was_reported_before_stays_reported(office):
    office.submits(VINH, *YEAR, "2023-11-10")
    office.exempts(VINH, reason=REASON, on="2023-11-25")
    assert office.state(VINH, *YEAR, "2023-12-20") == "done"
    assert office.row(*YEAR, "2023-12-20")["expected"] == 41


def test_the_reason_and_the_day_stand_in_the_ledger(office):
    office.exempts(VINH, reason=f"  {REASON} ", on="2023-11-25", duty="bao-cao-nam")
    [fact] = office.ledger("waived")
    assert (fact["cause"], fact["event_at"], fact["unit"]) == (REASON, instant("2023-11-25 00:00"), VINH)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": " "}, "lý do"),
        ({"unit": "g1:9999"}, "Không có đơn vị"),
        ({"duty": "bao-cao-nan"}, "bao-cao-nam"),
        ({"duty": "hoi-nghi-quan-triet"}, "không thuộc diện giao"),
        ({}, "đã được miễn"),
    ],
)
def test_what_is_refused_changes_nothing(office, given, said):
    office.exempts(VINH, reason=REASON, on="2023-11-25", duty="bao-cao-nam")
    before = office.ledger()
    with pytest.raises(Refusal, match=said):
        office.exempts(**{"unit": VINH, "reason": REASON, "on": "2023-11-26", "duty": "bao-cao-nam"} | given)
    assert office.ledger() == before


def test_a_unit_that_is_out_cannot_hand_in(office):
    office.exempts(VINH, reason=REASON, on="2023-11-25")
    with pytest.raises(Refusal, match="đã được miễn"):
        office.submits(VINH, *YEAR, "2023-11-26")


# Going live on 21/11/2026


@pytest.fixture(scope="module")
def late_start(new_office):
    office = new_office()
    office.goes_live("2026-11-21 10:00")
    office.first = office.sweeps("2026-11-21 10:00")
    return office


@pytest.mark.parametrize(
    ("duty", "period"),
    [
        ("hoi-nghi-quan-triet", "2023-Q3"),
        ("ban-hanh-quy-che", "2023-Q4"),
        ("ra-soat-van-ban", "2023-10"),
        ("bao-cao-nam", "2023"),
        ("bao-cao-nam", "2025"),
    ],
)
def test_what_ended_before_is_shown_as_such_and_never_asked(late_start, duty, period):
    row = late_start.row(duty, period, "2026-11-21 10:00")
    assert "trước khi vận hành" in row["notes"]
    assert (row["expected"], row["overdue"]) == (0, 0)
    assert late_start.count(assignment, assignment.c.duty == duty, assignment.c.period == period) == 0


def test_the_first_morning_chases_nobody(late_start):
    assert (late_start.first.notices, late_start.first.overdue) == (0, 0)
    assert late_start.row("bao-cao-nam", "2026", "2026-11-21 10:00")["pending"] == 130 + 14


def test_steps_before_are_recorded_as_skipped_and_later_ones_are_planned(late_start):
    late_start.sweeps("2026-11-23")
    steps = {n["step"]: (n["state"], n["reason"]) for n in late_start.notices(unit=THANH_VINH)}
    assert steps == {"remind:-30d": ("skipped", "trước khi vận hành"), "remind:-7d": ("planned", "")}


def test_a_report_for_a_period_before_is_refused_with_the_reason(late_start):
    with pytest.raises(Refusal, match="trước khi vận hành"):
        late_start.submits(HEALTH, "bao-cao-nam", "2025", "2025-11-20", entered="2026-11-23 08:00")


def test_the_first_day_is_remembered_and_a_second_start_changes_nothing(late_start):
    before = late_start.ledger()
    assert late_start.goes_live("2027-01-05") == instant("2026-11-21 10:00")
    assert late_start.ledger() == before


def test_what_was_due_on_the_very_instant_of_going_live_is_before_it(new_office):
    office = new_office()
    office.goes_live("2023-12-01 00:00")
    assert office.sweeps("2023-12-01").overdue == 0
    assert "trước khi vận hành" in office.row(*YEAR, "2023-12-01")["notes"]


def test_going_live_a_second_before_the_due_still_chases(new_office):
    office = new_office()
    office.goes_live("2023-11-30 23:59:59")
    office.sweeps("2023-12-01")
    assert office.told("escalate:+1wd", unit=VINH, duty=YEAR[0])


def test_without_a_first_day_everything_is_replayed(office):
    office.sweeps("2023-12-01")
    assert office.state(VINH, *YEAR, "2023-12-01") == "overdue"
    assert office.notices(duty="hoi-nghi-quan-triet")


@pytest.mark.parametrize("unit", [VINH, HEALTH])
def test_what_was_asked_before_going_live_is_not_shown_as_withdrawn(office, unit):
    office.sweeps("2023-11-01")
    office.submits(VINH, *YEAR, "2023-11-10")
    assert office.state(VINH, *YEAR, "2024-01-02") == "done"
    office.goes_live("2024-01-02")
    assert office.state(unit, *YEAR, "2024-01-02") != "withdrawn"


def test_districts_that_had_ended_at_the_first_day_are_not_asked(office):
    office.goes_live("2025-08-01")
    office.sweeps("2025-08-01")
    row = office.row("bao-cao-nam", "2025", "2025-08-01")
    assert (row["transferred"], row["pending"]) == (0, 130 + 14)


def test_a_report_that_was_taken_is_shown(office):
    office.goes_live("2025-08-01")
    try:
        office.submits(VINH, "bao-cao-nam", "2025", "2025-06-20", entered="2025-08-02")
    except Refusal:
        return
    assert office.state(VINH, "bao-cao-nam", "2025", "2025-08-02") == "done"
