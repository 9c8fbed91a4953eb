"""The verbs about running terms: extend, correct, pause, resume, waive, withdraw, and what `status --unit` tells."""

from typing import Any

import pytest
from command_cast import PLAN, VINH, Dondoc, Ran

CUA_LO = "g1:413"
YEAR = ("--plan", PLAN, "--duty", "bao-cao-nam", "--period", "2023")
VERBS = {
    "extend": ("--to", "2023-12-31"),
    "correct": ("--to", "2023-12-31"),
    "pause": (),
    "resume": (),
    "withdraw": (),
}


def decide(dondoc: Dondoc, verb: str, *given: str, unit: str | None = VINH, reason: str = "bão số 8") -> Ran:
    who = ("--unit", unit) if unit else ("--all",)
    return dondoc(verb, *YEAR, *who, "--reason", reason, *given)


def vinh(dondoc: Dondoc, as_of: str) -> dict[str, Any]:
    """Vinh's yearly report of 2023, with its explanation and history."""
    told = dondoc.done("status", "--plan", PLAN, "--unit", VINH, "--as-of", as_of)
    assert (told["unit"], told["name"]) == (VINH, "Thành phố Vinh")
    [row] = [row for row in told["rows"] if (row["duty"], row["period"]) == ("bao-cao-nam", "2023")]
    return row  # type: ignore[no-any-return]


def test_an_extension_says_both_dates_and_status_follows(late: Dondoc) -> None:
    done = decide(late, "extend", "--to", "2023-12-31", "--on", "2023-11-28", "--by", "Trần Thị B")
    assert done.json == {
        "plan": PLAN, "duty": "bao-cao-nam", "period": "2023", "unit": VINH, "decided": "extended", "units": 1,
        "on": "2023-11-28T00:00:00+07:00", "reason": "bão số 8",
        "was_due": "2023-12-01T00:00:00+07:00", "due": "2024-01-01T00:00:00+07:00",
    }  # fmt: skip
    row = vinh(late, "2023-12-06")
    assert (row["state"], row["due"]) == ("pending", "2024-01-01T00:00:00+07:00")
    assert "Gia hạn đến hết ngày 31/12/2023" in row["explain"][-1]["why"]
    [extended] = [one for one in row["history"] if one["kind"] == "extended"]
    assert (extended["by"], extended["was_due"]) == ("Trần Thị B", "2023-12-01T00:00:00+07:00")
    assert late.row("bao-cao-nam", "2023", as_of="2023-12-06")["overdue"] == 40
    assert late.row("bao-cao-nam", "2023", as_of="2023-11-27")["due_soon"] == 41


def test_the_last_day_may_be_given_with_its_hour(late: Dondoc) -> None:
    done = decide(late, "extend", "--to", "2023-12-29T17:00+07:00", "--on", "2023-11-28")
    assert done.json["due"] == "2023-12-29T17:00:00+07:00"
    assert "17:00 ngày 29/12/2023" in vinh(late, "2023-12-06")["explain"][-1]["why"]


def test_pause_and_resume(late: Dondoc) -> None:
    assert decide(late, "pause", "--on", "2023-12-06").json["decided"] == "paused"
    assert vinh(late, "2023-12-07")["shown"] == "Tạm dừng"
    resumed = late("resume", *YEAR, "--unit", VINH, "--on", "2023-12-20", "--to", "2024-01-31").json
    assert (resumed["was_due"], resumed["due"]) == ("2023-12-01T00:00:00+07:00", "2024-02-01T00:00:00+07:00")
    assert vinh(late, "2023-12-21")["state"] == "pending"


def test_a_decision_for_everybody(late: Dondoc) -> None:
    done = decide(late, "pause", "--on", "2023-12-06", unit=None).json
    assert (done["unit"], done["units"]) == (None, 41)
    assert late.row("bao-cao-nam", "2023", as_of="2023-12-07")["paused"] == 41


def test_a_correction_of_the_opening(late: Dondoc) -> None:
    decide(late, "correct", "--opens", "2023-06-15", "--on", "2023-12-05")
    assert vinh(late, "2023-12-06")["opens"] == "2023-06-15T00:00:00+07:00"


def test_a_withdrawal(late: Dondoc) -> None:
    decide(late, "withdraw", "--on", "2023-12-05")
    assert vinh(late, "2023-12-06")["state"] == "withdrawn"
    assert late.row("bao-cao-nam", "2023", as_of="2023-12-06")["expected"] == 40


def test_a_waiver_keeps_its_ground(late: Dondoc) -> None:
    ground = "Luật 10/2022/QH15, Điều 51 khoản 2 điểm đ"
    done = late("waive", *YEAR, "--unit", VINH, "--ground", ground, "--on", "2023-12-05").json
    assert (done["unit"], done["ground"], done["period"]) == (VINH, ground, "2023")
    row = vinh(late, "2023-12-06")
    assert row["shown"] == "Không áp dụng"
    assert any(ground in one["what"] for one in row["history"] if one["kind"] == "waived")
    assert "đã được miễn" in late("waive", *YEAR, "--unit", VINH, "--ground", ground, "--on", "2023-12-05").reason


