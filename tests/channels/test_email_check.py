"""`dondoc channels test email` names what is wrong and how to mend it, against servers that really are wrong so."""

import mailbox
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from peers import Moody, RefusesRecipients, Relay, certificate, free_port, listening, login, moody
from postfix import postfix

from channels.email_check import problems
from channels.mail_folder import MailFolder
from channels.mailbox import receiving
from models.settings import Settings

NOW = datetime(2026, 11, 22, 4, 57, tzinfo=UTC)


def settings(tmp_path, url, **changes):
    values = {"smtp_url": url, "mail_from": "don-doc@noivu.vn", "mail_domain": "don-doc.vn", "own_returns": True}
    return Settings(home=tmp_path, database_url="sqlite://", **{**values, "reply_to": "vt@noivu.vn", **changes})


def found(tmp_path, url, *, to=None, **changes):
    return problems(settings(tmp_path, url, **changes), to=to, now=NOW)


def wrong(findings):
    return [f"{one.what} {one.mend}" for one in findings if not one.ok and "Maildir" not in one.mend]


def url(address, scheme="smtp", login="", query=""):
    return f"{scheme}://{login}{address.host}:{address.port}{query}"


def test_without_a_server_the_development_mailbox_is_named(tmp_path):
    with receiving(MailFolder(tmp_path / "mailbox")) as port:
        findings = found(tmp_path, None, smtp_port=port, mailbox_port=8025, to="vanthu@gddt.vn")
    assert wrong(findings) == []
    assert "HỘP THƯ PHÁT TRIỂN tại http://127.0.0.1:8025" in findings[-1].what
    [path] = (tmp_path / "mailbox").glob("*.eml")
    kept = message_from_bytes(path.read_bytes())
    assert str(make_header(decode_header(kept["Subject"]))) == "Thư thử của dondoc" and kept["Date"]


def test_a_server_in_order_is_said_to_be(tmp_path):
    mailbox.Maildir(tmp_path / "returned")
    with postfix(tmp_path) as peer:
        findings = found(
            tmp_path, f"smtp://127.0.0.1:{peer.port}", returned_mail=tmp_path / "returned", smtp_log=peer.log,
            to="van-thu@don-vi.test",
        )  # fmt: skip
    assert all(one.ok and not one.mend for one in findings), wrong(findings)
    said = " ".join(one.what for one in findings)
    for words in ("Đã kết nối", "don-doc@noivu.vn", "n.0.", "đã nhận thư thử gửi van-thu@don-vi.test", "Nhật ký"):
        assert words in said


@pytest.mark.parametrize("bad", ["http://x", "smtp://u:p@mail.khac.vn", "smtp://", "smtps://127.0.0.1?ca=/khong/co"])
def test_an_address_that_cannot_be_read(tmp_path, bad):
    assert "Sửa DONDOC_SMTP_URL" in wrong(found(tmp_path, bad))[0]


def test_a_host_that_nobody_knows(tmp_path):
    [told] = wrong(found(tmp_path, "smtp://khong-co.invalid:25"))
    assert "Không tìm thấy máy chủ thư có tên khong-co.invalid" in told and "DNS" in told


def test_nobody_listens(tmp_path):
    port = free_port()
    [told] = wrong(found(tmp_path, f"smtp://127.0.0.1:{port}"))
    assert f"không có chương trình nào nghe ở cổng {port}" in told


