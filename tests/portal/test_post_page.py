"""The page about sending: what waits, what left, what hangs, and the command that mends each."""

import re
from datetime import timedelta
from html import unescape

import sqlalchemy as sa
from post_cast import NOW, Answering, delivered, refused, settings_in

from models.settings import Zalo
from models.tables import channel, contact, contact_address, delivery, dispatcher, person
from tasks.deliver import PostRoom, deliver
from tasks.watch import watch

PAGE = "/gui-tin"


def text(portal):
    got = portal.get(PAGE)
    assert got.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", got.text)))


def write(engine, *statements):
    with engine.begin() as db:
        for statement in statements:
            db.execute(statement)


def alive(engine, at=NOW):
    write(engine, sa.insert(dispatcher).values(owner="may-chu:12:ab", started_at=at, beat_at=at))


def test_it_stands_in_every_pages_navigation(portal):
    assert '<a href="/gui-tin">Gửi tin</a>' in portal.get("/").text


def test_where_all_is_well_it_says_so(engine, home, plan, portal):
    alive(engine)
    delivered(engine, home, plan, refused())
    said = text(portal)
    assert "Không có gì cần xử lý" in said and "Đang chạy" in said and "Không có cảnh báo nào" in said
    assert re.search(r"Thư điện tử \d+ 0 Hoạt động", said), said


def test_a_dead_letter_shows_why_and_the_commands_that_mend_it(engine, home, plan, portal):
    alive(engine)
    delivered(engine, home, plan, refused("b:40.so-y-te"))
    html = portal.get(PAGE).text
    said = text(portal)
    assert "Gửi không được (1 thông báo)" in said and "Sở Y tế" in said
    assert "550 5.1.1 <b-40.so-y-te@…>" in said and "hop-thu-thu.invalid" not in html
    [number] = re.findall(r"<code>dondoc notices retry (\d+) --by", html)
    for verb in ("phoned", "cancel"):
        assert f'dondoc notices {verb} {number} --by "Họ tên"' in said
    assert "Đã thử 1 lượt gửi, 1 lần" in said and "bị từ chối" in said
    assert "Thông báo gửi không được" in said.partition("Thông báo và lượt gửi")[0], "and it is among what to do"


def test_channels_tell_how_they_fare(engine, home, plan, open_portal):
    delivered(engine, home, plan, refused())
    alive(engine)
    paused = {"paused_until": NOW + timedelta(hours=1), "elsewhere": True, "failures": 0}
    write(
        engine,
        sa.insert(channel).values(
            name="zns", why="Hết tiền, liên hệ vo@zalo.vn (mã -115)", quota_daily=500, quota_left=42, quota_at=NOW,
            **paused,
        ),
    )  # fmt: skip
    said = text(open_portal(home, zalo=Zalo("app", "secret", api="http://127.0.0.1:1")))
    assert "Dừng đến 10:00 ngày 01/02/2024" in said and "vo@… (mã -115)" in said and "vo@zalo.vn" not in said
    assert "còn 42 trên 500" in said


def test_dispatchers_that_went_silent(engine, home, plan, portal):
    alive(engine, NOW - timedelta(hours=2))
    said = text(portal)
    assert "may-chu:12:ab" in said and "Im lặng" in said
    assert "bộ gửi tin" in said.partition("Thông báo và lượt gửi")[0]


def test_who_cannot_be_written_to(engine, home, plan, open_portal):
    write(
        engine,
        sa.insert(person).values(id=1, name="Nguyễn Thị A"),
        sa.insert(contact).values(id=1, unit="b:40.so-y-te", role="focal_point", person=1, copies=True),
        sa.insert(contact_address).values(contact=1, url="mailto://a@yte.vn", ordinary=1, important=1, disabled_why=""),
    )
    settings = settings_in(home, smtp_url="smtp://127.0.0.1:1")
    room = PostRoom(engine, settings, {"email": Answering(settings, refused())}, lambda: NOW, "test")
    deliver(room, {plan.code: plan}, as_of=NOW)
    said = text(open_portal(home, smtp_url="smtp://127.0.0.1:1"))
    assert re.search(r"Chưa có địa chỉ nhận \(\d+ nơi nhận\)", said) and "dondoc contacts missing" in said
    assert "a@yte.vn" not in said and "Nguyễn Thị A" not in said


def test_the_alarms_of_the_week_and_where_they_go(engine, home, plan, open_portal):
    settings = settings_in(home, alarms=("json://vo:s3cret@may.vn/bi-mat",))
    assert watch(engine, {plan.code: plan}, settings, ("apprise",), now=NOW) > 0
    portal = open_portal(home, alarms=settings.alarms)
    said = text(portal)
    assert "Nơi nhận cảnh báo: json://may.vn/…" in said and "s3cret" not in portal.get(PAGE).text
    assert "chờ gửi" in said.partition("Cảnh báo trong 7 ngày qua")[2]
    later = text(open_portal(home, now=NOW + timedelta(days=8), alarms=settings.alarms))
    assert "Không có cảnh báo nào" in later


def test_nobody_to_tell_is_said(home, open_portal):
    assert "đặt DONDOC_ALARMS" in text(open_portal(home, smtp_url="smtp://127.0.0.1:1"))


def test_what_a_server_says_cannot_become_markup(engine, home, plan, portal):
    delivered(engine, home, plan, refused("b:40.so-y-te"))
    write(engine, sa.update(delivery).values(error="<script>alert(1)</script>"))
    assert "<script>" not in portal.get(PAGE).text


def test_it_is_not_there_under_the_public_name(home, open_portal):
    portal = open_portal(home, public_url="https://dondoc.example.vn")
    assert portal.get(PAGE, headers={"host": "dondoc.example.vn"}).status_code == 404


def test_looking_changes_nothing(engine, home, plan, portal):
    delivered(engine, home, plan, refused("b:40.so-y-te"))
    with engine.connect() as db:
        before = db.execute(sa.text("PRAGMA data_version")).scalar()
        portal.get(PAGE)
        assert db.execute(sa.text("PRAGMA data_version")).scalar() == before
