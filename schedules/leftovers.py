"""What stands around a phrase of time: words that say what is to be done pass, everything else is refused.

Nothing is passed over that could change the meaning: a number, another word of time, a hedge, a slip of the pen.
"""

import re
from collections.abc import Iterable

from schedules.lexer import ROMAN, Line
from schedules.syllables import folded, is_syllable, misspellings, tones


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


Span = tuple[int, int]
"""The first word of a stretch and the one behind its last."""

TIME_WORDS = words(
    "ngày tháng năm quý tuần giờ phút kỳ hạn trước sau chậm muộn trễ nhất hằng kể vòng cuối hết lần hôm nay"
)
HEDGES = words("nếu khoảng trừ hoặc hay sớm ngay kịp khẩn tùy tuỳ khi lúc không chưa quá ít nửa rưỡi trở tạm")
# Everyday words in which a forbidden syllable stands: thống nhất, quá trình, quyền hạn.
_HARMLESS_BEFORE = {
    "nhất": frozenset(("thống", "đồng", "hợp", "duy")),
    "hạn": frozenset(("quyền", "giới")),
}
_HARMLESS_AFTER = {
    "nhất": frozenset(("trí",)),
    "quá": frozenset(("trình",)),
    "hạn": frozenset(("chế",)),
    "không": frozenset(("gian",)),
    "trở": frozenset(("thành", "ngại", "nên")),
    "tạm": frozenset(("ứng", "trú")),
}
FORBIDDEN_PAIRS = frozenset(
    (
        ("dự", "kiến"), ("trường", "hợp"), ("có", "thể"), ("thường", "xuyên"), ("liên", "tục"), ("liên", "tiếp"),
        ("tối", "đa"), ("tối", "thiểu"), ("hiệu", "lực"), ("giá", "trị"), ("âm", "lịch"), ("chủ", "nhật"),
        ("tiếp", "theo"), ("kế", "tiếp"), ("thứ", "hai"), ("thứ", "ba"), ("thứ", "tư"), ("thứ", "sáu"), ("thứ", "bảy"),
    )
)  # fmt: skip
# Right before a phrase of time these bind to it: "và trong ngày", "tính đến ngày", "không trước ngày".
BINDING_BEFORE = words(
    "và đến tới từ là tính liệu kế hơn gần độ chừng tầm cỡ cả chỉ mới đầu giữa sáng trưa chiều tối đêm vào qua"
)
BINDING_AFTER = words("đến tới từ đầu giữa hơn nữa lẻ sáng trưa chiều tối đêm đi")
# Whole sayings of one syllable; any other lone syllable is more likely what is left of a misspelt word.
ALONE = words(
    "xong gửi nộp trình họp làm phải cần được in ký ban cho lên về trả lập mở thi thu chi khai xét duyệt chốt vào"
)
# What the name of a place follows; the second syllable of thị trấn, thành phố and đặc khu.
PLACES = words("tỉnh huyện quận xã phường trấn phố khu")
# Everyday words that a word of time becomes when it loses its marks or takes others.
EVERYDAY = words(
    "khí khỉ kĩ kí kỉ này nảy trẻ tre hòm châm chăm chấm cuổi dầu dấu dẫu đấu đâu đậu đầu đình đính đỉnh đinh "
    "định đã đà đá đạ giỗ gió giỏ hàn hàng hãng hân hẳn hẹn hạng hang kê kẻ kế kệ ký kỹ kỷ kỵ lăm lâm làm lãm lạm "
    "lam lân lấn lăn lan liền liên mỗi môi mọi mối mới mời muốn mượn muôn nam nắm nằm nấm ngáy ngây nhật nhạt "
    "nhặt quy quỳ quỹ quỷ qua quả quà sâu sáu sấu tháng thang thăng thắng thẳng thắn thiếu thiểu thiệu thiêu thời "
    "thôi thổi thượng thưởng thương thường trọng trồng trống trong tròng trợ trò trỏ tu tự tư tứ tử từ tuân tuấn "
    "tuẫn tục túc tức vọng võng vong xuyên hộ la lá lạ là và va đa đả"
)
KNOWN_SIGNS = words(
    "ubnd hđnd mttq ubmttq bcđ tw ttg cp qđ kh bc nđ nq ct vp tu tt cbccvc cbcc qppl hcm tp tx tdp ttnd gsđtcđ qcdc "
    "vbqppl pbgdpl kt xh gd đt yt csdl dvc tthc cntt lđtbxh tnmt nnptnt khđt email website internet zalo web fax"
)
_OF_THE_LANGUAGE = TIME_WORDS | words("thường xuyên liên tục định mỗi trong vào từ đến không quá ít khi")
_FOLDED = frozenset(folded(word) for word in _OF_THE_LANGUAGE)
_BEFORE_SLIPS = frozenset(
    slip
    for opening in ("truoc", "chamnhat", "muonnhat", "denhet", "hangnam", "hangquy")
    for slip in misspellings(opening)
)
_SLIPS = frozenset(slip for word in _FOLDED for slip in misspellings(word))
_PUNCTUATION = frozenset(".,;:()“”\"'‘’«»…+&/–—-")
_SIGN = re.compile(r"[A-ZĐ][A-ZĐa-z]{0,3}[A-ZĐ]{1,6}[a-z]?|[A-ZĐ]{2,3}[a-z]")
_HEADING = re.compile(r"(?:[-+] )?(?:thời (?:hạn|gian)|hạn|tiến độ)(?!\S)")


