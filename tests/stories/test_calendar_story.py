"""A year and a half of Nghệ An's plan, 1/7/2023 to 31/12/2024: what opens when, for whom, and who is told."""

import pytest
from cast import (
    CUA_LO,
    HEALTH,
    HOME_AFFAIRS,
    JUSTICE,
    KIM_SON,
    PARTY,
    PARTY_OFFICE,
    PROVINCE,
    QUE_PHONG,
    VINH,
    assignment,
    instant,
)

YEAR = {"duty": "bao-cao-nam", "period": "2023", "unit": VINH}


@pytest.fixture(scope="module")
def autumn(new_office):
    """From the first day to 31/12/2024 nobody reports the year 2023, and everyone issues the regulation in time."""
    office = new_office()
    for day in ("2023-07-01", "2023-09-30", "2023-10-01", "2023-10-02"):
        office.sweeps(day)
    units = [
        r["unit"] for r in office.status("2023-10-02", by="unit") if r["duty"] == "ban-hanh-quy-che" and r["pending"]
    ]
    same = {"plan": office.plan.code, "duty": "ban-hanh-quy-che", "period": "2023-Q4", "submitted_at": "2023-10-20"}
    assert office.imports_reports(*(same | {"unit": unit} for unit in units), now="2023-10-20 09:00") == []
    office.sweeps_daily("2023-10-21", "2023-12-19")
    for day in ("2023-12-25", "2024-01-01", "2024-01-02", "2024-01-04"):
        office.sweeps(day)
    return office


@pytest.fixture(scope="module")
def opening(new_office):
    """What a sweep gives to do on the day a window opens, and the evening before."""
    office = new_office()
    opened = {}
    for day in ("2023-07-01", "2023-09-30", "2023-10-01", "2023-12-31", "2024-01-01"):
        opened[day] = office.sweeps(day).opened
    return office, opened


def assigned(office, duty, period):
    return office.count(assignment, assignment.c.duty == duty, assignment.c.period == period)


# Which duties open when, and for how many units


def test_the_first_day_opens_what_has_no_later_window(opening):
    office, opened = opening
    # One holder of the standing office, 1 + 4 + 41 + 501 without a term, 41 year reports.
    assert opened["2023-07-01"] == 1 + 1 + 4 + 41 + 501 + 41
    assert assigned(office, "bao-cao-nam", "2023") == 20 + 21
    assert assigned(office, "kiem-tra-don-doc", "-") == 20 + 21 + 460


def test_a_window_opens_on_its_day_and_not_on_the_evening_before(opening):
    office, opened = opening
    assert opened["2023-09-30"] == 0
    assert opened["2023-10-01"] == 501 + 1
    assert assigned(office, "ban-hanh-quy-che", "2023-Q4") == 20 + 21 + 460
    assert assigned(office, "ra-soat-van-ban", "2023-10") == 1


def test_a_new_year_opens_the_yearly_duties(opening):
    office, opened = opening
    assert opened["2023-12-31"] == 0
    assert opened["2024-01-01"] == 1 + 21 + 41
    assert assigned(office, "tap-huan-cap-tinh", "2024") == 1
    assert assigned(office, "tap-huan-cap-xa", "2024") == 21
    assert assigned(office, "bao-cao-nam", "2024") == 41


def test_before_its_window_a_period_is_shown_as_still_to_come(opening):
    row = opening[0].row("ban-hanh-quy-che", "2023-Q4", "2023-09-30 23:59:59")
    assert (row["not_open"], row["expected"], row["pending"]) == (501, 0, 0)
    row = opening[0].row("ban-hanh-quy-che", "2023-Q4", "2023-10-01 00:00")
    assert (row["not_open"], row["expected"], row["pending"]) == (0, 501, 501)


def test_lists_that_the_office_has_not_given_are_named_and_do_not_vanish(opening):
    notes = opening[0].row("ban-hanh-quy-che", "2023-Q4", "2023-10-01")["notes"]
    assert "Doanh nghiệp nhà nước: chưa có danh sách đơn vị" in notes
    assert "Doanh nghiệp ngoài nhà nước: chưa có danh sách đơn vị" in notes
    assert len(notes) == 3


