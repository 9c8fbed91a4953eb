"""One phrase, and what is known beside it: which dates follow, and what is still missing."""

from datetime import date

import pytest

from schedules.phrases import term
from schedules.reckon import Given, Reckoned, reckon
from schedules.zone import midnight


def reckoned(phrase: str, **known) -> Reckoned:
    days = {name: date.fromisoformat(day) for name, day in known.items() if name in ("issued", "event")}
    return reckon(term(phrase), Given(**known | days))


def dates(found: Reckoned) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Opening, last day, needs."""
    return (
        f"{found.opens:%Y-%m-%d}" if found.opens else None,
        str(found.last_day) if found.last_day else None,
        found.needs,
    )


@pytest.mark.parametrize(
    ("phrase", "known", "expected"),
    [
        # A window opens by itself; a bound opens with its document.
        ("Trong Quý III năm 2023", {}, ("2023-07-01", "2023-09-30", ())),
        ("Trong Quý III năm 2023", {"issued": "2023-08-15"}, ("2023-08-15", "2023-09-30", ())),
        ("Trong Quý III", {}, (None, None, ("year",))),
        ("Trong Quý III", {"issued": "2023-08-15"}, (None, None, ("year",))),  # the year is never guessed
        ("Trong Quý III", {"year": 2023}, ("2023-07-01", "2023-09-30", ())),
        ("trước ngày 01/12/2023", {}, (None, "2023-11-30", ("issued",))),
        ("trước ngày 01/12/2023", {"issued": "2023-05-04"}, ("2023-05-04", "2023-11-30", ())),
        ("trước ngày 01/12", {}, (None, None, ("year", "issued"))),
        ("trước ngày 01/12", {"issued": "2023-05-04"}, ("2023-05-04", None, ("year",))),
        ("trước ngày 01/12", {"issued": "2023-05-04", "year": 2023}, ("2023-05-04", "2023-11-30", ())),
        ("từ ngày 01/3 đến ngày 15/4", {"year": 2024}, ("2024-03-01", "2024-04-15", ())),
        ("trong ngày 15/4/2024", {}, ("2024-04-15", "2024-04-15", ())),
        # What comes back.
        ("Hằng năm, trước ngày 01/12", {}, (None, None, ("year",))),
        ("Hằng năm, trước ngày 01/12", {"year": 2024}, ("2024-01-01", "2024-11-30", ())),
        ("Hằng năm, trước ngày 01/12", {"issued": "2023-12-05"}, ("2024-01-01", "2024-11-30", ())),
        ("Hằng năm, trước ngày 01/12", {"issued": "2023-05-04"}, ("2023-05-04", "2023-11-30", ())),
        ("Hằng năm, trước ngày 01/12", {"issued": "2023-05-04", "year": 2026}, ("2026-01-01", "2026-11-30", ())),
        ("Hằng quý", {"year": 2024}, ("2024-01-01", "2024-03-31", ())),
        ("Năm 2024 và các năm tiếp theo", {}, ("2024-01-01", "2024-12-31", ())),
        ("Năm 2024 và các năm tiếp theo", {"year": 2026}, ("2026-01-01", "2026-12-31", ())),
        ("định kỳ 6 tháng, năm", {"issued": "2024-02-01"}, ("2024-02-01", "2024-06-30", ())),
        # Counted.
        ("trong 5 ngày làm việc kể từ ngày ban hành", {}, (None, None, ("issued",))),
        ("trong 5 ngày làm việc kể từ ngày ban hành", {"issued": "2024-04-26"}, ("2024-04-27", "2024-05-07", ())),
        ("trong 5 ngày làm việc kể từ ngày ban hành", {"event": "2024-04-26"}, ("2024-04-27", "2024-05-07", ())),
        ("trong 5 ngày làm việc kể từ ngày họp", {"issued": "2024-04-26"}, (None, None, ("event",))),
        ("trong 5 ngày làm việc kể từ ngày họp", {"event": "2024-04-26"}, ("2024-04-27", "2024-05-07", ())),
        ("trong vòng 15 ngày", {}, (None, None, ("event",))),
        ("trong vòng 15 ngày", {"event": "2024-04-15"}, ("2024-04-16", "2024-05-02", ())),
        ("trong 15 ngày kể từ ngày 15/4/2024", {}, ("2024-04-16", "2024-05-02", ())),
        ("trong 15 ngày kể từ ngày 15/4", {"year": 2024}, ("2024-04-16", "2024-05-02", ())),
        ("ít nhất 20 ngày trước ngày bầu cử", {}, (None, None, ("event", "issued"))),
        ("ít nhất 20 ngày trước ngày bầu cử", {"event": "2024-05-19"}, (None, "2024-04-29", ("issued",))),
        (
            "ít nhất 20 ngày trước ngày bầu cử", {"event": "2024-05-19", "issued": "2024-04-01"},
            ("2024-04-01", "2024-04-29", ()),
        ),
        ("niêm yết ít nhất 30 ngày", {"event": "2024-04-01"}, ("2024-04-02", "2024-05-01", ())),
        # Without a due date.
        ("Sau khi có hướng dẫn", {}, (None, None, ("event",))),
        ("Sau khi có hướng dẫn", {"event": "2024-03-05"}, ("2024-03-06", None, ())),
        ("Thường xuyên", {}, (None, None, ("issued",))),
        ("Thường xuyên", {"issued": "2024-03-05"}, ("2024-03-05", None, ())),
    ],
)  # fmt: skip
def test_what_is_known_gives_the_dates_and_what_is_missing_is_named(phrase: str, known, expected):
    assert dates(reckoned(phrase, **known)) == expected


@pytest.mark.parametrize(
    ("phrase", "known", "reason"),
    [
        ("Trong Quý III năm 2023", {"year": 2024}, "năm 2024 trái với thời hạn"),
        ("trong 15 ngày kể từ ngày 15/4/2024", {"year": 2023}, "trái với"),
        ("trước ngày 29/02", {"year": 2023}, "29/02/2023 không có trong lịch"),
        ("Năm 2024 và các năm tiếp theo", {"year": 2023}, "không có kỳ nào trong năm 2023"),
        ("Hằng năm, trước ngày 01/12", {"issued": "2024-12-01", "year": 2024}, "không có kỳ nào trong năm 2024"),
        ("trước ngày 01/12/2023", {"issued": "2024-01-05"}, "hết ngày 30/11/2023, trước khi"),
        ("ít nhất 20 ngày trước ngày họp", {"issued": "2024-05-01", "event": "2024-05-10"}, "hết ngày 20/04/2024"),
        ("Thường xuyên", {"issued": "1999-01-01"}, "nằm ngoài lịch"),
        ("Sau khi có hướng dẫn", {"event": "2100-01-01"}, "nằm ngoài lịch"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(phrase: str, known, reason: str):
    with pytest.raises(ValueError, match=reason):
        reckoned(phrase, **known)


def test_the_policy_that_counts_is_told():
    assert reckoned("trong 15 ngày kể từ ngày 15/4/2024").policy == "civil-code"
    assert reckoned("trước ngày 01/12/2024").policy == "nominal"
    moved = reckoned("trước ngày 01/12/2024", policy="civil-code")
    assert (moved.policy, moved.last_day, moved.nominal_last_day) == (
        "civil-code", date(2024, 12, 2), date(2024, 11, 30),
    )  # fmt: skip
    assert reckoned("ít nhất 5 ngày trước ngày 01/12/2024", policy="civil-code").policy == "nominal"


def test_a_duty_without_a_due_date_says_so():
    for known in ({}, {"event": "2024-03-05"}):
        assert any(step.step in ("open", "missing") for step in reckoned("Sau khi có hướng dẫn", **known).explain)
    told = reckoned("Sau khi có hướng dẫn", event="2024-03-05").explain
    assert any("không có ngày đến hạn" in step.why for step in told)


def test_what_was_given_in_vain_is_told():
    told = reckoned("Trong Quý III năm 2023", event="2023-08-01").explain
    assert any(step.step == "unused" and "không chờ sự kiện" in step.why for step in told)
    told = reckoned("Thường xuyên", issued="2023-08-01", year=2024).explain
    assert any(step.step == "unused" and "không tính theo năm" in step.why for step in told)


def test_the_window_is_half_open():
    found = reckoned("trong ngày 15/4/2024")
    assert (found.opens, found.due) == (midnight(date(2024, 4, 15)), midnight(date(2024, 4, 16)))
