"""Dates that moved, terms that stand still, and how every date came about, as the pages show it."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from models.database import writing
from models.people import person
from models.tables import contact, contact_address
from models.unit_store import read_units
from portal.render import figures_cover
from schedules.data_periods import STATUTORY
from schedules.zone import MORNING, parse_instant
from tasks import decide
from tasks.decide import Decision, end_of
from tasks.receive import Submission, checked, desk, exempt, submit
from tasks.set_up import apply_plan
from tasks.sweep import sweep

PLAN = "/ke-hoach/nghe-an-2023"
REPORT, RULES = "bao-cao-nam", "ban-hanh-quy-che"
VINH, QUE_PHONG, HEALTH, JUSTICE = "g1:412", "g1:415", "b:40.so-y-te", "b:40.so-tu-phap"
ON = "as_of=2023-12-05"
PAGE = f"{PLAN}/nhiem-vu/{REPORT}/2023?{ON}"
WRITTEN = "Hằng năm, trước ngày 01/12"


def instant(day):
    return parse_instant(day, clock=MORNING)


@pytest.fixture
def decides(engine, plan):
    """Decides as an officer would, on a day and by the facts known then."""

    def done(verb, unit, on, *, duty=REPORT, period="2023", reason="chờ số liệu", by="", to=None):
        now = instant(on)
        given = {"extend": {"to": to and end_of(to)}, "correct": {"due": to and end_of(to), "opens": None}}
        with writing(engine) as db:
            at = desk(db, plan, read_units(db, province="40"), now=now)
            decision = Decision(duty, period, unit, reason, now, by)
            getattr(decide, verb)(db, at, decision, now=now, **given.get(verb, {}))

    return done


@pytest.fixture
def amended(engine, plan):
    """The plan without its yearly report, in force from 1/12/2023."""
    fewer = replace(plan, version=2, duties=tuple(duty for duty in plan.duties if duty.code != REPORT))
    with writing(engine) as db:
        apply_plan(db, fewer, now=instant("2023-12-01"), actor="admin")
    return fewer


def unit_line(html, name):
    """The row of a unit in the table of a period."""
    return next(row for row in html.split("<tr>") if re.search(rf'scope="row"><a [^>]+>{name}</a>', row))


def article(html, duty, period="2023"):
    """A duty and period on a unit's page."""
    return html.split(f'id="{duty}.{period}"')[1].split("</article>")[0]


def moments(part):
    """(when, kind, what, who) of a timeline, in its order."""
    found = re.findall(
        r'<li class="k-(\w+)"><time [^>]+>([^<]+)</time>\s*<span class="what">([^<]+)</span>'
        r'(?:\s*<span class="soft small">([^<]*)</span>)?', part,
    )  # fmt: skip
    return [(when, kind, unescape(what), who) for kind, when, what, who in found]


def steps(part):
    """(why, article) of every step."""
    return re.findall(r'<li>([^<]+) <span class="article">Căn cứ: ([^<]+)</span></li>', part)


# The page of a period


def test_a_moved_date_is_marked_and_can_be_explained(portal, decides):
    decides("extend", VINH, "2023-11-28", to=date(2023, 12, 15))
    decides("correct", JUSTICE, "2023-11-28", to=date(2023, 12, 10), reason="ghi nhầm")
    html = portal.get(PAGE).text
    vinh, justice, other = (unit_line(html, name) for name in ("Thành phố Vinh", "Sở Tư pháp", "Huyện Quế Phong"))
    assert "hết 15/12/2023" in vinh and '<span class="mark">gia hạn</span>' in vinh
    assert "hết 10/12/2023" in justice and '<span class="mark">sửa hạn</span>' in justice
    assert steps(vinh)[-1][0].startswith("Gia hạn đến hết ngày 15/12/2023 (quyết định ngày 28/11/2023): chờ số liệu")
    assert steps(vinh)[-1][1].startswith("Nhật ký, mục ") and steps(vinh)[0][0].startswith(WRITTEN)
    assert "hết 30/11/2023" in other and "<details" not in other and "mark" not in other
    assert "2 đơn vị có hạn riêng" in html


