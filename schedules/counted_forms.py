"""The forms that count from a day or wait for an event, and what goes on all the time."""

import re

from schedules.counted import ISSUE, Backward, Counted, Minimum
from schedules.counting import UNITS, Unit
from schedules.form import LATEST, MID, Found, form
from schedules.leftovers import TIME_WORDS, is_word
from schedules.lexer import Line
from schedules.open_ended import AfterEvent, Continuous
from schedules.points import DATE, day
from schedules.syllables import folded, misspellings
from schedules.term import Term
from schedules.windows import DayOf

_COUNT = r"(?P<count>[0-9]+) (?P<unit>ngày làm việc|ngày|tuần lễ|tuần|tháng|năm)"
_OPENING = (
    rf"(?:{LATEST}(?: sau thời hạn| trong thời hạn| trong vòng| sau| trong| không quá)?"
    r"|(?:trong )?thời (?:hạn|gian)(?: là)?(?: tối đa| không quá| chậm nhất)?(?: là)?"
    r"|trong(?: vòng)?(?: tối đa| không quá)?"
    r"|(?:sau )?không quá|tối đa(?: là| không quá)?)"
)
_AT_LEAST = r"(?:trong )?(?:thời (?:gian|hạn) )?(?:ít nhất|tối thiểu|không ít hơn)(?: là| trong| đủ)?"
_SINCE = r"(?: ,)? (?:(?:kể |tính )?từ|sau)(?: sau)? (?:ngày|khi|lúc|thời điểm)"
_NAME = r"[^\s,;:]\S*(?: [^\s,;:]\S*)*"  # as far as the next comma, semicolon or colon
_ANCHOR = rf"(?P<anchor>{DATE}|{_NAME})"
_SHORT_ANCHOR = rf"(?P<anchor>{_NAME}?)"
_ENDS = r"(?= [,;:.)]|$)"
# Without an anchor the length must end its clause: what followed it could have been a misspelt "làm việc".
_ENDS_OR_WHERE = r"(?= [,;:.)]|$| tại | ở | trên )"

_DOCUMENTS = (
    "văn bản|kế hoạch|quyết định|nghị quyết|công văn|thông báo|chỉ thị|luật|nghị định|thông tư|hướng dẫn|chương trình"
)
_ISSUE = re.compile(rf"(?:(?:k[ýí] )?ban hành|k[ýí])(?: (?:{_DOCUMENTS}) này)?")
_SIGNING_WORDS = frozenset(("ký", "kí", "ban", "hành"))
_SIGNING_FOLDED = frozenset(folded(word) for word in _SIGNING_WORDS)
_SIGNING_SLIPS = frozenset(slip for words in ("banhanh", "ky", "ki", "kybanhanh") for slip in misspellings(words))
_CHANGES_THE_COUNT = re.compile(
    r"(?<!\S)(?:hoặc|trừ|ngoại trừ|kể cả|(?:không|chưa) (?:kể|tính|bao gồm)|bao gồm cả)(?!\S)"
)
_DOCUMENT_NUMBER = re.compile(r"[0-9]+/[0-9]{4} /")
_STARTS_WITH_A_DATE = re.compile(rf"{DATE}(?!\S)")


def _anchor(found: Found, line: Line) -> DayOf | str:
    """What is counted from: a named day, the issue of the document, an event, or nothing."""
    words = found["anchor"]
    if words is None:
        return ""
    if re.fullmatch(DATE, words):
        return day(words)
    return ISSUE if _ISSUE.fullmatch(words) else _event(found, line, "anchor")


def _event(found: Found, line: Line, group: str) -> str:
    """The event's name as it was written. Raises ValueError where it is no name, or a misspelt word stands in it."""
    name = found[group]
    start = line.place(found.start(group))
    for place, shape in enumerate(name.split(), start):
        if shape.isalpha() and not is_word(line, place) and shape not in TIME_WORDS:
            raise ValueError(f"“{shape}” trong tên sự kiện có thể viết sai")
        if not shape.isalpha() and shape.isalnum() and not shape.isdigit() and line.words[place - 1].shape != "/":
            raise ValueError(f"không rõ “{shape}” trong tên sự kiện")
    if changes := _CHANGES_THE_COUNT.search(name):
        raise ValueError(f"“{changes[0]}” làm đổi cách tính, không thuộc tên sự kiện")
    if not name[0].isalpha() and not _DOCUMENT_NUMBER.match(name):
        raise ValueError(f"“{name}” không phải tên sự kiện")
    if name.count("(") != name.count(")"):
        raise ValueError(f"tên sự kiện “{name}” thừa hoặc thiếu dấu ngoặc")
    if _ISSUE.fullmatch(name):
        return line.original(*found.span(group))
    words = [shape for shape in name.split() if shape.isalpha()]
    marked = [folded(word) for word in words]
    signing = set(marked) <= _SIGNING_FOLDED and not _SIGNING_WORDS.isdisjoint(words)
    if signing or "".join(marked) in _SIGNING_SLIPS:
        raise ValueError(f"“{name}” giống “ban hành” hoặc “ký” viết sai")
    return line.original(*found.span(group))


