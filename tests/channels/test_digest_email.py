"""A digest becomes one email: right words, safe headers, the same bytes every time."""

import email
import unicodedata
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.policy import default
from email.utils import getaddresses
from urllib.parse import unquote

import pytest
from channel_cast import ADDRESS, COMING, MORNING, OFFICE, SENDER, UNIT, digest, line, mail, part
from hypothesis import given
from hypothesis import strategies as st

from channels.digest import subject
from channels.headers import HeaderRefused

VIETNAMESE = [
    "Sở",
    "tế",
    "Nam,",
    "UBND",
    "_",
    "a.b",
    "Quỳnh",
    "Lưu;",
    '"Ngô"',
    "(Nghệ",
    "An)",
    "=?utf-8?q?x?=",
    "–",
    "x",
]
NAMES = st.lists(st.sampled_from(VIETNAMESE), min_size=1, max_size=40).map(" ".join)


def read_back(message):
    return email.message_from_bytes(message.as_bytes(), policy=default)


def person(raw, field):
    """Name and address as RFC 2047 reads them.

    The standard library's newer parser keeps the white space between two encoded words of a name
    (it shows "S ở" where mail programs show "Sở"), so it cannot be the judge here.
    """
    [(name, address)] = getaddresses([" ".join(str(email.message_from_bytes(raw)[field]).split())])
    return str(make_header(decode_header(name))), address


def test_headers_say_who_writes_to_whom():
    got = read_back(mail(reply_to="noivu@nghean.gov.vn"))
    assert got["Subject"] == subject(digest())
    assert person(got.as_bytes(), "From") == (OFFICE, SENDER)
    assert person(got.as_bytes(), "To") == (UNIT, ADDRESS)
    assert got["Reply-To"] == "noivu@nghean.gov.vn"
    assert got["Message-ID"] == "<tb-123@dondoc.nghean.gov.vn>"
    assert got["Date"].datetime == MORNING
    assert got["Auto-Submitted"] == "auto-generated"


def test_both_parts_hold_the_same_facts_overdue_first():
    message = read_back(mail(digest(subordinates=(line(unit_name="UBND xã A"),), copies=(line(unit_name="Sở Y tế"),))))
    for subtype in ("plain", "html"):
        content = part(message, subtype)
        order = [
            "Sửa đổi, bổ sung Quy chế",
            "Quá hạn 38 ngày làm việc",
            "Báo cáo năm 2023",
            "UBND xã A",
            "Sở Y tế",
        ]
        places = [content.index(words) for words in order]
        assert places == sorted(places)
        for words in (
            "TB-2023-000123",
            "30/9/2023",
            "mục III.2.a",
            "https://dondoc.nghean.gov.vn/bao-cao/abc",
        ):
            assert words in content
        assert "được giao 3 nhiệm vụ chưa báo cáo (2 quá hạn, 1 sắp đến hạn)" in content
        assert "07 giờ 30 ngày 23/11/2023" in content


def test_the_instant_is_told_in_vietnam_time():
    message = mail(digest(as_of=datetime(2023, 11, 23, 0, 30, tzinfo=UTC)))
    assert "07 giờ 30 ngày 23/11/2023" in part(message, "plain")


def test_a_leader_gets_one_table_and_no_call_to_report():
    leader = digest(overdue=(), due=(), subordinates=(line(unit_name="UBND xã A"), line(unit_name="UBND xã B")))
    html = part(mail(leader), "html")
    assert html.count("<table") == 1
    assert "Báo cáo kết quả" not in html and "Xem chi tiết" in html


def test_without_a_portal_the_way_to_answer_is_a_reply():
    message = mail(digest(portal_url=None), reply_to="noivu@nghean.gov.vn")
    for subtype in ("plain", "html"):
        content = part(message, subtype)
        assert "noivu@nghean.gov.vn" in content and "TB-2023-000123" in content
        assert "Báo cáo kết quả" not in content


def test_simulated_data_is_labelled_in_both_parts():
    message = mail(digest(simulated=True))
    assert all("DỮ LIỆU MÔ PHỎNG" in part(message, subtype) for subtype in ("plain", "html"))
    assert "MÔ PHỎNG" not in part(mail(), "html")


def test_markup_in_a_title_is_text():
    html = part(mail(digest(overdue=(line(duty_title="<script>alert(1)</script> & 'x'"),))), "html")
    assert "<script>" not in html and "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in html


def test_a_title_with_line_breaks_cannot_forge_a_heading():
    text = part(mail(digest(overdue=(line(duty_title="Một\n\nCÁCH TRẢ LỜI\n- giả"),))), "plain")
    assert "1. Một CÁCH TRẢ LỜI - giả\n" in text


def test_the_html_needs_nothing_from_outside():
    html = part(mail(), "html")
    for outside in ("<img", "<link", "<script", "url(", "@import"):
        assert outside not in html
    assert html.count("https://") == 3  # the button, the address and its text


