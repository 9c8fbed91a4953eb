"""`dondoc contacts` and `dondoc notices preview`: an office's list of people, and what they would be sent."""

import unicodedata
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from command_cast import CONTACT_HEADER, HOME_AFFAIRS, PLAN, VINH, Dondoc, ask, change, in_process, write

FULL = "unit,name,role,email,zalo_phone,channels,important,quiet,absent_from,absent_to,deputy,copies,other"
HOA = (
    f'{VINH},Nguyễn Thị Hòa,,hoa@vinh.gov.vn,0987 654 321,"zalo,email",có,12:00-13:30,2026-11-20,2026-11-25,Trần Lan,,'
)
LAN = f"{VINH},Trần Lan,Văn thư,lan@vinh.gov.vn,,,,,,,,không,json://u:matkhau@127.0.0.1/bimat"


def contact(
    name: str = "Nguyễn Văn A", unit: str = HOME_AFFAIRS, role: str = "", email: str = "a@nghean.gov.vn"
) -> str:
    return f"{unit},{name},{role},{email}"


def test_contacts_are_added_once(dondoc: Dondoc, tmp_path: Path) -> None:
    file = write(
        tmp_path / "c.csv", CONTACT_HEADER, contact(), contact("Lê B", role="đầu mối", email="B@Nghean.gov.vn")
    )
    done = dondoc.done("contacts", "import", file)
    assert (done["imported"], done["changed"], done["rows"]) == (2, 0, 2)
    before = dondoc.state
    again = dondoc.done("contacts", "import", file)
    assert (again["imported"], again["changed"], again["rows"]) == (0, 0, 2)
    assert dondoc.state == before
    kept = "SELECT unit, role, url FROM contact JOIN contact_address a ON a.contact = contact.id ORDER BY a.id"
    assert ask(dondoc.home, kept) == [
        (HOME_AFFAIRS, "focal_point", "mailto://a@nghean.gov.vn"),
        (HOME_AFFAIRS, "focal_point", "mailto://b@nghean.gov.vn"),
    ]


def test_the_ledger_holds_no_contact_data(dondoc: Dondoc, tmp_path: Path) -> None:
    dondoc.done("contacts", "import", write(tmp_path / "c.csv", CONTACT_HEADER, contact("Lê Thị Bí Mật")))
    told = str(dondoc.state["ledger"])
    assert "Bí Mật" not in told and "a@nghean.gov.vn" not in told


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (contact(unit="b:40.so-khong-co"), "b:40.so-khong-co"),
        (contact(unit="Sở Y tế"), "b:40.so-y-te"),
        (contact(unit=""), "đơn vị"),
        (contact(name=""), "name"),
        (contact(role="giám đốc"), "giám đốc"),
        (contact(email="không phải thư"), "không phải thư"),
        (contact(email="a@b@c.vn"), "a@b@c.vn"),
        (contact(email="a@localhost"), "a@localhost"),
        (contact(email='"a@b.vn\nBcc: x@y.vn"'), "Bcc"),
        (contact(email=""), "zalo_phone"),
        (contact(unit="412"), "g1:412"),  # Vinh, a district that ended
        (contact(), "trùng với dòng 2"),
    ],
)  # fmt: skip
def test_a_bad_contact_is_named_and_nothing_is_imported(dondoc: Dondoc, tmp_path: Path, row: str, named: str) -> None:
    before = dondoc.state
    ran = dondoc("contacts", "import", write(tmp_path / "c.csv", CONTACT_HEADER, contact(), row))
    assert ran.reason and named in ran.err and "dòng 3: " in ran.err
    assert dondoc.state == before


def test_a_refused_contact_file_says_what_to_do(dondoc: Dondoc, tmp_path: Path) -> None:
    reason = dondoc("contacts", "import", write(tmp_path / "c.csv", CONTACT_HEADER, contact(email="x"))).reason
    assert "Sửa" in reason


@pytest.mark.parametrize(
    "row",
    [contact(name='"Nguyễn\nBcc: x@y.vn"'), contact(email="nguyễn@nghệan.gov.vn"), contact(name="'Nguyễn\x07'")],
    ids=["line break in the name", "letters with marks in the address", "a control character in the name"],
)  # fmt: skip
def test_one_bad_contact_never_keeps_everybody_from_being_told(dondoc: Dondoc, tmp_path: Path, row: str) -> None:
    dondoc.done("advance", "--plan", PLAN, "--as-of", "2023-10-05")
    standing_office = ask(dondoc.home, "SELECT recipient FROM notice WHERE state='planned'")[0][0]
    row = row.replace(HOME_AFFAIRS, standing_office)
    imported = dondoc("contacts", "import", write(tmp_path / "c.csv", CONTACT_HEADER, row))
    assert imported.code == 1 or dondoc("deliver", "--as-of", "2023-10-05").code == 0