def test_an_assignment_takes_effect_at_opens_whenever_the_sweep_came(new_office):
    office = new_office()
    office.sweeps("2023-11-15")
    [fact] = [f for f in office.ledger("assigned") if f["duty"] == "ra-soat-van-ban"]
    assert fact["event_at"] == instant("2023-10-01 00:00") and fact["recorded_at"] == instant("2023-11-15")


# When the year's report is reminded and escalated


def test_the_year_2023_is_reminded_and_escalated_on_the_days_of_the_issue(autumn):
    assert autumn.days_of(**YEAR) == {
        "remind:-30d": "2023-11-01T07:30",
        "remind:-7d": "2023-11-24T07:30",
        "remind:-3wd": "2023-11-28T07:30",
        "remind:-1wd": "2023-11-30T07:30",
        "escalate:+1wd": "2023-12-01T07:30",
        "escalate:+3wd": "2023-12-05T07:30",
        "escalate:+5wd": "2023-12-07T07:30",
        "escalate:+10wd": "2023-12-14T07:30",
        "escalate:weekly:2023-12-18": "2023-12-18T07:30",
        "escalate:weekly:2023-12-25": "2023-12-25T07:30",
        "escalate:weekly:2024-01-01": "2024-01-02T07:30",  # a Monday off moves on and keeps its name
    }


def test_every_one_of_the_41_units_gets_each_reminder_once(autumn):
    for step in ("remind:-30d", "remind:-7d", "remind:-3wd", "remind:-1wd"):
        units = [n["unit"] for n in autumn.notices(duty="bao-cao-nam", period="2023", step=step)]
        assert len(units) == len(set(units)) == 41


def test_the_sweeps_counted_what_the_notices_say(new_office):
    office = new_office()
    office.goes_live("2023-10-31")
    office.sweeps("2023-10-31")
    first = office.sweeps("2023-11-01")
    # 41 reminders of the year's report; the review of texts is late since midnight: to the unit and its superior.
    assert (first.reminded, first.escalated, first.notices, first.overdue) == (41, 1, 41 + 2, 1)


def test_2024_moves_what_falls_on_a_sunday(new_office):
    office = new_office()
    office.goes_live("2024-10-01")
    office.sweeps("2024-12-02")
    assert office.days_of(duty="bao-cao-nam", period="2024", unit=VINH) == {
        "remind:-30d": "2024-11-01T07:30",
        "remind:-7d": "2024-11-22T07:30",
        "remind:-3wd": "2024-11-27T07:30",
        "remind:-1wd": "2024-11-29T07:30",
        "escalate:+1wd": "2024-12-02T07:30",
    }


def test_2026_moves_before_the_new_holiday_of_24_november(new_office):
    office = new_office()
    office.goes_live("2026-10-01")
    for day in ("2026-10-30", "2026-11-23", "2026-11-24", "2026-11-26", "2026-11-30"):
        office.sweeps(day)
    assert office.days_of(duty="bao-cao-nam", period="2026", unit="n:16681") == {
        "remind:-30d": "2026-10-30T07:30",
        "remind:-7d": "2026-11-23T07:30",
        "remind:-3wd": "2026-11-26T07:30",
        "remind:-1wd": "2026-11-30T07:30",
    }


def test_reminders_that_fall_before_the_window_opens_do_not_exist(autumn):
    # October only: 30 days before 1/11 is 2/10, inside; nothing falls before 1/10.
    days = autumn.days_of(duty="ra-soat-van-ban", period="2023-10", unit=HOME_AFFAIRS)
    assert days["remind:-30d"] == "2023-10-02T07:30"
    assert min(days.values()) >= "2023-10-01"


# Who is told


def test_reminders_go_to_the_unit_alone_where_nobody_coordinates(autumn):
    assert autumn.told("remind:-7d", **YEAR) == {f"{VINH}/focal_point": "reminder"}


