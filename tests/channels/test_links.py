"""Signed links: short, safe in any address, each for one thing only, readable by their own engine alone."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from channels.links import Link, Links, Stop
from models.settings import Settings, Zalo
from schedules.zone import VIETNAM

MORNING = datetime(2026, 11, 23, 7, 30, tzinfo=VIETNAM)
BASE = "https://dondoc.nghean.gov.vn"
TRACKING = "3f" * 16


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, database_url="", public_url=BASE)


@pytest.fixture
def links(settings):
    return Links(settings)


def token_of(url):
    return url.rpartition("/")[2]


@pytest.mark.parametrize("unit", ["g1:412", "n:16681", "b:40.ban-dan-van-tinh-uy"])
def test_a_units_link_says_which_unit_and_which_message(links, unit):
    url = links.unit(unit, TRACKING, as_of=MORNING)
    assert url.startswith(f"{BASE}/l/") and len(url) < 150
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", token_of(url))
    assert links.read(token_of(url)) == Link(unit, TRACKING, date(2026, 11, 23))


def test_a_persons_link_stops_copies_and_nothing_else(links):
    token = token_of(links.unsubscribe(12, as_of=MORNING))
    assert links.read_unsubscribe(token) == Stop(12, date(2026, 11, 23))
    assert links.read(token) is None
    assert links.read_unsubscribe(token_of(links.unit("g1:412", TRACKING, as_of=MORNING))) is None


def test_it_lives_400_days(links):
    link = links.read(token_of(links.unit("g1:412", TRACKING, as_of=MORNING)))
    last = date(2026, 11, 23) + timedelta(days=400)
    assert not link.over(last) and link.over(last + timedelta(days=1))


def test_the_same_message_has_the_same_link(links, settings):
    again = Links(settings).unit("g1:412", TRACKING, as_of=MORNING)
    assert again == links.unit("g1:412", TRACKING, as_of=MORNING)


def test_every_changed_character_is_noticed(links):
    token = token_of(links.unit("g1:412", TRACKING, as_of=MORNING))
    for place, sign in enumerate(token):
        for other in ("a", "Z", "~", "_", ""):
            if other != sign:
                assert links.read(token[:place] + other + token[place + 1 :]) is None, (place, other)


@pytest.mark.parametrize("token", ["", "~", "a~b~c~d", "xem-truoc", "đường-dẫn", "~" * 50, "a" * 5000])
def test_nonsense_is_no_link(links, token):
    assert links.read(token) is None and links.read_unsubscribe(token) is None


def test_another_engine_cannot_make_ours(links, settings, tmp_path):
    other = Links(replace(settings, home=tmp_path / "other"))
    assert links.read(token_of(other.unit("g1:412", TRACKING, as_of=MORNING))) is None


def test_there_is_no_link_that_units_could_not_open(settings):
    nowhere = Links(replace(settings, public_url=None, zalo=Zalo(app_id="1", app_secret="x")))
    assert nowhere.unit("g1:412", TRACKING, as_of=MORNING) is None and nowhere.unsubscribe(1, as_of=MORNING) is None
    assert not (settings.home / "secret.key").exists(), "no key is made that nothing needs"
    here = Links(replace(settings, public_url=None))
    assert here.unit("g1:412", TRACKING, as_of=MORNING).startswith("http://127.0.0.1:8080/l/")
