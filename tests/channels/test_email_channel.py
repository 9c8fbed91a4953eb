"""Email as the outbox uses it: writing, handing over, and asking the relay what became of a lost answer."""

import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from channel_cast import ADDRESS, MORNING, digest
from peers import Relay, cut_off_after_content, free_port, listening
from postfix import LOCAL, OURS, UNITS, postfix

from channels import return_address
from channels.channel import CannotWrite, Envelope, Heard, Parcel
from channels.email_channel import EmailChannel
from channels.mail_folder import MailFolder
from channels.mailbox import receiving
from channels.outcome import Accepted, Unknown, Unreachable
from channels.smtp_address import SmtpAddressError
from models.settings import Settings


def settings(home: Path, port: int, **changes) -> Settings:
    values = {"smtp_url": f"smtp://127.0.0.1:{port}", "mail_from": f"don-doc@{OURS}", "mail_domain": OURS, **changes}
    return Settings(home=home, database_url="sqlite://", **values)


def envelope(number: int = 1, **changes) -> Envelope:
    values = {"address": ADDRESS, "name": "Sở GD&ĐT", "message_id": f"<{number}@{OURS}>", "tracking_id": "t"}
    return Envelope(**{**values, "date": MORNING, **changes})


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    with postfix(tmp_path_factory.mktemp("postfix")) as peer:
        yield peer


def parcels(channel: EmailChannel, *numbers: int, domain: str = UNITS) -> list[Parcel]:
    made = []
    for number in numbers:
        to = envelope(number, address=f"u{number}@{domain}")
        made.append(Parcel(number, to.address, to.tracking_id, to.message_id, channel.write(digest(), to)))
    return made


def now() -> datetime:
    return datetime.now(UTC)


def test_a_digest_is_written_with_the_offices_reply_address_and_the_same_bytes_each_time(tmp_path):
    channel = EmailChannel(settings(tmp_path, 1, reply_to="noivu@nghean.gov.vn"))
    written = channel.write(digest(), envelope())
    assert written == channel.write(digest(), envelope()) and written.isascii()
    assert b"\r\nReply-To: noivu@nghean.gov.vn\r\n" in written and f"\r\nMessage-ID: <1@{OURS}>\r\n".encode() in written


def test_what_cannot_become_a_letter_is_told(tmp_path):
    with pytest.raises(CannotWrite, match="không phải là một địa chỉ"):
        EmailChannel(settings(tmp_path, 1)).write(digest(), envelope(address="không có"))


def test_the_return_address_names_the_delivery_only_where_returns_are_ours(tmp_path):
    ours = settings(tmp_path, 1, own_returns=True)
    address = EmailChannel(ours).returns_to(41)
    assert return_address.read(address, ours.secret()) == 41 and address.endswith(f"@{OURS}")
    assert EmailChannel(settings(tmp_path, 1)).returns_to(41) == f"don-doc@{OURS}"
    assert EmailChannel(settings(tmp_path, 1, smtp_url=None)).returns_to(41) == address


def test_an_unusable_server_address_is_told_at_once_and_a_lost_authority_when_sending(tmp_path):
    with pytest.raises(SmtpAddressError, match="smtp://"):
        EmailChannel(settings(tmp_path, 1, smtp_url="http://khong-phai"))
    channel = EmailChannel(settings(tmp_path, 1, smtp_url="smtps://127.0.0.1:1?ca=/khong/co.pem"))
    [outcome] = channel.send(parcels(channel, 1), now=now(), within=60)
    assert isinstance(outcome, Unreachable) and "/khong/co.pem" in outcome.reason


def test_a_relay_without_a_log_is_silent(tmp_path):
    with listening(Relay()) as peer:
        channel = EmailChannel(settings(tmp_path, peer.port))
        assert channel.ask(parcels(channel, 1, 2), since=now()) == [Heard.SILENT, Heard.SILENT]


def test_the_development_mailbox_tells_what_it_has(tmp_path):
    since = now()
    with receiving(MailFolder(tmp_path / "mailbox")) as port:
        channel = EmailChannel(settings(tmp_path, port, smtp_url=None, smtp_port=port))
        sent, never = parcels(channel, 1, 2)
        assert isinstance(channel.send([sent], now=since, within=60)[0], Accepted)
        assert channel.ask([sent, never], since=since) == [Heard.TAKEN, Heard.ABSENT]
    assert channel.ask([sent, never], since=since) == [Heard.TAKEN, Heard.ABSENT]  # nobody listens any more


def test_a_mailbox_that_does_not_answer_is_not_believed_when_it_lacks_a_mail(tmp_path, monkeypatch):
    monkeypatch.setattr("channels.relay_probe.SECONDS", 0.2)
    (tmp_path / "mailbox").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        channel = EmailChannel(settings(tmp_path, port, smtp_url=None, smtp_port=port))
        assert channel.ask(parcels(channel, 1), since=now()) == [Heard.SILENT]