def test_the_ladder_climbs_from_the_unit_to_the_chair(autumn):
    assert autumn.told("escalate:+1wd", **YEAR) == {
        f"{VINH}/focal_point": "escalation", f"{PROVINCE}/focal_point": "copy"}  # fmt: skip
    assert autumn.told("escalate:+3wd", **YEAR) == {f"{PROVINCE}/focal_point": "escalation"}
    assert autumn.told("escalate:+5wd", **YEAR) == {f"{PARTY_OFFICE}/standing_office": "escalation"}
    assert autumn.told("escalate:+10wd", **YEAR) == {f"{PROVINCE}/chair": "escalation"}
    assert autumn.told("escalate:weekly:2023-12-18", **YEAR) == {
        f"{VINH}/focal_point": "escalation", f"{PROVINCE}/focal_point": "copy",
        f"{PARTY_OFFICE}/standing_office": "copy"}  # fmt: skip


def test_a_departments_superior_is_the_province(autumn):
    asked = {"duty": "bao-cao-nam", "period": "2023", "unit": HEALTH}
    assert autumn.told("escalate:+3wd", **asked) == {f"{PROVINCE}/focal_point": "escalation"}


def test_a_communes_superior_is_its_district(new_office):
    office = new_office()
    office.sweeps("2024-01-02")
    asked = {"duty": "ban-hanh-quy-che", "period": "2023-Q4", "unit": KIM_SON}
    assert office.told("escalate:+1wd", **asked) == {
        f"{KIM_SON}/focal_point": "escalation", f"{QUE_PHONG}/focal_point": "copy"}  # fmt: skip


def test_the_late_standing_office_is_not_told_of_itself_but_the_party_committee_is(autumn):
    asked = {"duty": "hoi-nghi-quan-triet", "period": "2023-Q3", "unit": PARTY_OFFICE}
    assert autumn.told("escalate:+1wd", **asked) == {
        f"{PARTY_OFFICE}/focal_point": "escalation", f"{PARTY}/focal_point": "copy"}  # fmt: skip
    assert autumn.told("escalate:+5wd", **asked) == {f"{PARTY}/focal_point": "escalation"}
    assert autumn.told("escalate:+10wd", **asked) == {f"{PROVINCE}/chair": "escalation"}
    assert f"{PARTY_OFFICE}/standing_office" not in {n["recipient"] for n in autumn.notices(**asked)}


def test_home_affairs_named_standing_office_and_late_goes_to_the_province(new_office):
    office = new_office()
    named = {
        "key": HOME_AFFAIRS, "name": "Sở Nội vụ", "kind": "sở", "level": "department", "parent": PROVINCE,
        "valid_from": "2021-01-01", "role": "standing_office",
    }  # fmt: skip
    assert office.imports_units(named, now="2023-07-03") == []
    office.goes_live("2023-09-29")
    office.sweeps("2023-11-07")
    for duty, period in (("ra-soat-van-ban", "2023-10"), ("hoi-nghi-quan-triet", "2023-Q3")):
        told = office.told("escalate:+5wd", duty=duty, period=period, unit=HOME_AFFAIRS)
        assert told == {f"{PROVINCE}/focal_point": "escalation"}
    assert office.standing(PARTY_OFFICE, "hoi-nghi-quan-triet", "2023-Q3", "2023-11-07") is None
    office.sweeps("2023-12-07")
    told = office.told("escalate:+5wd", duty="bao-cao-nam", period="2023", unit=VINH)
    assert told == {f"{HOME_AFFAIRS}/standing_office": "escalation"}


def test_coordinating_units_get_copies_and_owe_nothing(autumn):
    asked = {"duty": "ra-soat-van-ban", "period": "2023-10"}
    for step in ("remind:-7d", "remind:-1wd"):
        assert autumn.told(step, **asked) == {
            f"{HOME_AFFAIRS}/focal_point": "reminder", f"{JUSTICE}/focal_point": "copy"}  # fmt: skip
    assert autumn.standing(JUSTICE, "ra-soat-van-ban", "2023-10", "2023-11-01") is None
    assert {n["unit"] for n in autumn.notices(**asked)} == {HOME_AFFAIRS}


