"""Postfix's log, as Debian and others keep it, tells which messages were taken; when it cannot tell, it is silent."""

import gzip
import os
from datetime import UTC, datetime, timedelta

import pytest

from channels.channel import Heard
from channels.log_files import instant
from channels.relay_log import ask_folder, ask_postfix

SINCE = datetime(2026, 11, 22, 4, 57, 0, tzinfo=UTC)
TAKEN, ABSENT, SILENT = Heard.TAKEN, Heard.ABSENT, Heard.SILENT
IDS = ["<1@don-doc.vn>", "<2@don-doc.vn>"]


def syslog(when: datetime) -> str:
    local = when.astimezone()
    return f"{local:%b} {local.day:2d} {local:%H:%M:%S}"


def rfc_3339(when: datetime) -> str:
    return when.isoformat(timespec="microseconds")


def lines(*said: str, stamp=syslog, start: datetime = SINCE - timedelta(seconds=2), name: str = "postfix") -> str:
    """One line a second."""
    made = [f"{stamp(start + timedelta(seconds=number))} relay {name}/{what}\n" for number, what in enumerate(said)]
    return "".join(made)


BEFORE = "master[1]: daemon started -- version 3.7.11, configuration /etc/postfix"
OPENED = "smtpd[7]: connect from localhost[127.0.0.1]"
CLIENT = "smtpd[7]: 4F2A1C0: client=localhost[127.0.0.1]"
NAMED = "cleanup[9]: 4F2A1C0: message-id=<1@don-doc.vn>"
ACTIVE = "qmgr[3]: 4F2A1C0: from=<n.1.abc@don-doc.vn>, size=9000, nrcpt=1 (queue active)"
CLOSED = "smtpd[7]: disconnect from localhost[127.0.0.1] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"
LOST = "smtpd[7]: lost connection after DATA (4938 bytes) from localhost[127.0.0.1]"
WHOLE = (BEFORE, OPENED, OPENED, CLIENT, NAMED, ACTIVE, CLOSED)


def asked(tmp_path, text: str, **more) -> list[Heard]:
    log = tmp_path / "mail.log"
    log.write_text(text)
    return ask_postfix(log, IDS, SINCE, **more)


@pytest.mark.parametrize("stamp", [syslog, rfc_3339])
@pytest.mark.parametrize("name", ["postfix", "postfix-relay", "postfix/submission"])
def test_what_reached_the_queue_is_taken_and_the_rest_is_absent(tmp_path, stamp, name):
    assert asked(tmp_path, lines(*WHOLE, stamp=stamp, name=name)) == [TAKEN, ABSENT]


def test_long_queue_ids(tmp_path):
    text = lines(*WHOLE).replace("4F2A1C0", "3Xc5k21Rz9zJrPx")
    assert asked(tmp_path, text) == [TAKEN, ABSENT]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ((BEFORE, OPENED, CLIENT, NAMED, CLOSED), SILENT),  # handed over, not in the queue yet
        ((BEFORE, OPENED, CLIENT, NAMED), SILENT),  # still at it
        ((BEFORE, OPENED, CLIENT, NAMED, LOST, CLOSED), ABSENT),
        ((BEFORE, OPENED, CLIENT, LOST, CLOSED, NAMED), ABSENT),  # cleanup is slower than smtpd
        ((BEFORE, OPENED, CLIENT, LOST, CLOSED), ABSENT),
        ((BEFORE, OPENED, CLIENT, NAMED, "cleanup[9]: 4F2A1C0: milter-reject: END-OF-MESSAGE from x", CLOSED), ABSENT),
        ((BEFORE, OPENED, CLIENT, NAMED, "cleanup[9]: 4F2A1C0: reject: header Subject: x", CLOSED), ABSENT),
        ((BEFORE, OPENED, CLIENT, NAMED, "cleanup[9]: 4F2A1C0: hold: header Subject: x", CLOSED), TAKEN),
        ((BEFORE, OPENED, CLIENT, NAMED, "cleanup[9]: 4F2A1C0: milter-discard: END-OF-MESSAGE", CLOSED), TAKEN),
        ((BEFORE, OPENED, CLIENT, NAMED, "qmgr[3]: 4F2A1C0: removed", CLOSED), TAKEN),
        ((BEFORE, OPENED, ACTIVE, CLIENT, NAMED, LOST, CLOSED), ABSENT),  # an older mail had the same queue id
        (
            (BEFORE, OPENED, CLIENT, NAMED, LOST, CLIENT, "cleanup[9]: 4F2A1C0: message-id=<x@y>", ACTIVE, CLOSED),
            ABSENT,
        ),
    ],
)
def test_what_becomes_of_a_message(tmp_path, said, heard):
    assert asked(tmp_path, lines(*said))[0] is heard


