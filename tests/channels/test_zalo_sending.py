"""A ZNS message leaves once, or it is said exactly why not."""

import json
import time
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from channel_cast import MORNING
from peers import free_port
from zalo_cast import HOA, office, parcel, send

from channels.channel import Heard, Parcel
from channels.outcome import Accepted, Blocked, Refused, Unknown, Unreachable
from channels.zalo_standin import standing_in
from channels.zalo_zns import ZnsRefused
from models.database import reading
from models.tables import channel as channel_table
from schedules.zone import VIETNAM


def clock_at(hour, minute, day=23):
    return datetime(2023, 11, day, hour, minute, tzinfo=VIETNAM)


@pytest.fixture
def vinh(tmp_path):
    with standing_in(clock=lambda: MORNING) as zalo:
        yield office(tmp_path / "vinh", zalo)


def quota_row(vinh):
    with reading(vinh.engine) as db:
        return db.execute(sa.select(channel_table).where(channel_table.c.name == "zns")).one_or_none()


def test_it_arrives_with_our_reference_and_every_parameter(vinh):
    channel = vinh.zns()
    said = send(channel, parcel(channel, "0987 654 321", tracking="TB-7"))
    [kept] = vinh.zalo.zalo.store.messages()
    assert said == Accepted(0, "Zalo đã nhận", kept.msg_id)
    assert (kept.address, kept.tracking_id, kept.template_id, kept.mode) == (HOA, "TB-7", "900001", "")
    assert kept.content["don_vi"] == "Sở Giáo dục và Đào tạo" and kept.content["han_gan_nhat"] == "30/9/2023"


@pytest.mark.parametrize(("how", "kept"), [("hang", 0), ("hang-after", 1), ("drop", 0), ("drop-after", 1)])
def test_without_an_answer_the_outcome_is_unknown_whether_it_was_taken_or_not(vinh, how, kept):
    channel = vinh.zns()
    vinh.zalo.fault("/message/template", how)
    assert isinstance(send(channel, parcel(channel, tracking="TB-8")), Unknown)
    assert vinh.counts == ({"TB-8": 1} if kept else {})
    assert channel.ask([parcel(channel)], since=MORNING) == [Heard.SILENT]


@pytest.mark.parametrize(("how", "value"), [("status", 502), ("status", 404), ("text", 0)])
def test_an_answer_that_is_none_is_unknown(vinh, how, value):
    vinh.zalo.fault("/message/template", how, value)
    assert isinstance(send(vinh.zns()), Unknown)


def test_an_answer_that_comes_late_but_in_time_counts(vinh):
    vinh.zalo.fault("/message/template", "late", 0.2)
    assert isinstance(send(vinh.zns(answer_seconds=5)), Accepted)


def test_too_many_requests_sent_nothing(vinh):
    vinh.zalo.fault("/message/template", "status", 429)
    assert isinstance(send(vinh.zns()), Unreachable)


def test_when_nobody_listens_nothing_left_and_the_rest_is_not_tried(vinh):
    channel = vinh.zns()
    send(channel)  # there is a token
    deaf = vinh.zns(settings=vinh.with_zalo(api=f"http://127.0.0.1:{free_port()}"))
    outcomes = send(deaf, parcel(channel), parcel(channel))
    assert [type(one) for one in outcomes] == [Unreachable, Unreachable] and len(vinh.counts) == 1


def test_an_address_that_is_no_web_address_is_said_and_nothing_left(vinh):
    send(vinh.zns())
    said = send(vinh.zns(settings=vinh.with_zalo(api="business.openapi.zalo.me")))
    assert isinstance(said, Unreachable)


def test_what_has_not_begun_in_time_is_left(vinh):
    channel = vinh.zns(answer_seconds=5)
    vinh.zalo.fault("/message/template", "late", 0.3)
    batch = [parcel(channel) for _ in range(3)]
    outcomes = send(channel, *batch, within=0.2)
    assert [type(one) for one in outcomes] == [Accepted, Unreachable, Unreachable] and len(vinh.counts) == 1


@pytest.mark.parametrize(("hour", "minute", "goes"), [(5, 59, False), (6, 0, True), (21, 59, True), (22, 0, False)])
def test_zalos_night_is_kept_without_asking(vinh, hour, minute, goes):
    now = clock_at(hour, minute)
    vinh.zalo.zalo.clock = lambda: now
    channel = vinh.zns()
    said = send(channel, now=now)
    if goes:
        assert isinstance(said, Accepted)
    else:
        assert isinstance(said, Blocked) and not said.elsewhere and not said.tell
        assert said.until == clock_at(6, 0, 23 if hour < 6 else 24) and vinh.zalo.zalo.calls == []