def test_a_lead_that_is_also_among_the_coordinating_gets_no_copy_of_its_own(new_office):
    office = new_office()
    office.goes_live("2024-12-02")
    office.sweeps("2024-12-25")
    told = office.told("remind:-7d", duty="tap-huan-cap-tinh", period="2024")
    assert told.pop(f"{HOME_AFFAIRS}/focal_point") == "reminder"
    assert set(told.values()) == {"copy"} and len(told) == 19


def test_an_ended_district_is_not_asked_for_the_next_year(new_office):
    office = new_office()
    office.goes_live("2024-11-01")
    office.sweeps("2024-11-30")
    assert office.state(CUA_LO, "bao-cao-nam", "2024", "2024-11-30") == "due_soon"
    office.sweeps("2025-01-01")
    assert office.state(CUA_LO, "bao-cao-nam", "2024", "2025-01-01") == "transferred"
    assert office.standing(CUA_LO, "bao-cao-nam", "2025", "2025-01-01") is None
    assert office.row("bao-cao-nam", "2025", "2025-01-01")["expected"] == 40


# The edges of the window


def test_the_last_second_of_30_november_is_on_time_and_the_first_of_december_is_late(new_office):
    office = new_office()
    office.submits(VINH, "bao-cao-nam", "2023", "2023-11-30 23:59:59")
    office.submits(CUA_LO, "bao-cao-nam", "2023", "2023-12-01 00:00:00")
    assert office.state(VINH, "bao-cao-nam", "2023", "2023-12-01") == "done"
    assert office.state(CUA_LO, "bao-cao-nam", "2023", "2023-12-01") == "done_late"


def test_the_state_turns_at_the_instants_of_the_glossary(new_office):
    office = new_office()
    asked = (VINH, "bao-cao-nam", "2023")
    assert office.state(*asked, "2023-06-30 23:59:59") in (None, "not_open")
    assert office.state(*asked, "2023-07-01 00:00") == "pending"
    assert office.state(*asked, "2023-11-23 23:59:59") == "pending"
    assert office.state(*asked, "2023-11-24 00:00") == "due_soon"
    assert office.state(*asked, "2023-11-30 23:59:59") == "due_soon"
    assert office.state(*asked, "2023-12-01 00:00") == "overdue"


def test_lateness_is_counted_in_working_days_begun(new_office):
    office = new_office()
    shown = {
        day: office.standing(VINH, "bao-cao-nam", "2024", day)["shown"]
        for day in ("2024-12-01", "2024-12-02", "2024-12-06", "2024-12-07", "2024-12-09")
    }
    assert shown == {
        "2024-12-01": "Quá hạn",  # a Sunday: late, and no working day has begun
        "2024-12-02": "Quá hạn 1 ngày làm việc",
        "2024-12-06": "Quá hạn 5 ngày làm việc",
        "2024-12-07": "Quá hạn 5 ngày làm việc",
        "2024-12-09": "Quá hạn 6 ngày làm việc",
    }


def test_what_has_no_term_is_never_chased(autumn):
    untimed = {"theo-doi-tong-hop", "tuyen-truyen", "ke-hoach-chi-tiet", "kiem-tra-don-doc", "nghi-quyet-hdnd"}
    assert not untimed & {n["duty"] for n in autumn.notices()}
    shown = autumn.standing(HOME_AFFAIRS, "theo-doi-tong-hop", "-", "2024-01-02")["shown"]
    assert shown == "Thường xuyên"
    assert autumn.standing(VINH, "ke-hoach-chi-tiet", "-", "2024-01-02")["shown"] == "Không ấn định thời hạn"


def test_everyone_who_issued_the_regulation_in_time_is_never_chased(autumn):
    assert autumn.notices(duty="ban-hanh-quy-che") == []
    row = autumn.row("ban-hanh-quy-che", "2023-Q4", "2024-01-02")
    assert (row["done"], row["expected"], row["reporting_rate"], row["on_time_rate"]) == (501, 501, 1.0, 1.0)


def test_no_notice_is_without_a_recipient(autumn):
    assert all("/" in n["recipient"] and "@" not in n["recipient"] for n in autumn.notices())


def test_the_chain_is_whole_after_the_autumn(autumn):
    assert autumn.broken_links() == []
