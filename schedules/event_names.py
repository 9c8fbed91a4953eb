"""What may be the name of an event that a term waits for: never a deadline that would be silently lost in it."""

import re

from schedules.words import tidy

_SPELLED = "một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mươi|lăm"
_LIMIT = re.compile(
    rf"\b(?:\d{{1,3}}|{_SPELLED}) (?:ngày|tuần|tháng)\b(?! \d)"
    r"|\b(?:thời hạn|trong vòng|chậm nhất|muộn nhất|trước|đến hết|ngày làm việc|định kỳ)\b"
    r"|\b(?:h[ằà]ng|trong|vào|đến|tới|hết|không quá) (?:ngày|tuần|tháng|quý|năm)\b"
    r"|\b(?:đến|tới|hết) [0-9]"
    r"|[,;:].*\b(?:ngày|tuần|tháng|quý|năm)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:nếu|khoảng|dự kiến|trừ khi|trừ trường hợp)\b", re.IGNORECASE)
# A date that is not the date of a document ("ngày 14/8/2023") would be a deadline or an anchor.
_LONE_DATE = re.compile(r"(?<!ngày )(?<!\S)[0-9]{1,2}[/-][0-9]{1,2}(?:[/-][0-9]{4})?(?![^\s,.;])(?! /)", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?:làm việc|tiếp|hôm|sau|trước|đó|này|nêu|nói|trên|kế|cuối|đầu|mà|thì|là|ngày|tháng|năm|quý)(?!\S)", re.IGNORECASE
)


def checked_name(name: str, missing: str) -> str:
    """The tidy name. Raises ValueError, in Vietnamese, where it is empty or holds a deadline."""
    name = tidy(name)
    if not name:
        raise ValueError(missing)
    if found := _LIMIT.search(name) or _LONE_DATE.search(name):
        raise ValueError(f"“{found[0].strip()}” là thời hạn, không thuộc tên sự kiện “{name}”")
    if found := _CONDITION.search(name):
        raise ValueError(f"“{found[0]}” làm thời hạn không chắc chắn, không thuộc tên sự kiện “{name}”")
    if found := _NO_NAME.match(name):
        raise ValueError(f"“{found[0]}” không mở đầu tên của một sự kiện")
    return name