def test_before_the_decision_the_date_is_the_old_one(portal, decides):
    decides("extend", VINH, "2023-11-28", to=date(2023, 12, 15))
    html = portal.get(PAGE.replace("2023-12-05", "2023-11-27")).text
    assert "hết 30/11/2023" in unit_line(html, "Thành phố Vinh") and "gia hạn" not in html


def test_a_period_that_was_extended_for_everybody_says_so_once(portal, decides):
    decides("extend", None, "2023-11-28", to=date(2023, 12, 20), reason="bão số 5")
    html = portal.get(PAGE).text
    assert html.count('<span class="mark">gia hạn</span>') == 1 and "có hạn riêng" not in html
    assert "hết ngày 20/12/2023" in html and any("bão số 5" in why for why, _ in steps(html))
    assert html.count("<details") == 1


def test_a_paused_period_says_why(portal, decides):
    decides("pause", None, "2023-11-28", reason="chờ mẫu của Bộ")
    html = portal.get(PAGE).text
    assert '<p class="hold">Tạm dừng từ ngày 28/11/2023: chờ mẫu của Bộ</p>' in html
    assert html.count("chờ mẫu của Bộ") == 2  # there, and in the reckoning
    assert '<div class="hold">Tạm dừng từ ngày 28/11/2023: chờ mẫu của Bộ</div>' in portal.get(f"{PLAN}?{ON}").text
    decides("resume", None, "2023-12-04", reason="đã có mẫu")
    assert 'class="hold"' not in portal.get(PAGE).text


def test_a_withdrawn_period_and_single_units_say_why(portal, decides, engine, plan, units):
    decides("withdraw", None, "2023-11-28", duty=RULES, period="2023-Q4", reason="đã có quy chế chung")
    html = portal.get(f"{PLAN}/nhiem-vu/{RULES}/2023-Q4?{ON}").text
    assert '<p class="hold">Đã rút từ ngày 28/11/2023: đã có quy chế chung</p>' in html
    decides("pause", VINH, "2023-11-28", reason="chờ bàn giao")
    with writing(engine) as db:
        exempt(
            db,
            plan,
            units,
            unit=JUSTICE,
            duty=REPORT,
            day=date(2023, 11, 28),
            reason="bảy người",
            now=instant("2023-11-28"),
        )
    html = portal.get(PAGE).text
    assert "Tạm dừng từ ngày 28/11/2023: chờ bàn giao" in unit_line(html, "Thành phố Vinh")
    assert "Không áp dụng từ ngày 28/11/2023: bảy người" in unit_line(html, "Sở Tư pháp")
    assert '<p class="hold">' not in html


def test_the_page_of_a_period_names_its_counting_and_its_figures(portal, plan):
    html = portal.get(PAGE).text
    assert "Cách tính ngày cuối" not in portal.get(f"{PLAN}/nhiem-vu/kiem-tra-don-doc/-?{ON}").text
    assert "Theo đúng ngày văn bản ghi" in html and "<dt>Kỳ số liệu</dt><dd>nguồn không nêu" in html
    duty = replace(plan.duty(REPORT), data_period=STATUTORY)
    assert figures_cover(duty, "2023") == "15/12/2022–14/12/2023 (Nghị định 09/2019/NĐ-CP, Điều 12)"
    assert figures_cover(duty, "-") == str(STATUTORY)
    assert figures_cover(replace(duty, data_period="Từ 15/11 năm trước"), "2023") == "Từ 15/11 năm trước"


def test_days_behind_the_figures_stand_beside_the_period(portal, engine, plan):
    duties = tuple(replace(one, data_period=STATUTORY) if one.code == REPORT else one for one in plan.duties)
    with writing(engine) as db:
        apply_plan(db, replace(plan, version=2, duties=duties), now=instant("2023-11-29"), actor="admin")
    html = portal.get(f"{PLAN}?{ON}").text
    assert "số liệu 15/12/2022–14/12/2023" in html
    assert "<dd>15/12/2022–14/12/2023 (Nghị định 09/2019/NĐ-CP, Điều 12)</dd>" in portal.get(PAGE).text
    assert "<dd>15/12/2022–14/12/2023 (" in portal.get(f"{PLAN}/don-vi/{VINH}?{ON}").text


# The page of a plan, and the first page


