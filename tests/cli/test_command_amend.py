"""`plan diff` and `plan apply` on a plan that changes, and `calendar apply` on days that move."""

from pathlib import Path

import pytest
from command_cast import PLAN, VINH, Dondoc, change, write

SHIPPED = Path(__file__).parents[2] / "flows" / "plans" / "nghe_an_2023.py"
OWN = "cua-van-phong"
HEADER = "day,working,reason,citation,province"
CITED = "Thông báo 1/TB-UBND ngày 01/11/2026"


@pytest.fixture
def draft(dondoc: Dondoc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office's own copy of the plan, applied and swept on 20/11/2026."""
    folder = tmp_path / "ke-hoach"
    folder.mkdir()
    monkeypatch.setenv("DONDOC_PLANS", str(folder))
    text = SHIPPED.read_text("utf-8").replace('code="nghe-an-2023"', f'code="{OWN}"')
    path = folder / "cua_van_phong.py"
    path.write_text(text, "utf-8")
    assert dondoc.done("plan", "apply", OWN)["changed"] is True
    dondoc.done("advance", "--plan", OWN, "--as-of", "2026-11-20")
    return path


def edit(path: Path, old: str, new: str, *, version: int = 2) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new).replace("version=1", f"version={version}"), "utf-8")


def test_no_difference(dondoc: Dondoc, draft: Path) -> None:
    told = dondoc.done("plan", "diff", OWN)
    assert (told["version"], told["new_version"], told["changes"], told["moved"]) == (1, 1, [], [])
    before = dondoc.state
    assert dondoc.done("plan", "apply", OWN)["changed"] is False
    assert dondoc.state == before


def test_a_new_term_is_shown_and_then_applied(dondoc: Dondoc, draft: Path) -> None:
    edit(draft, 'term("Hằng năm, trước ngày 01/12")', 'term("Hằng năm, trước ngày 15/12")')
    before = dondoc.state
    told = dondoc.done("plan", "diff", OWN)
    assert dondoc.state == before
    assert told["changes"] == [
        {"duty": "bao-cao-nam", "field": "term", "old": "Hằng năm, trước ngày 01/12",
         "new": "Hằng năm, trước ngày 15/12"}
    ]  # fmt: skip
    of_2026 = [move for move in told["moved"] if move["period"] == "2026"]
    assert len(of_2026) == len({move["unit"] for move in of_2026}) > 100
    assert {(m["due"][:10], m["new_due"][:10]) for m in of_2026} == {("2026-12-01", "2026-12-15")}
    assert any((s["step"], s["at"][:10]) == ("remind:-1wd", "2026-11-30") for s in told["cancelled"])
    assert any((s["step"], s["at"][:10]) == ("remind:-1wd", "2026-12-14") for s in told["added"])
    assert any("viện dẫn không đổi" in warning for warning in told["warnings"])
    done = dondoc.done("plan", "apply", OWN)
    assert (done["version"], done["moved"]) == (2, len(told["moved"]))
    assert dondoc.done("plan", "diff", OWN)["changes"] == []


def test_what_is_not_applied_does_not_run(dondoc: Dondoc, draft: Path) -> None:
    edit(draft, 'term("Hằng năm, trước ngày 01/12")', 'term("Hằng năm, trước ngày 15/12")')
    rows = dondoc.done("status", "--plan", OWN, "--as-of", "2026-11-21")["rows"]
    assert {r["due"][:10] for r in rows if (r["duty"], r["period"]) == ("bao-cao-nam", "2026")} == {"2026-12-01"}
    assert dondoc.done("init")["waiting"] == [OWN]
    rows = dondoc.done("status", "--plan", OWN, "--as-of", "2026-11-21")["rows"]
    assert {r["due"][:10] for r in rows if (r["duty"], r["period"]) == ("bao-cao-nam", "2026")} == {"2026-12-01"}


def test_the_same_version_is_refused(dondoc: Dondoc, draft: Path) -> None:
    edit(draft, 'term("Hằng năm, trước ngày 01/12")', 'term("Hằng năm, trước ngày 15/12")', version=1)
    before = dondoc.state
    assert "Tăng version lên 2" in dondoc("plan", "apply", OWN).reason
    assert dondoc.state == before


def test_a_difference_that_cannot_be_applied_says_so(dondoc: Dondoc, draft: Path) -> None:
    edit(draft, 'term("Hằng năm, trước ngày 01/12")', 'term("Hằng năm, trước ngày 15/12")', version=1)
    assert "tăng version lên 2" in dondoc.done("plan", "diff", OWN)["warnings"][0]


def test_another_province_is_another_plan(dondoc: Dondoc, draft: Path) -> None:
    edit(draft, 'province="40"', 'province="20"')
    for name in ("diff", "apply"):
        assert "tỉnh" in dondoc("plan", name, OWN).reason
    rows = dondoc.done("status", "--plan", OWN, "--by", "unit", "--as-of", "2026-11-21")["rows"]
    assert "pending" in {row["state"] for row in rows}


