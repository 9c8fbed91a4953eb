"""A plan is amended while it runs: the difference is shown, then applied, and nothing that happened is lost."""

from dataclasses import replace

import pytest
from cast import CUA_LO, QUE_PHONG, VINH, assignment

from models.declaration import read_back, written
from models.refusal import Refusal
from schedules.phrases import term

YEAR = ("bao-cao-nam", "2023")
LATER = term("Hằng năm, trước ngày 15/12")


@pytest.fixture
def running(office, plan):
    """Nghệ An's office on 20/11/2023: Vinh has reported, everybody else still owes the year's report."""
    office.sweeps("2023-11-02")
    office.submits(VINH, *YEAR, "2023-11-15")
    office.sweeps("2023-11-20")
    return office


def amended(plan, code="bao-cao-nam", **changes):
    duties = tuple(replace(duty, **changes) if duty.code == code else duty for duty in plan.duties)
    return replace(plan, version=2, duties=duties)


def without(plan, code):
    return replace(plan, version=2, duties=tuple(duty for duty in plan.duties if duty.code != code))


def test_an_unchanged_plan_changes_nothing(running, plan):
    assert running.compares(plan, on="2023-11-21").edits == ()
    before = len(running.ledger())
    assert running.applies(plan, on="2023-11-21") is None
    assert len(running.ledger()) == before


def test_the_difference_tells_fields_assignments_and_steps(running, plan):
    change = running.compares(amended(plan, term=LATER), on="2023-11-21")
    assert [(e.duty, e.field, e.old, e.new) for e in change.edits] == [
        ("bao-cao-nam", "term", "Hằng năm, trước ngày 01/12", "Hằng năm, trước ngày 15/12")
    ]
    assert len(change.impact.moved) == 40  # all but Vinh, who has reported
    assert {move.key[2] for move in change.impact.moved}.isdisjoint({VINH})
    assert {(move.due.isoformat()[:10], move.new_due.isoformat()[:10]) for move in change.impact.moved} == {
        ("2023-12-01", "2023-12-15")
    }
    gone = {(step[2], str(step[3].date())): count for step, count in change.impact.cancelled}
    come = {(step[2], str(step[3].date())): count for step, count in change.impact.added}
    assert gone["remind:-7d", "2023-11-24"] == 40 and come["remind:-7d", "2023-12-08"] == 40
    assert gone["escalate:+1wd", "2023-12-01"] == 40 and come["escalate:+1wd", "2023-12-15"] == 40
    assert change.impact.unsaid == 40  # the reminders of 1/11 that wait to leave
    assert "viện dẫn không đổi" in change.warnings[0]


def test_looking_at_the_difference_writes_nothing(running, plan):
    before = running.ledger()
    running.compares(without(plan, "bao-cao-nam"), on="2023-11-21")
    assert running.ledger() == before


def test_applying_does_exactly_what_was_shown(running, plan):
    shown = running.compares(amended(plan, term=LATER), on="2023-11-21").impact
    done = running.applies(amended(plan, term=LATER), on="2023-11-21")
    assert done.impact == shown
    for move in shown.moved:
        assert running.standing(move.key[2], *move.key[:2], "2023-11-22")["due"] == move.new_due.isoformat()
    assert [one["kind"] for one in running.history(CUA_LO, *YEAR, "2023-11-22")] == ["assigned", "reminder", "amended"]
    running.sweeps_daily("2023-11-22", "2023-12-16")
    steps = [
        (n["step"], n["planned_at"][:10]) for n in running.notices(unit=CUA_LO, duty="bao-cao-nam")
        if n["recipient"] == f"{CUA_LO}/focal_point" and n["planned_at"] > "2023-11-21"
    ]  # fmt: skip
    assert steps == [
        ("remind:-7d", "2023-12-08"), ("remind:-3wd", "2023-12-12"), ("remind:-1wd", "2023-12-14"),
        ("escalate:+1wd", "2023-12-15"),
    ]  # fmt: skip


def test_the_new_term_counts_from_its_application_and_the_past_stays(running, plan):
    running.applies(amended(plan, term=LATER), on="2023-11-21")
    assert running.row(*YEAR, "2023-11-20")["due"][:10] == "2023-12-01"
    assert running.row(*YEAR, "2023-11-22")["due"][:10] == "2023-12-15"
    assert running.standing(CUA_LO, *YEAR, "2023-11-22")["due"][:10] == "2023-12-15"
    assert running.standing(VINH, *YEAR, "2023-11-22")["state"] == "done"
    assert running.row("bao-cao-nam", "2024", "2024-03-01")["due"][:10] == "2024-12-15"
    why = running.whole(CUA_LO, *YEAR, "2023-11-22")["explain"]
    assert any("Kế hoạch được sửa đổi, hạn mới là hết ngày 14/12/2023" in step["why"] for step in why)


def test_what_a_unit_was_granted_is_not_taken_back(running, plan):
    running.extends(CUA_LO, *YEAR, to="2023-12-31", on="2023-11-20 09:00")
    change = running.applies(amended(plan, term=LATER), on="2023-11-21")
    assert CUA_LO not in {move.key[2] for move in change.impact.moved}
    assert running.standing(CUA_LO, *YEAR, "2023-11-22")["due"][:10] == "2024-01-01"


