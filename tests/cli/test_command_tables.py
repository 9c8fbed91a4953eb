"""`dondoc reports import`: all or nothing, each bad row by its number, whatever an office's spreadsheet makes of it."""

import csv
import time
import unicodedata
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from command_cast import HOME_AFFAIRS, JUSTICE, PLAN, REPORT_HEADER, VINH, Dondoc, ask, report, write

GOOD = report(HOME_AFFAIRS, by="Nguyễn Văn Ánh")
BAD = report("b:40.so-khong-co")


def done(dondoc: Dondoc) -> int:
    return int(dondoc.row("bao-cao-nam", "2023", as_of="2023-12-05")["done"])


def test_all_or_nothing(dondoc: Dondoc, tmp_path: Path) -> None:
    file = write(tmp_path / "r.csv", REPORT_HEADER, GOOD, BAD, report(JUSTICE, at="2023-06-01"), report(VINH))
    before = dondoc.state
    ran = dondoc("reports", "import", file)
    assert "--skip-bad" in ran.reason and dondoc.state == before
    assert [line.partition(": ")[0] for line in ran.err.splitlines() if line.startswith("dòng")] == ["dòng 3", "dòng 4"]
    assert "b:40.so-khong-co" in ran.err and "01/07/2023" in ran.err


def test_skipping_the_bad_writes_them_beside_the_file(dondoc: Dondoc, tmp_path: Path) -> None:
    file = write(tmp_path / "r.csv", REPORT_HEADER, GOOD, BAD, report(VINH))
    ran = dondoc("reports", "import", file, "--skip-bad")
    told = ran.json
    assert (ran.code, told["imported"], told["refused"]) == (0, 2, 1) and "dòng 3: " in ran.err
    beside = Path(told["refused_file"])
    assert beside.parent == file.parent and beside != file
    header, row = csv.reader(beside.read_text("utf-8-sig").splitlines())
    assert header[:6] == REPORT_HEADER.split(",") and row[:6] == BAD.split(",") and "dòng 3" in row[-1]
    assert done(dondoc) == 2


def test_the_refused_rows_can_be_mended_and_imported_again(dondoc: Dondoc, tmp_path: Path) -> None:
    file = write(tmp_path / "r.csv", REPORT_HEADER, GOOD, BAD)
    beside = Path(dondoc("reports", "import", file, "--skip-bad").json["refused_file"])
    beside.write_text(beside.read_text("utf-8").replace("so-khong-co,", "so-tu-phap,", 1), "utf-8")
    assert dondoc.done("reports", "import", beside)["imported"] == 1


def test_where_the_refused_rows_cannot_be_written_nothing_is_imported(dondoc: Dondoc, tmp_path: Path) -> None:
    before = dondoc.state
    file = write(tmp_path / f"{'r' * 245}.csv", REPORT_HEADER, GOOD, BAD)  # the name beside it would be too long
    ran = dondoc("reports", "import", file, "--skip-bad")
    assert ran.reason and dondoc.state == before


def test_an_older_file_of_refused_rows_is_not_overwritten(dondoc: Dondoc, tmp_path: Path) -> None:
    mine = write(tmp_path / "r.bi-tu-choi.csv", "đang sửa dở")
    dondoc("reports", "import", write(tmp_path / "r.csv", REPORT_HEADER, BAD), "--skip-bad")
    assert mine.read_text("utf-8") == "đang sửa dở\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_write_is_read(
    dondoc: Dondoc, tmp_path: Path, encoding: str, newline: str, delimiter: str
) -> None:
    lines = [line.replace(",", delimiter) for line in (REPORT_HEADER, GOOD)]
    file = write(tmp_path / "r.csv", *lines, encoding=encoding, newline=newline)
    assert dondoc.done("reports", "import", file)["imported"] == 1
    assert ask(dondoc.home, "SELECT name FROM person") == [("Nguyễn Văn Ánh",)]


