"""Mobile numbers as offices write them."""

import pytest

from models.refusal import Refusal
from models.telephone import mobile, phone_shown


@pytest.mark.parametrize(
    "written",
    ["0987654321", "0987 654 321", "0987.654.321", "0987-654-321", "+84987654321", "+84 987 654 321", "84987654321",
     "(+84) 987 654 321", "0084987654321", "+84 0987654321", "987654321", " 0987654321 "],
)  # fmt: skip
def test_the_same_number_in_every_writing(written):
    assert mobile(written) == "84987654321" and phone_shown(mobile(written)) == "0987 654 321"


def test_084_is_a_range_of_its_own():
    assert mobile("0849876543") == mobile("849876543") == mobile("84849876543") == "84849876543"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("02383844123", "số máy bàn"),
        ("0238 384 4123", "số máy bàn"),
        ("+84 24 3845 1234", "số máy bàn"),
        ("01688441234", "kiểu cũ"),
        ("098765432", "di động Việt Nam"),
        ("09876543210", "di động Việt Nam"),
        ("0512345678", "di động Việt Nam"),
        ("+1 202 555 0123", "di động Việt Nam"),
        ("hoa@vinh.vn", "di động Việt Nam"),
        ("1900 1234", "di động Việt Nam"),
    ],
)
def test_what_zalo_cannot_reach_is_refused_with_the_reason(written, said):
    with pytest.raises(Refusal, match=said):
        mobile(written)
