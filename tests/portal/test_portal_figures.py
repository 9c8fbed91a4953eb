"""The figures of the portal are those of the status table, on any day, and each leads to its units."""

import re
from html import unescape

import pytest
import sqlalchemy as sa

from flows.catalog import load_plans
from models.database import connect, reading, writing
from models.status import STATES
from models.tables import unit
from models.words import NOBODY_YET, UNCONFIRMED
from portal.figures import figures, rows, total
from portal.render import number, percent, stated
from schedules.zone import MORNING, parse_instant
from tasks.receive import exempt, open_event
from tasks.roll_up import status
from tasks.set_up import go_live, set_up

ON = "as_of=2023-11-28"
PLAN = "/ke-hoach/nghe-an-2023"


def big_numbers(html):
    """{label: number} of each figure on the page."""
    found = re.findall(r"<dt>([^<]+)</dt>\s*<dd>(?:<a href=\"([^\"]+)\">)?([^<]+)", html)
    return {name: (text.strip(), unescape(link)) for name, link, text in found}


def unit_names(html):
    return re.findall(r'<th scope="row"><a [^>]+>([^<]+?)\s*<', html)


@pytest.mark.parametrize("day", ["2023-06-01", "2023-10-20", "2023-11-28", "2023-12-20", "2024-02-01"])
def test_figures_are_those_of_the_status_table(engine, plan, units, day):
    as_of = parse_instant(day, clock=MORNING)
    with reading(engine) as db:
        shown = rows(db, plan, units, as_of=as_of)
        table = status(db, plan, units, by="duty", as_of=as_of)
    assert [(row.duty.code, row.key, list(row.part.notes)) for row in shown] == [
        (row["duty"], row["period"], row["notes"]) for row in table
    ]
    for row, told in zip(shown, table, strict=True):
        assert row.counts == {name: told[name] for name in row.counts}
    sums = total(shown)
    assert all(sums[state] == sum(row[state] for row in table) for state in (*STATES, "expected"))
    first, *states = figures(shown)
    assert first.count == sums["expected"] == sum(figure.count for figure in states)


def test_the_first_page_in_big_numbers(portal):
    html = portal.get(f"/?{ON}").text
    shown = big_numbers(html)
    assert "Tính đến <strong>07:30 ngày 28/11/2023</strong>" in html
    assert "UBND tỉnh Nghệ An" in html and "nguồn không nêu (bài đăng không có số, ký hiệu)" in html
    assert {name: shown[name][0] for name in ("Phải báo cáo", "Quá hạn", "Sắp đến hạn", "Chưa báo cáo")} == {
        "Phải báo cáo": "544", "Quá hạn": "1", "Sắp đến hạn": "40", "Chưa báo cáo": "501",
    }  # fmt: skip
    assert shown["Hoàn thành đúng hạn"][0] == shown["Hoàn thành muộn"][0] == "1"
    assert shown["Tỷ lệ báo cáo"][0] == "0,4%" and shown["Tỷ lệ đúng hạn"][0] == "0,2%"
    assert "http://127.0.0.1:4200" in html and "http://127.0.0.1:8025" in html


def test_every_figure_leads_to_as_many_units(portal):
    shown = big_numbers(portal.get(f"/?{ON}").text)
    for label in ("Phải báo cáo", "Quá hạn", "Sắp đến hạn", "Chưa báo cáo", "Hoàn thành muộn"):
        count, link = shown[label]
        page = portal.get(link).text
        if "/nhiem-vu/" in link:
            assert len(unit_names(page)) == int(count)
            continue
        cells = set(re.findall(r'href="([^"]+trang-thai=expected)"[^>]*>[\d.]+<', page)) - {link}
        found = [portal.get(unescape(cell)).text for cell in cells if "/nhiem-vu/" in cell]
        assert sum(len(unit_names(one)) for one in found) == int(count)


def test_a_past_day_is_told_as_it_was(portal):
    before = big_numbers(portal.get("/?as_of=2023-10-02").text)
    assert before["Quá hạn"][0] == "1" and before["Hoàn thành muộn"][0] == "0"
    after = big_numbers(portal.get("/?as_of=2023-10-06").text)
    assert after["Quá hạn"][0] == "0" and after["Hoàn thành muộn"][0] == "1"


def test_the_present_is_read_from_the_clock(portal):
    html = portal.get("/").text
    assert "Tính đến <strong>09:00 ngày 01/02/2024</strong>" in html and "Về hiện tại" not in html


def test_the_plan_lists_every_duty_with_its_term_source_and_assumptions(portal, plan):
    html = portal.get(f"{PLAN}?{ON}").text
    for duty in plan.duties:
        assert f'id="{duty.code}"' in html and duty.title in html
        if duty.term.kind != "unstated":
            assert f"<q>{duty.term.text}</q>" in html
        for assumption in duty.lead.assumptions:
            assert assumption in html
    assert f"Doanh nghiệp nhà nước: {NOBODY_YET}" in html
    assert "không có thời hạn xây dựng kế hoạch chi tiết" in html
    assert "Chưa có kỳ nào: kỳ mở khi sự kiện được ghi nhận" in html
    assert "đoạn 9 (25/05/2024)" in html and "hết ngày 30/11/2023" in html


def test_the_calendar_explains_itself(portal):
    html = portal.get(f"{PLAN}?{ON}").text
    assert "Thứ Năm, 30/11/2023" in html and '<span class="clock">24:00</span>' in html
    assert "nhắc trước 30 ngày" in html and "Bộ luật Dân sự 2015, Điều 148 khoản 6" in html
    assert "14/12/2023" in html and "01/03/2024" not in html


