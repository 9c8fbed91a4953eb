"""A message says how its due dates were counted, and stays short and whole with hundreds of late units."""

import re

from channel_cast import digest, line, mail, part

from channels.digest import Reckoning, Step

CLIPPED = 102 * 1024
"""Bytes of HTML after which Gmail cuts a message off."""
REGULATION = "Ban hành Quy chế thực hiện dân chủ ở cơ sở"
QUARTER = "Quý IV năm 2023"
SOURCE = (
    "Cổng Thông tin điện tử tỉnh Nghệ An, bài «Triển khai thực hiện Luật Thực hiện dân chủ ở cơ sở "
    "trên địa bàn tỉnh Nghệ An», đoạn 4 (25/05/2024)"
)
STEPS = (
    Step("Trong Quý IV năm 2023: từ 01/10/2023 đến hết 31/12/2023", "Kế hoạch (thời hạn như văn bản ghi)"),
    Step("Thời hạn kết thúc lúc 24 giờ ngày 31/12/2023", "Bộ luật Dân sự 2015, Điều 148 khoản 6"),
)
COUNTED = Reckoning(REGULATION, QUARTER, "31/12/2023", STEPS)


def late(name, **changes):
    given = {"duty_title": REGULATION, "period": QUARTER, "due": "31/12/2023", "citation": SOURCE}
    return line(unit_name=name, status="Quá hạn 5 ngày làm việc", **(given | changes))


def to_superior(*lines, **changes):
    return digest(overdue=(), due=(), subordinates=lines, portal_url=None, reckonings=(COUNTED,), **changes)


def both(said):
    message = mail(said)
    return part(message, "html"), part(message, "plain")


def test_the_steps_stand_after_the_duties_each_with_its_article():
    for content in both(digest(reckonings=(COUNTED,))):
        places = [
            content.upper().index(words.upper())
            for words in ("Báo cáo năm 2023", "Cách tính thời hạn", STEPS[0].why, STEPS[0].article, STEPS[1].why,
                          STEPS[1].article, "Cách trả lời")
        ]  # fmt: skip
        assert places == sorted(places)
        assert f"{QUARTER}: đến hết 31/12/2023" in content


def test_without_a_reckoning_there_is_no_empty_section():
    assert all("cách tính thời hạn" not in content.lower() for content in both(digest()))


def test_a_step_without_an_article_and_a_duty_without_a_date():
    bare = Reckoning(REGULATION, "", None, (Step("Thường xuyên", ""),))
    html, text = both(digest(overdue=(), due=(line(citation=""),), reckonings=(bare,)))
    assert "Căn cứ:" not in html + text and "đến hết" not in html + text
    assert f"1. {REGULATION}\n   - Thường xuyên\n" in text


def test_what_late_units_share_is_said_once():
    late_ones = [late(f"UBND xã {number}") for number in range(40)]
    for content in both(to_superior(*late_ones)):
        assert content.count(SOURCE) == 1 and content.count(REGULATION) == 2
        assert all(f"UBND xã {number}" in content for number in range(40))
        assert content.count("Quá hạn 5 ngày làm việc") == 40


def test_units_with_another_date_stand_apart():
    said = to_superior(late("UBND xã A"), late("UBND xã B", due="15/01/2024"), late("UBND xã C"))
    assert [[one.unit_name for one in group.lines] for group in said.late_groups] == [
        ["UBND xã A", "UBND xã C"], ["UBND xã B"],
    ]  # fmt: skip


def test_a_note_stands_on_its_own_line_and_once_where_it_is_everybodys():
    note = "Đã gia hạn đến hết ngày 15/12/2023"
    own = to_superior(late("UBND xã A"), late("UBND xã B", note=note))
    shared = to_superior(late("UBND xã A", note=note), late("UBND xã B", note=note))
    for content in both(own):
        assert content.count(note) == 1 and content.index("UBND xã B") < content.index(note)
    for content in both(shared):
        assert content.count(note) == 1 and content.index(note) < content.index("UBND xã A")


def test_a_note_about_the_only_unit_stays_on_its_line():
    [group] = to_superior(late("UBND xã A", note="Đã gia hạn")).late_groups
    assert group.note == ""


def test_a_whole_provinces_digest_is_not_cut_off():
    names = [f"UBND xã Quỳnh Thanh Phương {number} (Huyện Quỳnh Lưu)" for number in range(560)]
    html, _ = both(to_superior(*(late(name) for name in names)))
    assert len(html.encode()) < CLIPPED and names[-1] in html


def test_the_section_fits_a_phone_and_shows_text_only():
    html, text = both(to_superior(late("<b>xã</b>")))
    assert "<b>xã" not in html and "&lt;b&gt;xã" in html and "<b>xã</b>" in text
    assert not re.search(r"width:\s*[5-9]\d\dpx", html.replace("max-width:640px", ""))
