"""`dondoc plan …`: the calendar, a plan's check with file, line and mend, a new plan, an office's own folder."""

import os
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command_cast import HOME_AFFAIRS, JUSTICE, PLAN, Dondoc

DUTIES = {
    "hoi-nghi-quan-triet", "ban-hanh-quy-che", "ra-soat-van-ban", "tap-huan-cap-tinh", "tap-huan-cap-xa",
    "nghi-quyet-hdnd", "theo-doi-tong-hop", "tuyen-truyen", "ke-hoach-chi-tiet", "bao-cao-nam", "kiem-tra-don-doc",
}  # fmt: skip

GOOD = """from datetime import date

from models.plan import Citation, Duty, Plan, Unknown
from models.selector import body, level, role
from schedules.phrases import term

SOURCE = Citation("Kế hoạch 1/KH-UBND", "mục I", date(2026, 1, 1))

PLAN = Plan(
    code="thu-2026",
    title="Kế hoạch thử",
    version=1,
    province="40",
    issuer="UBND tỉnh Nghệ An",
    number="1/KH-UBND",
    issued=date(2026, 1, 1),
    in_force=date(2026, 1, 1),
    source=SOURCE,
    duties=(
        Duty(
            code="bao-cao",
            title="Báo cáo",
            asks="Báo cáo.",
            lead=level("department", "Các sở"),
            term=term("Trong Quý III năm 2026"),
            citation=SOURCE,
        ),
    ),
)
"""


def milestones(dondoc: Dondoc, duty: str, since: str, through: str) -> list[dict[str, Any]]:
    preview = dondoc.done("plan", "preview", PLAN, "--from", since, "--to", through)
    return [one for one in preview["milestones"] if one["duty"] == duty]


def steps(found: list[dict[str, Any]]) -> dict[str, str]:
    return {one["step"]: one["at"] for one in found}


def test_the_eleven_duties(dondoc: Dondoc) -> None:
    shown = dondoc.done("plan", "show", PLAN)
    assert {duty["code"] for duty in shown["duties"]} == DUTIES
    assert shown["in_force"] == "2023-07-01" and "nguồn không nêu" in shown["number"]


def test_the_yearly_report_of_2023(dondoc: Dondoc) -> None:
    assert steps(milestones(dondoc, "bao-cao-nam", "2023-07-01", "2023-12-31")) == {
        "opens": "2023-07-01T00:00:00+07:00",
        "remind:-30d": "2023-11-01T07:30:00+07:00",
        "remind:-7d": "2023-11-24T07:30:00+07:00",
        "remind:-3wd": "2023-11-28T07:30:00+07:00",
        "remind:-1wd": "2023-11-30T07:30:00+07:00",
        "due": "2023-12-01T00:00:00+07:00",
        "escalate:+1wd": "2023-12-01T07:30:00+07:00",
        "escalate:+3wd": "2023-12-05T07:30:00+07:00",
        "escalate:+5wd": "2023-12-07T07:30:00+07:00",
        "escalate:+10wd": "2023-12-14T07:30:00+07:00",
    }


@pytest.mark.parametrize(
    ("year", "days"),
    [
        ("2024", ["2024-11-01", "2024-11-22", "2024-11-27", "2024-11-29"]),
        ("2026", ["2026-10-30", "2026-11-23", "2026-11-26", "2026-11-30"]),
    ],
)
def test_the_reminders_of_other_years_keep_to_working_days(dondoc: Dondoc, year: str, days: list[str]) -> None:
    found = steps(milestones(dondoc, "bao-cao-nam", f"{year}-01-01", f"{year}-12-31"))
    assert [found[f"remind:{step}"][:10] for step in ("-30d", "-7d", "-3wd", "-1wd")] == days
    assert found["opens"][:10] == f"{year}-01-01" and found["due"] == f"{year}-12-01T00:00:00+07:00"