def not_understood(line: Line, spans: Iterable[Span]) -> tuple[str, ...]:
    """The words outside the spans that may not be passed over, as they were written."""
    taken = [False] * len(line.words)
    for first, behind in spans:
        taken[first:behind] = [True] * (behind - first)
    if all(taken):
        return ()
    heading = _HEADING.match(line.said)
    headed = line.place(heading.end()) + 1 if heading else 0
    shouted = line.text.isupper()
    named = _place_names(line, taken, shouted)
    bad = {
        place
        for place in range(len(line.words))
        if not taken[place] and place not in named and not _passes(line, place, headed, shouted, taken)
    }
    bad |= {*_lone(line, taken), *_near_before(line, taken)} - named
    return tuple(line.text[line.words[place].start : line.words[place].end] for place in sorted(bad))


def foreign(line: Line) -> tuple[str, ...]:
    """The words that no Vietnamese text has, as they were written: the likely slips of the pen."""
    return tuple(
        line.text[word.start : word.end]
        for place, word in enumerate(line.words)
        if word.shape.isalpha() and not is_word(line, place)
    )


def is_word(line: Line, place: int) -> bool:
    """Whether it is a syllable that is not a misspelt word of time, a known sign or a name."""
    shape = line.words[place].shape
    if misspelt(shape):
        return False
    return is_syllable(shape) or shape in KNOWN_SIGNS or _is_name(line, place, line.text.isupper())


def misspelt(shape: str) -> bool:
    """Whether this can only be a word of time that lost its marks or took others: truoc, trứơc, hăng."""
    return shape not in _OF_THE_LANGUAGE and shape not in EVERYDAY and folded(shape) in _FOLDED


def _passes(line: Line, place: int, headed: int, shouted: bool, taken: list[bool]) -> bool:
    shape = line.words[place].shape
    before = line.words[place - 1].shape if place else ""
    after = line.words[place + 1].shape if place + 1 < len(line.words) else ""
    next_taken, last_taken = place + 1 < len(taken) and taken[place + 1], place > 0 and taken[place - 1]
    if not shape[0].isalpha():
        return shape in _PUNCTUATION and not (shape == "/" and (next_taken or last_taken))
    if place < headed:
        return True
    if next_taken and shape in BINDING_BEFORE and not (shape == "là" and headed):
        return False
    if last_taken and shape in BINDING_AFTER:
        return False
    if (shape, after) in FORBIDDEN_PAIRS or (before, shape) in FORBIDDEN_PAIRS:
        return False
    if shape in TIME_WORDS or shape in HEDGES:
        return before in _HARMLESS_BEFORE.get(shape, ()) or after in _HARMLESS_AFTER.get(shape, ())
    if misspelt(shape):
        return False
    return is_syllable(shape) or shape in KNOWN_SIGNS or _is_name(line, place, shouted)


def _is_name(line: Line, place: int, shouted: bool) -> bool:
    """A sign such as BNV, or a name of other spelling such as Krông: capitals where not everything is in capitals."""
    word = line.words[place]
    written = line.text[word.start : word.end]
    if shouted or ROMAN.fullmatch(word.shape):
        return False
    if _SIGN.fullmatch(written):
        return True
    named = place > 0 and len(written) > 2 and written.istitle() and written.isalpha()
    return named and tones(word.shape) < 2 and folded(word.shape) not in _SLIPS


def _near_before(line: Line, taken: list[bool]) -> list[int]:
    """Words right before the phrase that look like a "trước" or "chậm nhất" gone wrong, in one piece or two."""
    first = taken.index(True) if True in taken else 0
    before = [place for place in range(first) if line.words[place].shape.isalpha() and line.words[place].shape != "và"]
    two, last = ["", "", *(folded(line.words[place].shape) for place in before)][-2:]
    return before[-1:] if not _BEFORE_SLIPS.isdisjoint((last, two, two + last)) else []


def _place_names(line: Line, taken: list[bool], shouted: bool) -> frozenset[int]:
    """The words of names behind xã, huyện…: in "huyện Kỳ Anh" and "xã Nậm Ban" nothing speaks of time."""
    if shouted or PLACES.isdisjoint(line.said.split()):
        return frozenset()
    named: set[int] = set()
    for place in range(1, len(line.words)):
        word = line.words[place]
        behind = place - 1 in named or line.words[place - 1].shape in PLACES
        spelled = word.shape.replace("'", "").replace("’", "").isalpha()
        if behind and not taken[place] and spelled and line.text[word.start].isupper():
            named.add(place)
    return frozenset(named)


def _lone(line: Line, taken: list[bool]) -> list[int]:
    """Single words beside the phrase, marks on their other side, that say nothing by themselves."""
    spoken = [place for place, word in enumerate(line.words) if taken[place] or word.shape[0].isalnum()]
    lone = []
    for at, place in enumerate(spoken):
        if taken[place] or line.words[place].shape in ALONE or line.words[place].shape in KNOWN_SIGNS:
            continue
        before, after = spoken[at - 1] if at else -1, spoken[at + 1] if at + 1 < len(spoken) else len(taken)
        joined = (before == place - 1 >= 0 and not taken[before]) or (
            after == place + 1 < len(taken) and not taken[after]
        )
        beside = (before >= 0 and taken[before]) or (after < len(taken) and taken[after])
        if beside and not joined:
            lone.append(place)
    return lone
