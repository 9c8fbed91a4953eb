"""The calendar changes: a day is declared off, another is to be worked, and open dates move with them."""

from dataclasses import replace
from datetime import date

import pytest
from cast import CUA_LO, HOME_AFFAIRS, VINH

from schedules.phrases import term
from schedules.workdays import OverlayRow

YEAR = ("bao-cao-nam", "2023")
SOURCE = "Thông báo 1/TB-UBND ngày 20/11/2023"


def off(day, province=None):
    return OverlayRow(date.fromisoformat(day), False, "nghỉ bù", SOURCE, province)


def worked(day, province=None):
    return OverlayRow(date.fromisoformat(day), True, "làm bù", SOURCE, province)


@pytest.fixture
def counting(office, plan):
    """A plan whose year report rolls by Điều 148 khoản 5, and a duty counted in working days from the guidance."""
    duties = tuple(
        replace(duty, counting="civil-code") if duty.code == "bao-cao-nam"
        else replace(duty, term=term("trong thời hạn 20 ngày làm việc kể từ ngày có văn bản hướng dẫn của Trung ương"))
        if duty.code == "nghi-quyet-hdnd" else duty
        for duty in plan.duties
    )  # fmt: skip
    office.plan = replace(plan, code="dem-ngay", duties=duties)
    office.applies(office.plan, on="2023-07-01")
    office.sweeps("2023-11-20")
    return office


def test_a_last_day_that_becomes_a_day_off_rolls_and_so_does_the_ladder(counting):
    change = counting.changes_calendar(off("2023-11-30"), on="2023-11-21")
    moved = change.impacts["dem-ngay"].moved
    assert len(moved) == 41
    assert {(m.due.isoformat()[:10], m.new_due.isoformat()[:10]) for m in moved} == {("2023-12-01", "2023-12-02")}
    assert counting.row(*YEAR, "2023-11-20 12:00")["due"][:10] == "2023-12-01"
    assert counting.row(*YEAR, "2023-11-22")["due"][:10] == "2023-12-02"
    assert counting.standing(CUA_LO, *YEAR, "2023-11-22")["due"][:10] == "2023-12-02"
    told = counting.whole(CUA_LO, *YEAR, "2023-11-22")["explain"]
    assert {
        "why": "Tính lại theo lịch mới, hạn là hết ngày 01/12/2023 (từ ngày 21/11/2023): lịch ngày làm việc thay đổi",
        "article": SOURCE,
    } in told
    assert told[-1]["why"] == "Thời hạn kết thúc lúc 24 giờ ngày 01/12/2023"
    counting.sweeps_daily("2023-11-22", "2023-12-05")
    own = {"unit": CUA_LO, "duty": "bao-cao-nam", "recipient": f"{CUA_LO}/focal_point"}
    assert counting.days_of(**own)["escalate:+1wd"][:10] == "2023-12-04"


def test_working_days_counted_from_an_event_are_counted_anew(counting):
    counting.hears_of_guidance("2023-11-13")
    key = ("nghi-quyet-hdnd", "2023-11-13")
    assert counting.standing(HOME_AFFAIRS, *key, "2023-11-21")["due"][:10] == "2023-12-12"
    change = counting.changes_calendar(off("2023-11-24"), worked("2023-12-02"), worked("2023-12-09"), on="2023-11-21")
    assert [m.key[0] for m in change.impacts["dem-ngay"].moved if m.key[0] != "bao-cao-nam"] == ["nghi-quyet-hdnd"]
    assert counting.standing(HOME_AFFAIRS, *key, "2023-11-22")["due"][:10] == "2023-12-10"


def test_named_dates_stay_and_their_reminders_move(office, plan):
    office.sweeps("2023-11-20")
    change = office.changes_calendar(off("2023-11-24"), on="2023-11-21").impacts[plan.code]
    assert change.moved == ()
    gone = {(step[2], str(step[3].date())) for step, _ in change.cancelled}
    come = {(step[2], str(step[3].date())) for step, _ in change.added}
    assert ("remind:-7d", "2023-11-24") in gone and ("remind:-7d", "2023-11-23") in come
    office.sweeps_daily("2023-11-21", "2023-11-30")
    own = {"unit": VINH, "duty": "bao-cao-nam", "recipient": f"{VINH}/focal_point"}
    assert office.days_of(**own)["remind:-7d"][:10] == "2023-11-23"


def test_a_day_of_one_province_moves_nothing_elsewhere(counting):
    change = counting.changes_calendar(off("2023-11-30", province="20"), on="2023-11-21")
    assert change.impacts["dem-ngay"].moved == ()
    assert counting.row(*YEAR, "2023-11-22")["due"][:10] == "2023-12-01"


def test_what_an_officer_set_beside_the_plan_stays(counting):
    counting.extends(CUA_LO, *YEAR, to="2023-12-20", on="2023-11-20 09:00")
    counting.corrects(VINH, *YEAR, to="2023-11-28", on="2023-11-20 09:00")
    counting.changes_calendar(off("2023-11-30"), on="2023-11-21")
    assert counting.standing(CUA_LO, *YEAR, "2023-11-22")["due"][:10] == "2023-12-21"
    assert counting.standing(VINH, *YEAR, "2023-11-22")["due"][:10] == "2023-11-29"


def test_what_is_done_does_not_move(counting):
    counting.submits(VINH, *YEAR, "2023-11-20 10:00")
    change = counting.changes_calendar(off("2023-11-30"), on="2023-11-21").impacts["dem-ngay"]
    assert VINH not in {move.key[2] for move in change.moved}
    assert len(change.moved) == 40


def test_days_late_are_counted_by_the_calendar_of_the_day(office):
    office.sweeps("2023-11-20")
    office.changes_calendar(off("2023-12-04"), on="2023-12-03")
    assert office.standing(VINH, *YEAR, "2023-12-05")["days_late"] == 2  # 1/12 and 5/12
    assert office.standing(VINH, *YEAR, "2023-12-02")["days_late"] == 1


def test_days_that_are_on_record_are_not_recorded_again(counting):
    counting.changes_calendar(off("2023-11-30"), on="2023-11-21")
    before = len(counting.ledger())
    counting.changes_calendar(on="2023-11-22")
    assert len(counting.ledger()) == before


def test_an_event_entered_after_a_change_is_counted_by_the_calendar_as_it_is_now(counting):
    counting.changes_calendar(off("2023-11-24"), on="2023-11-21")
    counting.hears_of_guidance("2023-11-13", now="2023-11-22")
    assert counting.standing(HOME_AFFAIRS, "nghi-quyet-hdnd", "2023-11-13", "2023-11-23")["due"][:10] == "2023-12-13"


def test_an_amendment_after_a_change_counts_by_the_changed_calendar(counting):
    counting.hears_of_guidance("2023-11-13")
    counting.changes_calendar(off("2023-11-24"), on="2023-11-21")
    longer = tuple(
        replace(duty, term=term("trong thời hạn 21 ngày làm việc kể từ ngày có văn bản hướng dẫn của Trung ương"))
        if duty.code == "nghi-quyet-hdnd" else duty for duty in counting.plan.duties
    )  # fmt: skip
    counting.applies(replace(counting.plan, version=2, duties=longer), on="2023-11-22")
    key = ("nghi-quyet-hdnd", "2023-11-13")
    assert counting.standing(HOME_AFFAIRS, *key, "2023-11-23")["due"][:10] == "2023-12-14"
    counting.changes_calendar(off("2023-12-01"), on="2023-11-25")
    assert counting.standing(HOME_AFFAIRS, *key, "2023-11-26")["due"][:10] == "2023-12-15"
