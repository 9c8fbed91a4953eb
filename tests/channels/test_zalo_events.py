"""What Zalo tells is believed when Zalo signed it, lately."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from channel_cast import MORNING

from channels.zalo_standin_dev import dev_zalo
from channels.zalo_standin_hook import event
from channels.zalo_standin_rules import Account
from channels.zalo_standin_store import Kept
from channels.zalo_webhook import Forged, OutOfTime, Unreadable, read_event, signature

ZALO = dev_zalo(1)
KEPT = Kept("msg-1", "zns", "84987654321", "TB-1", "900001", {}, "", MORNING, None)


def told(at=MORNING, *, now=MORNING, zalo=ZALO, **changes):
    body, headers = event(KEPT, Account(), at=at)
    signed = changes.get("signed", headers["X-ZEvent-Signature"])
    timestamp = changes.get("timestamp", headers["X-ZEvent-Timestamp"])
    return read_event(zalo, changes.get("body", body), signed=signed, timestamp=timestamp, now=now)


def signed(said, *, now=MORNING, timestamp=""):
    """Any event, signed rightly."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    own = timestamp or (str(said.get("timestamp", "")) if isinstance(said, dict) else "")
    mac = f"mac={signature(ZALO, body, own)}"
    return read_event(ZALO, body, signed=mac, timestamp=timestamp, now=now)


def stamp(at):
    return str(int(at.timestamp() * 1000))


def test_a_genuine_receipt_names_the_message():
    found = told()
    assert (found.tracking_id, found.provider_id, found.at) == ("TB-1", "msg-1", MORNING)


def test_a_repetition_has_the_same_key_whenever_it_comes():
    assert told(MORNING + timedelta(hours=3), now=MORNING + timedelta(hours=3)).key == told().key


def test_without_a_timestamp_header_the_bodys_own_was_signed():
    assert told(timestamp="").tracking_id == "TB-1"


def test_the_signature_is_plain_sha_256_over_four_parts_in_order():
    import hashlib

    whole = (ZALO.app_id + '{"a":1}' + "1700" + ZALO.oa_secret).encode()
    assert signature(ZALO, b'{"a":1}', "1700") == hashlib.sha256(whole).hexdigest()


@pytest.mark.parametrize("wrong", ["", "mac=", "mac=" + "0" * 64, "không phải", "mac=é"])
def test_a_missing_or_wrong_signature_is_forged(wrong):
    with pytest.raises(Forged):
        told(signed=wrong)


def test_one_changed_byte_is_forged():
    body, _ = event(KEPT, Account(), at=MORNING)
    with pytest.raises(Forged):
        told(body=body.replace(b"TB-1", b"TB-2"))


def test_another_timestamp_is_forged():
    with pytest.raises(Forged):
        told(timestamp=stamp(MORNING + timedelta(seconds=1)))


@pytest.mark.parametrize("changes", [{"oa_secret": ""}, {"app_id": ""}, {"app_id": "another"}])
def test_without_the_right_application_and_secret_nothing_is_believed(changes):
    with pytest.raises(Forged):
        told(zalo=replace(ZALO, **changes))


@pytest.mark.parametrize(
    ("late", "believed"),
    [
        (timedelta(hours=24), True),
        (timedelta(hours=24, seconds=1), False),
        (-timedelta(minutes=10), True),
        (-timedelta(minutes=10, seconds=1), False),
    ],
)
def test_too_old_or_from_the_future_is_a_recording(late, believed):
    if believed:
        assert told(now=MORNING + late) is not None
    else:
        with pytest.raises(OutOfTime):
            told(now=MORNING + late)


@pytest.mark.parametrize("body", [b"[]", b"no json", b'{"timestamp": "x"}', b'{"timestamp": "99999999999999999999"}'])
def test_signed_nonsense_is_no_event(body):
    with pytest.raises(Unreadable):
        signed(body, timestamp="" if body == b"[]" else "x")


@pytest.mark.parametrize(
    "change",
    [
        {"event_name": "user_send_text"},
        {"message": {"msg_id": "m"}},
        {"message": {"delivery_time": "1"}},
        {"message": "text"},
    ],
)
def test_other_events_are_genuine_and_of_no_concern(change):
    base = {"event_name": "user_received_message", "app_id": ZALO.app_id, "timestamp": stamp(MORNING)}
    message = {"msg_id": "m", "tracking_id": "t", "delivery_time": stamp(MORNING)}
    assert signed(base | {"message": message}) is not None
    assert signed(base | {"message": message} | change) is None


@pytest.mark.parametrize("time", ["", "soon", None, str(10**30), stamp(MORNING + timedelta(days=400))])
def test_an_impossible_delivery_time_gives_way_to_the_events_own(time):
    message = {"msg_id": "m", "tracking_id": "t", "delivery_time": time}
    said = {"event_name": "user_received_message", "timestamp": stamp(MORNING), "message": message}
    assert signed(said).at == MORNING
