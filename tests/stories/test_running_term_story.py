"""What is decided about a term that runs: more time, a wrong date put right, a pause, an early end."""

from dataclasses import replace

import pytest
from cast import CUA_LO, KIM_SON, QUE_PHONG, VINH, instant, text_of

from models.refusal import Refusal
from models.words import CANCELLED_MOVED, SKIPPED_MOVED, SKIPPED_PAUSED

YEAR = ("bao-cao-nam", "2023")
ABOUT_VINH = {"duty": "bao-cao-nam", "period": "2023", "unit": VINH, "recipient": f"{VINH}/focal_point"}


def due(office, unit, as_of, duty="bao-cao-nam", period="2023"):
    return office.standing(unit, duty, period, as_of)["due"][:10]


def urged(office):
    """The steps of the ladder that are still to be said to the unit itself."""
    return [n["step"] for n in office.notices(**ABOUT_VINH, state="planned") if n["step"].startswith("escalate")]


# More time


def test_an_extension_moves_the_reminders_and_the_ladder_at_once(office):
    office.sweeps_daily("2023-10-30", "2023-11-28")
    assert list(office.days_of(**ABOUT_VINH)) == ["remind:-30d", "remind:-7d", "remind:-3wd"]
    office.extends(VINH, *YEAR, to="2023-12-15", on="2023-11-28 09:00", by="Nguyễn Văn An")
    office.sweeps_daily("2023-11-29", "2023-12-20")
    told = [(n["step"], n["planned_at"][:10], n["state"]) for n in office.notices(**ABOUT_VINH)]
    assert told == [
        ("remind:-30d", "2023-11-01", "skipped"),  # gave way to the newer one, and what was said stays said
        ("remind:-7d", "2023-11-24", "skipped"),
        ("remind:-3wd", "2023-11-28", "skipped"),
        ("remind:-7d", "2023-12-08", "skipped"),
        ("remind:-3wd", "2023-12-13", "skipped"),
        ("remind:-1wd", "2023-12-15", "skipped"),
        ("escalate:+1wd", "2023-12-18", "planned"),
    ]
    assert office.state(VINH, *YEAR, "2023-12-10") == "due_soon"
    assert office.state(CUA_LO, *YEAR, "2023-12-10") == "overdue"
    assert office.standing(VINH, *YEAR, "2023-12-18")["days_late"] == 1


def test_the_past_keeps_the_date_that_it_had(office):
    office.sweeps("2023-11-20")
    office.extends(VINH, *YEAR, to="2023-12-15", on="2023-12-05")
    assert due(office, VINH, "2023-12-04") == "2023-12-01"
    assert office.state(VINH, *YEAR, "2023-12-04") == "overdue"
    assert due(office, VINH, "2023-12-05 08:00") == "2023-12-16"
    assert office.state(VINH, *YEAR, "2023-12-05 08:00") == "pending"


def test_a_reminder_that_waits_is_taken_back_when_the_date_moves(office, post):
    office.imports_contacts(
        {"unit": VINH, "name": "Văn phòng", "role": "focal_point", "email": "vinh@example.vn"}, now="2023-07-01 08:00"
    )
    office.sweeps("2023-11-24")
    office.extends(VINH, *YEAR, to="2024-01-31", on="2023-11-24 07:45")
    office.delivers("2023-11-24 08:00")
    assert post.mails("vinh@example.vn") == []
    [waited] = [n for n in office.notices(**ABOUT_VINH) if n["step"] == "remind:-7d"]
    assert (waited["state"], waited["reason"]) == ("cancelled", CANCELLED_MOVED)


def test_a_late_sweep_says_why_the_old_steps_were_not_said(office):
    office.extends(VINH, *YEAR, to="2023-12-15", on="2023-11-28")
    office.sweeps("2023-12-14")
    told = {(n["step"], n["planned_at"][:10]): (n["state"], n["reason"]) for n in office.notices(**ABOUT_VINH)}
    assert told["remind:-7d", "2023-11-24"] == ("skipped", SKIPPED_MOVED)
    assert told["remind:-3wd", "2023-12-13"] == ("planned", "")


def test_an_extension_is_never_to_an_earlier_date(office):
    for day in ("2023-11-30", "2023-11-01"):
        with pytest.raises(Refusal, match=r"muộn hơn hạn hiện tại \(hết ngày 30/11/2023\)"):
            office.extends(VINH, *YEAR, to=day, on="2023-11-20")
    office.extends(VINH, *YEAR, to="2023-12-15", on="2023-11-20")
    with pytest.raises(Refusal, match="hết ngày 15/12/2023"):
        office.extends(VINH, *YEAR, to="2023-12-10", on="2023-11-21")
    office.extends(VINH, *YEAR, to="2024-02-01", on="2023-11-22")
    assert due(office, VINH, "2023-11-22 08:00") == "2024-02-02"


