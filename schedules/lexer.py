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
_OTHER_SPELLINGS = (_QUARTER_SPELLINGS - {"quý"}) | {"hàng", "kì"}
_DOUBTFUL_QUARTERS = frozenset(("quy", "qui"))  # also the first syllable of everyday words: quy định, qui mô
_BEFORE_A_QUARTER = frozenset(("hằng", "mỗi", "từng", "cuối", "giữa", "đầu"))
_NOT_BEFORE_A_COUNT = frozenset(("hằng", "mỗi", "từng", "các", "những", "mọi", "đầu", "giữa", "cuối", "hết", "tháng"))
_NUMBERING = NUMBER_WORDS | frozenset(ORDINALS) | {"("}
_SEPARATORS = str.maketrans("–—-", "///", " ")
ROMAN = re.compile(r"[ivx]+")
_WORDS = re.compile(r"[0-9]{1,2} ?([/–—-]) ?[0-9]+(?: ?\1 ?[0-9]+)?(?![^\W_])|[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")


def line(text: str) -> Line:
    """The words of a tidy text. Raises Disagreement."""
    lowered = text.lower()
    words = []
    for found in _WORDS.finditer(lowered):
        shape = found[0]
        words.append(Word(shape.translate(_SEPARATORS) if found[1] else shape, *found.span()))
    words = _dated(_numbered(_spelled_alike(words)))
    return Line(text, words, " ".join([word.shape for word in words]))


def _spelled_alike(words: list[Word]) -> list[Word]:
    """hàng năm is hằng năm; quí, qui, quy are quý where a quarter is meant; kì is kỳ."""
    before = ""
    for place, word in enumerate(words):
        if word.shape in _OTHER_SPELLINGS:
            after = words[place + 1].shape if place + 1 < len(words) else ""
            words[place] = word._replace(shape=_usual(before, word.shape, after))
        before = words[place].shape
    return words


def _usual(before: str, shape: str, after: str) -> str:
    if shape == "hàng":
        return "hằng" if after in UNITS or after in _QUARTER_SPELLINGS else shape
    if shape == "kì":
        return "kỳ" if before == "định" else shape
    return "quý" if shape not in _DOUBTFUL_QUARTERS or _names_a_quarter(before, after) else shape


def _names_a_quarter(before: str, after: str) -> bool:
    return before in _BEFORE_A_QUARTER or after[:1].isdigit() or ROMAN.fullmatch(after) is not None


def _numbered(words: list[Word]) -> list[Word]:
    """Numbers in digits where they count or name something; both forms together must agree."""
    shapes = [word.shape for word in words]
    if _NUMBERING.isdisjoint(shapes):
        return words
    found: list[Word] = []
    before, after = "", 0
    for place, shape in enumerate(shapes):
        if place < after:
            continue
        word, after = words[place], place + 1
        if shape in NUMBER_WORDS or (before == "quý" and shape in ORDINALS):
            word, after = _once(words, shapes, place, before)
        elif after < len(shapes) and shapes[after] == "(":
            word, after = _twice(words, shapes, place)
        found.append(word)
        before = word.shape
    return found


def _twice(words: list[Word], shapes: list[str], place: int) -> tuple[Word, int]:
    """05 (năm)"""
    value, end = spelled(shapes, place + 2)
    if not shapes[place].isdigit() or not value or shapes[end : end + 1] != [")"]:
        return words[place], place + 1
    return _agreed(words, place, end + 1, shapes[place], value), end + 1


def _agreed(words: list[Word], place: int, behind: int, digits: str, value: int) -> Word:
    """The number that stands there twice, in digits and in words."""
    if value != int(digits):
        written = " ".join(word.shape for word in words[place:behind]).replace("( ", "(").replace(" )", ")")
        raise Disagreement(f"“{written}” ghi hai số khác nhau")
    return Word(digits, words[place].start, words[behind - 1].end)


def _once(words: list[Word], shapes: list[str], place: int, before: str) -> tuple[Word, int]:
    """năm ngày; năm (05) ngày; tháng mười hai; ngày mười lăm tháng mười; quý ba"""
    word = words[place]
    value, end = spelled(shapes, place)
    if value and shapes[end : end + 1] == ["("] and shapes[end + 2 : end + 3] == [")"] and shapes[end + 1].isdigit():
        return _agreed(words, place, end + 3, shapes[end + 1], value), end + 3
    after = shapes[end] if end < len(shapes) else ""
    if before == "quý":
        named = end == place + 1 or not value
        value, end = ORDINALS.get(word.shape, 0), place + 1
        reads = named and value > 0 and word.shape != "năm" and shapes[end : end + 1] != ["lần"]
    elif before == "tháng":
        # "tháng năm 2023" may be May of 2023 or lack its month: only "tháng năm năm 2023" is May.
        reads = (word.shape == "tư" or value > 0) and after != "lần"
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
    before, after = "", 0
    for place, word in enumerate(words):
        if place < after:
            continue
        after = place + 1
        if word.shape[0].isdigit() or (before == "quý" and ROMAN.fullmatch(word.shape)):
            word, after = _with_year(*_with_month(words, place, before), words, before)
        found.append(word)
        before = word.shape
    return found


_ROMANS = {numeral.lower(): str(number) for number, numeral in enumerate(QUARTERS, 1)}
_DAY_OR_MONTH = re.compile(r"[0-9]{1,2}")
_QUARTER = re.compile(r"[0-9]{1,2}|[ivx]+")
_MONTH = re.compile(r"[0-9]{1,2}(?:/[0-9]{4})?")
_DAY_AND_MONTH = re.compile(r"[0-9]{1,2}/[0-9]{1,2}")
_YEAR = re.compile(r"[0-9]{4}")


def _with_month(words: list[Word], place: int, before: str) -> tuple[Word, int]:
    word = words[place]
    if before == "quý":
        return word._replace(shape=_ROMANS.get(word.shape, word.shape)), place + 1
    joined = place + 2 < len(words) and words[place + 1].shape == "tháng" and before != "tháng"
    if joined and _DAY_OR_MONTH.fullmatch(word.shape) and _MONTH.fullmatch(words[place + 2].shape):
        return Word(f"{word.shape}/{words[place + 2].shape}", word.start, words[place + 2].end), place + 3
    return word, place + 1


def _with_year(word: Word, after: int, words: list[Word], before: str) -> tuple[Word, int]:
    """Its year, where one follows: năm 2023; , năm 2023; and behind a quarter or a month also / 2023 or - 2023."""
    whole = {"quý": _QUARTER, "tháng": _DAY_OR_MONTH}.get(before, _DAY_AND_MONTH)
    if not whole.fullmatch(word.shape):
        return word, after
    shapes = [one.shape for one in words[after : after + 3]]
    if shapes[:1] == [","]:
        skip = 2 if shapes[1:2] == ["năm"] else 0
    else:
        skip = 1 if shapes and (shapes[0] == "năm" or (before in ("quý", "tháng") and shapes[0] in "/-–—")) else 0
    if skip and len(shapes) > skip and _YEAR.fullmatch(shapes[skip]):
        return Word(f"{word.shape}/{shapes[skip]}", word.start, words[after + skip].end), after + skip + 1
    return word, after
