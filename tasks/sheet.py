"""Reading the tables that an office keeps: CSV or XLSX, with errors that name the row."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from models.refusal import Refusal

Made = TypeVar("Made")

REASON = "ly_do"
"""The column that `write_refused` adds, and that reading passes over."""

FORMULA = ("=", "+", "-", "@")
YES, NO = {"true", "1", "có", "x", "yes"}, {"false", "0", "không", "", "no"}
DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
"""A day as people write it: 1/12/2026."""

SAVE_AS_UTF8 = "Trong Excel: Lưu dưới dạng → «CSV UTF-8 (phân tách bằng dấu phẩy)», hoặc gửi tệp .xlsx."


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: the line it stands on (the header is line 1) and its cells by column name, NFC, trimmed."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was refused, and why."""

    row: Row
    reason: str

    def __str__(self) -> str:
        return f"dòng {self.row.line}: {self.reason}"


def read_sheet(
    path: Path, *, columns: Sequence[str], optional: Sequence[str] = (), headings: Mapping[str, str] | None = None,
    passed_over: Collection[str] = (),
) -> list[Row]:  # fmt: skip
    """The rows of a table. Accepts a byte-order mark, semicolons, tabs and decomposed Unicode.

    Args:
        headings: what else may stand above a column, in small letters → the column.
        passed_over: columns that may be there and are not read.

    Raises:
        Refusal: not a table that can be read, with what to do about it.
    """
    if not path.is_file():
        raise Refusal(f"Không có tệp {path}.")
    table = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    named = dict.fromkeys(passed_over, REASON) | dict(headings or {})
    header = [named.get(name := " ".join(cell.lower().split()), name) for cell in table[0]] if table else []
    _check_header(path, header, columns, optional)
    rows = [_row(path, number, header, cells) for number, cells in enumerate(table[1:], start=2)]
    return [row for row in rows if any(row.cells.values())]


def each_row(rows: Iterable[Row], make: Callable[[Row], Made]) -> tuple[list[Made], list[BadRow]]:
    """Apply `make` to every row; what it refuses is collected, so that all errors are told at once."""
    made: list[Made] = []
    bad: list[BadRow] = []
    for row in rows:
        try:
            made.append(make(row))
        except Refusal as refusal:
            bad.append(BadRow(row, str(refusal)))
    return made, bad


def day_in(row: Row, column: str) -> date | None:
    """A cell's day, as 2026-12-01 or as 1/12/2026; None where it is empty. Raises Refusal."""
    text = row[column]
    if not text:
        return None
    try:
        if written := DAY.fullmatch(text):
            return date(int(written[3]), int(written[2]), int(written[1]))
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(f"ngày «{text}» (cột {column}) không hợp lệ; ghi như 2026-12-01 hoặc 01/12/2026") from error


def write_refused(path: Path, bad: Sequence[BadRow]) -> Path:
    """Write the refused rows with their reasons beside the file, ready to be mended and imported again."""
    names = (path.with_name(f"{path.stem}.bi-tu-choi{number or ''}.csv") for number in range(1000))
    columns = [column for column in bad[0].row.cells if column != REASON]
    try:
        beside = next(name for name in names if not name.exists())
        with beside.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*columns, REASON])
            writer.writerows([*(_harmless(one.row[c]) for c in columns), str(one)] for one in bad)
    except OSError as error:
        raise Refusal(f"Không ghi được các dòng bị từ chối bên cạnh {path}: {error}. Chưa nhập dòng nào.") from error
    return beside


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet program shows and does not run; `_clean` takes the mark off again."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _row(path: Path, number: int, header: list[str], cells: list[str]) -> Row:
    if any(cells[len(header) :]):
        raise Refusal(f"{path}: dòng {number}: nhiều ô hơn dòng đầu; ô có dấu phẩy phải đặt trong ngoặc kép.")
    return Row(number, {name: cell for name, cell in zip(header, cells, strict=False) if name != REASON})


def _check_header(path: Path, header: list[str], columns: Sequence[str], optional: Sequence[str]) -> None:
    wanted = ", ".join(columns) + (f" (tùy chọn: {', '.join(optional)})" if optional else "")
    if missing := [column for column in columns if column not in header]:
        raise Refusal(f"{path}: thiếu cột {', '.join(missing)}. Dòng đầu phải có các cột: {wanted}.")
    if strange := [column for column in header if column and column not in (*columns, *optional, REASON)]:
        raise Refusal(f"{path}: không hiểu cột {', '.join(strange)}. Các cột được hiểu: {wanted}.")
    if twice := {column for column in header if column and column != REASON and header.count(column) > 1}:
        raise Refusal(f"{path}: cột {', '.join(sorted(twice))} có hai lần.")


def _csv(path: Path) -> list[list[str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            f"{path}: không phải UTF-8 (byte thứ {error.start + 1}); có thể là Windows-1258 hay TCVN3. {SAVE_AS_UTF8}"
        ) from error
    if "\0" in text:
        raise Refusal(f"{path}: không phải tệp CSV (có thể là UTF-16 hay tệp Excel đổi đuôi). {SAVE_AS_UTF8}")
    first, _, rest = text.partition("\n")
    delimiter = max(",;\t", key=first.count)
    if named := re.fullmatch(r"sep=(.)\r?", first):  # Excel's own line
        text, delimiter = rest, named[1]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [[_clean(cell) for cell in row] for row in rows]
    except csv.Error as error:
        raise Refusal(
            f"{path}: dòng {rows.line_num}: không đọc được ({error}); xem có ngoặc kép mở mà không đóng, hay ô quá dài."
        ) from error


def _xlsx(path: Path) -> list[list[str]]:
    from zipfile import BadZipFile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise Refusal(f"{path}: không phải tệp Excel .xlsx đọc được ({error}).") from error
    sheet = book.worksheets[0]
    return [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a spreadsheet keeps every number as a fraction: 987654321.0
    return "" if value is None else _clean(str(value))


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFC", text).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