def test_an_extension_for_everybody_leaves_a_longer_one_of_a_unit(office):
    office.extends(VINH, *YEAR, to="2023-12-31", on="2023-11-20")
    assert office.extends(None, *YEAR, to="2023-12-15", on="2023-11-25").units == 41
    assert due(office, VINH, "2023-11-26") == "2024-01-01"
    assert due(office, CUA_LO, "2023-11-26") == "2023-12-16"
    assert office.row(*YEAR, "2023-11-26")["due"][:10] == "2023-12-16"
    assert office.row(*YEAR, "2023-11-24")["due"][:10] == "2023-12-01"


def test_a_duty_may_limit_how_often_it_is_extended(office, plan):
    duties = tuple(replace(d, extensions=1) if d.code == "bao-cao-nam" else d for d in plan.duties)
    office.plan = replace(plan, code="mot-lan", duties=duties)
    office.extends(VINH, *YEAR, to="2023-12-10", on="2023-11-20")
    with pytest.raises(Refusal, match="chỉ được gia hạn 1 lần"):
        office.extends(VINH, *YEAR, to="2023-12-20", on="2023-11-21")
    office.extends(CUA_LO, *YEAR, to="2023-12-20", on="2023-11-21")


def test_the_limit_counts_every_extension_whatever_its_day(office, plan):
    duties = tuple(replace(d, extensions=1) if d.code == "bao-cao-nam" else d for d in plan.duties)
    office.plan = replace(plan, code="mot-lan", duties=duties)
    office.extends(VINH, *YEAR, to="2023-12-10", on="2023-11-20")
    with pytest.raises(Refusal, match="chỉ được gia hạn 1 lần"):
        office.extends(VINH, *YEAR, to="2023-12-20", on="2023-11-19", entered="2023-11-21")
    office.extends(None, *YEAR, to="2023-12-15", on="2023-11-22")
    with pytest.raises(Refusal, match="chỉ được gia hạn 1 lần"):
        office.extends(CUA_LO, *YEAR, to="2023-12-20", on="2023-11-23")


def test_an_opening_that_is_put_off_can_be_corrected_back(office):
    office.sweeps("2023-11-02")
    office.corrects(VINH, *YEAR, opens="2023-11-20", on="2023-11-03")
    assert office.state(VINH, *YEAR, "2023-11-10") == "not_open"
    office.corrects(VINH, *YEAR, opens="2023-07-01", on="2023-11-11")
    assert office.state(VINH, *YEAR, "2023-11-12") == "pending"


def test_the_reckoning_says_when_a_later_date_was_kept(office):
    office.extends(VINH, *YEAR, to="2023-12-20", on="2023-11-20")
    office.corrects(None, *YEAR, to="2023-12-10", on="2023-11-21")
    assert due(office, VINH, "2023-11-22") == "2023-12-21"
    told = office.whole(VINH, *YEAR, "2023-11-22")["explain"][-1]["why"]
    assert told == "Hạn đã quyết định riêng muộn hơn nên được giữ: hết ngày 20/12/2023"


def test_an_extension_entered_after_the_fact_makes_the_report_on_time(office):
    office.submits(VINH, *YEAR, "2023-12-05 10:00")
    assert office.state(VINH, *YEAR, "2023-12-06") == "done_late"
    office.extends(VINH, *YEAR, to="2023-12-10", on="2023-11-29", entered="2023-12-07")
    assert office.state(VINH, *YEAR, "2023-12-07") == "done"
    # What was known on the 6th is still told as it was known.
    assert office.state(VINH, *YEAR, "2023-12-06", known_at="2023-12-06") == "done_late"


@pytest.mark.parametrize(
    ("on", "why"),
    [
        ("2023-06-30", "nằm|mở|không"),
        ("2031-01-01", "tương lai"),
    ],
)
def test_a_decision_outside_the_terms_life_is_refused(office, on, why):
    with pytest.raises(Refusal, match=why):
        office.extends(VINH, *YEAR, to="2031-12-15", on=on, entered="2023-11-20")


