"""The forms that name days, months, quarters and years: bounds, windows and what comes back every year or quarter.

The patterns match a `Line`: small letters, single spaces, numbers in digits, dates as 01/12, quarters as quý 3/2023.
"""

import re

from schedules.bounds import BoundOf, RangeOf
from schedules.form import LATEST, MID, Found, form
from schedules.leftovers import EVERYDAY
from schedules.lexer import Line
from schedules.periods import CONVENTION, Explanation
from schedules.points import DATE, POINT, STRETCH, day, point, year
from schedules.recurring import LENGTHS, Every, Length, YearsFrom
from schedules.recurring_days import PLACES, DayOfEachMonth, DayOfEachQuarter, YearlyBefore, YearlyBy
from schedules.syllables import folded, misspellings
from schedules.term import Term
from schedules.windows import DayOf, YearOf

WHICH = "chưa rõ “{date}” là hạn cuối hay là ngày làm: hãy ghi “trước ngày” hoặc “chậm nhất ngày”"

_BEFORE = rf"(?:(?:{LATEST}|đến|xong) )?trước"
_UNTIL = (
    rf"{LATEST}(?: (?:vào|trong|đến hết|đến|tới|hết))?"
    r"|không (?:được )?(?:quá|muộn hơn|chậm hơn|trễ hơn)"
    r"|(?:từ nay )?(?:cho )?(?:đến|tới)(?: hết)?|hết"
    r"|trước (?:và|hoặc) trong"
    r"|hạn (?:chót|cuối|cuối cùng)(?: là)?"
)
_BOUND = rf"(?:(?P<before>{_BEFORE})|(?P<until>{_UNTIL}))"
_VAGUE_UNTIL = re.compile(r"(?:từ nay )?(?:cho )?(?:đến|tới)")

_EACH = r"(?:hằng|mỗi|từng)"
_ONCE = r"(?:(?: ,)? (?:một|0?1) lần| / lần)"
_ITEM = rf"(?:(?:{_EACH}|theo) )?(?:tháng|quý|0?6 tháng|0?9 tháng|0?1 năm|năm){_ONCE}?(?! [0-9@])"
_ITEMS = rf"{_ITEM}(?:(?: ,| và| , và) {_ITEM})*"
_LENGTH = re.compile(r"(?<!\S)(?:0?([69]) )?(tháng|quý|năm)(?!\S)")
_UNIT_SLIPS = frozenset(slip for unit in ("nam", "quy", "thang") for slip in misspellings(unit))
_DAY_OF_YEAR = rf"(?:ngày )?(?P<date>{DATE})"
_DAY = r"ngày (?:m[ùồ]ng )?(?P<day>[0-9]{1,2})"
_OF_QUARTER = rf"(?: của)? tháng (?P<place>đầu|giữa|cuối)(?: của)?(?: {_EACH})? quý"
_FOLLOWING = r"(?: ,)? và (?:các|những|mọi) năm (?:tiếp theo|kế tiếp|tiếp sau|sau đó|sau này|về sau|sau)"
_YEARS_GO_ON = re.compile(r"(?: ,)? và (?:các|những|mọi)(?: \S+){0,2}")
_ONWARD = r"(?: trở đi| trở về sau| về sau)"


def _bound(found: Found, line: Line) -> Term:
    limit = point(found["point"])
    until = found["until"]
    if until and _VAGUE_UNTIL.fullmatch(until) and not isinstance(limit, DayOf):
        raise ValueError(f"“đến {limit.name}” chưa rõ gồm cả {limit.name} hay không: hãy ghi “đến hết” hoặc “trước”")
    return BoundOf(limit, inclusive=until is not None)


def _moment(found: Found, line: Line) -> Term:
    return BoundOf(day(found["date"]), inclusive=True)


def _window(found: Found, line: Line) -> Term:
    window = point(found["point"])
    if isinstance(window, YearOf) and (behind := _YEARS_GO_ON.match(line.said, found.end())):
        raise ValueError(f"không rõ sau {window.name}{behind[0]} là những năm nào")
    return window


def _range(found: Found, line: Line) -> Term:
    last = point(found["last"])
    if not found["day"]:
        first = point(found["first"])
    elif isinstance(last, DayOf):
        first = DayOf(last.year, last.month, int(found["day"]))
    else:
        raise ValueError("hãy ghi tháng ở cả hai đầu của khoảng thời gian")
    if first.year is None and last.year is not None:
        first = first.in_year(last.year)
    return RangeOf(first, last)


def _yearly(found: Found, line: Line) -> Term:
    limit = day(found["date"])
    if limit.year is not None:
        raise ValueError(f"đã ghi “hằng năm” thì không ghi năm cụ thể như trong “{found['date']}”")
    if found["before"]:
        return YearlyBefore(limit.month, limit.day)
    if not found["until"] and not found["date"].startswith("@"):
        raise ValueError(WHICH.format(date=found["date"]))
    return YearlyBy(limit.month, limit.day)


def _monthly(found: Found, line: Line) -> Term:
    return _as_a_bound(DayOfEachMonth(int(found["day"]), inclusive=not found["before"]), found)