def test_decomposed_letters_capitals_and_spaces_are_read(dondoc: Dondoc, tmp_path: Path) -> None:
    lines = [REPORT_HEADER.upper().replace(",", " , "), unicodedata.normalize("NFD", GOOD).replace(",", " , ")]
    assert dondoc.done("reports", "import", write(tmp_path / "r.csv", *lines))["imported"] == 1
    assert ask(dondoc.home, "SELECT name FROM person") == [("Nguyễn Văn Ánh",)]


def test_quoted_cells_may_hold_line_breaks_quotes_and_delimiters(dondoc: Dondoc, tmp_path: Path) -> None:
    row = f'{PLAN},bao-cao-nam,2023,{HOME_AFFAIRS},2023-11-20,"Nguyễn ""Tèo"", Văn\nphòng"'
    assert dondoc.done("reports", "import", write(tmp_path / "r.csv", REPORT_HEADER, row))["imported"] == 1
    assert ask(dondoc.home, "SELECT name FROM person") == [('Nguyễn "Tèo", Văn\nphòng',)]


@pytest.mark.parametrize("encoding", ["cp1258", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_another_encoding_is_refused_with_what_to_do(dondoc: Dondoc, tmp_path: Path, encoding: str) -> None:
    by = "Đàm Văn Â" if encoding != "cp1252" else "Jérôme"
    file = write(tmp_path / "r.csv", REPORT_HEADER, report(HOME_AFFAIRS, by=by), encoding=encoding)
    before = dondoc.state
    reason = dondoc("reports", "import", file).reason
    assert str(file) in reason and "CSV UTF-8" in reason and dondoc.state == before


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\n\n", b"plan,duty\n", b"x;y\n1;2\n", b"\x00\x01\x02", b"PK\x03\x04"]
)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_is_no_such_table_is_refused(dondoc: Dondoc, tmp_path: Path, content: bytes, suffix: str) -> None:
    file = tmp_path / f"r{suffix}"
    file.write_bytes(content)
    before = dondoc.state
    assert str(file) in dondoc("reports", "import", file).reason and dondoc.state == before


def test_a_header_only_imports_nothing(dondoc: Dondoc, tmp_path: Path) -> None:
    before = dondoc.state
    told = dondoc.done("reports", "import", write(tmp_path / "r.csv", REPORT_HEADER, "", ",,,,,"))
    assert (told["imported"], told["refused"], told["refused_file"]) == (0, 0, None) and dondoc.state == before


def test_strange_and_double_columns_are_named(dondoc: Dondoc, tmp_path: Path) -> None:
    strange = write(tmp_path / "r.csv", REPORT_HEADER + ",ghi_chu", GOOD + ",x")
    assert "ghi_chu" in dondoc("reports", "import", strange).reason
    assert (
        "hai lần" in dondoc("reports", "import", write(tmp_path / "r.csv", REPORT_HEADER + ",unit", GOOD + ",x")).reason
    )


def test_missing_files_and_folders_are_named(dondoc: Dondoc, tmp_path: Path) -> None:
    assert str(tmp_path / "không có.csv") in dondoc("reports", "import", tmp_path / "không có.csv").reason
    assert str(tmp_path) in dondoc("reports", "import", tmp_path).reason


def test_repeated_rows_are_refused_once(dondoc: Dondoc, tmp_path: Path) -> None:
    same_instant = report(HOME_AFFAIRS, at="2023-11-19T17:00:00Z", by="ai khác")
    file = write(tmp_path / "r.csv", REPORT_HEADER, GOOD, GOOD, same_instant)
    err = dondoc("reports", "import", file).err
    assert "dòng 3: trùng với dòng 2" in err and "dòng 4: trùng với dòng 2" in err
    assert dondoc("reports", "import", file, "--skip-bad").json["imported"] == 1
    assert "dòng 2: đã được ghi nhận" in dondoc("reports", "import", file).err


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (GOOD.replace(PLAN, "nghe-an"), PLAN), (GOOD.replace("bao-cao-nam", "bao-cao"), "bao-cao-nam"),
        (GOOD.replace(",2023,", ",1999,"), "1999"), (GOOD.replace("2023-11-20", "20/11/2023"), "20/11/2023"),
        (GOOD.replace("2023-11-20", "2026-11-22"), "tương lai"), (GOOD.replace("2023-11-20", ""), "thời điểm"),
        (GOOD.replace("2023-11-20", "2023-11-20T08:00"), "múi giờ"), (f"{PLAN},bao-cao-nam", "thời điểm"),
        (GOOD.replace(HOME_AFFAIRS, ""), "đơn vị"),
    ],
)  # fmt: skip
def test_each_kind_of_bad_row_says_why(dondoc: Dondoc, tmp_path: Path, row: str, named: str) -> None:
    before = dondoc.state
    ran = dondoc("reports", "import", write(tmp_path / "r.csv", REPORT_HEADER, row))
    assert ran.reason and re_line(ran.err) and named in re_line(ran.err) and dondoc.state == before