def _length(found: Found) -> tuple[int, Unit]:
    words = found["unit"].removesuffix(" lễ")
    return int(found["count"][:6]), next(unit for unit, shown in UNITS.items() if shown == words)


def _counted(found: Found, line: Line) -> Term:
    return Counted(*_length(found), _anchor(found, line))


def _minimum(found: Found, line: Line) -> Term:
    return Minimum(*_length(found), _anchor(found, line))


def _backward(found: Found, line: Line) -> Term:
    return Backward(*_length(found), _anchor(found, line))


def _unanchored(found: Found, line: Line) -> Term:
    return Counted(*_length(found))


def _after(found: Found, line: Line) -> Term:
    if _STARTS_WITH_A_DATE.match(found["event"]):
        raise ValueError("chỉ nêu lúc bắt đầu, không nêu thời hạn")
    if line.said[: found.start()].endswith("việc "):
        raise ValueError("trước “kể từ” thiếu số ngày làm việc")
    return AfterEvent(_event(found, line, "event"))


def _continuous(found: Found, line: Line) -> Term:
    return Continuous()


COUNTED_FORMS = (
    form(
        "Trong thời hạn 05 ngày làm việc kể từ ngày ban hành", "từ sau",
        rf"{_OPENING} {_COUNT}{_SINCE} {_ANCHOR}", _counted,
    ),
    form(
        "05 ngày làm việc kể từ ngày nhận được văn bản", "từ sau",
        rf"{_COUNT}{_SINCE} {_ANCHOR}", _counted, bare=True,
    ),
    form(
        "Kể từ ngày nhận được văn bản, trong thời hạn 05 ngày làm việc", "từ sau",
        rf"(?:sau khi|(?:kể |tính )?từ (?:ngày|khi)) {_SHORT_ANCHOR}(?: ,{MID})? {_OPENING} {_COUNT}{_ENDS}", _counted,
    ),
    form(
        "Ít nhất 05 ngày làm việc trước ngày tổ chức hội nghị", "trước",
        rf"(?:ít nhất|tối thiểu|{LATEST})(?: là)? {_COUNT}(?: ,)? trước (?:ngày|khi) {_ANCHOR}", _backward,
    ),
    form(
        "Trước ngày tổ chức hội nghị ít nhất 02 ngày", "trước",
        rf"trước (?:ngày|khi) {_SHORT_ANCHOR}(?: ,)?(?: (?:ít nhất|tối thiểu|{LATEST})(?: là)?)? {_COUNT}{_ENDS}",
        _backward,
    ),
    form(
        "Ít nhất 30 ngày kể từ ngày niêm yết", "nhất thiểu hơn",
        rf"{_AT_LEAST} {_COUNT}(?: liên tục| liên tiếp)?(?:{_SINCE} {_ANCHOR}|{_ENDS_OR_WHERE})", _minimum,
    ),
    form("Trong vòng 15 ngày", "nhất thời trong quá tối", rf"{_OPENING} {_COUNT}{_ENDS}", _unanchored),
    # A length that nothing opens is a term only where it is all that is said.
    form("05 ngày làm việc", "ngày", r"^(?P<count>[0-9]+) (?P<unit>ngày làm việc|ngày)$", _unanchored),
)  # fmt: skip

OPEN_FORMS = (
    form(
        "Sau khi có văn bản hướng dẫn của Trung ương", "từ sau",
        rf"(?:(?:kể )?từ khi|kể từ ngày|sau khi) (?P<event>{_NAME})", _after,
    ),
    form(
        "Thường xuyên", "xuyên tục",
        r"thường xuyên(?:(?: ,| và)? liên tục)?|liên tục(?:(?: ,| và)? thường xuyên)?", _continuous,
    ),
)  # fmt: skip
