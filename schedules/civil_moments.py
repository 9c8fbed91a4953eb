"""Đầu, giữa, cuối tháng or năm: ambiguous in a plan, unless it counts by the Civil Code, which gives each a day."""

import re
from calendar import monthrange

from schedules.lexer import Line, Word
from schedules.periods import CIVIL_CODE, Explanation

_MOMENT = re.compile(
    r"(?<!tháng )(?<!\S)(đầu|giữa|cuối) (?:năm(?: ([0-9]{4}))?|tháng ([0-9]{1,2})(?:/([0-9]{4}))?)(?! quý)(?!\S)"
)
_OF_YEAR = {"đầu": (1, 1), "giữa": (30, 6), "cuối": (31, 12)}
_OF_MONTH = {"đầu": 1, "giữa": 15}


def with_days(line: Line) -> tuple[Line, tuple[Explanation, ...]]:
    """The line with the day (marked @) in the place of each such moment, and what was read so.

    Raises ValueError, in Vietnamese, where the day depends on a year that is missing.
    """
    words, steps = list(line.words), []
    for found in reversed(list(_MOMENT.finditer(line.said))):
        first, last = line.place(found.start()), line.place(found.end())
        day = _day(*found.groups())
        start, end = line.words[first].start, line.words[last].end
        words[first : last + 1] = [Word("@", start, end), Word(day, start, end)]
        clause = "khoản 3" if found[3] is None else "khoản 2"
        steps.append(Explanation(f"“{found[0]}” là ngày {day}", f"{CIVIL_CODE}, Điều 146 {clause}"))
    return Line(line.text, words, " ".join(word.shape for word in words)), tuple(reversed(steps))


def _day(moment: str, year: str | None, month: str | None, of_year: str | None) -> str:
    if month is None:
        day, numbered = _OF_YEAR[moment]
        return f"{day:02}/{numbered:02}" + (f"/{year}" if year else "")
    number = int(month)
    if not 1 <= number <= 12:
        raise ValueError(f"tháng phải từ 1 đến 12, không phải {number}")
    if moment == "cuối" and number == 2 and of_year is None:
        raise ValueError("“cuối tháng 2” là ngày nào thì còn tùy năm: hãy ghi năm, hoặc “đến hết tháng 2”")
    day = _OF_MONTH.get(moment) or monthrange(int(of_year or 2023), number)[1]
    return f"{day:02}/{number:02}" + (f"/{of_year}" if of_year else "")