def test_a_batch_that_runs_into_the_night_stops_there(vinh):
    channel = vinh.zns(answer_seconds=5)
    send(channel)
    last = clock_at(22, 0) - timedelta(seconds=0.2)
    vinh.zalo.zalo.clock = lambda: last
    vinh.set_token(expires_at=last + timedelta(hours=5))
    vinh.zalo.fault("/message/template", "late", 0.3)
    outcomes = send(channel, parcel(channel), parcel(channel), now=last)
    assert [type(one) for one in outcomes] == [Accepted, Blocked]


def test_the_quota_of_each_reply_is_remembered_and_its_end_is_the_end(vinh):
    vinh.zalo.zalo.account.quota = 2
    channel = vinh.zns()
    outcomes = send(channel, *[parcel(channel) for _ in range(4)])
    assert [type(one) for one in outcomes] == [Accepted, Accepted, Blocked, Blocked]
    assert outcomes[2].until == clock_at(6, 0, 24) and outcomes[2].elsewhere
    row = quota_row(vinh)
    assert (row.quota_daily, row.quota_left) == (2, 0) and row.quota_at - MORNING < timedelta(seconds=30)
    assert vinh.zalo.zalo.calls.count("/message/template") == 2


def test_the_next_day_has_its_own_quota(vinh):
    vinh.zalo.zalo.account.quota = 1
    channel = vinh.zns()
    send(channel)
    tomorrow = clock_at(7, 30, 24)
    vinh.zalo.zalo.clock = lambda: tomorrow
    assert isinstance(send(channel, now=tomorrow), Accepted)


def test_the_quota_can_be_asked_for(vinh):
    vinh.zalo.zalo.account.quota = 1000
    found = vinh.zns().quota(now=MORNING)
    assert (found.daily, found.left) == (1000, 1000) and quota_row(vinh).quota_left == 1000


def test_the_fate_of_a_silent_message_can_be_asked_for(vinh):
    channel = vinh.zns()
    said = send(channel)
    assert channel.poll(said.provider_id, HOA, now=MORNING) == "pending"
    vinh.zalo.zalo.store.delivered(said.provider_id, now=MORNING)
    assert channel.poll(said.provider_id, HOA, now=MORNING) == "delivered"
    assert channel.poll("nobody-knows", HOA, now=MORNING) == "absent"
    vinh.zalo.fault("/message/status", "code", -120)
    with pytest.raises(ZnsRefused, match="-120"):
        channel.poll(said.provider_id, HOA, now=MORNING)


@pytest.mark.parametrize("phone", ["0238 3842 000", "01234567890", "khong-co", ""])
def test_what_is_no_mobile_number_is_refused_here(vinh, phone):
    said = send(vinh.zns(), Parcel(1, phone, "TB-9", "", b"{}"))
    assert isinstance(said, Refused) and said.permanent and not said.ours and vinh.zalo.zalo.calls == []


@pytest.mark.parametrize("content", [b"", b"[]", b'{"template_id": "1"}', b"\xff"])
def test_content_that_is_none_is_our_mistake(vinh, content):
    said = send(vinh.zns(), Parcel(1, HOA, "TB-9", "", content))
    assert isinstance(said, Refused) and said.permanent and said.ours


def test_an_office_without_zalo_is_told_which_settings_it_lacks(vinh):
    said = send(vinh.zns(settings=vinh.with_zalo(app_id="", app_secret="")), parcel(vinh.zns()))
    assert isinstance(said, Blocked) and said.tell
    assert "DONDOC_ZALO_APP_ID" in said.reason and "DONDOC_ZALO_APP_SECRET" in said.reason


def test_a_wrong_secret_is_a_wrong_proof(vinh):
    send(vinh.zns())
    said = send(vinh.zns(settings=vinh.with_zalo(app_secret="another")))
    assert isinstance(said, Blocked) and said.code == -1241 and "DONDOC_ZALO_APP_SECRET" in said.reason


def test_a_trial_goes_as_a_trial_and_counts_towards_nothing(vinh):
    assert isinstance(send(vinh.zns(development=True)), Accepted)
    [kept] = vinh.zalo.zalo.store.messages()
    assert kept.mode == "development" and quota_row(vinh) is None


def test_connections_are_kept(vinh):
    channel = vinh.zns()
    send(channel)
    began = time.monotonic()
    outcomes = send(channel, *[parcel(channel) for _ in range(50)])
    assert all(isinstance(one, Accepted) for one in outcomes) and time.monotonic() - began < 10
    assert len(set(vinh.counts.values())) == 1 and len(vinh.counts) == 51


def test_the_same_digest_gives_the_same_bytes(vinh):
    first, second = parcel(vinh.zns()), parcel(vinh.zns(owner="another"))
    assert first.content == second.content and json.loads(first.content)["template_id"] == "900001"