def test_what_is_done_has_no_date_and_cannot_be_extended(office):
    office.submits(VINH, *YEAR, "2023-11-10")
    with pytest.raises(Refusal, match="hoàn thành đúng hạn"):
        office.extends(VINH, *YEAR, to="2023-12-15", on="2023-11-20")
    with pytest.raises(Refusal, match="không có ngày đến hạn"):
        office.extends(VINH, "ke-hoach-chi-tiet", "-", to="2023-12-15", on="2023-11-20")
    with pytest.raises(Refusal, match="không được giao"):
        office.extends(KIM_SON, *YEAR, to="2023-12-15", on="2023-11-20")
    with pytest.raises(Refusal, match="Cần nêu lý do"):
        office.extends(CUA_LO, *YEAR, to="2023-12-15", on="2023-11-20", reason="  ")


# A pause


def test_a_paused_term_is_neither_reminded_nor_late_and_then_runs_on(office):
    office.sweeps("2023-11-02")
    office.pauses(VINH, *YEAR, on="2023-11-10")
    office.sweeps_daily("2023-11-10", "2023-12-10")
    assert office.state(VINH, *YEAR, "2023-12-10") == "paused"
    said = [n for n in office.notices(**ABOUT_VINH) if n["planned_at"] > "2023-11-10"]
    assert said and {(n["state"], n["reason"]) for n in said} == {("skipped", SKIPPED_PAUSED)}
    office.resumes(VINH, *YEAR, on="2023-12-11 09:00")
    assert office.state(VINH, *YEAR, "2023-12-11 10:00") == "overdue"
    office.sweeps_daily("2023-12-12", "2023-12-15")
    assert not urged(office)  # the second rung and the chair's go to others; the unit hears again on Monday
    office.sweeps("2023-12-25")
    assert urged(office) == ["escalate:weekly:2023-12-25"]


def test_resuming_may_give_more_time_in_the_same_act(office):
    office.pauses(None, *YEAR, on="2023-11-10")
    assert office.row(*YEAR, "2023-11-15")["paused"] == 41
    office.resumes(None, *YEAR, on="2023-12-20", to="2024-01-15")
    assert office.row(*YEAR, "2023-12-21")["paused"] == 0
    assert due(office, CUA_LO, "2023-12-21") == "2024-01-16"
    kinds = [fact["kind"] for fact in office.ledger("paused", "extended", "resumed")]
    assert kinds == ["paused", "extended", "resumed"]


def test_a_reminder_that_waits_when_a_pause_begins_leaves_after_it(office, post):
    office.imports_contacts(
        {"unit": VINH, "name": "Văn phòng", "role": "focal_point", "email": "vinh@example.vn"}, now="2023-07-01 08:00"
    )
    office.sweeps("2023-11-24")
    office.pauses(VINH, *YEAR, on="2023-11-24 07:45")
    office.delivers("2023-11-24 08:00")
    assert post.mails("vinh@example.vn") == []
    office.resumes(VINH, *YEAR, on="2023-11-27 08:00")
    office.delivers("2023-11-27 09:00")
    [mail] = post.mails("vinh@example.vn")
    assert "Còn 3 ngày" in text_of(mail)


def test_pausing_twice_and_resuming_what_runs_are_refused(office):
    with pytest.raises(Refusal, match="chỉ quyết định được khi «tạm dừng»"):
        office.resumes(VINH, *YEAR, on="2023-11-10")
    office.pauses(VINH, *YEAR, on="2023-11-10")
    with pytest.raises(Refusal, match="đang ở tình trạng «tạm dừng»"):
        office.pauses(VINH, *YEAR, on="2023-11-11")


def test_a_report_during_a_pause_is_a_report(office):
    office.pauses(VINH, *YEAR, on="2023-11-10")
    office.submits(VINH, *YEAR, "2023-11-20")
    assert office.state(VINH, *YEAR, "2023-11-21") == "done"


# A wrong date put right


def test_a_correction_goes_both_ways_and_keeps_both_values(office):
    office.sweeps("2023-11-02")
    office.corrects(VINH, *YEAR, to="2023-11-20", on="2023-11-05")
    assert due(office, VINH, "2023-11-06") == "2023-11-21"
    assert office.state(VINH, *YEAR, "2023-11-22") == "overdue"
    [fact] = office.ledger("corrected")
    assert '"was_due": "2023-12-01T00:00:00+07:00"' in fact["data"]
    assert '"due": "2023-11-21T00:00:00+07:00"' in fact["data"]
    office.sweeps("2023-11-21 08:00")
    assert "escalate:+1wd" in office.days_of(**ABOUT_VINH)


