"""Units over time: keys, codes, superiors, roles, on the days that matter."""

from datetime import date, timedelta

import pytest

from models.refusal import Refusal
from models.unit_store import shipped_tree
from models.units import TWO_TIERS

UNITS = shipped_tree("40")
BEFORE, AFTER = TWO_TIERS - timedelta(days=1), TWO_TIERS


def test_a_key_names_its_unit_on_any_day():
    assert UNITS.find("g1:412", date(2030, 1, 1)).name == "Thành phố Vinh"


def test_a_bare_code_is_taken_where_it_names_one_unit_on_that_day():
    assert UNITS.find("412", date(2023, 10, 1)).key == "g1:412"
    assert UNITS.find(" 40 ", BEFORE).key == "g1:40"
    assert UNITS.find("40", AFTER).key == "n:40"


def test_a_code_without_a_unit_on_that_day_says_when_it_had_one():
    with pytest.raises(Refusal, match=r"412.*g1:412 Thành phố Vinh"):
        UNITS.find("412", AFTER)


def test_an_unknown_code_offers_the_closest():
    with pytest.raises(Refusal, match=r"g1:412x.*Gần nhất: .*g1:412"):
        UNITS.find("g1:412x", BEFORE)


@pytest.mark.parametrize(
    ("unit", "day", "above"),
    [
        ("g1:412", BEFORE, "g1:40"),
        ("b:40.so-noi-vu", BEFORE, "g1:40"),
        ("b:40.so-noi-vu", AFTER, "n:40"),
        ("b:40.ban-dan-van-tinh-uy", date(2023, 10, 1), "b:40.tinh-uy"),
        ("g1:40", BEFORE, None),
    ],
)
def test_superiors(unit, day, above):
    assert UNITS.superior(unit, day) == above


def test_a_commune_lies_in_its_district_until_there_are_none():
    commune = next(u for u in UNITS.alive(BEFORE) if u.level == "commune")
    assert UNITS.within(commune.key, "district", BEFORE) == commune.parent
    new = next(u for u in UNITS.alive(AFTER) if u.level == "commune")
    assert UNITS.within(new.key, "district", AFTER) is None
    assert UNITS.within(new.key, "province", AFTER) == "n:40"


def test_the_standing_office_is_a_role_that_changes_hands():
    assert UNITS.holder("standing_office", "40", date(2023, 7, 1)) == "b:40.ban-dan-van-tinh-uy"
    assert UNITS.holder("standing_office", "40", date(2026, 7, 1)) == "b:40.ban-tuyen-giao-va-dan-van-tinh-uy"
    assert UNITS.holder("standing_office", "99", date(2026, 7, 1)) is None
