"""Raising alarms: told once, by whichever way, to whoever there is to tell; what cannot leave raises nothing more."""

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cast import PARTY_OFFICE, instant, into, text_of
from watch_cast import WEDNESDAY, beats, looks, paused, reminded_office, rows, sends_alarms, told, watches

from channels.apprise_channel import AppriseChannel
from channels.channel import Envelope, Parcel
from channels.email_channel import EmailChannel
from channels.plain_mail import plain_mail
from channels.zalo_templates import APPROVED, Template, register
from models.database import writing
from models.tables import alarm, delivery
from tasks.alarms import DEVELOPER


@pytest.fixture(scope="module")
def reminded(new_office):
    return reminded_office(new_office)


@pytest.fixture
def office(new_office, reminded):
    return new_office(like=reminded)


@pytest.fixture
def alive(office):
    """A dispatcher that never dies."""
    beats(office, "2030-01-01")
    return office


@contextmanager
def hook(status=200):
    """A web hook on this machine, and what it was told."""
    got = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"json://vo:s3cret@127.0.0.1:{server.server_port}/canh-bao", got
    finally:
        server.shutdown()
        server.server_close()


def test_an_alarm_goes_to_an_apprise_address_once(alive, caplog):
    with hook() as (url, got):
        alive.settings = replace(alive.settings, alarms=(url,))
        assert watches(alive, "2023-11-01 09:00") == 1
        for _ in range(2):
            sends_alarms(alive, "2023-11-01 09:00", apprise=AppriseChannel())
            watches(alive, "2023-11-01 09:01")
    [said] = got
    assert said["title"] == "[Cảnh báo] Thông báo quá giờ mà chưa gửi được"
    assert "Cần làm" in said["message"] and "http://127.0.0.1:8080/gui-tin" in said["message"]
    [sent] = rows(alive, delivery)
    assert (sent["about"], sent["state"], sent["contact"], sent["recipient"]) == ("alarm", "accepted", None, "")
    assert "s3cret" not in caplog.text and "Thông báo quá giờ" in caplog.text
    assert alive.ledger("delivered") == [], "the ledger is about units"


def test_an_alarm_leaves_at_night_and_on_days_off_too(alive):
    alive.delivers(WEDNESDAY, send=into([]))
    paused(alive, "zns", why="Hết tiền", elsewhere=True, paused_until=instant("2023-11-04 23:00"))
    assert watches(alive, "2023-11-04 22:30") == 1
    taken = []
    done = alive.delivers("2023-11-04 22:30", send=into(taken))
    assert done.sent == 1 and taken == [DEVELOPER]


def test_without_an_address_of_its_own_the_standing_office_is_told(office, post):
    beats(office, "2030-01-01")
    office.sweeps("2023-11-01")
    office.imports_contacts(
        {"unit": PARTY_OFFICE, "name": "Lê Văn Bình", "role": "", "email": "binh@nghean.vn"},
        {"unit": PARTY_OFFICE, "name": "Trần Thị Mai", "role": "", "email": "mai@nghean.vn"},
    )
    assert watches(office, "2023-11-01 09:00") == 1
    sends_alarms(office, "2023-11-01 09:00", email=ThroughMailbox(office))
    assert post.recipients() == ["binh@nghean.vn", "mai@nghean.vn"]
    [mail] = post.mails("mai@nghean.vn")
    assert mail["Subject"] == "[Cảnh báo] Thông báo quá giờ mà chưa gửi được"
    assert "Trần Thị Mai" in mail["To"] and "Hệ thống đôn đốc" in mail["From"]
    assert "Cần làm" in text_of(mail) and mail["Auto-Submitted"] == "auto-generated"


def test_in_development_the_mailbox_gets_it(office, post):
    beats(office, "2030-01-01")
    assert watches(office, "2023-11-01 09:00") == 1
    sends_alarms(office, "2023-11-01 09:00", email=ThroughMailbox(office))
    assert post.recipients() == [DEVELOPER]


def test_with_nobody_to_tell_the_table_and_the_log_know_it(alive, caplog):
    alive.settings = replace(alive.settings, smtp_url="smtp://127.0.0.1:1")
    assert watches(alive, "2023-11-01 09:00") == 2  # late, and units without an address
    assert rows(alive, delivery) == [] and "Thông báo quá giờ" in caplog.text
    alive.settings = replace(alive.settings, alarms=("zns://84987654321", "json://u:s3cret@may.vn/x"))
    assert watches(alive, "2023-11-02 09:00", channels=("email",)) == 1
    assert "8498…321" in caplog.text and "s3cret" not in caplog.text and rows(alive, delivery) == []


