"""What others script against: the keys of each command's JSON document, and one document only."""

import json
from pathlib import Path
from typing import Any

import pytest
from command_cast import CONTACT_HEADER, PLAN, REPORT_HEADER, UNIT_HEADER, Dondoc, report, write

STATES = {
    "not_open", "pending", "due_soon", "overdue", "submitted", "returned", "done", "done_late", "waived", "no_term",
    "paused", "withdrawn", "transferred", "undecided",
}  # fmt: skip
ROW = {"duty", "period", "expected", "reporting_rate", "on_time_rate"} | STATES
NOTICE = {
    "id", "kind", "step", "duty", "period", "unit", "recipient", "channel", "state", "planned_at", "sent_at",
    "message_id",
}  # fmt: skip


def keys(value: Any) -> set[str]:
    return set(value)


def test_units(dondoc: Dondoc) -> None:
    count = dondoc.done("units", "count", "--province", "40", "--on", "2023-10-01")
    assert keys(count) == {"on", "province", "counts"}
    assert count["on"] == "2023-10-01" and count["province"] == "40"
    rows = dondoc.done("units", "list", "--province", "40", "--on", "2023-10-01")
    wanted = {"key", "code", "name", "level", "kind", "parent", "valid_from", "valid_to"}
    assert len(rows) > 480 and all(keys(row) >= wanted for row in rows)


def test_plan_list_and_show(dondoc: Dondoc) -> None:
    [plan] = dondoc.done("plan", "list")
    assert keys(plan) == {"code", "title", "version"} and plan["code"] == PLAN
    shown = dondoc.done("plan", "show", PLAN)
    assert keys(shown) >= {"code", "title", "version", "duties"}
    wanted = {"code", "title", "term", "citation", "lead", "coordinating"}
    assert len(shown["duties"]) == 11 and all(keys(duty) >= wanted for duty in shown["duties"])
    assert all(duty["term"] and duty["citation"] and duty["lead"] for duty in shown["duties"])


def test_plan_check_and_apply(dondoc: Dondoc) -> None:
    assert dondoc.done("plan", "check") == {"ok": True, "problems": []}
    applied = dondoc.done("plan", "apply", PLAN)
    assert keys(applied) >= {"plan", "version", "hash"} and len(applied["hash"]) == 64


def test_plan_preview(dondoc: Dondoc) -> None:
    preview = dondoc.done("plan", "preview", PLAN, "--from", "2023-07-01", "--to", "2023-12-31")
    assert keys(preview) == {"plan", "milestones"} and preview["plan"] == PLAN
    wanted = {"duty", "period", "step", "at", "units", "explain"}
    assert preview["milestones"] and all(keys(one) == wanted for one in preview["milestones"])


def test_plan_exempt(dondoc: Dondoc) -> None:
    done = dondoc.done("plan", "exempt", PLAN, "--unit", "b:40.so-tu-phap", "--reason", "Không có cấp dưới")
    assert done["unit"] == "b:40.so-tu-phap" and done["on"] == "2026-11-21" and done["duty"] is None


def test_plan_new(dondoc: Dondoc, tmp_path: Path) -> None:
    made = dondoc.done("plan", "new", "nghe-an-2027")
    assert Path(made["file"]) == tmp_path / "nghe_an_2027.py" and Path(made["file"]).is_file()


def test_advance(dondoc: Dondoc) -> None:
    done = dondoc.done("advance", "--plan", PLAN, "--as-of", "2023-11-01")
    figures = {"opened", "reminded", "escalated", "notices", "overdue"}
    assert keys(done) == {"plan", "as_of"} | figures
    assert done["as_of"] == "2023-11-01T07:30:00+07:00"
    assert all(type(done[name]) is int for name in figures)


def test_advance_of_all_plans_has_the_same_keys(dondoc: Dondoc) -> None:
    assert keys(dondoc.done("advance", "--as-of", "2023-11-01")) >= {
        "plan", "as_of", "opened", "reminded", "escalated", "notices", "overdue",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("by", "more"),
    [("duty", set()), ("unit", {"unit", "name"}), ("district", {"unit", "name"}), ("province", {"unit", "name"})],
)
def test_status(dondoc: Dondoc, by: str, more: set[str]) -> None:
    status = dondoc.done("status", "--plan", PLAN, "--as-of", "2023-11-01", "--by", by)
    assert keys(status) == {"plan", "as_of", "rows"}
    assert (status["plan"], status["as_of"]) == (PLAN, "2023-11-01T07:30:00+07:00")
    assert status["rows"] and all(keys(row) >= ROW | more for row in status["rows"])


