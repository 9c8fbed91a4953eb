"""Which words can be Vietnamese at all: a syllable is an onset and a rime, with one tone at most."""

import unicodedata
from functools import lru_cache

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0301\u0303\u0309\u0323"
_ACUTE, _DOT = "\u0301", "\u0323"
_MARKS = "\u0302\u0306\u031b"  # circumflex, breve, horn: part of the letter, no tone

LETTERS = frozenset(ALPHABET) | {
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES
}


def _list(text: str) -> list[str]:
    return text.split()


_ONSETS = ["", *_list("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")]
_RIMES = _list(
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu "
    "o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăn oăng oăt oe oen oeo "
    "oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uâ uân uâng uât uây uê uêch uênh "
    "uô uôc uôi uôm uôn uông uôt uơ uy uya uych uyn uynh uyt uyu uyên uyêt ư ưa ưc ưi ưm ưn ưng ưt ưu "
    "ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu"
)
_AFTER_QU = _list(
    "a ac ach ai an ang anh ao at au ay ăc ăn ăng ăt ân âng ât âu ây e en eo et ê ên ênh êt êch i it y ynh yt yên "
    "yêt ơ ôc"
)
_AFTER_GI = _list(
    "a ac ai am an ang anh ao ap at au ay ăc ăng ăt âm ân âp ât âu ây e em eo ep et ê êng êt o oc oi ong ô ôc ôi ông "
    "ôt ơ ơi ơn u ua uc ui um un up ư ưa ưc ưng ương ươc"
)
_FRONT = ("e", "ê", "i", "y")
_ONLY_BEFORE_FRONT = ("k", "gh", "ngh")
_NEVER_BEFORE_FRONT = ("c", "g", "ng")


def _rimes_after(onset: str) -> list[str]:
    if onset == "qu":
        return _AFTER_QU
    if onset == "gi":
        return _AFTER_GI
    if onset in _ONLY_BEFORE_FRONT:
        return [rime for rime in _RIMES if rime.startswith(_FRONT)]
    if onset in _NEVER_BEFORE_FRONT:
        return [rime for rime in _RIMES if not rime.startswith(_FRONT)]
    return _RIMES


_TONELESS = {onset + rime for onset in _ONSETS for rime in _rimes_after(onset)} | {"gi", "gin", "đăk", "lăk"}


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether a word in small letters obeys Vietnamese orthography."""
    marks = unicodedata.normalize("NFD", word)
    told = [mark for mark in marks if mark in TONES]
    toneless = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
    if len(told) > 1 or toneless not in _TONELESS:
        return False
    stopped = toneless.endswith(("c", "ch", "p", "t"))
    return not stopped or told in ([_ACUTE], [_DOT])


def tones(word: str) -> int:
    """How many tone marks the word carries; a syllable has one at most."""
    return sum(mark in TONES for mark in unicodedata.normalize("NFD", word))


@lru_cache(maxsize=8192)
def folded(word: str) -> str:
    """The word without tones and other marks: what a hurried hand or a wrong keyboard leaves of it."""
    marks = unicodedata.normalize("NFD", word)
    return "".join(mark for mark in marks if mark not in TONES and mark not in _MARKS).replace("đ", "d")


def misspellings(word: str) -> set[str]:
    """What one slip makes of a word: a letter dropped, doubled by another, changed, or swapped with the next."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    dropped = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    changed = {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    added = {head + letter + tail for head, tail in cuts for letter in letters}
    return dropped | swapped | changed | added
