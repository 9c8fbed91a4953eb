"""Numbers written with words: "năm ngày" is five days, "hằng năm" is every year."""

from collections.abc import Sequence

DIGITS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_UNITS = {word: digit for word, digit in DIGITS.items() if word != "năm"}  # "mười năm" is ten years
_AFTER_TEN = _UNITS | {"lăm": 5}
_AFTER_TENS = _UNITS | {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
NUMBER_WORDS = frozenset(DIGITS) | {"mười", "tư"}
ORDINALS = DIGITS | {"nhất": 1, "nhì": 2, "tư": 4}


def spelled(words: Sequence[str], start: int) -> tuple[int, int]:
    """The number that the words say from there on, and where it ends; (0, start) where they say none."""
    if _at(words, start) == "mười":
        return _with_units(words, start + 1, 10, _AFTER_TEN)
    digit = DIGITS.get(_at(words, start), 0)
    if not digit:
        return 0, start
    if _at(words, start + 1) == "mươi":
        return _with_units(words, start + 2, 10 * digit, _AFTER_TENS)
    if _at(words, start + 1) == "trăm":
        return _hundreds(words, start + 2, 100 * digit)
    return digit, start + 1


def _hundreds(words: Sequence[str], start: int, value: int) -> tuple[int, int]:
    if _at(words, start) in ("linh", "lẻ"):
        rest, end = DIGITS.get(_at(words, start + 1), 0), start + 2
    else:
        rest, end = spelled(words, start)
        if rest < 10:  # "một trăm năm ngày" could be 105 or 150: only "linh" and tens are read
            rest, end = 0, start
    return (value + rest, end) if rest else (value, start)


def _with_units(words: Sequence[str], start: int, value: int, units: dict[str, int]) -> tuple[int, int]:
    unit = units.get(_at(words, start), 0)
    return (value + unit, start + 1) if unit else (value, start)


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if place < len(words) else ""