def test_a_database_of_the_first_release_keeps_what_it_applied(dondoc: Dondoc, draft: Path) -> None:
    """It knows the version and not the declaration: a file that says another version waits for an officer."""
    change(dondoc.home, "DELETE FROM plan_version")
    edit(draft, 'term("Hằng năm, trước ngày 01/12")', 'term("Hằng năm, trước ngày 15/12")')
    done = dondoc.done("init")
    assert (done["plans"], done["waiting"]) == ([PLAN], [OWN])
    edit(draft, 'term("Hằng năm, trước ngày 15/12")', 'term("Hằng năm, trước ngày 01/12")')
    draft.write_text(draft.read_text("utf-8").replace("version=2", "version=1"), "utf-8")
    assert dondoc.done("init")["plans"] == [OWN]
    assert dondoc.done("init")["plans"] == []


def test_a_removed_duty_is_withdrawn(dondoc: Dondoc, draft: Path) -> None:
    text = draft.read_text("utf-8")
    start = text.index('        Duty(\n            code="bao-cao-nam"')
    end = text.index('        Duty(\n            code="kiem-tra-don-doc"')
    draft.write_text((text[:start] + text[end:]).replace("version=1", "version=2"), "utf-8")
    told = dondoc.done("plan", "diff", OWN)
    assert [(c["duty"], c["field"], c["new"]) for c in told["changes"]] == [("bao-cao-nam", "duty", None)]
    assert len(told["withdrawn"]) > 100 and {w["duty"] for w in told["withdrawn"]} == {"bao-cao-nam"}
    assert dondoc.done("plan", "apply", OWN)["withdrawn"] == len(told["withdrawn"])
    rows = dondoc.done("status", "--plan", OWN, "--as-of", "2026-11-22")["rows"]
    assert {r["period"] for r in rows if r["duty"] == "bao-cao-nam" and r["withdrawn"]} >= {"2026"}


def test_a_plan_that_was_never_applied_has_nothing_to_compare(dondoc: Dondoc, draft: Path) -> None:
    text = draft.read_text("utf-8").replace(OWN, "moi-tinh")
    (draft.parent / "moi_tinh.py").write_text(text, "utf-8")
    told = dondoc.done("plan", "diff", "moi-tinh")
    assert (told["version"], told["changes"]) == (None, [])


def test_a_draft_that_does_not_hold_together_is_refused(dondoc: Dondoc, draft: Path) -> None:
    edit(draft, 'province="40"', 'province="99"')
    assert "không có tỉnh mã «99»" in dondoc("plan", "diff", OWN).reason


# The calendar


def test_days_are_previewed_and_then_applied(dondoc: Dondoc, tmp_path: Path) -> None:
    dondoc.done("advance", "--plan", PLAN, "--as-of", "2026-11-20")
    file = write(tmp_path / "ngay.csv", HEADER, f"2026-11-30,0,nghỉ bù,{CITED},40")
    before = dondoc.state
    preview = dondoc.done("calendar", "apply", file, "--preview")
    assert preview["applied"] is False and dondoc.state == before
    assert preview["days"] == [
        {"day": "2026-11-30", "working": False, "reason": "nghỉ bù", "citation": CITED, "province": "40"}
    ]
    [plan] = [one for one in preview["plans"] if one["plan"] == PLAN]
    assert plan["moved"] == []  # a named date stays
    assert any((s["step"], s["at"][:10]) == ("remind:-1wd", "2026-11-30") for s in plan["cancelled"])
    assert any((s["step"], s["at"][:10]) == ("remind:-1wd", "2026-11-27") for s in plan["added"])
    done = dondoc.done("calendar", "apply", file)
    assert done == preview | {"applied": True}
    shown = dondoc.done("calendar", "show", "2026", "--province", "40")
    assert {"day": "2026-11-30", "working": False, "citation": CITED}.items() <= shown[-1].items()
    assert all(day["day"] != "2026-11-30" for day in dondoc.done("calendar", "show", "2026"))
    dondoc.done("advance", "--plan", PLAN, "--as-of", "2026-11-21")
    after = dondoc.state
    assert dondoc.done("calendar", "apply", file)["days"] == []
    assert dondoc.state == after


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("30/02/2026,0,nghỉ,cv 1,", "không phải là một ngày"),
        ("2026-11-30,2,nghỉ,cv 1,", "working"),
        ("2026-11-30,0,,cv 1,", "reason"),
        ("2026-11-30,0,nghỉ,,", "citation"),
        ("2026-11-30,0,nghỉ,cv 1,35x", "province"),
        ("2026-11-30,0,nghỉ,cv 1,03", "không có tỉnh mã «03»"),
        ("2026-11-29,0,nghỉ,cv 1,", "không đổi gì"),
        ("1926-11-30,0,nghỉ,cv 1,", "nằm ngoài"),
    ],
)
def test_a_bad_day_names_its_line_and_nothing_is_recorded(dondoc: Dondoc, tmp_path: Path, row: str, why: str) -> None:
    file = write(tmp_path / "ngay.csv", HEADER, f"2026-12-24,0,nghỉ,{CITED},", row)
    before = dondoc.state
    ran = dondoc("calendar", "apply", file)
    assert "Chưa ghi ngày nào" in ran.reason and "dòng 3:" in ran.err and why in ran.err
    assert dondoc.state == before


def test_a_day_that_moves_a_unit_shows_in_its_status(dondoc: Dondoc, tmp_path: Path) -> None:
    dondoc.done("advance", "--plan", PLAN, "--as-of", "2023-11-20")
    told = dondoc.done("status", "--plan", PLAN, "--unit", VINH, "--as-of", "2023-11-21")
    assert told["rows"]
