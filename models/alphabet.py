"""Vietnamese alphabetical order: Ă and Â follow A, Đ follows D; tones decide only between equal letters."""

from functools import lru_cache
from unicodedata import normalize

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: their order in dictionaries
FIRST_LETTER = 0x1000  # after signs and digits, which keep their code points


@lru_cache(maxsize=16384)
def alphabetical(name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """A sort key for names."""
    signs = [_letter_and_tone(sign) for sign in normalize("NFC", name.lower())]
    return tuple(letter for letter, _ in signs), tuple(tone for _, tone in signs)


def _letter_and_tone(sign: str) -> tuple[int, int]:
    marks = normalize("NFD", sign)
    letter = normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
    place = LETTERS.find(letter)
    tone = next((TONES.index(mark) + 1 for mark in marks if mark in TONES), 0)
    return (FIRST_LETTER + place if place >= 0 else ord(sign), tone)