@pytest.mark.parametrize(
    ("stage", "does", "says"),
    [("greeting", "hang", "không trả lời"), ("greeting", "drop", "ngắt kết nối giữa chừng"),
     ("greeting", "554 5.7.1 your IP is not welcome", "không phục vụ máy này: 554 5.7.1 your IP is not welcome"),
     ("EHLO", "421 try later", "không phục vụ máy này: 421 try later"), ("MAIL", "hang", "không trả lời"),
     ("MAIL", "553 5.7.1 not your domain", "không chấp nhận địa chỉ gửi don-doc@noivu.vn: 553 5.7.1 not your domain")],
)  # fmt: skip
def test_a_server_that_does_not_want_us(tmp_path, monkeypatch, stage, does, says):
    monkeypatch.setattr("channels.email_check.ANSWER_SECONDS", 0.3)
    with moody(Moody(stage, does)) as address:
        told = wrong(found(tmp_path, url(address), to="a@b.vn"))
    assert says in told[0]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize(
    ("made", "trusted", "says", "mend"),
    [
        ({"days": -2}, True, "đã hết hạn", "gia hạn"),
        ({"name": "mail.khac.vn"}, True, "không mang tên 127.0.0.1", "đúng tên máy"),
        ({}, False, "không được tin cậy cấp", "?ca="),
        ({"days": 12}, True, "chưa có hiệu lực", "ngày giờ"),
    ],
)
def test_a_wrong_certificate_is_told_by_its_fault(tmp_path, scheme, made, trusted, says, mend):
    context, ca = certificate(tmp_path, **made)
    query = ("?starttls=1&" if scheme == "smtp" else "?") + (f"ca={ca}" if trusted else "")
    with listening(Relay(), **{"ssl_context" if scheme == "smtps" else "tls_context": context}) as peer:
        [told] = wrong(found(tmp_path, url(peer, scheme, query=query.rstrip("?&"))))
    assert says in told and mend in told


def test_the_wrong_kind_of_encryption(tmp_path):
    with listening(Relay()) as peer:
        assert "Không thiết lập được kết nối mã hóa" in wrong(found(tmp_path, url(peer, "smtps")))[0]
        assert "không hỗ trợ STARTTLS" in wrong(found(tmp_path, url(peer, query="?starttls=1")))[0]


def test_a_refused_login_and_a_server_without_any(tmp_path):
    with listening(Relay(), authenticator=login("u", "dung"), auth_require_tls=False) as peer:
        [told] = wrong(found(tmp_path, url(peer, login="u:bi-mat-123@")))
    assert "từ chối tên đăng nhập hoặc mật khẩu: 535" in told and "bi-mat-123" not in told
    with moody(Moody("none", "")) as address:
        [told] = wrong(found(tmp_path, url(address, login="u:bi-mat-123@")))
    assert "không nhận đăng nhập ở cổng này" in told


def test_a_size_limit_below_a_digest(tmp_path):
    with listening(Relay(), data_size_limit=100_000) as peer:
        [told] = wrong(found(tmp_path, url(peer)))
    assert "100000 byte" in told


def test_the_sender_and_the_reply_address_that_nobody_set(tmp_path):
    with listening(Relay()) as peer:
        told = wrong(found(tmp_path, url(peer), mail_from="don-doc@dondoc.invalid", reply_to=None))
    assert "địa chỉ mặc định don-doc@dondoc.invalid" in told[0] and "DONDOC_REPLY_TO" in told[1]


def test_returned_mail_that_goes_nowhere(tmp_path):
    (tmp_path / "thu").mkdir()
    with listening(Relay()) as peer:
        for folder, says in ((None, "không được đọc"), (tmp_path / "x", "Không có"), (tmp_path / "thu", "không phải")):
            assert any(says in one.what for one in found(tmp_path, url(peer), returned_mail=folder) if not one.ok)
        mailbox.Maildir(tmp_path / "that")
        told = found(tmp_path, url(peer), returned_mail=tmp_path / "that", own_returns=False)
        assert any("chưa đặt DONDOC_MAIL_DOMAIN" in one.what for one in told if not one.ok)


def test_a_relay_log_that_says_nothing(tmp_path):
    log = tmp_path / "mail.log"
    with listening(Relay()) as peer:
        assert "Không đọc được" in wrong(found(tmp_path, url(peer), smtp_log=log))[0]
        log.write_text("Nov 22 04:57:00 may sshd[1]: hello\n")
        assert "không có dòng nào của Postfix" in wrong(found(tmp_path, url(peer), smtp_log=log))[0]


def test_what_the_server_says_to_the_test_letter(tmp_path):
    with listening(RefusesRecipients()) as peer:
        told = {to: wrong(found(tmp_path, url(peer), to=f"{to}@noivu.vn")) for to in ("a", "x450", "x550", "hỏng")}
    assert told["a"] == []
    assert "không nhận thư thử gửi x450@noivu.vn: 450" in told["x450"][0] and "Thử lại" in told["x450"][0]
    assert "550 No such user" in told["x550"][0] and "quyền gửi ra ngoài" in told["x550"][0]
    assert "không phải là một địa chỉ thư" in told["hỏng"][0]