def test_the_second_of_a_session_that_broke_off_is_absent_and_the_first_is_not(tmp_path):
    said = (BEFORE, OPENED, CLIENT, NAMED, CLIENT.replace("4F2A1C0", "5A0"), LOST, CLOSED)
    assert asked(tmp_path, lines(*said)) == [SILENT, ABSENT]
    assert asked(tmp_path, lines(*said, ACTIVE)) == [TAKEN, ABSENT]


def test_while_a_session_is_open_nothing_is_absent(tmp_path):
    stranger = OPENED.replace("smtpd[7]", "smtpd[8]")
    assert asked(tmp_path, lines(*WHOLE, stranger)) == [TAKEN, SILENT]
    elsewhere = stranger.replace("localhost[127.0.0.1]", "mail.khac.vn[192.0.2.1]")
    assert asked(tmp_path, lines(*WHOLE, elsewhere)) == [TAKEN, ABSENT]
    assert asked(tmp_path, lines(*WHOLE, elsewhere), here=False) == [TAKEN, SILENT]
    before = lines(BEFORE, stranger, stranger, stranger, start=SINCE - timedelta(minutes=5))
    assert asked(tmp_path, before + lines(*WHOLE)) == [TAKEN, ABSENT]  # opened before we sent anything


def test_a_log_that_stopped_before_we_sent_tells_nothing(tmp_path):
    assert asked(tmp_path, lines(*WHOLE, start=SINCE - timedelta(minutes=5))) == [TAKEN, SILENT]


def test_a_log_that_began_after_we_sent_tells_only_what_it_holds(tmp_path):
    assert asked(tmp_path, lines(*WHOLE, start=SINCE + timedelta(minutes=5))) == [TAKEN, SILENT]


@pytest.mark.parametrize("text", ["", "no log at all\n", "\xff\xfe\x00" * 100])
def test_what_is_no_log_is_silent(tmp_path, text):
    assert asked(tmp_path, text) == [SILENT, SILENT]


def test_a_log_that_is_not_there_is_silent(tmp_path):
    assert ask_postfix(tmp_path / "khong-co" / "mail.log", IDS, SINCE) == [SILENT, SILENT]
    assert ask_postfix(tmp_path, IDS, SINCE) == [SILENT, SILENT]


@pytest.mark.parametrize("rotated", ["mail.log.1", "mail.log-20261122", "mail.log.1.gz", "mail.log.2.gz"])
def test_what_was_rotated_away_is_read_as_far_back_as_needed(tmp_path, rotated):
    old = lines(*WHOLE).encode()
    (tmp_path / rotated).write_bytes(gzip.compress(old) if rotated.endswith("gz") else old)
    (tmp_path / "mail.log.9.gz").write_bytes(b"too old to be looked at, and no gzip")
    os.utime(tmp_path / "mail.log.9.gz", (0, 0))
    assert asked(tmp_path, lines(CLOSED, start=SINCE + timedelta(hours=1))) == [TAKEN, ABSENT]
    assert asked(tmp_path, "") == [TAKEN, ABSENT]


def test_an_unreadable_rotated_log_is_silent(tmp_path):
    (tmp_path / "mail.log.1.gz").write_bytes(b"no gzip")
    assert asked(tmp_path, lines(CLOSED, start=SINCE + timedelta(hours=1))) == [SILENT, SILENT]


@pytest.mark.parametrize(
    ("line", "near", "told"),
    [
        (b"Dec 31 23:59:59 relay", "2027-01-01 00:00:01", "2026-12-31 23:59:59"),
        (b"Jan  1 00:00:01 relay", "2026-12-31 23:59:59", "2027-01-01 00:00:01"),
        (b"Feb 29 12:00:00 relay", "2028-03-01 00:00:00", "2028-02-29 12:00:00"),
    ],
)
def test_a_time_without_a_year_is_of_the_nearest(line, near, told):
    assert instant(line, datetime.fromisoformat(near).astimezone()) == datetime.fromisoformat(told).astimezone()


@pytest.mark.parametrize("line", [b"", b"Foo 99 99:99:99 x", b"Feb 30 12:00:00 x", b"2026-99-99T00:00:00Z x", b"\xff"])
def test_what_is_no_time_is_none(line):
    assert instant(line, SINCE) is None


def test_zones_are_kept():
    assert instant(b"2026-11-22T11:57:00.5+07:00 relay x", SINCE) == SINCE + timedelta(seconds=0.5)
    assert instant(b"2026-11-22T04:57:00Z relay x", SINCE) == SINCE


def test_a_folder_that_is_not_there_is_silent(tmp_path):
    assert ask_folder(tmp_path / "khong-co", IDS, SINCE) == [SILENT, SILENT]
