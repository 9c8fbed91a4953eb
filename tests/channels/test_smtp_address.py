"""The relay's URL: read, explained when wrong, and silent about the password."""

import pytest

from channels.smtp_address import SmtpAddress, SmtpAddressError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:1025", SmtpAddress("127.0.0.1", 1025)),
        ("smtp://mail.nghean.gov.vn", SmtpAddress("mail.nghean.gov.vn", 25)),
        ("smtp://u:p@mail.vn:587?starttls=1", SmtpAddress("mail.vn", 587, "starttls", "u", "p")),
        ("smtp://u:p@mail.vn?starttls=1", SmtpAddress("mail.vn", 587, "starttls", "u", "p")),
        ("smtps://mail.vn", SmtpAddress("mail.vn", 465, "implicit")),
        (
            "smtps://a%40b.vn:p%2F%3A%40x@mail.vn:465",
            SmtpAddress("mail.vn", 465, "implicit", "a@b.vn", "p/:@x"),
        ),
        ("smtp://u:p@127.0.0.1", SmtpAddress("127.0.0.1", 25, "none", "u", "p")),
        ("smtp://[::1]:2525/", SmtpAddress("::1", 2525)),
        ("smtps://mail.vn?ca=/etc/ca.pem", SmtpAddress("mail.vn", 465, "implicit", ca="/etc/ca.pem")),
    ],
)
def test_good_addresses(url, expected):
    assert SmtpAddress.parse(url) == expected


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mail.vn:25", "smtp://"),
        ("http://mail.vn", "smtp://"),
        ("smtp://", "thiếu tên máy"),
        ("smtp://mail.vn:99999", "Cổng"),
        ("smtp://mail.vn:0", "Cổng"),
        ("smtp://mail.vn:abc", "Cổng"),
        ("smtp://mail.vn/inbox", "phần thừa"),
        ("smtp://mail.vn?tls=1", "'tls'"),
        ("smtp://mail.vn?starttls=yes", "'yes'"),
        ("smtps://mail.vn?starttls=1", "starttls"),
        ("smtp://user@mail.vn", "tên đăng nhập và mật khẩu"),
        ("smtp://[::1", "Không đọc được"),
    ],
)
def test_wrong_addresses_say_what_is_wrong(url, says):
    with pytest.raises(SmtpAddressError, match=r"smtp|SMTP|Tùy chọn|starttls") as refused:
        SmtpAddress.parse(url)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://u:bi-mat@mail.vn:25",
        "smtp://u:bi-mat@mail.vn:99999",
        "smtp://u:bi-mat@mail.vn:bi-mat",
        "smtp://u:bi-mat@mail.vn?x=1",
        "ftp://u:bi-mat@mail.vn",
        "smtp://u:bi-mat@[::1",
        "smtp://:bi-mat@mail.vn",
    ],
)
def test_no_error_tells_the_password(url):
    with pytest.raises(SmtpAddressError) as refused:
        SmtpAddress.parse(url)
    assert "bi-mat" not in str(refused.value) and refused.value.__cause__ is None


def test_a_bare_password_is_refused_with_the_way_out():
    with pytest.raises(SmtpAddressError, match="starttls=1 hoặc dùng smtps://"):
        SmtpAddress.parse("smtp://u:p@mail.vn:25")


def test_shown_without_the_password():
    address = SmtpAddress.parse("smtp://u:bi-mat@mail.vn:587?starttls=1")
    assert "bi-mat" not in repr(address) + str(address)
    assert str(address) == "smtp://mail.vn:587?starttls=1"


def test_an_authority_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(SmtpAddressError, match=r"khong-co\.pem"):
        SmtpAddress.parse(f"smtps://mail.vn?ca={tmp_path}/khong-co.pem").tls_context()