def _quarterly(found: Found, line: Line) -> Term:
    place = PLACES.index(found["place"]) + 1
    return _as_a_bound(DayOfEachQuarter(int(found["day"]), not found["before"], place), found)


def _as_a_bound(term: Term, found: Found) -> Term:
    if found["before"] or found["until"]:
        return term
    why = f"“Ngày {found['day']}” không kèm “trước” hay “chậm nhất” được hiểu là hạn cuối, gồm cả ngày đó"
    return term.read_as(Explanation(why, CONVENTION, "convention"))


def _every(found: Found, line: Line) -> Term:
    lengths = [_length(*item.groups()) for item in _LENGTH.finditer(found["items"])]
    order = list(LENGTHS)
    if lengths != sorted(lengths, key=order.index):
        raise ValueError("các kỳ phải nêu từ ngắn đến dài: tháng, quý, 6 tháng, 9 tháng, năm")
    if _goes_on(line.said[found.end() :].split()):
        raise ValueError(f"không rõ sau “{line.original(*found.span())}” còn nêu kỳ nào nữa")
    return Every(tuple(lengths))


def _goes_on(behind: list[str]) -> bool:
    """Whether another "năm" or "quý" may stand misspelt behind a list; a comma at its end asks for one more."""
    listed = [word for word in behind[:2] if word in (",", "và")]
    words = behind[len(listed) :]
    if listed:
        return not words or not _UNIT_SLIPS.isdisjoint((folded(words[0]), folded("".join(words[:2]))))
    return bool(words) and folded(words[0]) in _UNIT_SLIPS and words[0] not in EVERYDAY


def _length(months: str | None, unit: str) -> Length:
    words = f"{months} {unit}" if months else unit
    return next(length for length, shown in LENGTHS.items() if shown == words)


def _years_from(found: Found, line: Line) -> Term:
    return YearsFrom(year(found["year"] or found["since"]))


RECURRING_FORMS = (
    form(
        "Hằng năm, trước ngày 01/12", "hằng mỗi từng",
        rf"{_EACH} năm{_ONCE}?(?: ,)?{MID} (?:vào )?(?:{_BOUND} )?{_DAY_OF_YEAR}", _yearly,
    ),
    form(
        "Trước ngày 01/12 hằng năm", "hằng mỗi từng",
        rf"(?:{_BOUND} )?{_DAY_OF_YEAR}(?: ,)?{MID} (?:của )?{_EACH} năm", _yearly,
    ),
    form(
        "Trước ngày 15 hằng tháng", "hằng mỗi từng",
        rf"(?:{_BOUND} )?{_DAY}(?: ,)?{MID}(?: của)? {_EACH} tháng", _monthly,
    ),
    form(
        "Hằng tháng, chậm nhất ngày 25", "hằng mỗi từng",
        rf"{_EACH} tháng(?: ,)?{MID} (?:vào )?(?:{_BOUND} )?{_DAY}", _monthly,
    ),
    form(
        "Ngày 20 của tháng cuối quý", "quý",
        rf"(?:{_EACH} quý{_ONCE}?(?: ,)?{MID} )?(?:vào )?(?:{_BOUND} )?{_DAY}{_OF_QUARTER}", _quarterly,
    ),
    form(
        "Năm 2024 và các năm tiếp theo", "năm",
        rf"(?:trong |(?:bắt đầu )?(?:kể )?từ )?năm (?P<year>[0-9]+)(?:{_FOLLOWING}|{_ONWARD})"
        r"|(?:bắt đầu )?(?:kể )?từ năm (?P<since>[0-9]+)", _years_from,
    ),
    form("Định kỳ 6 tháng, năm", "kỳ", rf"định kỳ (?:: )?(?P<items>{_ITEMS})", _every),
    form("Hằng quý", "hằng mỗi từng", rf"(?P<items>{_EACH} {_ITEMS})", _every),
    form("6 tháng một lần", "lần", rf"(?P<items>(?:0?6 tháng|0?1 năm){_ONCE})", _every),
)  # fmt: skip

NAMED_FORMS = (
    form(
        "Từ ngày 01/3/2024 đến hết ngày 15/4/2024", "đến",
        rf"(?:trong khoảng (?:thời gian )?)?(?:bắt đầu )?(?:kể )?từ (?:(?P<first>{POINT})|{_DAY})"
        rf"(?: ,)? (?:cho )?đến(?: hết)? (?P<last>{POINT})", _range,
    ),
    form("Trước ngày 01/12/2023", "trước nhất quá hơn đến tới hết trong hạn", rf"{_BOUND} (?P<point>{POINT})", _bound),
    form("Trong ngày 01/12/2023", "trong", rf"trong (?P<point>ngày {DATE})", _window),
    form("Trong Quý III năm 2023", "trong vào", rf"(?:trong|vào) (?P<point>{STRETCH})", _window),
    form("Tháng 10 năm 2023", "tháng quý năm", rf"(?P<point>{STRETCH})", _window, bare=True),
    form("Chậm nhất ngày 31/12/2024", "@", r"(?P<date>@ [0-9/]+)", _moment, bare=True),
)  # fmt: skip
