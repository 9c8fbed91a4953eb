"""What a digest lets its reader do: one link to its duties, a way out of copies, and units without an address."""

from channel_cast import COMING, digest, line, mail, part

LINK = "https://dondoc.nghean.gov.vn/l/abc~def"
STOP = "https://dondoc.nghean.gov.vn/thoi-nhan/abc"


def both(said):
    message = mail(said, reply_to="noivu@nghean.gov.vn")
    return part(message, "html"), part(message, "plain")


def test_one_link_whose_words_are_true_today():
    html, text = both(digest(portal_url=LINK))
    assert "Xem nhiệm vụ và cách báo cáo" in html and "Xem nhiệm vụ và cách báo cáo tại: " + LINK in text
    assert "Báo cáo kết quả" not in html + text
    assert html.count(f'href="{LINK}"') == 2 and text.count(LINK) == 1  # the button, and the address below it
    for content in (html, text):
        assert "noivu@nghean.gov.vn" in content and "TB-2023-000123" in content


def test_without_a_link_there_is_no_button():
    html, text = both(digest(portal_url=None))
    assert "Xem nhiệm vụ và cách báo cáo" not in html + text and "href=" not in html


def test_whoever_only_watches_gets_no_call_to_report():
    for said in (
        digest(overdue=(), due=(), subordinates=(line(unit_name="UBND xã A"),), portal_url=LINK),
        digest(overdue=(), due=(), copies=(COMING,), portal_url=LINK),
    ):
        for content in both(said):
            assert "cách báo cáo" not in content and "Xem chi tiết" in content and "kèm báo cáo" not in content


def test_copies_can_be_stopped_by_a_small_line_at_the_end():
    html, text = both(digest(overdue=(), due=(), copies=(COMING,), portal_url=LINK, unsubscribe_url=STOP))
    assert f'href="{STOP}"' in html and html.index("tự động lập và gửi") < html.index(STOP)
    assert text.rstrip().endswith(f"Không nhận bản gửi để biết nữa: {STOP}")
    assert all("Không nhận bản gửi" not in content for content in both(digest(portal_url=LINK)))


def test_the_number_of_the_notice_is_named_as_such():
    html, text = both(digest(notice_number="2023-11-23/56"))
    for content in (html, text):
        assert "Số thông báo: 2023-11-23/56" in content
