"""Any address that Apprise knows: one target a call, honest outcomes, and nothing secret told."""

import contextlib
import json
import logging
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from channel_cast import MORNING, digest
from peers import free_port
from zalo_cast import envelope

from channels.apprise_channel import AppriseChannel, message, shown
from channels.channel import Heard, Parcel
from channels.outcome import Accepted, Refused, Unknown, Unreachable


class Hook(BaseHTTPRequestHandler):
    """A web hook: /ok takes, /no refuses, /hang never answers, /cut hangs up, /late answers after a while."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.got.append((self.path, json.loads(body), dict(self.headers)))
        if self.path.startswith("/hang"):
            time.sleep(1.5)
        if self.path.startswith(("/cut", "/hang")):
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(500 if self.path.startswith("/no") else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def hook():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.got, server.daemon_threads = [], True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def url(hook, path, options=""):
    return f"json://user:s3cret@127.0.0.1:{hook.server_port}{path}?rto=0.3&cto=0.3{options}"


def send(*addresses, content=None, within=30):
    channel = AppriseChannel()
    content = content or channel.write(digest(), envelope())
    parcels = [Parcel(1, address, "t", "", content) for address in addresses]
    outcomes = channel.send(parcels, now=MORNING, within=within)
    return outcomes if len(addresses) > 1 else outcomes[0]


def test_it_arrives_with_its_title_and_text(hook):
    assert send(url(hook, "/ok")) == Accepted(0, "Apprise đã gửi")
    [(path, said, headers)] = hook.got
    assert path == "/ok" and headers["Authorization"].startswith("Basic ")
    assert said["title"].startswith("[Đôn đốc] 2 nhiệm vụ quá hạn")
    assert "Số thông báo: TB-2023-000123" in said["message"]


def test_a_refusal_may_be_repeated_later(hook):
    said = send(url(hook, "/no"))
    assert isinstance(said, Refused) and not said.permanent


@pytest.mark.parametrize("path", ["/hang", "/cut"])
def test_a_line_that_breaks_after_sending_is_unknown(hook, path):
    assert isinstance(send(url(hook, path)), Unknown) and len(hook.got) == 1


def test_a_server_that_is_not_there_got_nothing():
    said = send(f"json://127.0.0.1:{free_port()}/x?cto=0.5")
    assert isinstance(said, Refused) and not said.permanent and "chưa gửi gì" in said.text


def test_a_name_that_does_not_exist_got_nothing():
    said = send("json://khong-co.invalid/x?cto=0.5")
    assert isinstance(said, Refused) and not said.permanent


@pytest.mark.parametrize("address", ["khong-phai", "abc://x", "tgram://", ""])
def test_an_address_that_apprise_does_not_understand_is_refused_for_good(address):
    said = send(address)
    assert isinstance(said, Refused) and said.permanent


def test_an_address_cannot_ask_for_repeats_or_for_failures_that_count_as_success(hook):
    assert isinstance(send(url(hook, "/no", "&retry=3&optional=yes")), Refused)
    assert len(hook.got) == 1


def test_several_addresses_are_independent_and_quick(hook):
    began = time.monotonic()
    outcomes = send(*[url(hook, "/ok")] * 4, url(hook, "/no"), url(hook, "/ok"))
    assert [type(one) for one in outcomes] == [Accepted] * 4 + [Refused, Accepted]
    assert time.monotonic() - began < 3  # one object reused sleeps 5.5 s between calls


def test_what_has_not_begun_in_time_is_left(hook):
    outcomes = send(url(hook, "/cut"), url(hook, "/ok"), within=0)
    assert [type(one) for one in outcomes] == [Unreachable, Unreachable] and hook.got == []


def test_an_alarm_of_the_engine_goes_the_same_way(hook):
    assert isinstance(send(url(hook, "/ok"), content=message("Tiêu đề", "Nội dung")), Accepted)
    assert (hook.got[0][1]["title"], hook.got[0][1]["message"]) == ("Tiêu đề", "Nội dung")


def test_content_that_is_none_is_our_mistake(hook):
    said = send(url(hook, "/ok"), content=b"Subject: x")
    assert isinstance(said, Refused) and said.ours and hook.got == []


def test_it_cannot_be_asked_and_writes_the_same_bytes():
    channel = AppriseChannel()
    assert channel.ask([None], since=MORNING) == [Heard.SILENT]
    assert channel.write(digest(), envelope()) == channel.write(digest(), envelope())


@pytest.mark.parametrize("path", ["/ok/t0ken-in-path", "/no/t0ken-in-path", "/cut/t0ken-in-path"])
def test_nothing_secret_reaches_a_log_or_an_outcome(hook, path, caplog):
    caplog.set_level("DEBUG")
    said = send(url(hook, path, "&+X-Token=hdr-s3cret"))
    gone = send("tgram://123456789:abcdefg_hijklmnop/987654321/%zz/")
    told = caplog.text + str(said) + str(gone)
    for secret in ("s3cret", "t0ken", "abcdefg"):
        assert secret not in told


def test_apprises_log_is_as_it_was_before(hook):
    log = logging.getLogger("apprise")
    with contextlib.ExitStack() as stack:
        handler = logging.NullHandler()
        log.addHandler(handler)
        stack.callback(log.removeHandler, handler)
        before = (log.level, log.propagate, log.handlers[:])
        send(url(hook, "/ok"))
        assert (log.level, log.propagate, log.handlers) == before


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mailto://hoa@vinh.gov.vn", "hoa@…"),
        ("mailto://hoa:mat-khau@vinh.gov.vn?smtp=x", "hoa@…"),
        ("zns://84987654321", "8498…321"),
        ("zbot://6ede9afa66b88fe6d6a9", "6ede…6a9"),
        ("json://user:s3cret@hook.vn:8443/t0ken?+X=y", "json://hook.vn:8443/…"),
        ("jsons://hook.vn", "jsons://hook.vn"),
        ("khong-phai", "…"),
        ("abc://s3cret", "abc://…"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address, said):
    assert shown(address) == said


@pytest.mark.parametrize(
    "address",
    [
        "tgram://123456789:abcdefg_hijklmnop/987654321/",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
        "discord://123456789012345678/abcdefghijklmnopqrst_uvwxyz-0123456789/",
        "ntfys://s3cret-topic-name-0123456789",
    ],
)
def test_tokens_of_known_services_are_hidden(address):
    whole = [part for part in address.partition("://")[2].split("/") if len(part) > 8]
    said = shown(address)
    assert said.startswith(address.partition("://")[0]) and not any(part in said for part in whole)
