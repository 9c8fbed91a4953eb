"""The centre issues guidance: the resolution's duty opens the day after, once for each such event."""

import pytest
from cast import HOME_AFFAIRS, JUSTICE, PARTY_OFFICE, assignment

from models.refusal import Refusal

DUTY = "nghi-quyet-hdnd"


def test_before_any_guidance_there_is_no_period(office):
    office.sweeps("2023-11-01")
    assert [r for r in office.status("2023-11-01") if r["duty"] == DUTY] == []


def test_the_duty_opens_the_day_after_at_midnight_under_the_events_date(office):
    assert office.hears_of_guidance("2024-03-05") == "2024-03-05"
    asked = (HOME_AFFAIRS, DUTY, "2024-03-05")
    assert office.state(*asked, "2024-03-05 23:59:59") in (None, "not_open")
    assert office.state(*asked, "2024-03-06 00:00") == "no_term"
    row = office.row(DUTY, "2024-03-05", "2024-03-06")
    assert (row["opens"], row["due"], row["expected"]) == ("2024-03-06T00:00:00+07:00", None, 0)


def test_the_sweep_assigns_it_once_to_its_lead_only(office):
    office.goes_live("2024-03-01")
    office.sweeps("2024-03-05")
    office.hears_of_guidance("2024-03-05")
    assert office.sweeps("2024-03-05 20:00").opened == 0
    result = office.sweeps("2024-03-06")
    assert (result.opened, result.notices) == (1, 0)
    assert office.sweeps("2024-03-07").opened == 0
    assert office.standing(JUSTICE, DUTY, "2024-03-05", "2024-03-07") is None
    assert office.standing(PARTY_OFFICE, DUTY, "2024-03-05", "2024-03-07") is None


def test_a_second_event_is_a_second_period_and_the_first_stays(office):
    office.hears_of_guidance("2024-03-05", basis="Nghị định A")
    office.submits(HOME_AFFAIRS, DUTY, "2024-03-05", "2024-05-01")
    office.hears_of_guidance("2024-06-20", basis="Thông tư B")
    assert office.state(HOME_AFFAIRS, DUTY, "2024-03-05", "2024-07-01") == "done"
    assert office.state(HOME_AFFAIRS, DUTY, "2024-06-20", "2024-07-01") == "no_term"
    office.goes_live("2024-06-30")
    office.sweeps("2024-07-01")
    assert office.count(assignment, assignment.c.duty == DUTY) == 2
    assert [f["cause"] for f in office.ledger("event")] == ["Nghị định A", "Thông tư B"]


def test_an_event_entered_late_opens_the_day_after_the_event(office):
    office.hears_of_guidance("2024-03-05", now="2024-04-01 10:00")
    assert office.state(HOME_AFFAIRS, DUTY, "2024-03-05", "2024-03-06 00:00") == "no_term"
    assert office.submits(HOME_AFFAIRS, DUTY, "2024-03-05", "2024-03-10", entered="2024-04-02")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"on": "2024-03-05"}, "đã được ghi nhận"),
        ({"on": "2024-03-06", "basis": "  "}, "--basis"),
        ({"on": "2024-03-11"}, "tương lai"),
        ({"on": "2023-06-30"}, "trước khi kế hoạch có hiệu lực"),
        ({"on": "2024-03-06", "duty": "bao-cao-nam"}, "không chờ sự kiện"),
        ({"on": "2024-03-06", "duty": "nghi-quyet-hdn"}, "nghi-quyet-hdnd"),
    ],
)
def test_what_is_refused_changes_nothing(office, given, said):
    office.hears_of_guidance("2024-03-05", now="2024-03-10")
    before = office.ledger()
    with pytest.raises(Refusal, match=said):
        office.hears_of_guidance(**{"now": "2024-03-10"} | given)
    assert office.ledger() == before