def test_removing_a_duty_withdraws_what_is_open_and_deletes_nothing(running, plan):
    rows = running.count(assignment)
    change = running.applies(without(plan, "bao-cao-nam"), on="2023-11-21")
    assert len(change.impact.withdrawn) == 40
    assert running.count(assignment) == rows
    assert running.state(CUA_LO, *YEAR, "2023-11-22") == "withdrawn"
    assert running.state(VINH, *YEAR, "2023-11-22") == "done"
    assert running.state(CUA_LO, *YEAR, "2023-11-20") == "pending"
    running.sweeps("2023-12-25")
    assert not [n for n in running.notices(duty="bao-cao-nam") if n["planned_at"] > "2023-11-21"]
    dropped = running.history(CUA_LO, *YEAR, "2023-11-22")[-1]
    assert "Không còn giao từ ngày 21/11/2023: kế hoạch phiên bản 2" in dropped["what"]
    assert running.row(*YEAR, "2023-11-22", known_at="2023-11-22")["withdrawn"] == 40
    assert running.row(*YEAR, "2024-03-01")["withdrawn"] == 40
    assert not [r for r in running.status("2024-03-01") if r["duty"] == "bao-cao-nam" and r["period"] == "2024"]


def test_a_duty_that_comes_back_is_asked_for_again(running, plan):
    running.withdraws(QUE_PHONG, *YEAR, on="2023-11-20 09:00")
    running.applies(without(plan, "bao-cao-nam"), on="2023-11-21")
    assert running.state(CUA_LO, *YEAR, "2023-11-22") == "withdrawn"
    change = running.applies(replace(plan, version=3), on="2023-11-23")
    assert len(change.impact.opened) == 39
    assert running.state(QUE_PHONG, *YEAR, "2023-11-24") == "withdrawn"  # an officer's decision, not the plan's
    assert running.state(CUA_LO, *YEAR, "2023-11-22") == "withdrawn"
    assert running.state(CUA_LO, *YEAR, "2023-11-24") == "due_soon"
    running.sweeps("2023-11-29")
    assert [n["step"] for n in running.notices(unit=CUA_LO, duty="bao-cao-nam", state="planned")][-1] == "remind:-3wd"
    assert any(one["kind"] == "reinstated" for one in running.history(CUA_LO, *YEAR, "2023-11-24"))


def test_a_duty_that_fewer_units_owe_is_withdrawn_from_the_others(running, plan):
    lead = plan.duty("tap-huan-cap-xa").lead  # the districts, without the departments
    change = running.applies(amended(plan, lead=lead), on="2023-11-21")
    assert len(change.impact.withdrawn) == 20
    assert running.state(QUE_PHONG, *YEAR, "2023-11-22") == "pending"
    assert running.state("b:40.so-tu-phap", *YEAR, "2023-11-22") == "withdrawn"


def test_more_time_for_everybody_is_not_for_those_who_were_dropped(running, plan):
    running.applies(amended(plan, lead=plan.duty("tap-huan-cap-xa").lead), on="2023-11-21")
    running.extends(None, *YEAR, to="2023-12-20", on="2023-11-22")
    assert running.state("b:40.so-tu-phap", *YEAR, "2023-11-23") == "withdrawn"
    assert running.standing(QUE_PHONG, *YEAR, "2023-11-23")["due"][:10] == "2023-12-21"


def test_a_new_duty_opens_at_once(running, plan):
    extra = replace(plan.duty("bao-cao-nam"), code="bao-cao-them", term=term("Trong Quý IV năm 2023"))
    change = running.applies(replace(plan, version=2, duties=(*plan.duties, extra)), on="2023-11-21")
    assert len(change.impact.opened) == 41
    assert running.sweeps("2023-11-22").opened == 41


def test_a_ladder_stays_with_what_began_under_it(running, plan):
    """A new cadence counts for the periods that open after it."""
    short = replace(plan.cadence, reminders=plan.cadence.reminders[1:2])
    change = running.applies(amended(plan, cadence=short), on="2023-11-21")
    assert (change.impact.cancelled, change.impact.added) == ((), ())
    running.sweeps_daily("2023-11-22", "2023-11-30")
    of_2023 = running.days_of(unit=CUA_LO, duty="bao-cao-nam", period="2023", recipient=f"{CUA_LO}/focal_point")
    assert list(of_2023) == ["remind:-30d", "remind:-7d", "remind:-3wd", "remind:-1wd"]
    running.sweeps("2024-11-29")
    of_2024 = running.days_of(unit=CUA_LO, duty="bao-cao-nam", period="2024", recipient=f"{CUA_LO}/focal_point")
    assert list(of_2024) == ["remind:-7d"]


def test_what_runs_is_what_was_applied(running, plan):
    """A file that is edited and not applied changes nothing yet."""
    running.plan = amended(plan, term=LATER)
    assert running.row(*YEAR, "2023-11-22")["due"][:10] == "2023-12-01"
    running.applies(running.plan, on="2023-11-23")
    assert running.row(*YEAR, "2023-11-24")["due"][:10] == "2023-12-15"


