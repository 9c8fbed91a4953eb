"""`dondoc status --explain`: how each date was counted; without it nothing of the kind is worked out."""

from pathlib import Path

from command_cast import PLAN, VINH, Dondoc, as_process, in_process

REPORT = ("bao-cao-nam", "2023")
DAY = "2023-11-20"
LOADED = """
import atexit, sys, cli
atexit.register(lambda: print("holidays" in sys.modules, file=sys.stderr))
cli.main()
"""


def report(rows: list[dict[str, object]]) -> dict[str, object]:
    [row] = [row for row in rows if (row["duty"], row["period"]) == REPORT]
    return row


def extended(dondoc: Dondoc) -> None:
    dondoc.done("advance", "--plan", PLAN, "--as-of", "2023-11-01")
    dondoc.done(
        "extend", "--plan", PLAN, "--duty", REPORT[0], "--period", REPORT[1], "--unit", VINH, "--to", "2023-12-15",
        "--reason", "chờ số liệu", "--on", "2023-11-02",
    )  # fmt: skip


def test_each_row_tells_how_its_date_was_counted(dondoc: Dondoc) -> None:
    plain = dondoc.done("status", "--plan", PLAN, "--as-of", DAY)["rows"]
    told = dondoc.done("status", "--plan", PLAN, "--as-of", DAY, "--explain")["rows"]
    assert [row | {"explain": None} for row in plain] == [row | {"explain": None} for row in told]
    assert all("explain" not in row for row in plain) and all(row["explain"] for row in told)
    assert report(told)["explain"][-1] == {
        "why": "Thời hạn kết thúc lúc 24 giờ ngày 30/11/2023", "article": "Bộ luật Dân sự 2015, Điều 148 khoản 6",
    }  # fmt: skip


def test_a_units_row_tells_its_own(dondoc: Dondoc) -> None:
    extended(dondoc)
    rows = dondoc.done("status", "--plan", PLAN, "--as-of", DAY, "--by", "unit", "--explain")["rows"]
    told = {row["unit"]: row["explain"][-1]["why"] for row in rows if (row["duty"], row["period"]) == REPORT}
    assert told.pop(VINH) == "Gia hạn đến hết ngày 15/12/2023 (quyết định ngày 02/11/2023): chờ số liệu"
    assert set(told.values()) == {"Thời hạn kết thúc lúc 24 giờ ngày 30/11/2023"}


def test_people_read_the_steps_under_the_table(dondoc: Dondoc) -> None:
    extended(dondoc)
    given = ("status", "--plan", PLAN, "--as-of", DAY)
    table = in_process(*given).out
    out = in_process(*given, "--explain").out
    assert out.startswith(table) and "Cách tính thời hạn:" not in table
    under = out[len(table) :]
    assert under.startswith("\nCách tính thời hạn:\n")
    assert "  Báo cáo năm kết quả thực hiện Luật, năm 2023\n    - Hằng năm, trước ngày 01/12" in under
    units = in_process(*given, "--by", "unit", "--explain").out
    assert units.count("Luật, năm 2023 (40 đơn vị)\n") == 1 and units.count("Luật, năm 2023 (Thành phố Vinh)\n") == 1


def test_a_units_history_is_told_with_times_as_people_write_them(dondoc: Dondoc) -> None:
    extended(dondoc)
    out = in_process("status", "--plan", PLAN, "--as-of", DAY, "--unit", VINH).out
    assert "    00:00 01/07/2023  Giao việc (office)\n" in out
    assert "    00:00 02/11/2023  Gia hạn đến hết ngày 15/12/2023 (quyết định ngày 02/11/2023): chờ số liệu (" in out


def test_the_status_table_stays_fast(small_home: Path) -> None:
    """Loading the holidays takes longer than everything else that the table needs."""
    given = ("status", "--plan", PLAN, "--as-of", DAY, "--json")
    assert as_process(small_home, *given, python=("-c", LOADED)).err.strip() == "False"
    assert as_process(small_home, *given, "--explain", python=("-c", LOADED)).err.strip() == "True"
