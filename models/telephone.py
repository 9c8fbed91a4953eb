"""Vietnamese mobile numbers, as people write them and as Zalo wants them ("84987654321")."""

import re

from models.refusal import Refusal

COUNTRY = "84"
MOBILE = re.compile(r"(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])\d{7}")
"""What follows the country code or the leading 0: the ranges in use since the change of November 2018."""
OLD_MOBILE = re.compile(r"1[2689]\d{8}")
LANDLINE = re.compile(r"2\d{8,9}")
WRITTEN_BETWEEN = re.compile(r"[\s.\-()]")


def mobile(text: str) -> str:
    """The number with its country code and nothing else, from any usual way of writing it.

    Takes what a spreadsheet leaves of 0987654321 too: 987654321.

    Raises:
        Refusal: it is no Vietnamese mobile number; landlines and the numbers of before 2018 are named as such.
    """
    digits = WRITTEN_BETWEEN.sub("", text.strip())
    digits = digits.removeprefix("+").removeprefix("00")
    # 084… is a mobile range of its own: 84 is the country code only where more digits follow than a number has.
    if digits.startswith(COUNTRY) and len(digits) > 10:
        digits = digits.removeprefix(COUNTRY)
    number = digits.removeprefix("0")
    if MOBILE.fullmatch(number):
        return COUNTRY + number
    if OLD_MOBILE.fullmatch(number):
        raise Refusal(f"số «{text}» là số 11 chữ số kiểu cũ, đã đổi đầu số từ tháng 11/2018; ghi số hiện dùng")
    if LANDLINE.fullmatch(number):
        raise Refusal(f"số «{text}» là số máy bàn; Zalo chỉ gửi được tới số di động")
    raise Refusal(f"số điện thoại «{text}» không phải số di động Việt Nam; ghi như 0987 654 321 hoặc +84 987 654 321")


def phone_shown(number: str) -> str:
    """ "84987654321" as people read it: "0987 654 321"."""
    local = "0" + number.removeprefix(COUNTRY)
    return f"{local[:4]} {local[4:7]} {local[7:]}"