def test_every_date_of_the_plan_can_be_explained(portal):
    html = portal.get(f"{PLAN}?{ON}").text
    cells = re.findall(r'<td class="due".*?</td>', html, re.S)
    assert len(cells) == 11
    for cell in cells:
        assert "<summary>" in cell and steps(cell), cell


def test_dates_of_their_own_are_counted_on_the_plan(portal, decides):
    decides("extend", VINH, "2023-11-28", to=date(2023, 12, 15))
    html = portal.get(f"{PLAN}?{ON}").text
    assert re.search(rf'href="{PLAN}/nhiem-vu/{REPORT}/2023\?{ON}">1 đơn vị có hạn riêng</a>', html)


def test_the_first_page_tells_the_next_dates_and_explains_them(portal, decides):
    decides("extend", VINH, "2023-11-28", to=date(2023, 12, 15))
    told = portal.get(f"/?{ON}").text.split("Hạn sắp tới")[1]
    days = re.findall(r"<summary>(hết ngày [\d/]+)", told)
    assert days == ["hết ngày 15/12/2023", "hết ngày 31/12/2023"]
    first, second = told.split("<li>\n")[0], told
    assert "Gia hạn đến hết ngày 15/12/2023" in first and "· 1 đơn vị chưa báo cáo" in first
    assert "· 501 đơn vị chưa báo cáo" in second


def test_a_duty_that_is_no_longer_asked_stands_last_and_can_be_opened(portal, amended):
    html = portal.get(f"{PLAN}?{ON}").text
    current, former = html.split("Nhiệm vụ kế hoạch không còn yêu cầu")
    assert f'id="{REPORT}"' in former and f'id="{REPORT}"' not in current and f'id="{RULES}"' in current
    page = portal.get(PAGE)
    assert page.status_code == 200 and "Thành phố Vinh" in page.text
    before = portal.get(f"{PLAN}?as_of=2023-11-28").text
    assert "không còn yêu cầu" not in before and f'id="{REPORT}"' in before


def test_midnight_stands_under_the_day_that_it_ends(portal, decides):
    decides("extend", None, "2023-11-28", duty="ra-soat-van-ban", period="2023-10", to=date(2023, 12, 31))
    html = portal.get(f"{PLAN}?as_of=2023-12-20").text.split('id="lich"')[1]
    days = re.findall(r'<time datetime="([^"]+)"', html)
    assert days == sorted(set(days)) and "2023-12-31" in days and "2024-01-01" in days


# The page of a unit


def test_a_unit_has_a_page_with_its_own_dates(portal, decides):
    decides("extend", VINH, "2023-11-28", to=date(2023, 12, 15), by="Nguyễn Văn An")
    link = re.search(r'scope="row"><a href="([^"]+)">Thành phố Vinh', portal.get(PAGE).text)[1]
    assert link == f"{PLAN}/don-vi/{VINH}?{ON}#{REPORT}.2023"
    got = portal.get(link.split("#")[0])
    assert got.status_code == 200 and "<h1>Thành phố Vinh" in got.text
    mine = article(got.text, REPORT)
    assert "hết ngày 15/12/2023" in mine and "hạn chung của kỳ: hết ngày 30/11/2023" in mine
    assert '<span class="mark">gia hạn</span>' in mine and "Chưa báo cáo" in mine
    assert [why.split(":")[0] for why, _ in steps(mine)][-1].startswith("Gia hạn đến hết ngày 15/12/2023")
    assert 'id="kiem-tra-don-doc.-"' in got.text and "Thường xuyên" in got.text


