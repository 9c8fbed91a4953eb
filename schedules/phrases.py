"""Read a deadline as the document writes it: `term("Trong Quý III năm 2023")`.

One small form per way of writing. What is left over must be words that say what is to be done; the rest is refused.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from schedules.calendar_forms import NAMED_FORMS, RECURRING_FORMS, WHICH
from schedules.civil_moments import with_days
from schedules.counted_forms import COUNTED_FORMS, OPEN_FORMS
from schedules.form import Form
from schedules.leftovers import Span, foreign, not_understood
from schedules.lexer import Line, line
from schedules.periods import Explanation, Policy
from schedules.points import DATE, STRETCH
from schedules.syllables import LETTERS
from schedules.term import Term
from schedules.words import NOT_STATED, tidy

FORMS = RECURRING_FORMS + COUNTED_FORMS + NAMED_FORMS + OPEN_FORMS

LONGEST = 500
"""Longer texts are refused: nobody's deadline is that long, and reading one must never take long."""


class TermError(ValueError):
    """A phrase that is not understood: `unknown` are its words, `closest` the accepted forms most like it."""

    def __init__(self, text: str, unknown: tuple[str, ...], closest: tuple[str, ...], why: str = "") -> None:
        self.text, self.unknown, self.closest = text, unknown, closest
        what = why or f"không rõ nghĩa {_quoted(unknown)}"
        super().__init__(f"Không hiểu thời hạn “{text}”: {what}. Dạng được chấp nhận gần nhất: {_quoted(closest)}")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A form that fits somewhere in the phrase, and the words around it that may not be passed over."""

    form: Form
    found: re.Match[str]
    strange: tuple[str, ...]


def term(text: str, *, policy: Policy | None = None) -> Term:
    """The term that the phrase means. Raises TermError (a ValueError) on any word it cannot account for.

    Args:
        text: the phrase, with or without words around it that say what is to be done.
        policy: how the plan counts. Under "civil-code" đầu, giữa and cuối of a month or year have the day that
            Bộ luật Dân sự 2015, Điều 146 gives them; otherwise they are refused.
    """
    phrase = _readable(text)
    try:
        said = line(phrase)
        read: tuple[Explanation, ...] = ()
        if policy == "civil-code":
            said, read = with_days(said)
    except ValueError as error:
        raise TermError(phrase, (phrase,), _closest(phrase), str(error)) from error
    nearest: _Reading | None = None
    for reading in _readings(said):
        if not reading.strange:
            return _built(reading, said, read)
        if nearest is None or len(reading.strange) < len(nearest.strange):
            nearest = reading
    raise _not_understood(phrase, said, nearest)


def _readings(said: Line) -> Iterator[_Reading]:
    words = said.said.split()
    for form in FORMS:
        if form.keys.isdisjoint(words):
            continue
        for found in form.pattern.finditer(said.said):
            if not form.bare or _stands(said.said[: found.start()]):
                yield _Reading(form, found, not_understood(said, _spans(said, found)))


# What may stand right before a phrase that no word of its own opens; behind other words it would be their object:
# "báo cáo quý IV năm 2023" is a report about the quarter.
_OPENING = re.compile(
    r"(?:.* )?[,;:(] |[+–—-] "
    r"|(?:.* [,;:(] |[+–—-] )?(?:(?:thời gian|thời hạn|tiến độ) )?"
    r"(?:(?:hoàn thành|thực hiện|tổ chức|triển khai|tiến hành) )?(?:xong )?(?:là )?"
)


def _stands(before: str) -> bool:
    return not before or _OPENING.fullmatch(before) is not None


def _spans(said: Line, found: re.Match[str]) -> list[Span]:
    """The words that the form has read: all of its match but what it passed over in the middle."""
    first, last = said.place(found.start()), said.place(found.end())
    if "mid" not in found.re.groupindex or not found["mid"]:
        return [(first, last + 1)]
    start, end = found.span("mid")
    return [(first, said.place(start + 1)), (said.place(end) + 1, last + 1)]


def _built(reading: _Reading, said: Line, read: tuple[Explanation, ...]) -> Term:
    try:
        built = reading.form.build(reading.found, said)
    except ValueError as error:
        raise TermError(said.text, (_written(said, reading.found),), (reading.form.example,), str(error)) from error
    return built.read_as(*read, *built.read) if read else built


def _written(said: Line, found: re.Match[str]) -> str:
    return said.original(found.start(), found.end())


# --- refusals ---

_KNOWN_SIGNS = "".join(sorted(LETTERS | {letter.upper() for letter in LETTERS})) + "0-9"
_STRANGE_SIGN = re.compile(
    rf"[^{_KNOWN_SIGNS}\s\u00a0.,;:()“”\"'‘’«»…+&/–—-]|[\x0b\x0c\x1c-\x1f\x85\u1680\u180e\u2028\u2029]"
)


def _readable(text: str) -> str:
    """The tidy phrase. Raises TermError on signs that nobody sees or no document uses, and on what is far too long."""
    if len(text) > LONGEST:
        raise TermError(f"{text[:40]}…", (f"{text[:40]}…",), _ONE_OF_EACH, f"dài quá {LONGEST} ký tự")
    composed = unicodedata.normalize("NFC", text)
    if found := _STRANGE_SIGN.search(composed):
        sign = found[0] if found[0].isprintable() else f"U+{ord(found[0]):04X}"
        raise TermError(tidy(text), (sign,), _closest(tidy(text)), f"có ký tự lạ “{sign}”")
    return tidy(composed)


# What people do write, though it has no date of its own or can be read in two ways; the reason says what to write.
_VAGUE = tuple(
    (re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), why)
    for pattern, why in (
        (r"(?:đầu|giữa|cuối) (?:quý|tháng|năm)(?: [0-9/]+)?", "“{0}” không nêu rõ là ngày nào"),
        (r"[0-9]+ (?:giờ|phút)", "“{0}” là giờ, mà thời hạn chỉ tính theo ngày"),
        (r"sớm|ngay|kịp thời|khẩn trương", "“{0}” không nêu thời hạn cụ thể"),
        (r"dự kiến|khoảng|nếu|trừ|hoặc", "“{0}” làm thời hạn không chắc chắn"),
        (r"tháng năm [0-9]{4}", "“{0}” có thể là tháng Năm, hoặc thiếu tháng: hãy ghi tháng bằng số"),
    )
)
_ELSEWHERE = tuple(
    (re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), why)
    for pattern, why in (
        (rf"(?:ngày )?{DATE}", WHICH.replace("{date}", "{0}")),
        (STRETCH, "“{0}” có thể là kỳ của nội dung, không phải thời hạn: hãy ghi “trong {0}”"),
    )
)


def _not_understood(phrase: str, said: Line, nearest: _Reading | None) -> TermError:
    if phrase.casefold() == NOT_STATED:
        why = "khi văn bản không ghi thời hạn, hãy dùng Unstated(lý do)"
        return TermError(phrase, (phrase,), ("Unstated(lý do)",), why)
    if not said.words:
        return TermError(phrase, (phrase,), _ONE_OF_EACH, "chưa ghi thời hạn")
    for pattern, why in _VAGUE if nearest else _VAGUE + _ELSEWHERE:
        if found := pattern.search(said.said):
            written = _written(said, found)
            return TermError(phrase, (written,), _closest(phrase), why.format(written))
    if nearest is None:
        return TermError(phrase, foreign(said) or tuple(phrase.split()) or (phrase,), _closest(phrase))
    why = f"không rõ nghĩa {_quoted(nearest.strange)} bên cạnh “{_written(said, nearest.found)}”"
    closest = tuple(dict.fromkeys((nearest.form.example, *_closest(phrase))))
    return TermError(phrase, nearest.strange, closest, why)


# One of each family: what is offered where nothing is alike.
_ONE_OF_EACH = (
    "Trong Quý III năm 2023", "Trước ngày 01/12/2023", "Hằng năm, trước ngày 01/12",
    "Trong thời hạn 05 ngày làm việc kể từ ngày ban hành", "Ít nhất 05 ngày làm việc trước ngày tổ chức hội nghị",
    "Ít nhất 30 ngày kể từ ngày niêm yết", "Sau khi có văn bản hướng dẫn của Trung ương", "Thường xuyên",
)  # fmt: skip


_ALIKE = 0.35


def _closest(phrase: str) -> tuple[str, ...]:
    """Up to three accepted forms most like the phrase; one of each family where none is like it."""
    pairs = _pairs(phrase)
    likeness = {
        example: 2 * len(pairs & known) / (len(pairs) + len(known)) for example, known in _EXAMPLES.items() if pairs
    }
    similar = sorted((example for example in likeness if likeness[example] > _ALIKE), key=lambda one: -likeness[one])
    return tuple(similar[:3]) or _ONE_OF_EACH


def _pairs(phrase: str) -> frozenset[str]:
    """The letters of the phrase two by two, without its numbers, case and commas: what makes two forms alike."""
    shape = _shape(phrase)
    return frozenset(shape[place : place + 2] for place in range(len(shape) - 1))


def _shape(phrase: str) -> str:
    """The phrase without its numbers, case and commas: what makes two forms alike."""
    words = phrase.casefold().replace(",", "")
    return re.sub(r"\b(?:[0-9]+(?:[/–-][0-9]+)*|[ivx]+)\b", "#", words)


_EXAMPLES = {form.example: _pairs(form.example) for form in FORMS}


def _quoted(phrases: tuple[str, ...]) -> str:
    return "; ".join(f"“{phrase}”" for phrase in phrases)