def test_the_units_are_those_named_on_the_day(dondoc: Dondoc) -> None:
    yearly = milestones(dondoc, "bao-cao-nam", "2023-07-01", "2023-12-31")
    assert {one["units"] for one in yearly} == {20 + 21}
    bylaws = milestones(dondoc, "ban-hanh-quy-che", "2023-07-01", "2024-02-01")
    assert {one["units"] for one in bylaws} == {20 + 21 + 460}
    training = milestones(dondoc, "tap-huan-cap-xa", "2025-01-01", "2025-12-31")
    assert {one["step"]: one["units"] for one in training}["opens"] == 20  # Vinh took in Cửa Lò on 1/12/2024
    assert {one["units"] for one in training if one["at"] >= "2025-07-01"} == {130}


def test_the_units_of_a_due_are_counted_on_the_last_day_on_time(dondoc: Dondoc) -> None:
    """Due at 0:00 on the day on which the body ends: the last day on time still names it."""
    [due] = [one for one in milestones(dondoc, "tap-huan-cap-xa", "2026-01-01", "2026-01-01") if one["step"] == "due"]
    assert (due["period"], due["units"]) == ("2025", 130)


def test_every_milestone_explains_itself_and_comes_in_order(dondoc: Dondoc) -> None:
    preview = dondoc.done("plan", "preview", PLAN, "--from", "2023-07-01", "--to", "2024-12-31")["milestones"]
    assert all(one["explain"] and all(line.strip() for line in one["explain"]) for one in preview)
    assert [one["at"] for one in preview] == sorted(one["at"] for one in preview)
    assert not any(one["step"].startswith("escalate:weekly") for one in preview)
    assert len({(one["duty"], one["period"], one["step"]) for one in preview}) == len(preview)
    wanted = {"opens", "due"} | {f"remind:{step}" for step in ("-30d", "-7d", "-3wd", "-1wd")}
    wanted |= {f"escalate:{step}" for step in ("+1wd", "+3wd", "+5wd", "+10wd")}
    assert {one["step"] for one in preview} == wanted


def test_the_preview_holds_both_of_its_days(dondoc: Dondoc) -> None:
    [due, first] = milestones(dondoc, "bao-cao-nam", "2023-12-01", "2023-12-01")
    assert (due["step"], first["step"]) == ("due", "escalate:+1wd")


def test_a_preview_backwards_and_bad_days_are_refused(dondoc: Dondoc) -> None:
    assert "02/12/2023" in dondoc("plan", "preview", PLAN, "--from", "2023-12-02", "--to", "2023-12-01").reason
    assert "«mai»" in dondoc("plan", "preview", PLAN, "--from", "mai").reason


def test_a_preview_at_the_end_of_the_calendar(dondoc: Dondoc) -> None:
    assert "Traceback" not in dondoc("plan", "preview", PLAN, "--from", "9999-12-01").err


def test_an_event_enters_the_preview(dondoc: Dondoc) -> None:
    assert milestones(dondoc, "nghi-quyet-hdnd", "2024-01-01", "2024-12-31") == []
    dondoc.done("event", "guidance-issued", "--plan", PLAN, "--on", "2024-03-05", "--basis", "Nghị định 1")
    [opens] = milestones(dondoc, "nghi-quyet-hdnd", "2024-01-01", "2024-12-31")
    assert (opens["step"], opens["period"], opens["units"]) == ("opens", "2024-03-05", 1)
    assert opens["at"] == "2024-03-06T00:00:00+07:00"


def test_unknown_plan_names_the_nearest(dondoc: Dondoc) -> None:
    assert "nghe-an-2023" in dondoc("plan", "show", "nghe-an-2032").reason