def test_a_change_under_the_same_version_is_refused(running, plan):
    with pytest.raises(Refusal, match="Tăng version lên 2"):
        running.applies(replace(amended(plan, term=LATER), version=1), on="2023-11-21")


def test_a_declaration_reads_back_to_the_same_plan(plan):
    assert read_back(written(plan)) == plan
    assert read_back(written(plan)).hash == plan.hash


def test_a_second_amendment_counts_as_the_first_did(running, plan):
    running.pauses(QUE_PHONG, *YEAR, on="2023-11-20 09:00")
    running.resumes(QUE_PHONG, *YEAR, on="2023-11-20 10:00")
    running.applies(amended(plan, term=term("Hằng năm, trước ngày 20/12")), on="2023-11-21")
    back = replace(amended(plan, term=term("Hằng năm, trước ngày 10/12")), version=3)
    assert len(running.applies(back, on="2023-11-22").impact.moved) == 40
    for unit in (CUA_LO, QUE_PHONG):
        assert running.standing(unit, *YEAR, "2023-11-23")["due"][:10] == "2023-12-10"
    assert running.row(*YEAR, "2023-11-23")["due"][:10] == "2023-12-10"


def test_an_amendment_comes_after_a_correction_for_everybody(running, plan):
    running.corrects(None, *YEAR, to="2023-12-05", on="2023-11-20 09:00")
    running.applies(amended(plan, term=term("Hằng năm, trước ngày 20/12")), on="2023-11-21")
    assert running.row(*YEAR, "2023-11-22")["due"][:10] == "2023-12-20"
    assert running.standing(CUA_LO, *YEAR, "2023-11-22")["due"][:10] == "2023-12-20"


def test_a_duty_that_comes_back_has_the_dates_of_its_new_declaration(running, plan):
    running.applies(amended(plan, term=term("Hằng năm, trước ngày 20/12")), on="2023-11-21")
    running.applies(replace(without(plan, "bao-cao-nam"), version=3), on="2023-11-22")
    running.applies(replace(plan, version=4), on="2023-11-23")
    assert running.standing(CUA_LO, *YEAR, "2023-11-24")["due"][:10] == "2023-12-01"


def test_what_was_over_before_an_amendment_is_not_asked_for_by_it(running, plan):
    """Monthly from now on: October and the months before it are not suddenly late."""
    change = running.applies(amended(plan, term=term("Hằng tháng")), on="2023-11-21")
    rows = [row for row in running.status("2023-11-22") if row["duty"] == "bao-cao-nam"]
    assert {row["period"] for row in rows} == {"2023", "2023-11", "2023-12"}
    assert sum(row["overdue"] for row in rows) == 0
    assert {key[1] for key in change.impact.opened} == {"2023-11"}


def test_the_past_stays_when_nothing_was_swept_before_an_amendment(office, plan):
    before = office.status("2023-11-09", by="unit")
    office.applies(amended(plan, term=term("Hằng năm, trước ngày 25/11")), on="2023-12-10")
    office.sweeps("2023-12-11")
    assert office.status("2023-11-09", by="unit") == before
    assert office.standing(CUA_LO, *YEAR, "2023-11-27")["state"] == "due_soon"
    assert office.standing(CUA_LO, *YEAR, "2023-12-11")["due"][:10] == "2023-12-01"  # it was over on 10/12


def test_what_is_overdue_already_keeps_its_date(running, plan):
    """Two dates that have both passed: the ladder does not begin anew."""
    running.sweeps("2023-12-20")
    before = len(running.notices(duty="bao-cao-nam", unit=CUA_LO))
    change = running.applies(amended(plan, term=LATER), on="2023-12-20 09:00")
    assert {move.key[1] for move in change.impact.moved} == set()
    running.sweeps("2023-12-20 10:00")
    assert len(running.notices(duty="bao-cao-nam", unit=CUA_LO)) == before
    assert running.standing(CUA_LO, *YEAR, "2023-12-21")["due"][:10] == "2023-12-01"
    assert running.row("bao-cao-nam", "2024", "2024-02-01")["due"][:10] == "2024-12-15"


def test_the_reckoning_tells_the_old_date_then_the_new_one(running, plan):
    running.applies(amended(plan, term=term("Hằng năm, trước ngày 20/12")), on="2023-11-21")
    told = [step["why"] for step in running.whole(CUA_LO, *YEAR, "2023-11-22")["explain"]]
    assert "chậm nhất trong ngày 30/11/2023" in told[0]
    place = next(n for n, why in enumerate(told) if why.startswith("Kế hoạch được sửa đổi, hạn mới là hết ngày 19/12"))
    assert "chậm nhất trong ngày 19/12/2023" in told[place + 1]


def test_another_province_is_another_plan(running, plan):
    duties = tuple(duty for duty in plan.duties if duty.code == "ke-hoach-chi-tiet")
    with pytest.raises(Refusal, match="đang áp dụng cho tỉnh 40, không đổi sang tỉnh 20 được"):
        running.compares(replace(plan, version=2, province="20", duties=duties), on="2023-11-21")
