"""A return address names its delivery to us, and to nobody else's forgery."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.return_address import make, read

KEY = b"k" * 32


@given(st.integers(0, 10**18 - 1), st.sampled_from([str.lower, str.upper, str.title, "<{}>".format]))
def test_it_comes_back_as_it_went_whatever_servers_do_to_its_case(delivery, change):
    address = make(delivery, "don-doc.vn", KEY)
    assert len(address.partition("@")[0]) <= 64
    assert read(change(address), KEY) == delivery


@given(st.text(max_size=80))
def test_anything_else_is_nobodys(text):
    assert read(text, KEY) is None and read(f"n.{text}@don-doc.vn", KEY) is None


@pytest.mark.parametrize("change", [
    lambda it: it.replace("n.41.", "n.42."), lambda it: it.replace("n.41.", "n.041."), lambda it: "x" + it,
    lambda it: it.replace("n.41.", "n.٤١."), lambda it: it.partition("@")[0], lambda it: it.replace("@", "a@"),
])  # fmt: skip
def test_a_forged_one_is_refused(change):
    assert read(change(make(41, "don-doc.vn", KEY)), KEY) is None


def test_another_engines_key_is_another_engine():
    assert read(make(41, "don-doc.vn", b"x"), KEY) is None
