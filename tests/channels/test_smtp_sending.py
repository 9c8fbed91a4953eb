"""What becomes of each message, told by real SMTP servers that behave and misbehave."""

import asyncio
import logging
import socket
import threading
import time
from dataclasses import replace

import pytest
from channel_cast import SENDER, mail
from peers import (
    ClosesAfterOne,
    DropsAfterData,
    DropsBeforeData,
    NeverAnswersData,
    RefusesContent,
    RefusesRecipients,
    Relay,
    certificate,
    free_port,
    listening,
    login,
)

from channels.smtp import Accepted, Refused, SmtpAddress, Unknown, Unreachable, send, send_all

CONTENT = mail().as_bytes()


def to(*names):
    return [(CONTENT, SENDER, f"{name}@nghean.gov.vn") for name in names]


def test_outcomes_come_in_the_order_of_the_messages():
    relay = RefusesRecipients()
    with listening(relay) as address:
        outcomes = send(to("a", "x450", "b", "x550", "c"), address)
    assert [type(outcome) for outcome in outcomes] == [Accepted, Refused, Accepted, Refused, Accepted]
    assert sorted(relay.got) == ["a@nghean.gov.vn", "b@nghean.gov.vn", "c@nghean.gov.vn"]
    assert outcomes[0].code == 250


def test_four_is_for_now_and_five_for_good():
    with listening(RefusesRecipients()) as address:
        later, never = send(to("x450", "x550"), address, connections=1)
    assert (later.code, later.permanent) == (450, False)
    assert (never.code, never.text, never.permanent) == (550, "No such user", True)


def test_content_can_be_refused_too():
    with listening(RefusesContent()) as address:
        later, never = send(to("later", "spam"), address, connections=1)
    assert (later.code, later.permanent) == (451, False)
    assert (never.code, never.permanent) == (554, True)


def test_connections_are_reused():
    relay = Relay()
    with listening(relay) as address:
        send(to(*(f"u{n}" for n in range(40))), address, connections=2)
    assert len(relay.got) == 40 and relay.connections <= 2


def test_a_refusal_does_not_cost_the_connection():
    relay = RefusesRecipients()
    with listening(relay) as address:
        send(to("x450", "a", "x550", "b"), address, connections=1)
    assert relay.connections == 1


def test_dropped_after_data_is_unknown_and_the_next_goes_on_a_new_connection():
    relay = DropsAfterData()
    with listening(relay) as address:
        first, dropped, last = send(to("a", "drop", "b"), address, connections=1)
    assert isinstance(first, Accepted) and isinstance(last, Accepted)
    assert isinstance(dropped, Unknown) and "sau khi bắt đầu gửi nội dung" in dropped.reason
    assert relay.got.count("drop@nghean.gov.vn") == 1
    assert relay.connections == 2


def test_no_answer_after_data_is_unknown():
    with listening(NeverAnswersData()) as address:
        [outcome] = send(to("a"), address, timeout=0.3)
    assert isinstance(outcome, Unknown) and "không trả lời" in outcome.reason


def test_dropped_before_data_is_safe_to_repeat():
    relay = DropsBeforeData()
    with listening(relay) as address:
        [outcome] = send(to("drop"), address)
    assert isinstance(outcome, Unreachable) and "trước khi gửi nội dung" in outcome.reason
    assert relay.got == []


@pytest.mark.parametrize("relay", [DropsBeforeData(), ClosesAfterOne()])
def test_a_connection_that_the_relay_has_had_enough_of_costs_no_message(relay):
    with listening(relay) as address:
        outcomes = send(to("a", "b", "c"), address, connections=1)
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert relay.got == [f"{name}@nghean.gov.vn" for name in "abc"]


def test_nobody_listening_is_told_at_once_for_all():
    outcomes = send(to("a") * 1000, SmtpAddress("127.0.0.1", free_port()))
    assert len(outcomes) == 1000
    assert all(isinstance(outcome, Unreachable) and "Không kết nối được" in outcome.reason for outcome in outcomes)