def test_a_correction_may_start_an_assignment_on_the_documents_date(office):
    office.sweeps("2023-11-02")
    office.corrects(VINH, "ban-hanh-quy-che", "2023-Q4", opens="2023-09-15", on="2023-11-05")
    row = office.standing(VINH, "ban-hanh-quy-che", "2023-Q4", "2023-11-06")
    assert (row["opens"][:10], row["due"][:10]) == ("2023-09-15", "2024-01-01")
    assert office.submits(VINH, "ban-hanh-quy-che", "2023-Q4", "2023-09-20", entered="2023-11-07")


def test_a_correction_that_corrects_nothing_or_turns_time_round_is_refused(office):
    with pytest.raises(Refusal, match="không có gì để sửa"):
        office.corrects(VINH, *YEAR, to="2023-11-30", on="2023-11-05")
    with pytest.raises(Refusal, match="không sau ngày bắt đầu"):
        office.corrects(VINH, *YEAR, to="2023-05-30", on="2023-11-05")


def test_escalations_that_a_correction_finds_overdue_are_said_once_from_then_on(office):
    office.sweeps("2023-11-24")
    office.corrects(VINH, *YEAR, to="2023-11-10", on="2023-11-24 09:00")
    office.sweeps("2023-11-25")
    planned = [n["step"] for n in office.notices(**ABOUT_VINH, state="planned")]
    assert planned == ["escalate:+1wd"]
    assert office.sweeps("2023-11-25").notices == 0


# An early end, and what does not apply


def test_a_withdrawn_assignment_is_not_asked_for_any_more(office):
    office.sweeps("2023-11-02")
    office.withdraws(VINH, *YEAR, on="2023-11-10")
    assert office.state(VINH, *YEAR, "2023-11-11") == "withdrawn"
    assert office.row(*YEAR, "2023-11-11")["expected"] == 40
    office.sweeps("2023-12-25")
    assert [n["step"] for n in office.notices(**ABOUT_VINH, state="planned")] == ["remind:-30d"]
    with pytest.raises(Refusal, match="đã rút khỏi Thành phố Vinh từ 10/11/2023"):
        office.submits(VINH, *YEAR, "2023-11-12")


def test_a_waiver_of_one_period_leaves_the_next(office):
    office.exempts(VINH, duty="bao-cao-nam", period="2023", reason="Luật 10/2022/QH15", on="2023-11-01")
    assert office.state(VINH, *YEAR, "2023-11-02") == "waived"
    assert office.state(VINH, "bao-cao-nam", "2024", "2024-02-01") == "pending"
    with pytest.raises(Refusal, match="đã được miễn từ trước"):
        office.exempts(VINH, duty="bao-cao-nam", period="2023", reason="lần nữa", on="2023-11-03")


# What people see of it


def test_the_explanation_and_the_history_tell_the_whole_course(office):
    office.sweeps("2023-11-02")
    office.extends(VINH, *YEAR, to="2023-12-15", on="2023-11-28", by="Nguyễn Văn An", reason="bão số 8")
    office.pauses(VINH, *YEAR, on="2023-12-01")
    whole = office.whole(VINH, *YEAR, "2023-12-02")
    assert [step["why"] for step in whole["explain"]][-2:] == [
        "Gia hạn đến hết ngày 15/12/2023 (quyết định ngày 28/11/2023): bão số 8",
        "Tạm dừng từ ngày 01/12/2023: chờ hướng dẫn",
    ]
    assert whole["explain"][-1]["article"].startswith("Nhật ký, mục ")
    told = [(one["kind"], one["by"]) for one in whole["history"]]
    assert told == [
        ("assigned", "test"), ("reminder", "engine"), ("extended", "Nguyễn Văn An"), ("paused", "office"),
    ]  # fmt: skip
    extended = whole["history"][2]
    assert (extended["due"], extended["was_due"]) == ("2023-12-16T00:00:00+07:00", "2023-12-01T00:00:00+07:00")
    assert "Nguyễn" not in office.ledger("extended")[0]["data"]  # the ledger refers to people by number


def test_a_unit_without_decisions_reads_as_before(office):
    office.sweeps("2023-11-02")
    office.extends(VINH, *YEAR, to="2023-12-15", on="2023-11-28")
    assert not any("Gia hạn" in step["why"] for step in office.whole(QUE_PHONG, *YEAR, "2023-12-02")["explain"])
    assert office.standing(QUE_PHONG, *YEAR, "2023-12-02")["due"] == instant("2023-12-01 00:00").isoformat()