def test_status_by_duty_names_no_unit(dondoc: Dondoc) -> None:
    assert all("unit" not in row and "name" not in row for row in dondoc.rows(as_of="2023-11-01", by="duty"))


def test_notices_and_deliver(dondoc: Dondoc) -> None:
    dondoc.done("advance", "--plan", PLAN, "--as-of", "2023-10-05")
    rows = dondoc.done("notices", "--as-of", "2023-10-05")
    assert rows and all(keys(row) >= NOTICE for row in rows)
    sent = dondoc.done("deliver", "--as-of", "2023-10-05")
    assert keys(sent) == {"sent", "failed", "waiting", "undeliverable"}
    assert all(type(number) is int for number in sent.values())


def test_simulate(dondoc: Dondoc) -> None:
    told = dondoc.done("simulate", PLAN, "--from", "2023-07-01", "--to", "2023-07-05", "--seed", "3")
    assert keys(told) == {"days", "assignments", "reminders", "escalations", "submissions", "status"}
    assert told["days"] == 5 and all(keys(row) >= ROW for row in told["status"])


def test_submit_and_event(dondoc: Dondoc) -> None:
    assert dondoc.submit().json["unit"] == "b:40.so-noi-vu"
    event = dondoc.done("event", "guidance-issued", "--plan", PLAN, "--on", "2024-03-05", "--basis", "Nghị định 1")
    assert (event["period"], event["opens"]) == ("2024-03-05", "2024-03-06T00:00:00+07:00")


def test_imports(dondoc: Dondoc, tmp_path: Path) -> None:
    reports = write(tmp_path / "r.csv", REPORT_HEADER, report("b:40.so-noi-vu"))
    assert dondoc.done("reports", "import", reports)["imported"] == 1
    unit = "b:40.cty-a,Công ty A,doanh nghiệp nhà nước,enterprise,g1:40,2023-01-01,"
    assert dondoc.done("units", "import", write(tmp_path / "u.csv", UNIT_HEADER, unit))["imported"] == 1
    contact = "b:40.so-noi-vu,Trần Thị B,,b@nghean.gov.vn"
    assert dondoc.done("contacts", "import", write(tmp_path / "c.csv", CONTACT_HEADER, contact))["imported"] == 1


REFUSED = {
    "plan show": ("plan", "show", "x"),
    "plan preview": ("plan", "preview", "x"),
    "plan apply": ("plan", "apply", "x"),
    "plan exempt": ("plan", "exempt", "x", "--unit", "40", "--reason", "r"),
    "plan new": ("plan", "new", "Không được"),
    "advance": ("advance", "--plan", "x"),
    "status": ("status", "--plan", "x"),
    "simulate": ("simulate", "x", "--from", "2023-07-01", "--to", "2023-07-02"),
    "event": ("event", "guidance-issued", "--plan", "x", "--on", "2024-01-01", "--basis", "b"),
    "submit": ("submit", "--plan", "x", "--duty", "d", "--period", "p", "--unit", "u", "--at", "2023-12-01"),
    "units count": ("units", "count", "--province", "999"),
    "units list": ("units", "list", "--level", "xã"),
    "reports import": ("reports", "import", "không-có.csv"),
    "units import": ("units", "import", "không-có.csv"),
    "contacts import": ("contacts", "import", "không-có.csv"),
}


@pytest.mark.parametrize("arguments", REFUSED.values(), ids=REFUSED.keys())
def test_a_refusal_is_one_json_document_and_says_the_same_in_vietnamese(
    dondoc: Dondoc, arguments: tuple[str, ...]
) -> None:
    before = dondoc.state
    reason = dondoc(*arguments).reason
    assert any(letter in reason.lower() for letter in "ạảãáàăâđêệếôộơờưứ"), reason
    assert dondoc.state == before


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("units",), ("nope",), ("status",), ("units", "count", "--oops"), ("status", "--plan", PLAN, "--by", "xã"),
        ("simulate", PLAN, "--from", "2023-07-01", "--to", "2023-07-02", "--seed", "bảy"), ("plan", "show"),
    ],
)  # fmt: skip
def test_wrong_usage_exits_with_2_and_prints_no_half_document(dondoc: Dondoc, arguments: tuple[str, ...]) -> None:
    ran = dondoc(*arguments)
    assert ran.code == 2 and "Traceback" not in ran.err
    assert ran.out == "" or json.loads(ran.out)