def test_alarms_go_through_zalos_bot_and_template_too(alive):
    alive.settings = replace(alive.settings, alarms=("zns://84987654321", "zbot://c1"))
    with writing(alive.engine) as db:
        template = Template("900003", "", APPROVED, {"noi_dung": 200, "ngay": 20})
        register(db, "alarm", template, now=instant(WEDNESDAY))
    watches(alive, "2023-11-01 09:00", channels=("zns", "zbot"))
    said = {row["channel"]: row["message"].decode() for row in rows(alive, delivery)}
    assert json.loads(said["zns"])["template_data"]["noi_dung"].startswith("[Cảnh báo] Thông báo quá giờ")
    assert said["zbot"].startswith("[Cảnh báo] Thông báo quá giờ mà chưa gửi được\n")


def test_alarms_that_die_raise_no_alarm_and_stale_ones_never_leave(alive):
    with hook(500) as (url, got):
        alive.settings = replace(alive.settings, alarms=(url,))
        watches(alive, "2023-11-01 09:00")
        sends_alarms(alive, "2023-11-01 09:00", apprise=AppriseChannel())
    assert len(got) == 1 and [row["state"] for row in rows(alive, delivery)] == ["retry"]
    alive.delivers("2023-11-01 09:05", send=into([]))
    assert looks(alive, "2023-11-02 08:59") == {}
    assert watches(alive, "2023-11-02 09:01") == 0
    assert [row["state"] for row in rows(alive, delivery) if row["about"] == "alarm"] == ["dead"]
    assert looks(alive, "2023-11-02 09:02") == {} and told(alive) == {"late": 1}


def test_two_watchmen_tell_it_once(alive):
    done = []
    ready = threading.Barrier(2)

    def one():
        ready.wait()
        done.append(watches(alive, "2023-11-01 09:00"))

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 1] and len(rows(alive, delivery)) == 1


def test_an_alarm_by_mail_is_the_same_to_the_last_byte_and_refuses_a_forged_header(office):
    to = Envelope("binh@nghean.vn", "Lê Văn Bình", "<ab@dondoc.invalid>", "ab", instant(WEDNESDAY))
    first, second = (plain_mail("[Cảnh báo] Thử", "Nội dung\n" * 40, to, office.settings) for _ in range(2))
    assert first == second and b"Message-ID: <ab@dondoc.invalid>" in first
    with pytest.raises(ValueError, match="xuống dòng"):
        plain_mail("Thử\nBcc: x@y.vn", "", replace(to, name="A\nBcc: x@y.vn"), office.settings)


def test_a_look_that_finds_nothing_writes_nothing(alive):
    alive.delivers(WEDNESDAY, send=into([]))
    before = rows(alive, alarm), rows(alive, delivery)
    assert watches(alive, "2023-11-01 09:00") == 0
    assert (rows(alive, alarm), rows(alive, delivery)) == before


class ThroughMailbox(EmailChannel):
    """Email into an office's mailbox."""

    def __init__(self, office):
        super().__init__(office.settings)
        self._box = office.mailbox

    def send(self, parcels: list[Parcel], *, now, within):
        return self._box.takes([(one.content, self.returns_to(one.delivery), one.address) for one in parcels])


def test_what_only_the_office_can_mend_reaches_it_whoever_else_is_told(alive, post):
    alive.settings = replace(alive.settings, smtp_url="smtp://127.0.0.1:1", alarms=("mailto://may@nghean.vn",))
    alive.imports_contacts({"unit": PARTY_OFFICE, "name": "Lê Văn Bình", "role": "", "email": "binh@nghean.vn"})
    alive.delivers("2023-11-01 08:30", send=into([]))
    assert watches(alive, "2023-11-01 09:00") == 1
    sends_alarms(alive, "2023-11-01 09:00", email=ThroughMailbox(alive))
    assert post.recipients() == ["binh@nghean.vn", "may@nghean.vn"]
    [mail] = post.mails("binh@nghean.vn")
    assert "Đơn vị chưa có địa chỉ nhận tin" in mail["Subject"]
    assert text_of(mail).count("chưa có đầu mối") > 30
