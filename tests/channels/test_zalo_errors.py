"""Every code that Zalo answers with becomes the right outcome, through real sockets."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from channel_cast import MORNING
from zalo_cast import HOA, office, parcel, send

from channels import words, zalo_errors
from channels.outcome import Accepted, Blocked, Refused, Unknown
from channels.zalo_standin import standing_in
from schedules.zone import VIETNAM

NEXT_DAY = datetime(2023, 11, 24, 6, 0, tzinfo=VIETNAM)
MENDED_BY_PEOPLE = [
    -101, -102, -103, -104, -105, -106, -109, -115, -117, -120, -1241, -125, -126, -127, -131, -135, -1351, -136, -137,
    -138, -140, -145, -146,
]  # fmt: skip
NOT_THIS_PERSON = [-108, -110, -114, -118, -119, -134, -139, -141]
OUR_MISTAKE = [-107, -111, -112, -1121, -1122, -1123, -1124, -113, -116, -121, -122, -130, -132]


@pytest.fixture(scope="module")
def vinh(tmp_path_factory):
    with standing_in(clock=lambda: MORNING) as zalo:
        yield office(tmp_path_factory.mktemp("vinh"), zalo)


def answered(vinh, code):
    """The telephone number asks the stand-in for its code."""
    channel = vinh.zns()
    return send(channel, parcel(channel, f"84900{-code:06d}"))


@pytest.mark.parametrize("code", MENDED_BY_PEOPLE)
def test_what_people_must_mend_stops_the_channel_and_messages_go_elsewhere(vinh, code):
    said = answered(vinh, code)
    assert isinstance(said, Blocked) and str(code) in said.reason
    assert (said.code, said.elsewhere, said.tell) == (code, True, True)
    assert timedelta(hours=1) <= said.until - MORNING < timedelta(hours=1, seconds=30)


@pytest.mark.parametrize("code", NOT_THIS_PERSON)
def test_a_person_who_cannot_be_reached_is_refused_for_good(vinh, code):
    said = answered(vinh, code)
    assert isinstance(said, Refused) and (said.code, said.permanent, said.ours) == (code, True, False)


@pytest.mark.parametrize("code", OUR_MISTAKE)
def test_our_own_mistake_is_called_ours(vinh, code):
    said = answered(vinh, code)
    assert isinstance(said, Refused) and (said.code, said.permanent, said.ours) == (code, True, True)


@pytest.mark.parametrize("code", [-144, -147])
def test_a_used_up_quota_waits_for_tomorrow_and_messages_go_elsewhere(vinh, code):
    assert answered(vinh, code) == Blocked(code, zalo_errors.said(code), NEXT_DAY, elsewhere=True)


def test_a_person_who_had_enough_today_may_be_tried_again(vinh):
    said = answered(vinh, -1471)
    assert isinstance(said, Refused) and not said.permanent


def test_the_unknown_error_is_unknown(vinh):
    assert isinstance(answered(vinh, -100), Unknown)


@pytest.mark.parametrize("code", [-199, -9999, -160000])
def test_a_code_that_nobody_knows_is_neither_lost_nor_sent_twice(vinh, code):
    said = answered(vinh, code)
    assert isinstance(said, Unknown) and str(code) in said.reason


def test_zalos_night_is_the_next_morning(vinh):
    assert answered(vinh, -133) == Blocked(-133, zalo_errors.said(-133), NEXT_DAY)


@pytest.mark.parametrize("code", [-124, -216, -220])
def test_a_refused_token_is_refreshed_and_the_message_leaves(vinh, code):
    before = vinh.refreshes
    vinh.zalo.fault("/message/template", "code", code)
    assert isinstance(send(vinh.zns()), Accepted)
    assert vinh.refreshes == before + 1


def test_a_token_refused_twice_needs_people(vinh):
    before = vinh.refreshes
    vinh.zalo.fault("/message/template", "code", -124, times=2)
    said = send(vinh.zns())
    assert isinstance(said, Blocked) and said.tell and said.elsewhere and "cấp quyền lại" in said.reason
    assert vinh.refreshes == before + 1


def test_every_code_in_words_has_one_place_in_the_table():
    places = [
        zalo_errors.TOKEN, zalo_errors.NIGHT, zalo_errors.QUOTA, zalo_errors.PERSON, zalo_errors.SATED,
        zalo_errors.CHANNEL, zalo_errors.OURS, {-100},
    ]  # fmt: skip
    assert sum(len(place) for place in places) == len(set().union(*places))
    assert set().union(*places) == set(words.ZNS_MEANING)


def test_what_blocks_one_blocks_the_rest_unasked(vinh):
    channel = vinh.zns()
    batch = [parcel(channel), parcel(channel, "84900000115"), parcel(channel), parcel(channel)]
    before = vinh.zalo.zalo.calls.count("/message/template")
    outcomes = send(channel, *batch)
    assert [type(one) for one in outcomes] == [Accepted, Blocked, Blocked, Blocked]
    assert vinh.zalo.zalo.calls.count("/message/template") == before + 2


def test_a_refused_person_does_not_stop_the_rest(vinh):
    channel = vinh.zns()
    outcomes = send(channel, parcel(channel, "84900000118"), parcel(channel, HOA))
    assert [type(one) for one in outcomes] == [Refused, Accepted]


def test_the_manual_explains_every_code():
    manual = (Path(__file__).parents[2] / "docs" / "zalo.md").read_text(encoding="utf-8")
    for code, meaning in words.ZNS_MEANING.items():
        assert code == -100 or f"| {code} | {meaning} |" in manual
    assert all(f"`{name}`" in manual for name in words.ZNS_PARAMS)