def test_exempting_takes_a_unit_out_from_the_day_on(dondoc: Dondoc) -> None:
    out = ("plan", "exempt", PLAN, "--unit", JUSTICE, "--duty", "bao-cao-nam", "--on", "2023-11-10")
    dondoc.done(*out, "--reason", "Không có cấp dưới")
    before, after = (dondoc.row("bao-cao-nam", "2023", as_of=day) for day in ("2023-11-09", "2023-11-10"))
    assert (before["expected"], before["waived"]) == (41, 0) and (after["expected"], after["waived"]) == (40, 1)
    assert "đã được miễn" in dondoc(*out, "--reason", "Lại lần nữa").reason
    assert "Không có cấp dưới" in dondoc.submit(JUSTICE, "2023-11-20").reason


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"--reason": " "}, "--reason"),
        ({"--unit": "b:40.so-khong-co"}, "b:40.so-khong-co"),
        ({"--duty": "bao-cao-quy"}, "bao-cao-nam"),
        ({"--unit": "g1:40"}, "không thuộc diện"),
        ({"--on": "31/12/2023"}, "31/12/2023"),
    ],
)  # fmt: skip
def test_an_exemption_that_cannot_be_is_refused(dondoc: Dondoc, changes: dict[str, str], named: str) -> None:
    given = {"--unit": JUSTICE, "--reason": "lý do", "--duty": "bao-cao-nam"} | changes
    before = dondoc.state
    assert named in dondoc("plan", "exempt", PLAN, *(part for pair in given.items() for part in pair)).reason
    assert dondoc.state == before


def test_applying_again_changes_nothing(dondoc: Dondoc) -> None:
    before = dondoc.state
    assert dondoc.done("plan", "apply", PLAN)["changed"] is False
    assert dondoc.state == before


# --- an office's own plans ------------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "ke-hoach"
    folder.mkdir()
    monkeypatch.setenv("DONDOC_PLANS", str(folder))
    return folder


def test_own_plans_stand_beside_the_shipped_ones(dondoc: Dondoc, own: Path) -> None:
    (own / "thu_2026.py").write_text(GOOD, "utf-8")
    (own / "_nhap.py").write_text("chưa xong(", "utf-8")
    assert [plan["code"] for plan in dondoc.done("plan", "list")] == [PLAN, "thu-2026"]
    assert dondoc.done("plan", "apply", "thu-2026")["changed"] is True
    both = dondoc.done("advance", "--as-of", "2023-07-01")
    assert both["plan"] is None and [one["plan"] for one in both["plans"]] == [PLAN, "thu-2026"]
    assert [row["expected"] for row in dondoc.done("status", "--plan", "thu-2026", "--as-of", "2026-07-01")["rows"]]


def saved(file: Path, text: str, *, minute: int) -> None:
    """Write a module as it was saved at some minute: Python may keep what it compiled from an older one."""
    file.write_text(text, "utf-8")
    os.utime(file, (1_700_000_000 + 60 * minute,) * 2)


def test_a_plan_that_changed_needs_a_new_version(dondoc: Dondoc, own: Path) -> None:
    saved(own / "thu_2026.py", GOOD, minute=0)
    first = dondoc.done("plan", "apply", "thu-2026")
    changed = GOOD.replace("Kế hoạch thử", "Kế hoạch sửa")
    saved(own / "thu_2026.py", changed, minute=1)
    before = dondoc.state
    assert "version" in dondoc("plan", "apply", "thu-2026").reason and dondoc.state == before
    saved(own / "thu_2026.py", changed.replace("version=1", "version=2"), minute=2)
    second = dondoc.when("2026-11-21T04:00:00Z").done("plan", "apply", "thu-2026")
    assert (second["version"], second["changed"]) == (2, True) and second["hash"] != first["hash"]