def test_the_mailbox_folder_is_only_read_as_far_back_as_needed(tmp_path):
    folder = MailFolder(tmp_path / "mailbox")
    channel = EmailChannel(settings(tmp_path, free_port(), smtp_url=None, smtp_port=free_port()))
    [one] = parcels(channel, 1)
    folder.store(one.content, sender="a@b.vn", recipients=["c@d.vn"])
    assert channel.ask([one], since=now()) == [Heard.TAKEN]
    assert channel.ask([one], since=now() + timedelta(hours=1)) == [Heard.ABSENT]


def speak(port: int, parcel: Parcel, content: bytes) -> None:
    """A client that dies right after `content`, whatever the relay would have said."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line, line.makefile("rb") as answers:
        answers.readline()
        for said in ("HELO x", f"MAIL FROM:<a@{OURS}>", f"RCPT TO:<{parcel.address}>", "DATA"):
            line.sendall(said.encode() + b"\r\n")
            answers.readline()
        line.sendall(content)


def test_postfix_tells_what_it_took_and_what_it_never_had(tmp_path, relay):
    channel = EmailChannel(settings(tmp_path, relay.port, smtp_log=relay.log))
    since = now()
    letters = parcels(channel, *range(1, 41))
    sent = letters[:30]
    assert all(isinstance(one, Accepted) for one in channel.send(sent, now=since, within=60))
    assert channel.ask(letters, since=since) == [Heard.TAKEN] * 30 + [Heard.ABSENT] * 10
    assert channel.ask(letters, since=since - timedelta(days=1)) == [Heard.TAKEN] * 30 + [Heard.SILENT] * 10
    relay.wait_idle()
    assert [relay.delivered()[one.message_id] for one in letters] == [1] * 30 + [0] * 10


def test_postfix_is_asked_about_clients_that_died(tmp_path, relay):
    channel = EmailChannel(settings(tmp_path, relay.port, smtp_log=relay.log))
    since = now()
    whole, half, headless = letters = parcels(channel, 101, 102, 103)
    speak(relay.port, whole, whole.content + b".\r\n")
    speak(relay.port, half, half.content[:6000])
    speak(relay.port, headless, b"")
    assert channel.ask(letters, since=since) == [Heard.TAKEN, Heard.ABSENT, Heard.ABSENT]
    relay.wait_idle()
    time.sleep(0.1)  # cleanup may write of the half one after its session ended
    assert channel.ask(letters, since=since) == [Heard.TAKEN, Heard.ABSENT, Heard.ABSENT]
    assert [relay.delivered()[one.message_id] for one in letters] == [1, 0, 0]


def test_a_session_that_is_still_open_may_yet_bring_the_message(tmp_path, relay):
    channel = EmailChannel(settings(tmp_path, relay.port, smtp_log=relay.log))
    since = now()
    [late] = parcels(channel, 111)
    with socket.create_connection(("127.0.0.1", relay.port), timeout=5) as line:
        line.recv(100)
        assert channel.ask([late], since=since) == [Heard.SILENT]
        line.sendall(b"QUIT\r\n")
        line.recv(100)
    assert channel.ask([late], since=since) == [Heard.ABSENT]


def test_a_lost_answer_is_found_out(tmp_path, relay):
    """The relay's answer to the content never arrives; its log says that the message did."""
    since = now()
    with cut_off_after_content(relay.port) as port:
        channel = EmailChannel(settings(tmp_path, port, smtp_log=relay.log))
        [one] = parcels(channel, 121)
        assert isinstance(channel.send([one], now=since, within=60)[0], Unknown)
    channel = EmailChannel(settings(tmp_path, relay.port, smtp_log=relay.log))
    assert channel.ask([one], since=since) == [Heard.TAKEN]


def test_a_relay_that_is_down_is_believed_only_in_what_it_has(tmp_path):
    with postfix(tmp_path) as peer:
        since = now()
        log, port = tmp_path / "relay.log", peer.port
        channel = EmailChannel(settings(tmp_path, port, smtp_log=log))
        sent, never = parcels(channel, 1, 2)
        channel.send([sent], now=since, within=60)
        peer.wait_idle()
    (tmp_path / "mail.log").rename(log)
    assert channel.ask([sent, never], since=since) == [Heard.TAKEN, Heard.ABSENT]
    log.unlink()
    assert channel.ask([sent, never], since=since) == [Heard.SILENT, Heard.SILENT]


def test_mail_for_nobody_comes_back_to_the_address_of_its_delivery(tmp_path, relay):
    mine = settings(tmp_path, relay.port, own_returns=True)
    channel = EmailChannel(mine)
    assert isinstance(channel.send(parcels(channel, 7, domain=LOCAL), now=now(), within=60)[0], Accepted)
    deadline = time.monotonic() + 10
    while not (came := list((relay.returned / "new").glob("*"))) and time.monotonic() < deadline:
        time.sleep(0.02)
    [address] = [line[14:] for line in came[0].read_text().splitlines() if line.startswith("Delivered-To: ")]
    assert return_address.read(address, mine.secret()) == 7