def test_text_typed_in_pieces_leaves_composed():
    message = mail(digest(overdue=(line(duty_title=unicodedata.normalize("NFD", "Đề án Hòa giải ở cơ sở")),)))
    assert "Đề án Hòa giải ở cơ sở" in part(message, "plain")


def test_the_same_notice_gives_the_same_bytes():
    assert mail().as_bytes() == mail().as_bytes()
    assert mail().as_bytes() != mail(message_id="<tb-124@dondoc.nghean.gov.vn>").as_bytes()


@given(name=NAMES)
def test_long_vietnamese_headers_come_back_whole(name):
    """EmailMessage alone loses or adds spaces here (Python 3.11)."""
    raw = mail(digest(recipient_name=name, office=name), to_name=name).as_bytes()
    got = email.message_from_bytes(raw, policy=default)
    assert got["Subject"] == subject(digest(recipient_name=name))
    assert person(raw, "From") == (name, SENDER)
    assert person(raw, "To") == (name, ADDRESS)
    assert got["To"].addresses[0].addr_spec == ADDRESS
    old = email.message_from_bytes(raw)
    assert str(make_header(decode_header(old["Subject"]))) == subject(digest(recipient_name=name))
    head = raw.split(b"\r\n\r\n")[0]
    assert max(len(header_line) for header_line in head.split(b"\r\n")) <= 78


def test_everything_is_seven_bit_and_short_lined():
    raw = mail(digest(overdue=(line(duty_title="Rất dài " * 500),))).as_bytes()
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "wrong",
    [
        {"to_name": "Sở Nội vụ\r\nBcc: kẻ@xấu.vn"},
        {"to_name": "Sở\u2028Nội vụ"},
        {"to_name": "Sở\x00"},
        {"to": "a@b.vn\nBcc: x@y.vn"},
        {"to": "a@b.vn, c@d.vn"},
        {"to": "không phải địa chỉ"},
        {"to": ""},
        {"to": "đầu.mối@nghean.gov.vn"},
        {"sender": "dondoc"},
        {"reply_to": "x@y.vn\r\nX: y"},
        {"message_id": "<a@b>\r\nBcc: x@y.vn"},
        {"message_id": "a@b"},
        {"date": datetime(2023, 11, 23)},
    ],
)
def test_what_must_not_become_a_header_is_refused(wrong):
    with pytest.raises(HeaderRefused):
        mail(**wrong)


def test_a_line_break_in_a_name_of_the_digest_is_refused():
    for field in ("office", "recipient_name"):
        with pytest.raises(HeaderRefused, match="xuống dòng"):
            mail(digest(**{field: "Sở Nội vụ\r\nBcc: x@y.vn"}))


def test_a_duty_without_a_term_shows_no_empty_label():
    text = part(
        mail(digest(overdue=(), due=(line(due=None, period="", citation="", status="Thường xuyên"),))),
        "plain",
    )
    assert "Thời hạn:" not in text and "Kỳ báo cáo:" not in text and "Căn cứ:" not in text
    assert "Tình trạng: Thường xuyên" in text


def test_a_unit_is_named_where_it_is_not_the_recipient():
    text = part(mail(digest(overdue=(line(),), due=(), copies=(line(unit_name="Sở Y tế"),))), "plain")
    assert text.count("Đơn vị: ") == 1 and "Đơn vị: Sở Y tế" in text
    assert COMING.unit_name == UNIT


COPIES_ONLY = {"overdue": (), "due": (), "copies": (line(unit_name="Sở Y tế"),)}


def test_copies_for_information_can_be_stopped_with_one_press():
    message = mail(digest(**COPIES_ONLY, unsubscribe_url="https://dondoc.nghean.gov.vn/thoi/abc"))
    assert message["List-Unsubscribe"] == "<https://dondoc.nghean.gov.vn/thoi/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_the_portal_they_are_stopped_by_a_letter_to_the_office():
    message = mail(digest(**COPIES_ONLY), reply_to="noivu@nghean.gov.vn")
    address, _, said = message["List-Unsubscribe"].removeprefix("<mailto:").removesuffix(">").partition("?subject=")
    assert address == "noivu@nghean.gov.vn" and message["List-Unsubscribe-Post"] is None
    assert unquote(said) == "Ngừng nhận bản gửi để biết – thông báo TB-2023-000123"
    local = mail(digest(**COPIES_ONLY, unsubscribe_url="http://127.0.0.1:8080/thoi/abc"))
    assert local["List-Unsubscribe"] and local["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize("owed", ["overdue", "due", "subordinates"])
def test_what_must_be_answered_cannot_be_stopped(owed):
    message = mail(digest(**{**COPIES_ONLY, owed: (line(),)}, unsubscribe_url="https://dondoc.vn/thoi/abc"))
    assert message["List-Unsubscribe"] is None and message["List-Unsubscribe-Post"] is None


def test_a_link_that_would_break_the_header_is_refused():
    with pytest.raises(HeaderRefused, match="trang web"):
        mail(digest(**COPIES_ONLY, unsubscribe_url="https://a.vn/x>\r\nBcc: <y"))