def test_a_relay_that_takes_calls_and_says_nothing_is_waited_for_once():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        start = time.monotonic()
        outcomes = send(to(*"abcdef"), SmtpAddress("127.0.0.1", mute.getsockname()[1]), timeout=0.3)
    assert all(isinstance(outcome, Unreachable) for outcome in outcomes)
    assert time.monotonic() - start < 1.5


def test_a_message_of_our_own_making_that_cannot_go_is_refused_not_raised():
    wrong = [
        (CONTENT, SENDER, "a@b.vn\r\nRCPT TO:<x@y.vn>"),
        (CONTENT, SENDER, "đầu@mối.vn"),
        ("Chưa mã hóa\r\n".encode(), SENDER, "a@b.vn"),
    ]
    relay = Relay()
    with listening(relay) as address:
        outcomes = send([*wrong, *to("a")], address, connections=1)
    assert all(isinstance(outcome, Refused) and outcome.permanent for outcome in outcomes[:3])
    assert [outcome.ours for outcome in outcomes[:3]] == [False, False, True]
    assert isinstance(outcomes[3], Accepted) and relay.got == ["a@nghean.gov.vn"]


def test_starttls_with_a_login(tmp_path):
    context, ca = certificate(tmp_path)
    relay = Relay()
    options = {"tls_context": context, "require_starttls": True, "auth_required": True}
    with listening(relay, authenticator=login("noivu", "bí/mật"), **options) as peer:
        url = f"smtp://noivu:b%C3%AD%2Fm%E1%BA%ADt@127.0.0.1:{peer.port}?starttls=1&ca={ca}"
        [outcome] = send(to("a"), SmtpAddress.parse(url))
        [refused] = send(to("a"), replace(SmtpAddress.parse(url), password="sai-mat-khau"))
        [distrusted] = send(to("a"), replace(SmtpAddress.parse(url), ca=None))
    assert isinstance(outcome, Accepted)
    assert isinstance(refused, Unreachable) and "từ chối đăng nhập: 535" in refused.reason
    assert isinstance(distrusted, Unreachable)
    assert relay.got == ["a@nghean.gov.vn"]


def test_implicit_tls(tmp_path):
    context, ca = certificate(tmp_path)
    relay = Relay()
    with listening(relay, ssl_context=context) as peer:
        [outcome] = send(to("a"), SmtpAddress.parse(f"smtps://localhost:{peer.port}?ca={ca}"))
    assert isinstance(outcome, Accepted)


def test_starttls_is_not_given_up_when_the_relay_has_none():
    with listening(Relay()) as peer:
        [outcome] = send(to("a"), replace(peer, tls="starttls"))
    assert isinstance(outcome, Unreachable)


def test_the_password_is_in_no_log(caplog):
    caplog.set_level(logging.DEBUG)
    relay = Relay()
    with listening(relay, authenticator=login("u", "dung"), auth_require_tls=False) as peer:
        [outcome] = send(to("a"), replace(peer, user="u", password="bi-mat-123"))
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.")]
    assert "bi-mat-123" not in " ".join(ours) + repr(outcome)


def test_send_works_in_a_thread_and_is_refused_on_a_running_loop():
    relay = Relay()
    with listening(relay) as address:
        thread = threading.Thread(target=send, args=(to("a"), address))
        thread.start()
        thread.join()

        async def story():
            assert isinstance((await send_all(to("b"), address))[0], Accepted)
            with pytest.raises(RuntimeError, match="await send_all"):
                send(to("c"), address)

        asyncio.run(story())
    assert relay.got == ["a@nghean.gov.vn", "b@nghean.gov.vn"]


def test_nothing_to_send_needs_no_relay():
    assert send([], SmtpAddress("127.0.0.1", free_port())) == []
