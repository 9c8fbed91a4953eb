"""A phrase as words: one spelling for each, numbers and dates in one form, every word with its place in the text."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from schedules.number_words import NUMBER_WORDS, ORDINALS, spelled
from schedules.words import QUARTERS


class Word(NamedTuple):
    """A word as the rules see it, and where it stands in the text."""

    shape: str
    start: int
    end: int


class Disagreement(ValueError):
    """A number given twice that is not the same both times, or a word that can be read in two ways."""


@dataclass(frozen=True, slots=True)
class Line:
    """A phrase ready for the rules.

    Attributes:
        text: the phrase as it was written.
        words: its words.
        said: their shapes with single spaces between them: what the rules match.
    """

    text: str
    words: list[Word]
    said: str

    def place(self, offset: int) -> int:
        """Which word begins (or would begin) at that offset of `said`."""
        return self.said.count(" ", 0, offset)

    def original(self, start: int, end: int) -> str:
        """The text as written behind that stretch of `said`."""
        first, last = self.place(start), self.place(end)
        return self.text[self.words[first].start : self.words[last].end]


UNITS = frozenset(("ngày", "tuần", "tháng", "năm"))
_QUARTER_SPELLINGS = frozenset(("quý", "quí", "qúy", "qúi", "quy", "qui"))
_DOUBTFUL_QUARTERS = frozenset(("quy", "qui"))  # also the first syllable of everyday words: quy định, qui mô
_BEFORE_A_QUARTER = frozenset(("hằng", "mỗi", "từng", "cuối", "giữa", "đầu"))
_NOT_BEFORE_A_COUNT = frozenset(("hằng", "mỗi", "từng", "các", "những", "mọi", "đầu", "giữa", "cuối", "hết", "tháng"))
_SEPARATORS = str.maketrans("–—-", "///", " ")
_ROMAN = re.compile(r"[ivx]+")
_WORDS = re.compile(r"[0-9]{1,2} ?([/–—-]) ?[0-9]+(?: ?\1 ?[0-9]+)?(?![^\W_])|[^\W_]+|[^\w\s]")


def line(text: str) -> Line:
    """The words of a tidy text. Raises Disagreement."""
    lowered = text.lower()
    words = []
    for found in _WORDS.finditer(lowered):
        shape = found[0]
        words.append(Word(shape.translate(_SEPARATORS) if found[1] else shape, *found.span()))
    words = _dated(_numbered(_spelled_alike(words)))
    return Line(text, words, " ".join(word.shape for word in words))


def _spelled_alike(words: list[Word]) -> list[Word]:
    """hàng năm is hằng năm; quí, qui, quy are quý where a quarter is meant; kì is kỳ."""
    shapes = [word.shape for word in words] + ["", ""]
    for place in range(len(words)):
        shape, before, after = shapes[place], shapes[place - 1] if place else "", shapes[place + 1]
        if shape == "hàng" and (after in UNITS or after in _QUARTER_SPELLINGS):
            shapes[place] = "hằng"
        elif shape in _QUARTER_SPELLINGS and (shape not in _DOUBTFUL_QUARTERS or _names_a_quarter(before, after)):
            shapes[place] = "quý"
        elif shape == "kì" and before == "định":
            shapes[place] = "kỳ"
    return [word._replace(shape=shape) for word, shape in zip(words, shapes, strict=False)]


def _names_a_quarter(before: str, after: str) -> bool:
    return before in _BEFORE_A_QUARTER or after[:1].isdigit() or _ROMAN.fullmatch(after) is not None


def _numbered(words: list[Word]) -> list[Word]:
    """Numbers in digits where they count or name something; both forms together must agree."""
    shapes = [word.shape for word in words]
    found: list[Word] = []
    place = 0
    while place < len(words):
        word, after = _twice(words, shapes, place)
        if word is None:
            word, after = _once(words, shapes, place, found[-1].shape if found else "")
        found.append(word)
        place = after
    return found


def _twice(words: list[Word], shapes: list[str], place: int) -> tuple[Word | None, int]:
    """05 (năm)"""
    if not shapes[place].isdigit() or place + 3 >= len(words) or shapes[place + 1] != "(":
        return None, place
    value, end = spelled(shapes, place + 2)
    if end == place + 2 or end >= len(words) or shapes[end] != ")":
        return None, place
    if value != int(shapes[place]):
        raise Disagreement(f"“{shapes[place]} ({' '.join(shapes[place + 2 : end])})” ghi hai số khác nhau")
    return Word(shapes[place], words[place].start, words[end].end), end + 1


def _once(words: list[Word], shapes: list[str], place: int, before: str) -> tuple[Word, int]:
    """năm ngày; tháng mười hai; ngày mười lăm tháng mười; quý ba"""
    word = words[place]
    if word.shape not in NUMBER_WORDS and not (before == "quý" and word.shape in ORDINALS):
        return word, place + 1
    value, end = spelled(shapes, place)
    after = shapes[end] if end < len(shapes) else ""
    if before == "quý":
        named = end == place + 1 or not value
        value, end = ORDINALS.get(word.shape, 0), place + 1
        reads = named and value > 0 and word.shape != "năm"
    elif before == "tháng":
        # "tháng năm 2023" may be May of 2023 or lack its month: only "tháng năm năm 2023" is May.
        reads = word.shape == "tư" or value > 0
        value, end = (value, end) if value else (4, place + 1)
        if word.shape == "năm" and end == place + 1:
            reads = after == "năm"
    elif before == "ngày":
        reads = value > 0 and after in ("tháng", "hằng", "của", "mỗi")
    else:
        reads = value > 0 and after in UNITS and before not in _NOT_BEFORE_A_COUNT
    if not reads:
        return word, place + 1
    return Word(str(value), word.start, words[end - 1].end), end


def _dated(words: list[Word]) -> list[Word]:
    """15 tháng 10 năm 2023 is 15/10/2023; tháng 10 năm 2023 is tháng 10/2023; Quý III, năm 2023 is quý 3/2023."""
    found: list[Word] = []
    place = 0
    while place < len(words):
        word = words[place]
        before = found[-1].shape if found else ""
        if word.shape[0].isdigit() or (before == "quý" and word.shape in _ROMANS):
            word, after = _with_year(*_with_month(words, place, before), words, before)
        else:
            after = place + 1
        found.append(word)
        place = after
    return found


_ROMANS = {numeral.lower(): str(number) for number, numeral in enumerate(QUARTERS, 1)}
_DAY_OR_MONTH = re.compile(r"[0-9]{1,2}")
_MONTH = re.compile(r"[0-9]{1,2}(?:/[0-9]{4})?")
_DAY_AND_MONTH = re.compile(r"[0-9]{1,2}/[0-9]{1,2}")
_YEAR = re.compile(r"[0-9]{4}")


def _with_month(words: list[Word], place: int, before: str) -> tuple[Word, int]:
    word = words[place]
    if before == "quý":
        return word._replace(shape=_ROMANS.get(word.shape, word.shape)), place + 1
    month = words[place + 2] if place + 2 < len(words) else None
    if month and words[place + 1].shape == "tháng" and before != "tháng":
        if _DAY_OR_MONTH.fullmatch(word.shape) and _MONTH.fullmatch(month.shape):
            return Word(f"{word.shape}/{month.shape}", word.start, month.end), place + 3
    return word, place + 1


def _with_year(word: Word, after: int, words: list[Word], before: str) -> tuple[Word, int]:
    """Its year, where one follows: năm 2023; , năm 2023; and behind a quarter or a month also / 2023 or - 2023."""
    whole = (
        _DAY_AND_MONTH.fullmatch(word.shape) if before not in ("quý", "tháng") else _DAY_OR_MONTH.fullmatch(word.shape)
    )
    if not whole:
        return word, after
    shapes = [one.shape for one in words[after : after + 3]]
    if shapes[:1] == [","]:
        skip = 2 if shapes[1:2] == ["năm"] else 0
    else:
        skip = 1 if shapes and (shapes[0] == "năm" or (before in ("quý", "tháng") and shapes[0] in "/-–—")) else 0
    if skip and len(shapes) > skip and _YEAR.fullmatch(shapes[skip]):
        return Word(f"{word.shape}/{shapes[skip]}", word.start, words[after + skip].end), after + skip + 1
    return word, after
