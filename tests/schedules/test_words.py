"""The words of time that people see."""

import unicodedata
from datetime import date

import pytest

from schedules.words import day_shown, period_shown, step_shown, tidy, weekday_shown


def test_days():
    assert day_shown(date(2023, 12, 1)) == "01/12/2023"
    assert [weekday_shown(date(2023, 9, day)) for day in (25, 30)] == ["Thứ Hai", "Thứ Bảy"]
    assert weekday_shown(date(2023, 10, 1)) == "Chủ Nhật"


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("2023-Q4", "Quý IV năm 2023"),
        ("2023-10", "tháng 10 năm 2023"),
        ("2024-01", "tháng 1 năm 2024"),
        ("2024", "năm 2024"),
        ("2024-H1", "6 tháng đầu năm 2024"),
        ("2024-H2", "6 tháng cuối năm 2024"),
        ("2024-9M", "9 tháng đầu năm 2024"),
        ("2024-03-05", "theo sự kiện ngày 05/03/2024"),
        ("-", "không chia kỳ"),
    ],
)
def test_periods(key: str, shown: str):
    assert period_shown(key) == shown


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        ("opens", "bắt đầu"),
        ("due", "đến hạn"),
        ("remind:-30d", "nhắc trước 30 ngày"),
        ("remind:-3wd", "nhắc trước 3 ngày làm việc"),
        ("escalate:+1wd", "quá hạn 1 ngày làm việc"),
        ("escalate:weekly:2023-12-18", "đôn đốc hằng tuần (tuần từ 18/12/2023)"),
    ],
)
def test_steps(step: str, shown: str):
    assert step_shown(step) == shown


@pytest.mark.parametrize("key", ["", "2023-Q5", "2024-H3", "2024-6M", "2023-13", "2023-02-30", "Q4"])
def test_what_is_no_period_key_is_refused(key: str):
    with pytest.raises(ValueError, match=r"period|day is out of range"):
        period_shown(key)


@pytest.mark.parametrize("step", ["", "remind:+3d", "escalate:-1wd", "escalate:weekly:2023-02-30", "remind:-3wd "])
def test_what_is_no_step_is_refused(step: str):
    with pytest.raises(ValueError, match=r"step|day is out of range"):
        step_shown(step)


def test_tidy_brings_two_copies_of_a_phrase_together():
    assert tidy(unicodedata.normalize("NFD", "  Quý\u00a0III   năm 2023 . ")) == "Quý III năm 2023"
