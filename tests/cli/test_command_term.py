"""`dondoc term`: a phrase in, its dates and their reasons out."""

import json
from pathlib import Path

import pytest
from command_cast import Dondoc, as_process, in_process

KEYS = {
    "phrase", "canonical", "kind", "opens", "due", "last_day", "nominal_last_day", "policy", "recurrence", "needs",
    "explain",
}  # fmt: skip


@pytest.fixture
def term(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dondoc:
    """The command on a home that does not exist: a phrase needs no database."""
    home = tmp_path / "nowhere"
    monkeypatch.setenv("DONDOC_HOME", str(home))
    return Dondoc(home)


def test_five_working_days_over_a_swapped_saturday(term: Dondoc) -> None:
    phrase = "Trong thời hạn 05 (năm) ngày làm việc, kể từ ngày ký"
    told = term("term", phrase, "--issued", "2024-04-26").json
    assert set(told) == KEYS
    assert {name: told[name] for name in KEYS - {"explain"}} == {
        "phrase": phrase, "canonical": "Trong thời hạn 05 ngày làm việc kể từ ngày ban hành", "kind": "counted",
        "opens": "2024-04-27T00:00:00+07:00", "due": "2024-05-08T00:00:00+07:00", "last_day": "2024-05-07",
        "nominal_last_day": "2024-05-07", "policy": "civil-code", "recurrence": None, "needs": [],
    }  # fmt: skip
    assert all(set(step) == {"step", "why", "article"} and all(step.values()) for step in told["explain"])
    assert any("Điều 147" in step["article"] for step in told["explain"])


@pytest.mark.parametrize(
    ("arguments", "kind", "last_day", "recurrence", "needs"),
    [
        (("Trong Quý III năm 2023",), "window", "2023-09-30", None, []),
        (("trước ngày 01/12",), "bound", None, None, ["year", "issued"]),
        (("trước ngày 01/12", "--year", 2024, "--policy", "civil-code"), "bound", "2024-12-02", None, ["issued"]),
        (("Hằng năm, trước ngày 01/12", "--year", 2024), "recurring", "2024-11-30", "yearly", []),
        (("ngày 20 của tháng cuối quý", "--year", 2024), "recurring", "2024-03-20", "quarterly", []),
        (("trước ngày 15 hằng tháng", "--issued", "2024-01-15"), "recurring", "2024-02-14", "monthly", []),
        (("định kỳ 6 tháng, năm", "--year", 2024), "recurring", "2024-06-30", "half-yearly, yearly", []),
        (("ít nhất 02 ngày trước ngày họp", "--event", "2024-05-03"), "backward", "2024-05-01", None, ["issued"]),
        (("niêm yết ít nhất 30 ngày", "--event", "2024-04-01"), "minimum", "2024-05-01", None, []),
        (("Sau khi có hướng dẫn", "--event", "2024-03-05"), "event", None, None, []),
        (("Thường xuyên",), "continuous", None, None, ["issued"]),
        (("cuối năm 2024", "--policy", "civil-code"), "bound", "2024-12-31", None, ["issued"]),
    ],
)
def test_each_family(term: Dondoc, arguments, kind: str, last_day: str | None, recurrence: str | None, needs) -> None:
    told = term("term", *arguments).json
    assert set(told) == KEYS
    assert (told["kind"], told["last_day"], told["recurrence"], told["needs"]) == (kind, last_day, recurrence, needs)
    assert term("term", told["canonical"]).json["canonical"] == told["canonical"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("",), "chưa ghi thời hạn"),
        (("cuối năm",), "không nêu rõ là ngày nào"),
        (("cuối năm", "--policy", "nominal"), "không nêu rõ là ngày nào"),
        (("sớm",), "không nêu thời hạn cụ thể"),
        (("trước ngày 31/2/2024",), "từ 1 đến 29"),
        (("trước ngày 29/02", "--year", 2023), "không có trong lịch"),
        (("Trong Quý III năm 2023", "--year", 2024), "trái với"),
        (("Trong Quý III năm 2023", "--year", "24"), "bốn chữ số"),
        (("Trong Quý III năm 2023", "--year", "²⁰²³"), "bốn chữ số"),
        (("Trong Quý III năm 2023", "--issued", "15/8/2023"), "15/8/2023"),
        (("Trong Quý III năm 2023", "--issued", "2023-02-30"), "2023-02-30"),
        (("Sau khi có hướng dẫn", "--event", "hôm qua"), "hôm qua"),
        (("Sau khi có hướng dẫn", "--event", "2150-01-01"), "nằm ngoài lịch"),
        (("Trong Quý III năm 2023", "--policy", "civil"), "civil-code"),
        (("trước ngày 01/12/2023", "--issued", "2024-01-05"), "trước khi văn bản có hiệu lực"),
    ],
)
def test_refusals_exit_1_with_their_reason(term: Dondoc, arguments, reason: str) -> None:
    assert reason in term("term", *arguments).reason


def test_people_read_it_in_vietnamese(term: Dondoc) -> None:
    told = in_process("term", "trong 15 ngày kể từ ngày 15/4/2024", now=term.now)
    assert told.code == 0 and not told.err
    for line in ("Trong thời hạn 15 ngày kể từ ngày 15/04/2024 (tính từ một mốc)", "ngày 02/05/2024", "khoản 5"):
        assert line in told.out
    assert "Còn thiếu: ngày xảy ra sự kiện (--event)" in in_process("term", "trong vòng 15 ngày", now=term.now).out
    assert (
        "Đến hạn (kể từ lúc này là muộn): không có"
        in in_process("term", "Thường xuyên", "--issued", "2024-01-02", now=term.now).out
    )


def test_as_a_process_it_prints_one_document_and_makes_no_home(tmp_path: Path) -> None:
    done = as_process(tmp_path / "home", "term", "Trong Quý III năm 2023", "--json")
    assert done.code == 0 and json.loads(done.out)["last_day"] == "2023-09-30"
    assert not (tmp_path / "home").exists()