def test_a_decomposed_name_is_stored_composed(dondoc: Dondoc, tmp_path: Path) -> None:
    row = unicodedata.normalize("NFD", contact("Nguyễn Thị Hường"))
    dondoc.done("contacts", "import", write(tmp_path / "c.csv", CONTACT_HEADER, row))
    assert ask(dondoc.home, "SELECT name FROM person") == [("Nguyễn Thị Hường",)]


def test_the_excel_that_an_office_keeps(dondoc: Dondoc, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(
        ["STT", "Mã đơn vị", "Tên đơn vị", "Họ và tên", "Chức vụ", "Vai trò", "Thư điện tử", "Số  Zalo", "Kênh",
         "Quan trọng", "Vắng từ", "Vắng đến", "Ghi chú"]
    )  # fmt: skip
    book.active.append([1, VINH, "TP Vinh", "Nguyễn Thị Hòa", "Chuyên viên", "Đầu mối", None, 987654321, "Zalo", "x",
                        date(2026, 11, 20), "25/11/2026", "gọi buổi sáng"])  # fmt: skip
    book.active.append([2, VINH, "TP Vinh", "Trần Lan", None, None, "lan@vinh.gov.vn", 912345678.0, None, None, None,
                        None, None])  # fmt: skip
    book.save(tmp_path / "dau-moi.xlsx")
    assert dondoc.done("contacts", "import", tmp_path / "dau-moi.xlsx")["imported"] == 2
    hoa, lan = dondoc.done("contacts", "list", "--unit", VINH)
    assert hoa["ordinary"] == [["0987 654 321"]] and hoa["absent_to"] == "2026-11-25"
    assert lan["ordinary"] == [["lan@vinh.gov.vn"], ["0912 345 678"]]


def test_a_preview_shows_everything_and_keeps_nothing(dondoc: Dondoc, tmp_path: Path) -> None:
    before, file = dondoc.state, write(tmp_path / "c.csv", FULL, HOA, LAN)
    done = dondoc.done("contacts", "import", file, "--preview")
    assert done["preview"] and (done["imported"], done["rows"]) == (2, 2) and dondoc.state == before
    assert [one["change"] for one in done["changes"]] == ["new", "new"]
    dondoc.done("contacts", "import", file)
    other = write(tmp_path / "c.csv", FULL, HOA.replace('"zalo,email"', "email").replace("0987 654 321", ""), LAN)
    [one] = dondoc.done("contacts", "import", other, "--preview")["changes"]
    assert one["change"] == "changed"
    assert "thông thường: 0987 654 321 → hoa@vinh.gov.vn ⇒ hoa@vinh.gov.vn" in one["details"]


def test_the_list_tells_the_order_and_hides_secrets(dondoc: Dondoc, tmp_path: Path) -> None:
    dondoc.done("contacts", "import", write(tmp_path / "c.csv", FULL, HOA, LAN))
    hoa, lan = dondoc.done("contacts", "list")
    assert hoa["ordinary"] == [["0987 654 321"], ["hoa@vinh.gov.vn"]]
    assert hoa["important"] == [["hoa@vinh.gov.vn", "0987 654 321"]]
    assert (hoa["quiet"], hoa["deputy"], hoa["copies"]) == ("12:00-13:30", "Trần Lan", True)
    assert lan["role_shown"] == "Văn thư" and not lan["copies"]
    change(
        dondoc.home, "UPDATE contact_address SET disabled_why='550 không có', disabled_at='2026-11-20 01:00:00' "
        "WHERE url LIKE 'mailto://hoa%'",
    )  # fmt: skip
    told = in_process("contacts", "list").out
    assert "ngừng dùng: hoa@vinh.gov.vn từ 20/11/2026: 550 không có" in told and "vắng: 20/11/2026" in told
    for shown in (told, str(dondoc.done("contacts", "list"))):
        assert "matkhau" not in shown and "bimat" not in shown


def test_an_address_that_was_given_up_stays_so_until_it_is_put_back(dondoc: Dondoc, tmp_path: Path) -> None:
    file = write(tmp_path / "c.csv", FULL, HOA, LAN)
    dondoc.done("contacts", "import", file)
    change(dondoc.home, "UPDATE contact_address SET disabled_why='550', disabled_at='2026-11-20 01:00:00'")
    done = dondoc.done("contacts", "import", file)
    assert done["changed"] == 0 and len(done["still_disabled"]) == 4
    assert "dondoc contacts enable g1:412" in in_process("contacts", "import", file).out
    hoa = done["still_disabled"][0]
    assert dondoc.done("contacts", "enable", VINH, hoa["address"])["enabled"] == 1
    assert dondoc.done("contacts", "enable", VINH, "+84 987 654 321")["enabled"] == 1
    hidden = next(one["address"] for one in done["still_disabled"] if one["address"].startswith("json"))
    assert dondoc.done("contacts", "enable", VINH, hidden)["enabled"] == 1
    assert "không có địa chỉ" in dondoc("contacts", "enable", VINH, "x@y.vn").reason
    assert "Không có đơn vị" in dondoc("contacts", "enable", "g1:x", "x@y.vn").reason


def test_whoever_left_is_removed(dondoc: Dondoc, tmp_path: Path) -> None:
    dondoc.done("contacts", "import", write(tmp_path / "c.csv", FULL, HOA, LAN))
    assert "Gần nhất: Trần Lan" in dondoc("contacts", "remove", VINH, "Trần Lân").reason
    assert dondoc.done("contacts", "remove", VINH, "Trần Lan") == [
        {"unit": VINH, "name": "Trần Lan", "role": "records"}
    ]
    [hoa] = dondoc.done("contacts", "list")
    assert hoa["deputy"] is None


def test_units_without_anybody_are_listed_with_the_reason(
    dondoc: Dondoc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = {one["unit"]: one["why"] for one in dondoc.done("contacts", "missing", "--on", "2023-10-01")}
    assert every[VINH] == "chưa có đầu mối" and len(every) > 400
    monkeypatch.setenv("DONDOC_SMTP_URL", "smtp://127.0.0.1:1")
    only_zalo = HOA.replace("hoa@vinh.gov.vn", "").replace('"zalo,email"', "").replace("Trần Lan", "")
    dondoc.done("contacts", "import", write(tmp_path / "c.csv", FULL, only_zalo))
    now = {one["unit"]: one["why"] for one in dondoc.done("contacts", "missing", "--on", "2023-10-01")}
    assert "chưa được cấu hình (Zalo (ZNS))" in now[VINH] and len(now) == len(every)
    assert VINH not in {one["unit"] for one in dondoc.done("contacts", "missing")}, "it ended in 2025"


def test_a_days_digests_before_they_leave(dondoc: Dondoc, tmp_path: Path) -> None:
    dondoc.done("contacts", "import", write(tmp_path / "c.csv", FULL, HOA, LAN))
    before = dondoc.state
    every = dondoc.done("notices", "preview", "--as-of", "2023-11-01")
    [vinh] = dondoc.done("notices", "preview", "--as-of", "2023-11-01", "--unit", VINH)
    assert vinh in every and vinh["recipient"] == f"{VINH}/focal_point" and vinh["reachable"]
    assert vinh["to"] == [{"name": "Nguyễn Thị Hòa", "role": "focal_point", "addresses": [["hoa@vinh.gov.vn"]]}], (
        "Zalo is not configured, so that it would not be written to"
    )
    assert "Báo cáo năm kết quả thực hiện Luật" in vinh["text"] and "/l/xem-truoc" in vinh["text"]
    assert dondoc.state == before
    html = tmp_path / "thu.html"
    told = in_process("notices", "preview", "--as-of", "2023-11-01", "--unit", VINH, "--html", html).out
    assert vinh["subject"] in told and vinh["text"].splitlines()[0] in told and str(html) in told
    assert html.read_text("utf-8").lstrip().startswith("<!doctype html>")
    assert "chọn" in dondoc("notices", "preview", "--as-of", "2023-11-01", "--html", tmp_path).reason.lower()


def test_the_absent_are_replaced_in_the_preview(dondoc: Dondoc, tmp_path: Path) -> None:
    away = HOA.replace("2026-11-20,2026-11-25", "2023-11-01,2023-11-02")
    dondoc.done("contacts", "import", write(tmp_path / "c.csv", FULL, away, LAN))
    [vinh] = dondoc.done("notices", "preview", "--as-of", "2023-11-01", "--unit", VINH)
    assert [one["name"] for one in vinh["to"]] == ["Trần Lan"]


def test_the_list_of_notices_is_where_it_was(late: Dondoc) -> None:
    rows = late.done("notices", "--as-of", "2023-12-05", "--plan", PLAN)
    assert rows and late.done("notices", "--state", "planned")
    assert "«gone»" in late("notices", "--state", "gone").reason
    told = in_process("notices", "preview", "--as-of", "2023-12-05").out
    assert "đã được rà soát" in told
