"""The stand-in is as strict as Zalo, keeps what it accepts, and shows it."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from channel_cast import MORNING
from peers import free_port
from zalo_cast import HOA, office, parcel, send

from channels.outcome import Accepted
from channels.zalo_api import proof
from channels.zalo_standin import standing_in
from channels.zalo_standin_dev import DEV_APP_ID, DEV_APP_SECRET, DEV_BOT_TOKEN, DEV_REFRESH_TOKEN, dev_zalo
from channels.zalo_webhook import Forged, OutOfTime, read_event
from models.settings import Settings

DATA = {"don_vi": "Sở", "tinh_hinh": "1", "han_gan_nhat": "1", "so_thong_bao": "1", "duong_dan": "l/x"}
MESSAGE = {"phone": HOA, "template_id": "900001", "template_data": DATA, "tracking_id": "t"}


@pytest.fixture
def zalo():
    with standing_in(clock=lambda: MORNING) as running:
        yield running


def refreshed(zalo, token=DEV_REFRESH_TOKEN, *, secret=DEV_APP_SECRET, app=DEV_APP_ID):
    form = {"refresh_token": token, "app_id": app, "grant_type": "refresh_token"}
    return httpx.post(f"{zalo.url}/v4/oa/access_token", data=form, headers={"secret_key": secret}).json()


def signed(zalo, access=None):
    access = access or refreshed(zalo)["access_token"]
    return {"access_token": access, "appsecret_proof": proof(DEV_APP_SECRET, access)}


def posted(zalo, headers, **changes):
    return httpx.post(f"{zalo.url}/message/template", json=MESSAGE | changes, headers=headers).json()


def test_a_refresh_token_works_once_and_its_second_use_hurts_nobody(zalo):
    first = refreshed(zalo)
    again = refreshed(zalo)
    assert "access_token" not in again and "refresh" in again["error_name"]
    assert posted(zalo, signed(zalo, first["access_token"]))["error"] == 0
    assert "access_token" in refreshed(zalo, first["refresh_token"])


@pytest.mark.parametrize("changes", [{"secret": "x"}, {"app": "x"}, {"token": "x"}])
def test_a_wrong_refresh_is_answered_with_200_and_a_name(zalo, changes):
    assert refreshed(zalo, **changes)["error"] < 0 and "access_token" in refreshed(zalo)


def test_access_tokens_end(zalo):
    headers = signed(zalo)
    zalo.zalo.clock = lambda: MORNING + timedelta(hours=25)
    assert posted(zalo, headers)["error"] == -124


def test_the_proof_is_checked(zalo):
    headers = signed(zalo)
    assert posted(zalo, headers | {"appsecret_proof": "0" * 64})["error"] == -1241
    assert posted(zalo, {"access_token": headers["access_token"]})["error"] == -1241


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"phone": "12345"}, -108),
        ({"template_id": "1"}, -109),
        ({"template_id": 900001}, -122),
        ({"mode": "production"}, -122),
        ({"template_data": {}}, -111),
        ({"template_data": DATA | {"them": "1"}}, -112),
        ({"template_data": {"don_vi": "Sở"}}, -1121),
        ({"template_data": DATA | {"don_vi": 7}}, -1122),
        ({"template_data": DATA | {"don_vi": "x" * 101}}, -1124),
        ({"phone": "84900000118"}, -118),
    ],
)
def test_a_wrong_message_gets_its_code_and_is_not_kept(zalo, changes, code):
    assert posted(zalo, signed(zalo), **changes)["error"] == code
    assert zalo.zalo.store.total() == 0


@contextlib.contextmanager
def running(*arguments):
    command = [sys.executable, "-m", "channels.zalo_standin", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    root = Path(__file__).parents[2]
    process = subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONUTF8": "1"}, **pipes)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def port_of(process):
    said = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
    assert found, said or process.stderr.read()
    return int(found[1])


def test_as_a_process_it_keeps_across_kills_and_counts_by_reference(tmp_path):
    arguments = ("--port", 0, "--folder", tmp_path / "zalo", "--clock", MORNING.isoformat())
    with running(*arguments) as process:
        zalo = type("Zalo", (), {"settings": dev_zalo(port_of(process))})
        vinh = office(tmp_path / "vinh", zalo)
        channel = vinh.zns(answer_seconds=5)
        assert isinstance(send(channel, parcel(channel, tracking="TB-1")), Accepted)
        process.send_signal(signal.SIGKILL)
    with running(*arguments) as process:
        moved = Settings(home=tmp_path, database_url="", zalo=dev_zalo(port_of(process)))
        channel = vinh.zns(settings=moved, answer_seconds=5)
        for reference in ("TB-1", "TB-2"):
            assert isinstance(send(channel, parcel(channel, tracking=reference)), Accepted)
        url = moved.zalo.api
        assert httpx.get(f"{url}/standin/counts").json() == {"TB-1": 2, "TB-2": 1}
        fault = {"path": "/message/template", "how": "drop-after"}
        assert httpx.post(f"{url}/standin/fault", json=fault).json() == {"ok": True}
        assert httpx.post(f"{url}/standin/fault", json={"path": "/", "how": "magic"}).status_code == 400
        send(channel, parcel(channel, tracking="TB-3"))
        assert httpx.get(f"{url}/standin/counts").json()["TB-3"] == 1
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_taken_port_or_folder_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other, running("--port", other.getsockname()[1]) as process:
        _, err = process.communicate(timeout=10)
    assert process.returncode == 1 and "đang được chương trình khác sử dụng" in err and "--port" in err
    (tmp_path / "tep").write_text("")
    with running("--port", 0, "--folder", tmp_path / "tep") as process:
        _, err = process.communicate(timeout=10)
    assert process.returncode == 1 and "Không dùng được thư mục" in err and "Traceback" not in err


def test_its_page_says_what_it_is_and_shows_everything_escaped(tmp_path, zalo):
    vinh = office(tmp_path, zalo)
    channel = vinh.zns()
    send(channel, parcel(channel, recipient_name="<script>alert(1)</script>", tracking="TB-9"))
    httpx.post(f"{zalo.url}/bot{DEV_BOT_TOKEN}/sendMessage", json={"chat_id": "c", "text": "chào nhóm"})
    page = httpx.get(zalo.url)
    assert "ZALO GIẢ LẬP – không tin nào rời khỏi máy này" in page.text and "2 tin" in page.text
    assert "TB-9" in page.text and "chào nhóm" in page.text and "<script>" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert httpx.get(zalo.url, headers={"Host": "evil.example"}).status_code == 400


class Portal(BaseHTTPRequestHandler):
    """Notes the raw body and the headers of each receipt."""

    def do_POST(self):
        self.server.got.append((self.rfile.read(int(self.headers["Content-Length"])), self.headers))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def portal():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    server.got = []
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def read(zalo, receipt):
    body, headers = receipt
    signed, timestamp = headers["X-ZEvent-Signature"], headers["X-ZEvent-Timestamp"]
    return read_event(zalo.settings, body, signed=signed, timestamp=timestamp, now=MORNING)


def test_receipts_come_by_themselves_signed_and_on_demand_again_late_or_forged(zalo, portal):
    zalo.zalo.webhook = f"http://127.0.0.1:{portal.server_port}/zalo/webhook"
    headers = signed(zalo)
    kept = posted(zalo, headers, tracking_id="TB-5")["data"]["msg_id"]
    until = time.monotonic() + 5
    while not portal.got and time.monotonic() < until:
        time.sleep(0.01)
    assert (read(zalo, portal.got[0]).tracking_id, read(zalo, portal.got[0]).provider_id) == ("TB-5", kept)
    asked = f"{zalo.url}/standin/receipt?reference=TB-5"
    assert httpx.post(asked).json() == {"status": 200}
    assert read(zalo, portal.got[1]).key == read(zalo, portal.got[0]).key
    httpx.post(f"{asked}&forged=true")
    with pytest.raises(Forged):
        read(zalo, portal.got[2])
    httpx.post(f"{asked}&minutes=-1500")
    with pytest.raises(OutOfTime):
        read(zalo, portal.got[3])
    status = {"message_id": kept, "phone": HOA}
    assert httpx.get(f"{zalo.url}/message/status", params=status, headers=headers).json()["data"]["status"] == 1


def test_a_portal_that_is_away_does_not_disturb_it(zalo):
    zalo.zalo.webhook = f"http://127.0.0.1:{free_port()}/zalo/webhook"
    assert posted(zalo, signed(zalo))["error"] == 0
