"""What comes back is read for what it says, whoever wrote it and however badly."""

import base64
import time

import pytest
import returned_cast as cast
from hypothesis import given
from hypothesis import strategies as st

from channels.dsn import ACTIONS, Returned, read

REPORTS = [
    cast.report(cast.POSTFIX), cast.report(cast.GMAIL), cast.report(cast.EXCHANGE), cast.report(cast.DELAYED),
    cast.QMAIL, cast.EXIM, cast.VACATION, cast.OUT_OF_OFFICE, cast.CHALLENGE, cast.READ_RECEIPT,
]  # fmt: skip


@pytest.mark.parametrize(
    ("blocks", "status", "says"),
    [
        (cast.POSTFIX, "5.1.1", 'unknown user: "vanthu"'),
        (cast.GMAIL, "5.1.1", "550-5.1.1 The email account that you tried to reach does not exist."),
        (cast.EXCHANGE, "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient vanthu@don-vi.test not found"),
    ],
)
def test_an_address_that_does_not_exist(blocks, status, says):
    found = read(cast.report(blocks))
    assert found is not None and found.diagnostic.startswith(says)
    assert (found.action, found.status, found.recipient) == ("failed", status, "vanthu@don-vi.test")
    assert found.message_id == cast.LETTER
    assert found.permanent and found.address_gone


def test_late_is_not_lost_and_given_up_is_not_for_good():
    late, given_up = read(cast.report(cast.DELAYED)), read(cast.report(cast.GIVEN_UP))
    assert (late.action, late.permanent) == ("delayed", False)
    assert (given_up.action, given_up.status, given_up.permanent) == ("failed", "4.4.1", False)


@pytest.mark.parametrize(
    ("status", "gone"),
    [("5.1.1", True), ("5.1.2", True), ("5.2.1", True), ("5.4.1", True), ("5.1.10", True), ("5.2.2", False),
     ("5.7.1", False), ("5.7.26", False), ("5.3.4", False), ("5.1.8", False), ("5.0.0", False), ("4.2.2", False)],
)  # fmt: skip
def test_only_what_speaks_of_the_address_is_held_against_it(status, gone):
    found = read(cast.report(cast.POSTFIX.replace("5.1.1", status)))
    assert found.status == status and found.address_gone is gone
    assert found.permanent is status.startswith("5")


def test_a_vague_status_is_told_by_the_servers_words():
    vague = cast.GMAIL.replace("Status: 5.1.1", "Status: 5.0.0 (permanent failure)")
    assert read(cast.report(vague)).status == "5.1.1"


@pytest.mark.parametrize("action", ["delivered", "Relayed", "EXPANDED"])
def test_good_news_is_told_apart(action):
    found = read(cast.report(cast.POSTFIX.replace("failed", action).replace("5.1.1", "2.0.0")))
    assert found.action == action.lower() and not found.permanent


def test_of_several_recipients_the_one_that_failed_counts():
    fine = "Final-Recipient: rfc822; a@don-vi.test\nAction: delivered\nStatus: 2.0.0\n"
    head, failed = cast.POSTFIX.split("\n\n")
    found = read(cast.report(f"{head}\n\n{fine}\n{failed}"))
    assert (found.action, found.recipient) == ("failed", "vanthu@don-vi.test")


def test_only_the_headers_may_come_back():
    assert read(cast.report(cast.POSTFIX, third="text/rfc822-headers")).message_id == cast.LETTER


def test_a_report_without_our_letter_names_it_as_what_it_answers():
    short = cast.report(cast.EXCHANGE, head=f"In-Reply-To: {cast.LETTER}\nReferences: <other@x> {cast.LETTER}\n")
    assert read(short.replace(f"Message-ID: {cast.LETTER}".encode(), b"X: y")).message_id == cast.LETTER


def test_a_status_encoded_against_the_rules_is_read_all_the_same():
    encoded = base64.encodebytes(cast.POSTFIX.encode()).decode()
    assert read(cast.report(encoded, encoding="base64")).status == "5.1.1"


def test_a_report_inside_another_letter_is_found():
    inner = cast.report(cast.POSTFIX)
    outer = b"From: list@x.test\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    assert read(outer).status == "5.1.1"


def test_vietnamese_words_survive_and_control_characters_do_not():
    said = cast.POSTFIX.replace('unknown user: "vanthu"', "Hộp thư không tồn tại\x1b[31m\x00")
    assert read(cast.report(said)).diagnostic == "Hộp thư không tồn tại [31m"


@pytest.mark.parametrize(
    ("letter", "says"), [(cast.QMAIL, "550 5.1.1 No such user here"), (cast.EXIM, "created automatically")]
)
def test_old_servers_are_understood_but_not_believed(letter, says):
    found = read(letter)
    assert found is not None and says in found.diagnostic
    assert (found.action, found.status, found.permanent) == ("failed", "", False)
    assert found.message_id == cast.LETTER


@pytest.mark.parametrize("letter", [cast.VACATION, cast.OUT_OF_OFFICE, cast.CHALLENGE, cast.READ_RECEIPT])
def test_answering_machines_are_no_report(letter):
    assert read(letter) is None


def test_a_person_who_answers_is_no_report():
    assert read(b"From: a@don-vi.test\r\nSubject: Re: fail\r\n\r\nStatus: 5.1.1\r\nAction: failed\r\n") is None


def holds(found: Returned | None) -> None:
    if found is not None:
        assert found.action in ACTIONS and found.diagnostic.isprintable() and found.recipient.isprintable()
        assert not found.permanent or found.status.startswith("5.")


@given(st.binary(max_size=400))
def test_noise_never_raises(noise):
    holds(read(noise))


@given(st.sampled_from(REPORTS), st.integers(0, 2500), st.integers(0, 2500), st.binary(max_size=12))
def test_a_damaged_report_never_raises(report, start, length, instead):
    holds(read(report[:start] + instead + report[start + length :]))


@given(
    st.sampled_from([b"utf-8", b"utf-16", b"no-such", b"unknown-8bit", b"us-ascii", b"\xff\xfe", b"idna", b"hex"]),
    st.sampled_from([b"base64", b"quoted-printable", b"x-uuencode", b"8bit", b"\xff"]),
    st.binary(max_size=60),
)
def test_wrong_charsets_and_encodings_never_raise(charset, encoding, body):
    head = b"From: mailer-daemon@x.test\nSubject: =?" + charset + b"?b?gICA?=\nContent-Type: "
    plain = b'text/plain; charset="' + charset + b'"\nContent-Transfer-Encoding: ' + encoding + b"\n\n"
    holds(read(head + plain + body))
    report = cast.report(cast.POSTFIX).replace(b"7bit", encoding)
    holds(read(report.replace(b"utf-8", charset).replace(b"vanthu", body)))


def test_nesting_without_end_is_given_up():
    assert read(b"Content-Type: message/rfc822\n\n" * 20_000) is None
    assert read(b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 20_000) is None


def test_a_huge_mail_takes_no_longer_than_a_large_one():
    start = time.perf_counter()
    assert read(cast.report(cast.POSTFIX) + b"x" * 50_000_000).status == "5.1.1"
    for words in (b"maildelivery", b"> ", b"message-id:\t", b"5.5.", b"--=b\n", b"\n \n"):
        read(b"From: " + words * 100_000 + b"\nSubject: x\n\n" + words * 100_000)
    assert time.perf_counter() - start < 10
