"""Fifty thousand slips of the pen: each is read as the same term or refused, never silently as another one."""

import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable

from phrase_book import PHRASES

from schedules.lexer import line
from schedules.number_words import NUMBER_WORDS
from schedules.phrases import TermError, term
from schedules.syllables import LETTERS, folded
from schedules.terms import Term
from schedules.words import tidy

MUTATIONS = 50_000
ALPHABET = sorted(LETTERS)
MARKS = ",.;:()-/"
ALIKE: dict[str, list[str]] = defaultdict(list)
for _letter in ALPHABET:
    ALIKE[folded(_letter)].append(_letter)

Mutation = Callable[[str, random.Random], str]


def drop(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text))
    return text[:place] + text[place + 1 :]


def insert(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text) + 1)
    return text[:place] + dice.choice(ALPHABET) + text[place:]


def replace(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text))
    return text[:place] + dice.choice(ALPHABET) + text[place + 1 :]


def swap(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text))
    return text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :]


def remark(text: str, dice: random.Random) -> str:
    """Another tone or mark on one letter: tháng becomes thắng."""
    place = dice.randrange(len(text))
    alike = ALIKE.get(folded(text[place].lower()), [text[place]])
    return text[:place] + dice.choice(alike) + text[place + 1 :]


def drop_word(text: str, dice: random.Random) -> str:
    words = text.split()
    del words[dice.randrange(len(words))]
    return " ".join(words)


def double_word(text: str, dice: random.Random) -> str:
    words = text.split()
    place = dice.randrange(len(words))
    return " ".join([*words[: place + 1], *words[place:]])


def punctuate(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text) + 1)
    return text[:place] + dice.choice(MARKS) + text[place:]


def space(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text) + 1)
    return text[:place] + " " + text[place:]


def recase(text: str, dice: random.Random) -> str:
    return "".join(dice.choice((letter.upper(), letter.lower())) for letter in text)


def decompose(text: str, dice: random.Random) -> str:
    return unicodedata.normalize("NFD", text)


SLIPS: tuple[Mutation, ...] = (
    drop, insert, replace, swap, remark, drop_word, double_word, punctuate, space, recase, decompose,
)  # fmt: skip


def numbers(text: str) -> list[str]:
    """Everything that says a number: digits, Roman numerals, number words but "năm", which is a word of time first."""
    words = re.findall(r"[0-9]+|[^\W\d_]+", tidy(text).lower())
    return [word for word in words if word.isdigit() or word in NUMBER_WORDS - {"năm"} or re.fullmatch("[ivx]+", word)]


def same_family_and_named(meant: Term, read: Term) -> bool:
    """Only the name of the event differs: what is inside a name is the writer's."""
    return type(meant) is type(read) and bool(meant.event) and bool(read.event)


def is_an_accepted_spelling(read: Term, text: str) -> bool:
    """A word fewer made another legitimate phrase: all that is left of time in it is said by that other term.

    So "trước ngày 15 hằng tháng" without its "trước" is "ngày 15 hằng tháng", and a list without one of its periods
    is a shorter list. What the text says of time and what the term says of time must then be the same words.
    """
    time = {"ngày", "tháng", "quý", "tuần", "năm", "hằng", "trước", "nhất", "kể", "định", "kỳ", "liên", "thường"}
    said = Counter(word.shape for word in line(tidy(text)).words if word.shape in time)
    canonical = Counter(word.shape for word in line(read.text).words if word.shape in time)
    # The canonical form may open with a word that the text leaves out: "chậm nhất", "trong thời hạn".
    return not said - canonical


def test_fifty_thousand_mutations_are_never_misread():
    dice = random.Random(2023)
    meant = {phrase: term(phrase) for phrase in PHRASES}
    outcome: Counter[str] = Counter()
    for _ in range(MUTATIONS):
        phrase = dice.choice(PHRASES)
        slips = dice.choices(SLIPS, k=dice.choice((1, 1, 1, 2)))
        text = phrase
        for slip in slips:
            text = slip(text, dice) if text else text
        outcome[verdict(phrase, meant[phrase], text, slips)] += 1
    wrong = {told: times for told, times in outcome.items() if told.startswith("wrong")}
    assert not wrong, "\n".join(wrong)
    assert outcome["refused"] > MUTATIONS / 2 and outcome["same"] > MUTATIONS / 6


def verdict(phrase: str, meant: Term, text: str, slips: list[Mutation]) -> str:
    try:
        read = term(text)
    except TermError:
        return "refused"
    if read == meant:
        return "same"
    if numbers(text) != numbers(phrase):
        return "another number"  # nobody can tell that 2024 was meant where 2042 is written
    if same_family_and_named(meant, read):
        return "another name"
    if (drop_word in slips or double_word in slips) and is_an_accepted_spelling(read, text):
        return "another phrase"
    return f"wrong: “{phrase}” as “{text}” is read as “{read.text}” ({', '.join(slip.__name__ for slip in slips)})"


def test_harmless_slips_change_nothing():
    dice = random.Random(7)
    for phrase in PHRASES:
        if not term(phrase).event:
            for slip in (recase, decompose):
                assert term(slip(phrase, dice)) == term(phrase)
            assert term(phrase.replace(" ", "  ")) == term(phrase)