def re_line(err: str) -> str:
    return next(line for line in err.splitlines() if line.startswith("dòng 2: "))


def test_xlsx_with_real_dates_and_numbers(dondoc: Dondoc, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(REPORT_HEADER.split(","))
    book.active.append([PLAN, "bao-cao-nam", 2023, HOME_AFFAIRS, date(2023, 11, 20), "Nguyễn Văn A"])
    book.active.append([PLAN, "bao-cao-nam", "2023", 412, "2023-12-02T08:00+07:00", None])
    book.active.append([None] * 6)
    book.save(tmp_path / "r.XLSX")
    assert dondoc.done("reports", "import", tmp_path / "r.XLSX")["imported"] == 2
    row = dondoc.row("bao-cao-nam", "2023", as_of="2023-12-05")
    assert (row["done"], row["done_late"]) == (1, 1)


def test_an_unclosed_quote_never_swallows_the_rows_after_it(dondoc: Dondoc, tmp_path: Path) -> None:
    open_quote = report(JUSTICE, by='"Nguyễn')
    before = dondoc.state
    ran = dondoc("reports", "import", write(tmp_path / "r.csv", REPORT_HEADER, open_quote, GOOD, report(VINH)))
    assert ran.reason and dondoc.state == before


def test_cells_beyond_the_header_are_not_dropped(dondoc: Dondoc, tmp_path: Path) -> None:
    ran = dondoc("reports", "import", write(tmp_path / "r.csv", REPORT_HEADER, GOOD + ", Phó Giám đốc"))
    assert ran.reason and "dòng 2" in ran.err


def test_a_very_long_cell_is_no_traceback(dondoc: Dondoc, tmp_path: Path) -> None:
    before = dondoc.state
    ran = dondoc("reports", "import", write(tmp_path / "r.csv", REPORT_HEADER, report(HOME_AFFAIRS, by="x" * 200_000)))
    assert ran.reason and dondoc.state == before


def test_excels_own_separator_line_is_understood(dondoc: Dondoc, tmp_path: Path) -> None:
    lines = [line.replace(",", ";") for line in (REPORT_HEADER, GOOD)]
    assert dondoc.done("reports", "import", write(tmp_path / "r.csv", "sep=;", *lines))["imported"] == 1


def test_five_thousand_rows_are_read_in_seconds(dondoc: Dondoc, tmp_path: Path) -> None:
    communes = dondoc.done("units", "list", "--province", "40", "--on", "2023-11-01", "--level", "commune")
    rows = [
        report(unit["key"], duty="ban-hanh-quy-che", period="2023-Q4", at=f"2023-11-{day:02}T08:00+07:00")
        for unit in communes for day in range(1, 12)
    ][:5000]  # fmt: skip
    file = write(tmp_path / "r.csv", REPORT_HEADER, *rows)
    started = time.perf_counter()
    assert dondoc.done("reports", "import", file)["imported"] == 5000
    assert time.perf_counter() - started < 20
    assert dondoc.row("ban-hanh-quy-che", "2023-Q4", as_of="2023-12-01")["done"] == len(
        {row.split(",")[3] for row in rows}
    )
