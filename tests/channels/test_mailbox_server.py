"""The development mailbox keeps what it is given, as it was given, and starts and stops cleanly."""

import contextlib
import email
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
from email.policy import default
from pathlib import Path

import httpx
import pytest
from channel_cast import ADDRESS, SENDER, digest, line, mail, part
from peers import free_port

from channels.digest import subject
from channels.mail_folder import MailFolder
from channels.mailbox import receiving
from channels.smtp import Accepted, SmtpAddress, send


@pytest.fixture
def folder(tmp_path):
    return MailFolder(tmp_path / "mails")


def test_a_mail_arrives_letter_for_letter(folder):
    said = digest(overdue=(line(duty_title="Tổ chức đối thoại giữa người đứng đầu với Nhân dân"),))
    with receiving(folder) as port:
        [outcome] = send([(mail(said).as_bytes(), SENDER, ADDRESS)], SmtpAddress("127.0.0.1", port))
    [mail_id] = folder.ids()
    assert isinstance(outcome, Accepted) and mail_id in outcome.text
    kept = email.message_from_bytes(folder.raw(mail_id), policy=default)
    assert kept["Subject"] == subject(said)
    assert kept["Return-Path"] == f"<{SENDER}>" and kept["Delivered-To"] == ADDRESS
    for subtype in ("plain", "html"):
        assert part(kept, subtype) == part(mail(said), subtype)
    assert folder.raw(mail_id).endswith(mail(said).as_bytes())


def test_a_burst_of_500_arrives_whole(folder):
    message = mail().as_bytes()
    with receiving(folder) as port:
        messages = [(message, SENDER, f"u{number}@nghean.gov.vn") for number in range(500)]
        outcomes = send(messages, SmtpAddress("127.0.0.1", port))
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    kept = {email.message_from_bytes(folder.raw(mail_id))["Delivered-To"] for mail_id in folder.ids()}
    assert kept == {f"u{number}@nghean.gov.vn" for number in range(500)}
    assert not list(folder.path.glob(".*"))


def test_it_rejects_nothing(folder):
    big_line = b"Subject: x\r\n\r\n" + b"a" * 5000 + b"\r\n" + b"b" * 500_000 + b"\r\n"
    with receiving(folder) as port, smtplib.SMTP("127.0.0.1", port, "localhost") as client:
        client.login("ai-cung-duoc", "gi-cung-duoc")
        client.sendmail("", ["a@b.vn", "c@d.vn"], big_line)
        client.sendmail("x@y.vn", "z@w.vn", b"\xff\xfe no headers at all")
        client.sendmail("x@y.vn", "đầu.mối@nghean.gov.vn", b"Subject: x\r\n\r\n", mail_options=["SMTPUTF8"])
    assert len(folder.ids()) == 3
    assert folder.raw(folder.ids()[-1]).endswith(big_line)


def test_numbers_go_on_after_a_restart(folder):
    first = folder.store(b"a", sender="", recipients=[])
    second = MailFolder(folder.path).store(b"b", sender="", recipients=[])
    assert folder.ids() == [second, first]


def test_two_mailboxes_on_one_folder_never_overwrite(folder):
    other = MailFolder(folder.path)
    for _ in range(3):
        folder.store(b"a", sender="", recipients=[])
        other.store(b"b", sender="", recipients=[])
    assert len(folder.ids()) == 6


def test_only_its_owner_reads_the_folder(folder):
    assert folder.path.stat().st_mode & 0o077 == 0


def test_stopping_does_not_wait_for_an_idle_connection(folder):
    with receiving(folder) as port:
        idle = socket.create_connection(("127.0.0.1", port))
        idle.recv(100)
        start = time.monotonic()
    assert time.monotonic() - start < 2
    idle.close()


@contextlib.contextmanager
def running(*arguments):
    command = [sys.executable, "-m", "channels.mailbox", *map(str, arguments)]
    root = Path(__file__).parents[2]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    process = subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONUTF8": "1"}, **pipes)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def started(process):
    """The page's address and the SMTP port, from the line that the program prints."""
    said = process.stdout.readline()
    found = re.search(r"(http://127\.0\.0\.1:\d+)  \(SMTP 127\.0\.0\.1:(\d+)", said)
    assert found, said
    return found[1], int(found[2])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_process_listens_on_both_and_stops_cleanly(tmp_path, number):
    with running("--smtp-port", 0, "--http-port", 0, "--folder", tmp_path, "--title-suffix", "THỬ") as process:
        page, port = started(process)
        assert httpx.get(f"{page}/health").status_code == 200
        send([(mail().as_bytes(), SENDER, ADDRESS)], SmtpAddress("127.0.0.1", port))
        listing = httpx.get(page).text
        assert subject(digest()) in listing and "THỬ" in listing
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")
    assert len(list(tmp_path.glob("*.eml"))) == 1


@pytest.mark.parametrize(("taken", "named"), [("--smtp-port", "SMTP"), ("--http-port", "trang web")])
def test_a_taken_port_is_named_and_ends_it(tmp_path, taken, named):
    with socket.create_server(("127.0.0.1", 0)) as other:
        ports = {"--smtp-port": free_port(), "--http-port": free_port(), taken: other.getsockname()[1]}
        with running(*(word for pair in ports.items() for word in pair), "--folder", tmp_path) as process:
            _, err = process.communicate(timeout=10)
    assert process.returncode == 1
    assert f"Cổng {ports[taken]} ({named}) đang được chương trình khác sử dụng" in err
    assert taken in err and "Traceback" not in err


def test_a_folder_that_cannot_be_is_named(tmp_path):
    (tmp_path / "tep").write_text("")
    with running("--smtp-port", 0, "--http-port", 0, "--folder", tmp_path / "tep") as process:
        _, err = process.communicate(timeout=10)
    assert process.returncode == 1 and "Không dùng được thư mục" in err and "Traceback" not in err
