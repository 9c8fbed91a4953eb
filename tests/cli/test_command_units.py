"""`dondoc units`: who existed when, and an office's own list."""

import unicodedata
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from command_cast import UNIT_HEADER, Dondoc, write

COMPANY = "b:40.cty-a,Công ty A,doanh nghiệp nhà nước,enterprise,g1:40,2023-01-01,"


def counts(dondoc: Dondoc, *arguments: str) -> dict[str, int]:
    found: dict[str, int] = dondoc.done("units", "count", *arguments)["counts"]
    return found


def test_nghe_an_in_2023(dondoc: Dondoc) -> None:
    found = counts(dondoc, "--province", "40", "--on", "2023-10-01")
    assert (found["province"], found["district"], found["commune"]) == (1, 21, 460)
    assert found["department"] == 20


def test_nghe_an_after_the_districts_ended(dondoc: Dondoc) -> None:
    found = counts(dondoc, "--province", "40", "--on", "2025-07-01")
    assert (found["province"], found["district"], found["commune"]) == (1, 0, 130)
    assert counts(dondoc, "--province", "40", "--on", "2025-06-30")["district"] == 20


def test_the_whole_country(country: Dondoc) -> None:
    then, now = counts(country, "--on", "2023-10-01"), counts(country)
    assert (then["province"], then["district"], then["commune"]) == (63, 705, 10599)
    assert (now["province"], now["district"], now["commune"]) == (34, 0, 3321)


def test_a_province_that_ended_is_refused_and_its_successor_named(dondoc: Dondoc) -> None:
    reason = dondoc("units", "count", "--province", "35", "--on", "2025-08-01").reason
    assert "Hà Nam" in reason and "--province 37" in reason and "--territory 35" in reason
    assert counts(dondoc, "--province", "35", "--on", "2025-06-30")["province"] == 1


def test_the_territory_of_a_province_that_ended(dondoc: Dondoc) -> None:
    found = counts(dondoc, "--territory", "35", "--on", "2025-08-01")
    assert found["commune"] == 33 and found["province"] == found["district"] == 0
    rows = dondoc.done("units", "list", "--territory", "35", "--on", "2025-08-01", "--level", "commune")
    assert len({row["key"] for row in rows}) == 33 and {row["parent"] for row in rows} == {"n:37"}


def test_unknown_provinces_levels_and_days(dondoc: Dondoc) -> None:
    assert "«99»" in dondoc("units", "count", "--province", "99").reason
    assert "«99»" in dondoc("units", "count", "--territory", "99").reason
    assert "district" in dondoc("units", "list", "--level", "distric").reason
    for day in ("2023-02-30", "1/10/2023", "hôm nay", "", "2023-10-01T07:30"):
        assert f"«{day}»" in dondoc("units", "count", "--on", day).reason


@pytest.mark.parametrize("day", ["2020-12-31", "0001-01-01"])
def test_a_day_before_the_data_begins_is_told(dondoc: Dondoc, day: str) -> None:
    assert "2021" in dondoc("units", "count", "--province", "40", "--on", day).reason


def test_province_and_territory_together_are_not_guessed_about(dondoc: Dondoc) -> None:
    ran = dondoc("units", "count", "--province", "40", "--territory", "35", "--on", "2025-08-01")
    assert ran.code in (1, 2)


def test_list_filters_by_level_and_exact_kind(dondoc: Dondoc) -> None:
    here = ("units", "list", "--province", "40", "--on", "2023-10-01")
    communes = dondoc.done(*here, "--level", "commune")
    wards, towns = (dondoc.done(*here, "--kind", kind) for kind in ("phường", "thị trấn"))
    assert {row["kind"] for row in communes} == {"xã", "phường", "thị trấn"} and len(communes) == 460
    assert {row["kind"] for row in wards} == {"phường"} and {row["kind"] for row in towns} == {"thị trấn"}
    assert len(dondoc.done(*here, "--kind", "XÃ")) == 460 - len(wards) - len(towns)
    [vinh] = [row for row in dondoc.done(*here, "--level", "district") if row["code"] == "412"]
    assert vinh | {"name": "Thành phố Vinh", "parent": "g1:40", "level": "district"} == vinh
    assert date.fromisoformat(vinh["valid_to"]) <= date(2025, 7, 1)


def test_the_kind_is_compared_without_regard_to_unicode_form(dondoc: Dondoc) -> None:
    kind = unicodedata.normalize("NFD", "phường")
    found = dondoc.done("units", "list", "--province", "40", "--on", "2023-10-01", "--kind", kind)
    assert found


def test_an_unknown_kind_is_refused(dondoc: Dondoc) -> None:
    assert "xã" in dondoc("units", "list", "--province", "40", "--kind", "xa").reason


def test_import_from_csv_and_again(dondoc: Dondoc, tmp_path: Path) -> None:
    file = write(tmp_path / "u.csv", UNIT_HEADER, COMPANY)
    assert dondoc.done("units", "import", file) == {"imported": 1}
    units = dondoc.state["unit"]
    assert dondoc.done("units", "import", file) == {"imported": 1}
    assert dondoc.state["unit"] == units
    assert counts(dondoc, "--province", "40", "--on", "2023-10-01")["enterprise"] == 1
    assert "enterprise" not in counts(dondoc, "--province", "40", "--on", "2022-10-01")


