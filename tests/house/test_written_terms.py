"""What the page about deadlines promises is what the language does."""

import re
from pathlib import Path

import pytest

from schedules.phrases import TermError, term

PAGE = (Path(__file__).parents[2] / "docs" / "thoi-han.md").read_text("utf-8")


def quoted(heading: str, *, column: int) -> list[str]:
    """The phrases in one column of the table under a heading."""
    section = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("|")][2:]
    return [phrase for row in rows for phrase in re.findall(r"`([^`]+)`", row[column])]


ACCEPTED = quoted("Các dạng được hiểu", column=2)
REFUSED = quoted("Những câu bị từ chối", column=1)


def test_the_page_has_examples():
    assert len(ACCEPTED) > 30 and len(REFUSED) > 8


@pytest.mark.parametrize("phrase", ACCEPTED)
def test_what_the_page_offers_is_understood(phrase: str):
    assert term(term(phrase).text) == term(phrase)


@pytest.mark.parametrize("phrase", REFUSED)
def test_what_the_page_refuses_is_refused(phrase: str):
    with pytest.raises(TermError):
        term(phrase)


def test_the_end_of_the_year_has_a_day_under_the_civil_code():
    assert term("Cuối năm 2024", policy="civil-code") == term("Chậm nhất ngày 31/12/2024")
