"""Zalo's receipts at the portal: each message is delivered once, and forgeries are turned away."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from channels.zalo_standin_dev import dev_zalo
from channels.zalo_standin_hook import event
from channels.zalo_standin_rules import Account
from channels.zalo_standin_store import Kept
from models.database import reading, writing
from models.tables import delivery, delivery_event
from schedules.zone import VIETNAM

NOW = datetime(2024, 2, 1, 9, 0, tzinfo=VIETNAM)  # the portal's clock in these stories
ZALO = dev_zalo(1)
WEBHOOK = "/zalo/webhook"


@pytest.fixture
def zalo_portal(home, open_portal):
    return open_portal(home, zalo=ZALO)


@pytest.fixture
def accepted(engine):
    """A ZNS message that Zalo took an hour ago."""
    sent = NOW - timedelta(hours=1)
    row = {
        "recipient": "g1:412", "role": "focal_point", "address": "84987654321", "channel": "zns", "slot": "s",
        "about": "digest", "important": False, "message_id": "<tb-1@dondoc.vn>", "tracking_id": "TB-1",
        "message": b"{}", "state": "accepted", "attempts": 1, "lease_owner": "", "claimed_at": sent, "sent_at": sent,
        "provider_id": "msg-1", "provider_code": "0", "error": "",
    }  # fmt: skip
    with writing(engine) as db:
        db.execute(sa.insert(delivery).values(**row))
    return engine


def kept(tracking="TB-1", msg_id="msg-1"):
    return Kept(msg_id, "zns", "84987654321", tracking, "900001", {}, "", NOW, None)


def post(portal, *, at=NOW, said=None, forged=False, drop=()):
    body, headers = event(said or kept(), Account(), at=at, forged=forged)
    headers = {name: value for name, value in headers.items() if name not in drop}
    return portal.post(WEBHOOK, content=body, headers=headers)


def state(engine):
    with reading(engine) as db:
        row = db.execute(sa.select(delivery).where(delivery.c.tracking_id == "TB-1")).one()
        events = db.execute(sa.select(sa.func.count()).select_from(delivery_event)).scalar_one()
    return row.state, row.delivered_at, events


def test_a_receipt_delivers(zalo_portal, accepted):
    at = NOW - timedelta(minutes=5)
    assert post(zalo_portal, at=at).status_code == 200
    assert state(accepted) == ("delivered", at, 1)


def test_a_repetition_changes_nothing(zalo_portal, accepted):
    first, later = NOW - timedelta(hours=3), NOW - timedelta(minutes=1)
    assert post(zalo_portal, at=first).status_code == 200
    before = state(accepted)
    assert [post(zalo_portal, at=at).status_code for at in (first, later)] == [200, 200]
    assert state(accepted) == before


def test_a_receipt_before_the_answer_was_recorded_counts(zalo_portal, accepted):
    with writing(accepted) as db:
        db.execute(sa.update(delivery).values(state="submitting", provider_id="", sent_at=None))
    assert post(zalo_portal).status_code == 200
    assert state(accepted)[0] == "delivered"


def test_a_message_of_somebody_else_is_taken_and_forgotten(zalo_portal, accepted):
    assert post(zalo_portal, said=kept("TB-none", "msg-none")).status_code == 200
    assert state(accepted) == ("accepted", None, 0)


@pytest.mark.parametrize("changes", [{"forged": True}, {"drop": ["X-ZEvent-Signature"]}])
def test_a_forgery_is_turned_away(zalo_portal, accepted, changes):
    assert post(zalo_portal, **changes).status_code == 403
    assert state(accepted) == ("accepted", None, 0)


def test_without_the_accounts_secret_nothing_is_believed(home, open_portal, accepted):
    assert post(open_portal(home, zalo=replace(ZALO, oa_secret=""))).status_code == 403
    assert post(open_portal(home)).status_code == 403
    assert state(accepted)[0] == "accepted"


@pytest.mark.parametrize("late", [timedelta(hours=24, minutes=1), -timedelta(minutes=11)])
def test_a_recording_is_turned_away(zalo_portal, accepted, late):
    assert post(zalo_portal, at=NOW - late).status_code == 400
    assert state(accepted) == ("accepted", None, 0)


@pytest.mark.parametrize("sized", [True, False])
def test_too_much_is_not_read(zalo_portal, accepted, sized):
    parts = [b"x" * 40_000] * 3
    body = b"".join(parts) if sized else iter(parts)
    assert zalo_portal.post(WEBHOOK, content=body, headers={"X-ZEvent-Signature": "mac=00"}).status_code == 413


@pytest.mark.parametrize("body", [b"{}", b"", b" {} \n"])
def test_zalo_may_try_the_address_before_it_is_saved(zalo_portal, accepted, body):
    assert zalo_portal.post(WEBHOOK, content=body).status_code == 200
    assert state(accepted) == ("accepted", None, 0)


def test_only_posting_is_for_zalo(zalo_portal):
    assert zalo_portal.get(WEBHOOK).status_code == 405


def test_without_a_database_zalo_is_asked_to_come_again(tmp_path, open_portal):
    portal = open_portal(tmp_path / "empty", zalo=ZALO)
    assert post(portal).status_code == 503
