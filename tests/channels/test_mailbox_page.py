"""The mailbox's page: finding a mail, reading it safely, and nothing else."""

import re
import time
from email.message import EmailMessage

import pytest
from channel_cast import ADDRESS, SENDER, digest, line, mail
from fastapi.testclient import TestClient

from channels.mail_folder import MailFolder, fold
from channels.mailbox_page import create_app

BANNER = "HỘP THƯ PHÁT TRIỂN – không thư nào rời khỏi máy này"


@pytest.fixture
def folder(tmp_path):
    return MailFolder(tmp_path)


@pytest.fixture
def page(folder):
    return TestClient(create_app(folder), base_url="http://127.0.0.1:8025")


def keep(folder, message=None, to=ADDRESS):
    return folder.store((message or mail()).as_bytes(), sender=SENDER, recipients=[to])


def plain(subject, text="Xin chào"):
    message = EmailMessage()
    message["Subject"], message["To"] = subject, ADDRESS
    message.set_content(text)
    return message


def subjects(html):
    return re.findall(r'class="mail-subject">(.*?)</span>', html)


def test_an_empty_mailbox_says_so(page):
    html = page.get("/").text
    assert BANNER in html and "Chưa có thư nào" in html


def test_newest_first(folder, page):
    for number in range(3):
        keep(folder, plain(f"Thư {number}"))
    html = page.get("/").text
    assert subjects(html) == ["Thư 2", "Thư 1", "Thư 0"]


def test_pages_of_fifty(folder, page):
    for number in range(120):
        keep(folder, plain(f"Thư {number}"))
    first, third = page.get("/").text, page.get("/?page=3").text
    assert subjects(first)[0] == "Thư 119" and len(subjects(first)) == 50
    assert subjects(third) == [f"Thư {number}" for number in range(19, -1, -1)]
    assert 'href="/?page=2"' in first and 'rel="next"' not in third
    for odd in ("0", "-1", "99", "x", "²", "9" * 5000, ""):
        assert page.get("/", params={"page": odd}).status_code == 200


def test_search_by_subject_or_recipient_with_or_without_marks(folder, page):
    keep(folder, mail(digest(recipient_name="Sở Nội vụ"), to_name="Sở Nội vụ", to="noivu@nghean.gov.vn"))
    keep(folder, plain("Thư khác"), to="bcc@lang-son.vn")
    for words in ("Sở Nội vụ", "so noi vu", "NOIVU@", "đôn đốc noi"):
        assert len(subjects(page.get("/", params={"q": words}).text)) == 1, words
    assert subjects(page.get("/", params={"q": "lang-son"}).text) == ["Thư khác"]
    nothing = page.get("/", params={"q": "<script>"}).text
    assert "Không có thư nào khớp" in nothing and "<script>" not in nothing
    assert fold("ĐÔN ĐỐC") == "don doc"