def test_a_waiver_needs_a_ground(late: Dondoc) -> None:
    assert "căn cứ pháp lý" in late("waive", *YEAR, "--unit", VINH, "--on", "2023-12-05").reason
    assert "--duty" in late("waive", "--plan", PLAN, "--period", "2023", "--unit", VINH, "--ground", "x").reason


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (("--duty", "bao-cao-nan"), "Gần nhất: bao-cao-nam"),
        (("--period", "2022"), "Không có kỳ"),
        (("--period", "2027"), "chưa mở|Không có kỳ"),
        (("--unit", "g1:999999"), "đơn vị"),
        (("--unit", "g1:16738"), "không được giao"),
        (("--reason", " "), "lý do"),
        (("--on", "2999-01-01"), "tương lai|nằm ngoài"),
        (("--on", "hôm qua"), "Không hiểu thời điểm"),
        (("--plan", "nghe-an"), "Không có kế hoạch"),
    ],
)
def test_what_does_not_exist_is_refused_and_changes_nothing(late: Dondoc, verb: str, changed: Any, why: str) -> None:
    given = ["--plan", PLAN, "--duty", "bao-cao-nam", "--period", "2023", "--unit", VINH, "--reason", "bão",
             "--on", "2023-12-05", *VERBS[verb]]  # fmt: skip
    given[given.index(changed[0]) + 1] = changed[1]
    before = late.state
    reason = late(verb, *given).reason
    assert any(part in reason for part in why.split("|")), reason
    assert late.state == before


def test_an_earlier_date_is_refused_with_the_way_out(late: Dondoc) -> None:
    before = late.state
    reason = decide(late, "extend", "--to", "2023-11-30", "--on", "2023-11-20").reason
    assert "hết ngày 30/11/2023" in reason and "dondoc correct" in reason
    assert late.state == before


def test_nobody_and_everybody_is_wrong_usage(late: Dondoc) -> None:
    assert late("pause", *YEAR, "--reason", "x").code == 2
    assert late("pause", *YEAR, "--reason", "x", "--unit", VINH, "--all").code == 2
    assert late("correct", *YEAR, "--reason", "x", "--unit", VINH).code == 2


def test_reminders_follow_at_once(late: Dondoc) -> None:
    decide(late, "extend", "--to", "2023-12-31", "--on", "2023-12-05")
    late.done("advance", "--plan", PLAN, "--as-of", "2024-01-02")
    steps = [
        (n["step"], n["planned_at"][:10]) for n in late.done("notices", "--unit", VINH, "--as-of", "2024-01-02")
        if n["duty"] == "bao-cao-nam" and n["recipient"] == f"{VINH}/focal_point" and n["planned_at"] > "2023-12-06"
    ]  # fmt: skip
    assert steps == [
        ("remind:-7d", "2023-12-25"), ("remind:-3wd", "2023-12-27"), ("remind:-1wd", "2023-12-29"),
        ("escalate:+1wd", "2024-01-02"),
    ]  # fmt: skip


def test_a_units_status_reads_as_text(late: Dondoc) -> None:
    decide(late, "extend", "--to", "2023-12-31", "--on", "2023-11-28")
    from command_cast import in_process

    told = in_process("status", "--plan", PLAN, "--unit", VINH, "--as-of", "2023-12-06").out
    assert "Cách tính thời hạn:" in told and "Lịch sử:" in told and "bão số 8" in told


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31"])
def test_a_day_before_any_plan_is_refused(late: Dondoc, day: str) -> None:
    before = late.state
    assert "trước năm 2000" in decide(late, "extend", "--to", "2023-12-31", "--on", day).reason
    assert "trước năm 2000" in late("waive", *YEAR, "--unit", VINH, "--ground", "Luật", "--on", day).reason
    assert late.state == before


@pytest.mark.parametrize("to", ["9999-12-31", "9999-12-31T23:59:59+07:00", "2100-01-01"])
def test_a_day_beyond_the_calendar_is_refused(late: Dondoc, to: str) -> None:
    before = late.state
    assert "nằm ngoài lịch" in decide(late, "extend", "--to", to, "--on", "2023-12-05").reason
    assert late.state == before


def test_a_status_explains_a_corrected_opening(late: Dondoc) -> None:
    decide(late, "correct", "--opens", "2023-06-15", "--on", "2023-12-05")
    told = vinh(late, "2023-12-06")["explain"][-1]["why"]
    assert told == "Ngày bắt đầu sửa thành 15/06/2023 (ngày 05/12/2023): bão số 8"
