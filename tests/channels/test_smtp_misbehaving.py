"""Relays that are slow, strict, moody or broken: what each message is told, and how little they are bothered."""

import time

import pytest
from channel_cast import SENDER, mail
from peers import Moody, Relay, certificate, listening, login, moody

from channels.smtp import Accepted, Refused, SmtpAddress, Unknown, Unreachable, send

CONTENT = mail().as_bytes()


def to(count, content=CONTENT):
    return [(content, SENDER, f"u{number}@nghean.gov.vn") for number in range(count)]


def kinds(outcomes):
    return [type(outcome) for outcome in outcomes]


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "content"])
@pytest.mark.parametrize("code", [450, 451, 452])
def test_greylisting_and_a_full_disk_put_off_one_message_and_no_other(stage, code):
    relay = Moody(stage, f"{code} 4.7.1 Greylisted, come back", moods=1)
    with moody(relay) as address:
        outcomes = send(to(3), address)
    assert outcomes[0] == Refused(code, "4.7.1 Greylisted, come back", permanent=False)
    assert kinds(outcomes[1:]) == [Accepted, Accepted] and len(relay.got) == 2
    assert relay.connections == 1


@pytest.mark.parametrize("stage", ["RCPT", "DATA", "content"])
def test_a_five_to_the_recipient_or_the_message_is_for_good(stage):
    with moody(Moody(stage, "554 5.7.1 no", moods=1)) as address:
        outcomes = send(to(2), address)
    assert outcomes[0] == Refused(554, "5.7.1 no", permanent=True) and isinstance(outcomes[1], Accepted)


def test_a_five_to_the_sender_is_our_trouble_and_fails_nobodys_message():
    relay = Moody("MAIL", "553 5.7.1 Sender not allowed")
    with moody(relay) as address:
        outcomes = send(to(4), address)
    assert kinds(outcomes) == [Unreachable] * 4 and "5.7.1" in outcomes[0].reason and relay.got == []


@pytest.mark.parametrize("does", ["hang", "drop"])
@pytest.mark.parametrize("stage", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
def test_without_an_answer_before_the_content_nothing_was_sent(stage, does):
    relay = Moody(stage, does)
    with moody(relay) as address:
        start = time.monotonic()
        outcomes = send(to(8), address, timeout=0.2)
    assert kinds(outcomes) == [Unreachable] * 8 and relay.got == []
    assert relay.connections <= 2 and time.monotonic() - start < 1.5


@pytest.mark.parametrize("does", ["hang", "drop"])
def test_without_an_answer_to_the_content_nobody_knows_and_no_more_are_put_at_risk(does):
    relay = Moody("content", does)
    with moody(relay) as address:
        outcomes = send(to(8), address, timeout=0.2)
    assert kinds(outcomes) == [Unknown] * 2 + [Unreachable] * 6
    assert relay.connections == 2


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "content"])
def test_a_new_connection_that_is_told_421_is_the_last_one(stage):
    relay = Moody(stage, "421 4.7.0 too many messages, slow down")
    with moody(relay) as address:
        outcomes = send(to(9), address)
    assert kinds(outcomes) == [Unreachable] * 9 and relay.connections == 1
    assert all("421 4.7.0 too many messages, slow down" in outcome.reason for outcome in outcomes)


def test_a_relay_that_greets_with_421_is_left_alone():
    relay = Moody("greeting", "421 busy")
    with moody(relay) as address:
        outcomes = send(to(60), address)
    assert kinds(outcomes) == [Unreachable] * 60 and relay.connections == 1
    assert "421 busy" in outcomes[0].reason


def test_an_odd_answer_is_no_acceptance():
    with moody(Moody("content", "299 perhaps", moods=1)) as address:
        odd, fine = send(to(2), address)
    assert isinstance(odd, Unknown) and "299 perhaps" in odd.reason and isinstance(fine, Accepted)
    with moody(Moody("RCPT", "hello there", moods=1)) as address:
        odd, fine = send(to(2), address)
    assert isinstance(odd, Unreachable) and isinstance(fine, Accepted)


def test_never_more_than_five_connections_and_one_for_a_few():
    for count, most in ((200, 5), (9, 1)):
        relay = Moody("none", "")
        with moody(relay) as address:
            assert kinds(send(to(count), address)) == [Accepted] * count
        assert relay.most_open <= most and relay.connections <= most and len(relay.got) == count


def test_what_has_not_begun_in_time_is_left_for_later():
    class Slow(Relay):
        async def handle_RCPT(self, server, session, envelope, address, options):
            time.sleep(0.05)
            envelope.rcpt_tos.append(address)
            return "250 OK"

    relay = Slow()
    with listening(relay) as address:
        outcomes = send(to(30), address, within=0.5)
    done = kinds(outcomes).count(Accepted)
    assert 0 < done < 20 and len(relay.got) == done
    assert kinds(outcomes) == [Accepted] * done + [Unreachable] * (30 - done)
    assert "Hết thời gian" in outcomes[-1].reason


def test_no_time_at_all_sends_nothing():
    relay = Moody("none", "")
    with moody(relay) as address:
        assert kinds(send(to(3), address, within=0)) == [Unreachable] * 3
    assert relay.got == []


def test_lines_that_are_or_begin_with_a_dot_arrive():
    relay = Moody("none", "")
    said = b"Subject: x\r\n\r\n.\r\n..two\r\n.one\r\nend"
    with moody(relay) as address:
        send(to(1, said), address)
    assert relay.got == [b"Subject: x\r\n\r\n..\r\n...two\r\n..one\r\nend\r\n"]  # stuffed once on the wire


def test_a_wrong_password_is_tried_on_one_connection():
    relay = Relay()
    with listening(relay, authenticator=login("noivu", "dung"), auth_require_tls=False) as peer:
        outcomes = send(to(60), SmtpAddress(peer.host, peer.port, user="noivu", password="sai"))
    assert kinds(outcomes) == [Unreachable] * 60 and relay.connections == 1
    assert "từ chối đăng nhập: 535" in outcomes[0].reason


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"days": -2}, "certificate has expired"), ({"name": "mail.khac.vn"}, "not valid for '127.0.0.1'")],
)
@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_wrong_certificate_gets_no_mail(tmp_path, tls, wrong, says):
    context, ca = certificate(tmp_path, **wrong)
    relay = Relay()
    options = {"ssl_context": context} if tls == "implicit" else {"tls_context": context}
    with listening(relay, **options) as peer:
        [outcome] = send(to(1), SmtpAddress(peer.host, peer.port, tls, ca=str(ca)))
    assert isinstance(outcome, Unreachable) and says in outcome.reason and relay.got == []
