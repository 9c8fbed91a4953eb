"""Names in the order in which a Vietnamese reader looks for them."""

from models.alphabet import alphabetical


def test_letters_of_their_own_and_tones_last():
    in_order = ["Huyện 1", "Huyện A", "Huyện Ă", "Huyện Â", "Huyện B", "Huyện Di", "Huyện Đà", "Huyện E", "Huyện Ê"]
    assert sorted({*in_order}, key=alphabetical) == in_order


def test_tones_decide_between_equal_letters():
    in_order = ["ma", "mà", "mả", "mã", "má", "mạ", "man"]
    assert sorted({*in_order}, key=alphabetical) == in_order


def test_composed_and_decomposed_are_one_name():
    assert alphabetical("Hòa") == alphabetical("Ho\u0300a")