def test_units_stand_red_first_with_their_lateness(portal):
    html = portal.get(f"{PLAN}/nhiem-vu/bao-cao-nam/2023?as_of=2023-12-05").text
    states = re.findall(r'<span class="chip s-(\w+)">([^<]+)', html)
    assert len(states) == 41 and states[0] == ("overdue", "Quá hạn 3 ngày làm việc") and states[-1][0] == "done"
    assert UNCONFIRMED in html and "07:30 ngày 20/11/2023" in html and "hết 30/11/2023" in html
    late = portal.get(f"{PLAN}/nhiem-vu/hoi-nghi-quan-triet/2023-Q3?{ON}").text
    assert re.search(r'Muộn \(ngày làm việc\)">4</td>', late)


def test_units_are_kept_to_the_state_that_was_asked_for(portal):
    page = f"{PLAN}/nhiem-vu/bao-cao-nam/2023?{ON}&trang-thai="
    assert unit_names(portal.get(page + "done").text) == ["Sở Nội vụ"]
    assert len(unit_names(portal.get(page + "due_soon").text)) == 40
    assert len(unit_names(portal.get(page + "expected").text)) == 41
    assert "Không có đơn vị nào ở tình trạng này" in portal.get(page + "overdue").text


def test_what_was_last_said_to_a_unit(portal):
    html = portal.get(f"{PLAN}/nhiem-vu/bao-cao-nam/2023?{ON}").text
    assert html.count("nhắc trước 3 ngày làm việc: chờ gửi, 28/11/2023") >= 40


def test_communes_are_told_apart_by_their_district(portal):
    html = portal.get(f"{PLAN}/nhiem-vu/ban-hanh-quy-che/2023-Q4?{ON}").text
    assert len(unit_names(html)) == 501 and '<span class="soft">· Huyện Nghi Lộc</span>' in html


def test_an_event_and_a_waiver_show_at_once(portal, engine, plan, units):
    day = parse_instant("2023-11-20", clock=MORNING)
    with writing(engine) as db:
        open_event(db, plan, "nghi-quyet-hdnd", day=day.date(), basis="Văn bản 1", now=day)
        exempt(db, plan, units, unit="b:40.so-tu-phap", duty="bao-cao-nam", day=day.date(), reason="thử", now=day)
    html = portal.get(f"{PLAN}?{ON}").text
    assert "theo sự kiện ngày 20/11/2023" in html
    assert "Không áp dụng" in portal.get(f"{PLAN}/nhiem-vu/bao-cao-nam/2023?{ON}").text
    assert "Sở Nội vụ" in portal.get(f"{PLAN}/nhiem-vu/nghi-quyet-hdnd/2023-11-20?{ON}").text


def test_what_ended_before_the_engine_went_live(tmp_path, open_portal, plan):
    engine = connect(f"sqlite:///{tmp_path / 'dondoc.sqlite'}")
    live = parse_instant("2023-10-10", clock=MORNING)
    set_up(engine, [plan], now=live)
    with writing(engine) as db:
        go_live(db, now=live)
    portal = open_portal(tmp_path)
    assert "trước khi vận hành" in portal.get(f"{PLAN}?{ON}").text
    page = portal.get(f"{PLAN}/nhiem-vu/hoi-nghi-quan-triet/2023-Q3?{ON}").text
    assert "Không theo dõi đơn vị nào ở kỳ này: trước khi vận hành" in page


def test_newly_imported_units_are_seen_without_a_restart(portal, engine):
    from models.ledger import Fact, append

    page = f"{PLAN}/nhiem-vu/ban-hanh-quy-che/2023-Q4?{ON}"
    assert "<i>Sở</i>" not in unescape(portal.get(page).text)
    now = parse_instant("2023-11-28", clock=MORNING)
    with writing(engine) as db:
        db.execute(sa.update(unit).where(unit.c.key == "b:40.so-tu-phap").values(name="<i>Sở</i> & cộng sự"))
        append(db, [Fact("units_imported", now, "thử")], actor="test", now=now)
    html = portal.get(page).text
    assert "&lt;i&gt;Sở&lt;/i&gt; &amp; cộng sự" in html and "<i>Sở" not in html


def test_an_offices_own_plan_is_seen_and_reread_when_it_changes(home, open_portal, tmp_path):
    own = tmp_path / "plans"
    own.mkdir()
    text = load_source().replace('code="nghe-an-2023"', 'code="rieng"')
    title = "Kế hoạch triển khai thực hiện Luật Thực hiện dân chủ ở cơ sở trên địa bàn tỉnh Nghệ An"
    (own / "rieng.py").write_text(text.replace(title, "Kế hoạch <b>riêng</b>"), "utf-8")
    portal = open_portal(home, plans_folder=own)
    html = portal.get(f"/?{ON}").text
    assert "Kế hoạch &lt;b&gt;riêng&lt;/b&gt;" in html and "<b>riêng" not in html and "/ke-hoach/nghe-an-2023" in html
    (own / "rieng.py").write_text("PLAN = = 1", "utf-8")
    broken = portal.get("/")
    assert broken.status_code == 503 and "rieng.py:1: không phải Python hợp lệ" in broken.text


def load_source():
    from flows.catalog import SHIPPED

    assert "nghe-an-2023" in load_plans()
    return (SHIPPED / "nghe_an_2023.py").read_text("utf-8")


def test_numbers_and_rates_read_as_people_write_them(plan):
    assert [percent(rate) for rate in (None, 0, 0.0002, 0.4321, 0.9999, 1)] == [
        "–", "0%", "0,1%", "43,2%", "99,9%", "100%",
    ]  # fmt: skip
    assert number(1091) == "1.091" and number(12) == "12"
    assert (
        stated(plan.number) == "nguồn không nêu (bài đăng không có số, ký hiệu)"
        and stated(plan.in_force) == "01/07/2023"
    )