def test_import_survives_init(country: Dondoc, tmp_path: Path) -> None:
    country.done("units", "import", write(tmp_path / "u.csv", UNIT_HEADER, COMPANY))
    assert country.done("init")["units"] == 0
    assert counts(country, "--province", "40", "--on", "2023-10-01")["enterprise"] == 1


def test_an_imported_enterprise_owes_its_duty(dondoc: Dondoc, tmp_path: Path) -> None:
    before = dondoc.row("ban-hanh-quy-che", "2023-Q4", as_of="2023-11-01")
    assert any("chưa có danh sách đơn vị" in note and "Doanh nghiệp nhà nước" in note for note in before["notes"])
    dondoc.done("units", "import", write(tmp_path / "u.csv", UNIT_HEADER, COMPANY))
    after = dondoc.row("ban-hanh-quy-che", "2023-Q4", as_of="2023-11-01")
    assert after["expected"] == before["expected"] + 1
    assert not any(note.startswith("Doanh nghiệp nhà nước") for note in after["notes"])


def test_import_from_xlsx(dondoc: Dondoc, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(UNIT_HEADER.split(","))
    book.active.append(
        ["b:40.cty-x", "Công ty X", "Doanh nghiệp nhà nước", "enterprise", "g1:40", date(2023, 1, 1), None]
    )
    book.save(tmp_path / "u.xlsx")
    assert dondoc.done("units", "import", tmp_path / "u.xlsx") == {"imported": 1}
    here = ("units", "list", "--province", "40", "--on", "2023-10-01", "--level", "enterprise")
    [found] = dondoc.done(*here)
    assert (found["key"], found["valid_from"], found["valid_to"]) == ("b:40.cty-x", "2023-01-01", None)
    assert found["kind"] == "doanh nghiệp nhà nước"


BAD_UNITS = {
    "Cong Ty,Công ty,doanh nghiệp,enterprise,g1:40,2023-01-01,": "b:40.ten-don-vi",
    "b:40.a,,doanh nghiệp,enterprise,g1:40,2023-01-01,": "name",
    "b:40.a,A,doanh nghiệp,company,g1:40,2023-01-01,": "«company»",
    "b:40.a,A,,enterprise,g1:40,2023-01-01,": "kind",
    "b:40.a,A,doanh nghiệp,enterprise,,2023-01-01,": "parent",
    "b:40.a,A,doanh nghiệp,enterprise,g1:999,2023-01-01,": "g1:999",
    "b:40.a,A,doanh nghiệp,enterprise,g1:40,,": "valid_from",
    "b:40.a,A,doanh nghiệp,enterprise,g1:40,01/01/2023,": "01/01/2023",
    "b:40.a,A,doanh nghiệp,enterprise,g1:40,2023-01-01,2023-01-01": "2023-01-01",
    "b:40.a,A,doanh nghiệp,enterprise,b:40.a,2023-01-01,": "b:40.a",
}


@pytest.mark.parametrize(("row", "named"), BAD_UNITS.items())
def test_a_bad_unit_is_named_by_its_row_and_nothing_is_imported(
    dondoc: Dondoc, tmp_path: Path, row: str, named: str
) -> None:
    before = dondoc.state
    ran = dondoc("units", "import", write(tmp_path / "u.csv", UNIT_HEADER, COMPANY, row))
    assert ran.reason.startswith("Chưa nhập dòng nào")
    [line] = [line for line in ran.err.splitlines() if line.startswith("dòng ")]
    assert line.startswith("dòng 3: ") and named in line
    assert dondoc.state == before


def test_the_same_unit_twice_in_one_file_is_refused(dondoc: Dondoc, tmp_path: Path) -> None:
    err = dondoc("units", "import", write(tmp_path / "u.csv", UNIT_HEADER, COMPANY, COMPANY)).err
    assert err.startswith("dòng 3: ") and "dòng 2" in err


def test_a_unit_file_with_a_header_only_is_no_traceback(dondoc: Dondoc, tmp_path: Path) -> None:
    before = dondoc.state
    ran = dondoc("units", "import", write(tmp_path / "u.csv", UNIT_HEADER))
    assert "Traceback" not in ran.err and dondoc.state == before


def test_versions_of_one_unit_that_overlap_are_refused(dondoc: Dondoc, tmp_path: Path) -> None:
    later = "b:40.cty-a,Công ty A mới,doanh nghiệp nhà nước,enterprise,g1:40,2024-01-01,"
    ran = dondoc("units", "import", write(tmp_path / "u.csv", UNIT_HEADER, COMPANY, later))
    assert "dòng 3" in ran.err or "dòng 2" in ran.err
    assert ran.reason


def test_a_known_unit_cannot_become_its_own_parent(dondoc: Dondoc, tmp_path: Path) -> None:
    row = "b:40.so-y-te,Sở Y tế,sở,department,b:40.so-y-te,2021-01-01,"
    before = dondoc.state
    ran = dondoc("units", "import", write(tmp_path / "u.csv", UNIT_HEADER, row))
    assert "dòng 2: " in ran.err and ran.code == 1 and dondoc.state == before