def test_search_keeps_its_words_across_pages(folder, page):
    for number in range(60):
        keep(folder, plain(f"Báo cáo & số liệu {number}"))
    html = page.get("/", params={"q": "báo cáo &"}).text
    onward = re.search(r'rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")
    assert len(subjects(page.get(onward).text)) == 10


def test_one_mail_with_all_its_parts(folder, page):
    mail_id = keep(folder, mail(digest(overdue=(line(duty_title="<b>Đậm</b>"),))))
    html = page.get(f"/mails/{mail_id}").text
    assert re.search(rf'<iframe[^>]* sandbox="allow-popups [^"]*"[^>]* src="/mails/{mail_id}/html"', html)
    assert "allow-scripts" not in html and "allow-same-origin" not in html
    assert "Tình trạng: Quá hạn 38 ngày làm việc" in html
    assert "<b>Đậm</b>" not in html
    assert "Message-ID" in html and "tb-123@dondoc.nghean.gov.vn" in html
    raw = page.get(f"/mails/{mail_id}/raw")
    assert raw.content == folder.raw(mail_id)
    assert raw.headers["content-disposition"] == f'attachment; filename="{mail_id}.eml"'


def test_the_html_part_is_shut_in(folder, page):
    got = page.get(f"/mails/{keep(folder)}/html")
    policy = got.headers["content-security-policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy and "allow-scripts" not in policy
    assert '<head><base target="_blank">' in got.text
    assert "Quá hạn 38 ngày làm việc" in got.text


def test_pages_load_nothing_from_outside(folder, page):
    for path in ("/", f"/mails/{keep(folder)}", "/khong-co"):
        got = page.get(path)
        assert got.headers["content-security-policy"].startswith("default-src 'self'")
        assert not re.search(r"<style|<script|style=|https?://", got.text.split("<details>")[0])
    assert page.get("/static/mailbox.css").status_code == 200
    assert page.get("/static/mailbox.svg").status_code == 200


def test_a_mail_without_html_shows_its_text(folder, page):
    mail_id = keep(folder, plain("Chỉ có chữ", "Kính gửi <Sở>"))
    html = page.get(f"/mails/{mail_id}").text
    assert "<iframe" not in html and "Kính gửi &lt;Sở&gt;" in html
    assert page.get(f"/mails/{mail_id}/html").status_code == 404


def test_attachments_are_named(folder, page):
    message = plain("Có tệp")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="Biểu số 2.pdf")
    assert "Biểu số 2.pdf" in page.get(f"/mails/{keep(folder, message)}").text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00 rubbish",
        b"Subject: =?utf-8?b?broken?=\r\nTo: =?x?q?y?= <\r\nDate: hom nay\r\n\r\nx",
        b"Subject: \xc4\x90\xc3\xb4n\r\nContent-Type: text/plain; charset=khong-co\r\n\r\n\xc4\x90",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\nno boundary",
        b"Date: Thu, 01 Jan 0001 00:00:00 +2359\r\nFrom: ,;<>@\r\nMessage-ID: [\r\n\r\n",
        b"Content-Type: text/html; charset=utf-16\r\n\r\n<p>x",
        b"Content-Type: message/rfc822\r\n\r\nSubject: b\r\n\r\nx",
        b"Subject: a\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
    ],
)
def test_broken_mails_can_still_be_opened(folder, page, raw):
    mail_id = folder.store(raw, sender="a@b", recipients=["đầu\udcff@mối"])
    for path in ("/", f"/mails/{mail_id}", f"/mails/{mail_id}/raw", "/?q=x"):
        assert page.get(path).status_code == 200, path


@pytest.mark.parametrize(
    "wrong",
    [
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2fsecret",
        "0000000001-00000000",
        "0000000001-deadbeef%00",
        "0000000001-deadbeef%0a",
        "secret",
        "%2e%2e",
        "%F0%9F%92%A5",
    ],
)
def test_an_id_names_no_file_outside_the_folder(folder, page, wrong):
    (folder.path.parent / "secret.eml").write_text("bí mật")
    (folder.path / "secret.eml").write_text("bí mật")
    for path in (f"/mails/{wrong}", f"/mails/{wrong}/raw", f"/mails/{wrong}/html"):
        got = page.get(path)
        assert got.status_code == 404 and "bí mật" not in got.text


def test_a_missing_page_is_told_in_vietnamese(page):
    got = page.get("/mails/0000000001-00000000")
    assert got.status_code == 404 and "Không có thư này" in got.text
    assert page.post("/").status_code == 405


def test_only_this_machine_by_name_is_answered(folder):
    app = create_app(folder)
    for host, code in (
        ("localhost:8025", 200),
        ("127.0.0.1", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
    ):
        assert TestClient(app, base_url=f"http://{host}").get("/health").status_code == code


def test_the_title_carries_the_suffix(folder):
    client = TestClient(create_app(folder, title_suffix="DỮ LIỆU MÔ PHỎNG"), base_url="http://localhost")
    assert client.get("/").text.count("DỮ LIỆU MÔ PHỎNG") == 2


def test_the_index_stays_fast_with_ten_thousand_mails(folder, page):
    raw = mail().as_bytes()
    for _ in range(10_000):
        folder.store(raw, sender=SENDER, recipients=[ADDRESS])
    page.get("/static/mailbox.css")
    start = time.perf_counter()
    assert len(subjects(page.get("/?page=100").text)) == 50
    assert time.perf_counter() - start < 1
