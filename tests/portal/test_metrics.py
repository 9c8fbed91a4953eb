"""/metrics: what Prometheus reads, parsed back by Prometheus' own parser."""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from post_cast import NOW, delivered, refused
from prometheus_client.parser import text_string_to_metric_families

from models.settings import Zalo
from models.tables import alarm, channel, delivery, delivery_event, delivery_item, dispatcher, notice, zalo_token


@pytest.fixture
def scrape(home, open_portal):
    def scraped(**changes):
        got = open_portal(home, **changes).get("/metrics")
        assert got.status_code == 200 and got.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        return {family.name: family for family in text_string_to_metric_families(got.text)}

    return scraped


def values(family):
    return {tuple(sample.labels.values()): sample.value for sample in family.samples if sample.name != "_created"}


def value(family):
    [sample] = family.samples
    return sample.value


def write(engine, *statements):
    with engine.begin() as db:
        for statement in statements:
            db.execute(statement)


def test_a_fresh_database_has_figures_too(scrape):
    found = scrape()
    assert value(found["dondoc_delivery_oldest_due_seconds"]) == 0
    assert value(found["dondoc_lease_overruns"]) == value(found["dondoc_unreachable_units"]) == 0
    assert values(found["dondoc_deliveries"]) == {}
    assert "dondoc_dispatcher_last_beat_seconds" not in found
    assert "dondoc_zalo_refresh_token_seconds_left" not in found


def test_deliveries_and_notices_are_counted_by_state(engine, plan, home, scrape):
    delivered(engine, home, plan, refused("b:40.so-y-te", "b:40.so-tu-phap"))
    found = scrape()
    by_state = values(found["dondoc_deliveries"])
    assert by_state[("email", "failed")] == 2 and by_state[("email", "accepted")] > 30
    notices = values(found["dondoc_notices"])
    with engine.connect() as db:
        counted = dict(db.execute(sa.select(notice.c.state, sa.func.count()).group_by(notice.c.state)).all())
        events = dict(
            db.execute(sa.select(delivery_event.c.after, sa.func.count()).group_by(delivery_event.c.after)).all()
        )
    assert notices == {(state,): count for state, count in counted.items()} and counted["dead"] >= 2
    grown = found["dondoc_delivery_events"]
    assert grown.type == "counter" and {sample.name for sample in grown.samples} == {"dondoc_delivery_events_total"}
    assert values(grown) == {(state,): count for state, count in events.items()}


def test_what_waits_what_hangs_and_who_is_there(engine, plan, home, scrape):
    delivered(engine, home, plan, refused())
    minutes = {number: NOW - timedelta(minutes=number) for number in (1, 2, 10, 30)}
    ids = [row.id for row in engine.connect().execute(sa.select(delivery.c.id).limit(3))]
    write(
        engine,
        sa.update(delivery).where(delivery.c.id == ids[0]).values(state="retry", next_attempt_at=minutes[10]),
        sa.update(delivery).where(delivery.c.id == ids[1]).values(state="submitting", lease_until=minutes[30]),
        sa.update(delivery).where(delivery.c.id == ids[2]).values(state="submitting", lease_until=minutes[1]),
        sa.insert(dispatcher).values(owner="a", started_at=minutes[30], beat_at=minutes[2]),
        sa.insert(dispatcher).values(owner="b", started_at=minutes[30], beat_at=minutes[30]),
        sa.insert(channel).values(
            name="zns", why="Hết tiền", elsewhere=True, failures=0, paused_until=NOW + timedelta(hours=1),
            quota_daily=500, quota_left=7, quota_at=NOW,
        ),
        sa.insert(zalo_token).values(
            app_id="app", access_token="bi-mat", refresh_token="bi-mat-2", expires_at=NOW, generation=1,
            refresh_expires_at=NOW + timedelta(days=2), refreshing_by="", seed="", trouble="",
        ),
        sa.insert(alarm).values(key="late::2024-02-01", kind="late", text="…", raised_at=NOW),
    )  # fmt: skip
    found = scrape(zalo=Zalo("app", "secret"))
    assert value(found["dondoc_delivery_oldest_due_seconds"]) == 600
    assert value(found["dondoc_lease_overruns"]) == 1
    assert value(found["dondoc_dispatcher_last_beat_seconds"]) == 120
    assert values(found["dondoc_channel_paused"])[("zns",)] == 1
    assert values(found["dondoc_channel_quota_left"]) == {("zns",): 7}
    assert value(found["dondoc_zalo_refresh_token_seconds_left"]) == 2 * 86400
    assert values(found["dondoc_alarms"]) == {("late",): 1}


def test_nobody_is_named(engine, plan, home, open_portal):
    delivered(engine, home, plan, refused("b:40.so-y-te"))
    said = open_portal(home).get("/metrics").text
    assert "@" not in said and "so-y-te" not in said


def test_each_portal_counts_for_itself(engine, plan, home, scrape):
    first = scrape()
    delivered(engine, home, plan, refused())
    assert values(first["dondoc_deliveries"]) == {} and values(scrape()["dondoc_deliveries"])


def test_under_the_public_name_there_are_no_metrics(home, open_portal):
    portal = open_portal(home, public_url="https://dondoc.example.vn")
    assert portal.get("/metrics", headers={"host": "dondoc.example.vn"}).status_code == 404


def test_ten_thousand_deliveries_are_counted_quickly(engine, home, open_portal):
    """Each with a message of usual size and four changes of state."""
    row = {
        "recipient": "u", "role": "r", "channel": "email", "about": "digest", "important": False,
        "message": b"x" * 12_000, "state": "accepted", "attempts": 1, "repeats": 0, "lease_owner": "",
        "provider_id": "", "provider_code": "", "error": "", "next_attempt_at": NOW,
    }  # fmt: skip
    states = ("accepted",) * 8 + ("retry", "dead")
    rows = [
        row | {"id": n, "address": f"{n}@x.vn", "slot": "s", "message_id": f"<{n}>", "tracking_id": str(n),
               "state": states[n % 10]}
        for n in range(1, 10_001)
    ]  # fmt: skip
    events = [
        {"delivery": n, "at": NOW, "before": "", "after": after, "why": ""}
        for n in range(1, 10_001) for after in ("due", "submitting", "retry", "accepted")
    ]  # fmt: skip
    with engine.begin() as db:
        db.execute(sa.insert(delivery), rows)
        db.execute(sa.insert(delivery_event), events)
        db.execute(sa.delete(delivery_item))
    portal = open_portal(home)
    portal.get("/metrics")
    spans = []
    for _ in range(5):
        began = time.perf_counter()
        got = portal.get("/metrics")
        spans.append(time.perf_counter() - began)
    assert 'dondoc_deliveries{channel="email",state="accepted"} 8000.0' in got.text
    assert min(spans) < 0.05 * 2, spans  # 50 ms on an idle machine; the tests share theirs
    print(f"fastest scrape {min(spans) * 1000:.0f} ms")