def test_the_history_of_a_unit_reads_as_people_tell_it(portal, decides, engine, plan, units):
    decides("extend", VINH, "2023-11-28", to=date(2023, 12, 15), by="Nguyễn Văn An")
    at = parse_instant("2023-12-04T10:15:00+07:00", clock=MORNING)
    with writing(engine) as db:
        sweep(db, plan, units, as_of=instant("2023-12-01"), now=instant("2023-12-01"))
        given = Submission(plan.code, REPORT, "2023", VINH, at, "Lê Văn Cường")
        submit(db, [checked(given, desk(db, plan, units, now=at))], now=instant("2023-12-06"))
    told = moments(article(portal.get(f"{PLAN}/don-vi/{VINH}?as_of=2023-12-08").text, REPORT))
    assert [one[0] for one in told] == [
        "00:00 ngày 01/07/2023", "07:30 ngày 01/11/2023", "07:30 ngày 24/11/2023", "07:30 ngày 28/11/2023",
        "07:30 ngày 28/11/2023", "10:15 ngày 04/12/2023",
    ]  # fmt: skip
    kinds = [one[1] for one in told]
    assert kinds[0] == "assigned" and kinds[-1] == "submitted" and set(kinds[3:5]) == {"extended", "reminder"}
    assert told[1][2] == "Nhắc trước 30 ngày, gửi UBND thành phố Vinh (Đầu mối): bỏ qua (đã có bước mới hơn)"
    decision = next(one for one in told if one[1] == "extended")
    assert "chờ số liệu" in decision[2] and "Người quyết định: Nguyễn Văn An · nhật ký, mục " in decision[3]
    assert told[0][3].startswith("Ghi nhận: ") and "· ghi lúc" not in told[0][3]
    assert "Người nộp: Lê Văn Cường · ghi lúc 07:30 ngày 06/12/2023" in told[-1][3]


def test_a_unit_is_seen_as_it_was_on_any_day(portal, decides):
    decides("extend", VINH, "2023-11-28", to=date(2023, 12, 15))
    before = article(portal.get(f"{PLAN}/don-vi/{VINH}?as_of=2023-11-20").text, REPORT)
    assert "hết ngày 30/11/2023" in before and "gia hạn" not in before and "extended" not in before
    late = portal.get(f"{PLAN}/don-vi/{QUE_PHONG}?{ON}").text
    assert "Quá hạn 3 ngày làm việc" in article(late, REPORT)
    assert "Quá hạn" not in article(late, RULES, "2023-Q4")
    office = portal.get(f"{PLAN}/don-vi/b:40.so-noi-vu?as_of=2024-01-05").text
    ids = re.findall(r'<article class="sheet" id="([^"]+)"', office)
    # Red first, then the soonest due: the report of November is done.
    assert ids[:2] == ["ra-soat-van-ban.2023-10", f"{RULES}.2023-Q4"] and f"{REPORT}.2023" in ids[2:]


def test_a_unit_without_duties_and_a_bare_code(portal):
    empty = portal.get(f"{PLAN}/don-vi/b:40.tinh-uy?{ON}")
    assert empty.status_code == 200 and "không giao nhiệm vụ nào cho đơn vị" in empty.text
    assert "<h1>Thành phố Vinh" in portal.get(f"{PLAN}/don-vi/412?{ON}").text


def test_what_the_plan_dropped_stands_last_on_the_units_page(portal, amended):
    reported = portal.get(f"{PLAN}/don-vi/b:40.so-noi-vu?{ON}").text.split("không còn yêu cầu")[1]
    assert "Hoàn thành đúng hạn" in article(reported, REPORT)
    current, former = portal.get(f"{PLAN}/don-vi/{VINH}?{ON}").text.split("không còn yêu cầu")
    assert f'id="{REPORT}.2023"' in former and f'id="{RULES}.2023-Q4"' in current
    assert "Đã rút từ ngày 01/12/2023: kế hoạch phiên bản 2 không còn giao nhiệm vụ hoặc kỳ này</p>" in former


def test_what_people_typed_is_text(portal, decides):
    decides("extend", VINH, "2023-11-28", to=date(2023, 12, 15), reason="<script>x</script>", by="<b>An</b>")
    for page in (PAGE, f"{PLAN}/don-vi/{VINH}?{ON}"):
        html = portal.get(page).text
        assert "<script>" not in html and "<b>An" not in html and "&lt;script&gt;x" in html


def test_addresses_are_never_shown(portal, engine, units):
    with writing(engine) as db:
        values = {"id": 1, "unit": VINH, "role": "focal_point", "person": person(db, "A"), "copies": True}
        db.execute(contact.insert().values(values))
        places = {"ordinary": 1, "important": 1, "disabled_why": ""}
        db.execute(contact_address.insert().values(contact=1, url="mailto://a@vinh.vn", **places))
    assert "a@vinh.vn" not in portal.get(f"{PLAN}/don-vi/{VINH}?{ON}").text
    assert HEALTH in units