def test_a_plan_is_read_as_it_stands_in_its_file(dondoc: Dondoc, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    saved(own / "thu_2026.py", GOOD, minute=0)
    assert dondoc.done("plan", "list")[1]["version"] == 1
    saved(own / "thu_2026.py", GOOD.replace("version=1", "version=2"), minute=0)
    assert dondoc.done("plan", "list")[1]["version"] == 2


@pytest.mark.parametrize("kind", ["missing", "a file"])
def test_a_plans_folder_that_is_none_is_named(dondoc: Dondoc, own: Path, kind: str) -> None:
    own.rmdir()
    if kind == "a file":
        own.write_text("x")
    for command in (("plan", "list"), ("plan", "check"), ("advance",), ("init",)):
        reason = dondoc(*command).reason
        assert "DONDOC_PLANS" in reason and str(own) in reason


def problems(dondoc: Dondoc, *files: Path) -> list[dict[str, Any]]:
    """What `plan check` finds; each problem is told on standard error as FILE:LINE too."""
    ran = dondoc("plan", "check", *files)
    assert ran.code == 1 and "Traceback" not in ran.err, ran.err
    found: list[dict[str, Any]] = ran.json["problems"]
    assert ran.json["ok"] is False and found
    for one in found:
        assert f"{one['file']}:{one['line']}: " in ran.err and one["problem"] in ran.err
    return found


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


BAD: dict[str, tuple[str, str, str, str]] = {
    # name: (what to replace, by what, the line that has to be named, what has to be said)
    "syntax": ('title="Báo cáo",', 'title="Báo cáo"', 'title="Báo cáo"', "không phải Python hợp lệ"),
    "level": ('level("department"', 'level("departmant"', "Duty(", "department"),
    "body": ('level("department", "Các sở")', 'body("so-noi-vu-x", "Sở")', "Duty(", "so-noi-vu"),
    "role": ('level("department", "Các sở")', 'role("chu-tri", "Ai đó")', "Duty(", "standing_office"),
    "phrase": ("Trong Quý III năm 2026", "Trong Quý III năm sau", "term=term", "Trong Quý III năm 2023"),
    "no citation": ("            citation=SOURCE,\n", "", "Duty(", "citation"),
    "empty citation": ("citation=SOURCE,\n        ),", 'citation=Citation(" ", "", date(2026, 1, 1)),\n        ),',
                       "Duty(", "citation=Citation"),
    "over before in force": ("Trong Quý III năm 2026", "Trong Quý III năm 2023", "Duty(", "in_force"),
    "no duty title": ('title="Báo cáo",', 'title=" ",', "Duty(", "title="),
    "duty code": ('code="bao-cao"', 'code="Báo cáo"', "Duty(", "gạch nối"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD.values(), ids=BAD.keys())
def test_a_bad_plan_is_told_with_file_line_and_mend(dondoc: Dondoc, tmp_path: Path, case: tuple[str, ...]) -> None:
    old, new, at, said = case
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    file = tmp_path / "bad.py"
    file.write_text(text, "utf-8")
    [found] = problems(dondoc, file)
    duty_block = range(line_of(text, "        Duty("), line_of(text, "        ),\n    ),") + 1)
    assert found["file"] == str(file) and said in found["problem"]
    wanted = line_of(text, at if at != "Duty(" else "        Duty(")
    assert found["line"] == wanted or (case is BAD["no citation"] and found["line"] in duty_block)


PLAN_WIDE = {
    "version 0": ("version=1", "version=0", "version"),
    "no title": ('title="Kế hoạch thử"', 'title=""', "title="),
    "no such province": ('province="40"', 'province="99"', "«99»"),
    "code": ('code="thu-2026"', 'code="Thử 2026"', "gạch nối"),
    "no duties": (GOOD[GOOD.index("    duties=(") : GOOD.rindex(")")], "    duties=(),\n", "Duty("),
    "source": ("    source=SOURCE", '    source=Citation("", "x", date(2026, 1, 1))', "source=Citation"),
}


@pytest.mark.parametrize("case", PLAN_WIDE.values(), ids=PLAN_WIDE.keys())
def test_what_is_wrong_with_the_plan_itself_is_told(dondoc: Dondoc, tmp_path: Path, case: tuple[str, ...]) -> None:
    old, new, said = case
    file = tmp_path / "bad.py"
    file.write_text(GOOD.replace(old, new), "utf-8")
    assert any(said in one["problem"] for one in problems(dondoc, file))


@pytest.mark.parametrize(("old", "new"), [("version=1", "version=0"), ('province="40"', 'province="99"')])
def test_what_is_wrong_with_the_plan_itself_names_the_line_of_plan(
    dondoc: Dondoc, tmp_path: Path, old: str, new: str
) -> None:
    text = GOOD.replace(old, new)
    file = tmp_path / "bad.py"
    file.write_text(text, "utf-8")
    assert problems(dondoc, file)[0]["line"] >= line_of(text, "PLAN = Plan(")


def test_a_duplicate_duty_code_names_the_second(dondoc: Dondoc, tmp_path: Path) -> None:
    start, end = GOOD.index("        Duty("), GOOD.index("    ),\n)")
    text = GOOD[:end] + GOOD[start:end] + GOOD[end:]
    file = tmp_path / "twice.py"
    file.write_text(text, "utf-8")
    assert any("«bao-cao»" in one["problem"] and "2 lần" in one["problem"] for one in problems(dondoc, file))


def test_a_module_without_plan_is_told(dondoc: Dondoc, tmp_path: Path) -> None:
    file = tmp_path / "none.py"
    file.write_text("x = 1\n", "utf-8")
    [found] = problems(dondoc, file)
    assert "PLAN" in found["problem"] and "dondoc plan new" in found["problem"]


def test_an_import_that_fails_names_its_line(dondoc: Dondoc, tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("import math\n\nimport khong_co_thu_vien\n", "utf-8")
    [found] = problems(dondoc, file)
    assert found["line"] == 3 and "khong_co_thu_vien" in found["problem"]


def test_two_plans_with_one_code(dondoc: Dondoc, own: Path) -> None:
    (own / "a.py").write_text(GOOD, "utf-8")
    (own / "b.py").write_text(GOOD, "utf-8")
    [found] = problems(dondoc)
    assert found["file"] == str(own / "b.py") and str(own / "a.py") in found["problem"]
    assert "thu-2026" in dondoc("plan", "list").reason
    assert "thu-2026" in dondoc("advance", "--as-of", "2026-01-01").reason


def test_every_bad_file_of_the_folder_is_told_at_once(dondoc: Dondoc, own: Path) -> None:
    (own / "a.py").write_text(GOOD.replace("version=1", "version=0"), "utf-8")
    (own / "b.py").write_text("def (", "utf-8")
    assert {Path(one["file"]).name for one in problems(dondoc)} == {"a.py", "b.py"}


@pytest.mark.parametrize("kind", ["missing", "folder", "not .py", "bytes", "NUL", "colon in the path"])
def test_a_file_that_is_no_module_is_told(dondoc: Dondoc, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "x.py"
    if kind == "folder":
        file.mkdir()
    elif kind == "not .py":
        file = tmp_path / "x.txt"
        file.write_text(GOOD, "utf-8")
    elif kind == "bytes":
        file.write_bytes(b"\xff\xfe\x00 x")
    elif kind == "NUL":
        file.write_bytes(b'x = "\x00"\n')
    elif kind == "colon in the path":
        (tmp_path / "a: b").mkdir()
        file = tmp_path / "a: b" / "x.py"
        file.write_text("def (", "utf-8")
    assert str(file) in problems(dondoc, file)[0]["file"]


def test_a_module_that_ends_the_process_is_a_problem_of_that_module(dondoc: Dondoc, tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text("raise SystemExit(0)\n", "utf-8")
    assert problems(dondoc, file)[0]["line"] == 1


def test_what_a_plan_module_prints_stays_off_standard_output(dondoc: Dondoc, own: Path) -> None:
    (own / "a.py").write_text('print("đang nạp…")\n' + GOOD, "utf-8")
    assert {plan["code"] for plan in dondoc.done("plan", "list")} == {PLAN, "thu-2026"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('lead=level("department", "Các sở")', 'lead="Các sở"'),
        ('term=term("Trong Quý III năm 2026")', 'term="Trong Quý III năm 2026"'),
        ("citation=SOURCE,\n        ),", 'citation="mục I",\n        ),'),
        ("version=1", 'version="1"'),
        ("in_force=date(2026, 1, 1)", 'in_force="2026-01-01"'),
        ("source=SOURCE", 'source="mục I"'),
        ('code="bao-cao"', "code=1"),
        ("citation=SOURCE,\n        ),", 'citation=SOURCE, counting="giờ",\n        ),'),
    ],
    ids=["lead", "term", "citation", "version", "in_force", "source", "code", "counting"],
)
def test_a_value_of_the_wrong_type_is_told(dondoc: Dondoc, tmp_path: Path, old: str, new: str) -> None:
    assert GOOD.count(old) == 1
    file = tmp_path / "bad.py"
    file.write_text(GOOD.replace(old, new), "utf-8")
    assert problems(dondoc, file)


def test_a_new_plan_is_commented_and_lacks_only_what_its_marks_ask_for(dondoc: Dondoc, own: Path) -> None:
    file = Path(dondoc.done("plan", "new", "nghe-an-2027")["file"])
    text = file.read_text("utf-8")
    assert file == own / "nghe_an_2027.py" and len(re.findall(r"^\s*#|  # ", text, re.MULTILINE)) >= 5
    assert "@" not in text and f"date({date(2026, 1, 1).year}" in text
    assert {plan["code"] for plan in dondoc.done("plan", "list")} == {PLAN, "nghe-an-2027"}
    assert all("«…»" in one["problem"] for one in problems(dondoc, file))
    file.write_text(text.replace("…", "27"), "utf-8")
    assert dondoc.done("plan", "check") == {"ok": True, "problems": []}


def test_a_new_plan_overwrites_nothing(dondoc: Dondoc, own: Path) -> None:
    mine = own / "nghe_an_2027.py"
    mine.write_text("của tôi", "utf-8")
    assert "không ghi đè" in dondoc("plan", "new", "nghe-an-2027").reason
    assert mine.read_text("utf-8") == "của tôi"


def test_a_new_plan_with_its_placeholders_is_not_applied(dondoc: Dondoc, own: Path) -> None:
    dondoc.done("plan", "new", "nghe-an-2027")
    assert "…" in dondoc("plan", "apply", "nghe-an-2027").reason


@pytest.mark.parametrize("code", ["Nghe-An", "nghệ-an", "../x", "a b", "", "a--b", "a/b"])
def test_a_new_plans_code_is_plain(dondoc: Dondoc, own: Path, code: str) -> None:
    assert "gạch nối" in dondoc("plan", "new", code).reason
    assert list(own.iterdir()) == []


@pytest.mark.parametrize("province", ["99", '40"', "Nghệ An"])
def test_a_new_plans_province_is_checked(dondoc: Dondoc, own: Path, province: str) -> None:
    assert province in dondoc("plan", "new", "nghe-an-2027", "--province", province).reason


def test_check_without_a_database_uses_the_shipped_units_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path / "none"))
    dondoc = Dondoc(tmp_path / "none")
    assert dondoc.done("plan", "check")["ok"] is True
    assert not (tmp_path / "none").exists()


def test_check_in_an_empty_home_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path))
    assert Dondoc(tmp_path).done("plan", "check")["ok"] is True
    assert list(tmp_path.iterdir()) == []


def test_the_check_sees_the_offices_own_units(dondoc: Dondoc, tmp_path: Path) -> None:
    assert HOME_AFFAIRS in {
        row["key"] for row in dondoc.done("units", "list", "--province", "40", "--level", "department")
    }
    file = tmp_path / "own.py"
    file.write_text(GOOD.replace('level("department", "Các sở")', 'body("ban-moi", "Ban mới")'), "utf-8")
    assert "ban-moi" in problems(dondoc, file)[0]["problem"]
    units = tmp_path / "u.csv"
    units.write_text(
        "key,name,kind,level,parent,valid_from\nb:40.ban-moi,Ban mới,ban,department,n:40,2025-07-01\n", "utf-8"
    )
    dondoc.done("units", "import", units)
    assert dondoc.done("plan", "check", file)["ok"] is True
