"""Read a deadline as the document writes it: `term("Trong Quý III năm 2023")`.

One small rule per form. A rule must account for every word; what is left over is refused, never ignored.
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from schedules.terms import (
    AfterEvent,
    Continuous,
    MonthOf,
    QuarterOf,
    Term,
    YearlyBefore,
    YearsFrom,
)
from schedules.words import NOT_STATED, QUARTERS, tidy


class TermError(ValueError):
    """A phrase that is not understood: `unknown` are its words, `closest` the accepted forms most like it."""

    def __init__(self, text: str, unknown: tuple[str, ...], closest: tuple[str, ...], why: str = "") -> None:
        self.text, self.unknown, self.closest = text, unknown, closest
        what = why or f"không rõ nghĩa {_quoted(unknown)}"
        super().__init__(f"Không hiểu thời hạn “{text}”: {what}. Dạng được chấp nhận gần nhất: {_quoted(closest)}")


@dataclass(frozen=True)
class Rule:
    """A form of term: an example to show, the pattern of its words, and what the words build."""

    example: str
    pattern: re.Pattern[str]
    build: Callable[[dict[str, str]], Term]


def _rule(example: str, pattern: str, build: Callable[[dict[str, str]], Term]) -> Rule:
    return Rule(example, re.compile(pattern, re.IGNORECASE), build)


_YEAR = r"(?P<year>[0-9]{4})"
_OF_YEAR = rf"(?:,? năm | ?[/–-] ?){_YEAR}"
_EVERY_YEAR = r"h[ằà]ng năm"
_BEFORE_DAY = r"trước (?:ngày )?(?P<day>[0-9]{1,2})(?: ?[/–-] ?| tháng )(?P<month>[0-9]{1,2})"

RULES = (
    _rule(
        "Trong Quý III năm 2023",
        rf"(?:trong )?(?:qu[ýyíi]|qúy) (?P<quarter>[ivx]+|[0-9]+){_OF_YEAR}",
        lambda words: QuarterOf(int(words["year"]), _quarter(words["quarter"])),
    ),
    _rule(
        "Tháng 10 năm 2023",
        rf"(?:trong )?tháng (?P<month>[0-9]{{1,2}}){_OF_YEAR}",
        lambda words: MonthOf(int(words["year"]), int(words["month"])),
    ),
    _rule(
        "Năm 2024 và các năm tiếp theo",
        rf"(?:trong )?năm {_YEAR} và (?:các|những) năm tiếp theo",
        lambda words: YearsFrom(int(words["year"])),
    ),
    _rule(
        "Hằng năm, trước ngày 01/12",
        rf"{_EVERY_YEAR} ?,? ?{_BEFORE_DAY}",
        lambda words: YearlyBefore(int(words["month"]), int(words["day"])),
    ),
    _rule(
        "Trước ngày 01/12 hằng năm",
        rf"{_BEFORE_DAY},? {_EVERY_YEAR}",
        lambda words: YearlyBefore(int(words["month"]), int(words["day"])),
    ),
    _rule(
        "Sau khi có văn bản hướng dẫn của Trung ương",
        r"sau khi (?P<event>.+)",
        lambda words: AfterEvent(words["event"]),
    ),
    _rule("Thường xuyên", r"thường xuyên|liên tục|thường xuyên,? liên tục", lambda _: Continuous()),
)


def term(text: str) -> Term:
    """The term that the phrase means. Raises TermError (a ValueError) on any word it cannot account for."""
    phrase = tidy(text)
    for rule in RULES:
        if found := rule.pattern.fullmatch(phrase):
            try:
                return rule.build(found.groupdict())
            except ValueError as error:
                raise TermError(phrase, (phrase,), (rule.example,), str(error)) from error
    raise _not_understood(phrase)


def _quarter(words: str) -> int:
    if words.isdigit():
        return int(words)
    if words.upper() in QUARTERS:
        return QUARTERS.index(words.upper()) + 1
    raise ValueError(f"quý phải từ I đến IV, không phải {words}")


def _not_understood(phrase: str) -> TermError:
    if phrase.casefold() == NOT_STATED:
        why = "khi văn bản không ghi thời hạn, hãy dùng Unstated(lý do)"
        return TermError(phrase, (phrase,), ("Unstated(lý do)",), why)
    forms = {_shape(rule.example): rule.example for rule in RULES}
    similar = difflib.get_close_matches(_shape(phrase), forms, n=3, cutoff=0.4)
    closest = tuple(forms[shape] for shape in similar) or tuple(forms.values())
    return TermError(phrase, _unknown(phrase, similar) or (phrase,), closest)


def _unknown(phrase: str, similar: list[str]) -> tuple[str, ...]:
    """What follows the part that a rule did read; failing that, the words that the most similar form lacks."""
    read = max((found.end() for rule in RULES if (found := rule.pattern.match(phrase))), default=0)
    if read:
        return (phrase[read:].strip(" ,"),)
    known = similar[0].split() if similar else []
    return tuple(word for word in phrase.split() if known and _shape(word) not in known)


def _shape(phrase: str) -> str:
    """The phrase without its numbers, case and commas: what makes two forms alike."""
    words = phrase.casefold().replace(",", "")
    return re.sub(r"\b(?:[0-9]+(?:[/–-][0-9]+)*|[ivx]+)\b", "#", words)


def _quoted(phrases: tuple[str, ...]) -> str:
    return "; ".join(f"“{phrase}”" for phrase in phrases)
