"""The pages behind the links in messages: one unit's duties, no more copies; nothing for whoever has no token."""

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from channels.links import Links
from models.database import reading, writing
from models.ledger import broken_links
from models.people import contacts
from models.settings import Settings
from models.tables import assignment, contact, delivery, delivery_item, ledger, notice
from schedules.zone import VIETNAM
from tasks.contacts import import_contacts
from tasks.copies import contact_of
from tasks.sheet import Row

VINH, PROVINCE, JUSTICE, HOME_AFFAIRS = "g1:412", "g1:40", "b:40.so-tu-phap", "b:40.so-noi-vu"
LOCAL = "http://127.0.0.1:8080"
PUBLIC = "https://dondoc.nghean.gov.vn"
TRACKING = "5e" * 16
DAY = datetime(2023, 11, 28, 7, 30, tzinfo=VIETNAM)
NOW = datetime(2024, 2, 1, 9, tzinfo=VIETNAM)
PRIVATE = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}


@pytest.fixture
def links(home):
    return Links(Settings(home=home, database_url=""))


def path(url):
    return re.sub(r"^https?://[^/]+", "", url)


def link_of(links, unit, as_of=DAY, tracking=TRACKING):
    return path(links.unit(unit, tracking, as_of=as_of))


def say(engine, recipient, state="sent"):
    """As if the notices for a recipient had left in one message, at 07:31 of the day."""
    with writing(engine) as db:
        ids = db.execute(sa.select(notice.c.id).where(notice.c.recipient == recipient, notice.c.state == "planned"))
        ids = ids.scalars().all()
        db.execute(sa.update(notice).where(notice.c.id.in_(ids)).values(state=state))
        number = db.execute(
            sa.insert(delivery).returning(delivery.c.id),
            {"recipient": recipient, "role": "focal_point", "address": "a@b.vn", "channel": "email",
             "slot": "2023-11-28#1", "about": "digest", "important": False, "message_id": "<a@b>",
             "tracking_id": TRACKING, "message": b"", "state": "accepted", "attempts": 1, "lease_owner": "",
             "sent_at": DAY + timedelta(minutes=1), "provider_id": "", "provider_code": "", "error": ""},
        ).scalar_one()  # fmt: skip
        db.execute(sa.insert(delivery_item), [{"delivery": number, "notice": one} for one in ids])


def test_a_unit_sees_what_is_overdue_first_then_what_comes(home, open_portal, links):
    html = open_portal(home, now=datetime(2023, 12, 5, 9, tzinfo=VIETNAM)).get(link_of(links, VINH)).text
    assert "UBND thành phố Vinh" in html
    places = [html.index(words) for words in (
        "Quá hạn (1)", "Báo cáo năm kết quả", "Quá hạn 3 ngày làm việc", "hết ngày 30/11/2023", "Đang mở (1)",
        "Ban hành Quy chế thực hiện dân chủ", "còn 26 ngày",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "Cách tính thời hạn" in html and "Điều 148" in html and "đoạn 9" in html
    assert "Sở Tư pháp" not in html and "/ke-hoach/" not in html and "don-doc@dondoc.invalid" in html


def test_what_is_done_is_not_asked_for(home, open_portal, links):
    html = open_portal(home, now=datetime(2023, 12, 5, 9, tzinfo=VIETNAM)).get(link_of(links, HOME_AFFAIRS)).text
    assert "Báo cáo năm kết quả" not in html and "Rà soát văn bản" in html


def test_it_says_which_messages_were_sent_and_under_which_number(home, open_portal, links, engine):
    say(engine, VINH)
    html = open_portal(home).get(link_of(links, VINH)).text
    assert "2023-11-28/1" in html and "Thông báo đã gửi (1)" in html
    assert "07:31 ngày 28/11/2023" in html and "UBND thành phố Vinh (Đầu mối)" in html
    other = open_portal(home).get(link_of(links, VINH, tracking="ab" * 16)).text
    assert "2023-11-28/1" not in other, "the number of another message is not told"


def test_a_superior_sees_the_late_units_that_it_was_told_of(home, open_portal, links, engine):
    html = open_portal(home).get(link_of(links, PROVINCE)).text
    assert "không còn việc nào đang mở" in html
    say(engine, PROVINCE)
    html = open_portal(home).get(link_of(links, PROVINCE)).text
    assert "Đơn vị quá hạn đã báo cho quý đơn vị" in html and "Sở Nội vụ" in html and "kèm báo cáo" not in html


@pytest.mark.parametrize("state", ["planned", "skipped", "cancelled"])
def test_of_others_it_learns_only_what_it_was_told(home, open_portal, links, engine, state):
    say(engine, PROVINCE, state)
    assert "Sở Nội vụ" not in open_portal(home).get(link_of(links, PROVINCE)).text


def test_the_page_is_kept_by_nobody_and_found_by_no_search(portal, links):
    got = portal.get(link_of(links, VINH))
    assert got.status_code == 200 and PRIVATE.items() <= dict(got.headers).items()
    assert got.headers["content-security-policy"].startswith("default-src 'self'")
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", got.text) and 'name="robots"' in got.text
    for link in re.findall(r'\b(?:src|href|action)="([^"]*)"', got.text):
        assert link.startswith("/static/"), link


@pytest.mark.parametrize("token", ["xem-truoc", "a~b~c~d", "%00", "fu3v~g1_412~x~AAAAAAAAAAAAAAAAAAAAAA"])
@pytest.mark.parametrize("page", ["/l/", "/thoi-nhan/"])
def test_a_forged_token_opens_nothing(portal, page, token):
    got = portal.get(page + token)
    assert (
        got.status_code == 403 and "Đường dẫn không đúng" in got.text and PRIVATE.items() <= dict(got.headers).items()
    )
    assert portal.post("/thoi-nhan/" + token).status_code == 403


def test_a_token_for_another_unit_cannot_be_made_from_ones_own(portal, links):
    own = link_of(links, VINH)
    assert portal.get(own).status_code == 200 and portal.get(own.replace("g1_412", "g1_413")).status_code == 403


def test_after_400_days_it_is_over(home, open_portal, links):
    last = DAY + timedelta(days=400)
    assert open_portal(home, now=last).get(link_of(links, VINH)).status_code == 200
    got = open_portal(home, now=last + timedelta(days=1)).get(link_of(links, VINH))
    assert got.status_code == 410 and "đã hết hạn" in got.text and "Vinh" not in got.text


def test_a_unit_that_no_plan_knows_is_told_so(portal, links):
    assert portal.get(link_of(links, "b:99.khong-co")).status_code == 410


def test_simulated_data_is_labelled_there_too(home, open_portal, links):
    assert "DỮ LIỆU MÔ PHỎNG" in open_portal(home, simulated=True).get(link_of(links, VINH)).text


# No more copies


@pytest.fixture
def hoa(engine):
    cells = {"unit": VINH, "name": "Nguyễn Thị Hòa", "email": "hoa@vinh.vn"}
    with writing(engine) as db:
        assert import_contacts(db, [Row(2, cells)], now=NOW)[1] == []
        return contacts(db)[VINH][0]


def wants_copies(engine, one):
    with reading(engine) as db:
        return contact_of(db, one.id).copies


def test_looking_stops_nothing_and_pressing_does(portal, links, engine, hoa):
    stop = path(links.unsubscribe(hoa.id, as_of=NOW))
    got = portal.get(stop)
    assert got.status_code == 200 and '<form method="post">' in got.text and wants_copies(engine, hoa)
    got = portal.post(stop)
    assert got.status_code == 200 and "Đã dừng" in got.text and not wants_copies(engine, hoa)
    assert "Đã dừng" in portal.get(stop).text and portal.post(stop).status_code == 200
    with reading(engine) as db:
        [fact] = db.execute(sa.select(ledger).where(ledger.c.kind == "copies_stopped")).all()
        assert (fact.unit, fact.actor) == (VINH, "contact") and "Hòa" not in fact.data
        assert list(broken_links(db)) == []


def test_what_a_mail_program_sends_by_itself_is_enough(portal, links, engine, hoa):
    stop = path(links.unsubscribe(hoa.id, as_of=NOW))
    got = portal.post(stop, data={"List-Unsubscribe": "One-Click"}, headers={"origin": "https://mail.example"})
    assert got.status_code == 200 and not got.history and not wants_copies(engine, hoa)


def test_a_person_who_left_is_told_so(portal, links, engine, hoa):
    stop = path(links.unsubscribe(hoa.id, as_of=NOW))
    with writing(engine) as db:
        db.execute(sa.text("DELETE FROM contact_address"))
        db.execute(sa.delete(contact))
    assert portal.get(stop).status_code == portal.post(stop).status_code == 410
    assert "không còn trong danh sách" in portal.get(stop).text


# Under its public name


def test_the_public_name_opens_what_a_token_opens_and_nothing_else(home, open_portal, links):
    portal = open_portal(home, public_url=PUBLIC)
    host = {"host": "dondoc.nghean.gov.vn"}
    url = Links(Settings(home=home, database_url="", public_url=PUBLIC)).unit(VINH, TRACKING, as_of=DAY)
    assert url.startswith(f"{PUBLIC}/l/") and portal.get(path(url), headers=host).status_code == 200
    assert portal.get("/static/portal.css", headers=host).status_code == 200
    for closed in ("/", "/ke-hoach/nghe-an-2023", "/health", "/ke-hoach/nghe-an-2023/thu-nhac", "/l", "/staticx"):
        got = portal.get(closed, headers=host)
        assert got.status_code == 404 and "nghe-an-2023" not in got.text and "Prefect" not in got.text, closed
        assert got.headers["content-security-policy"].startswith("default-src 'self'")
    assert portal.get("/").status_code == 200
    assert portal.get(path(url), headers={"host": "evil.example"}).status_code == 400
    assert open_portal(home).get(path(url), headers=host).status_code == 400


def test_there_is_something_to_see(engine):
    """What the other tests rest on: the province was told of a late unit, Vinh was reminded."""
    with reading(engine) as db:
        query = sa.select(notice.c.recipient, assignment.c.unit).join(
            assignment, assignment.c.id == notice.c.assignment
        )
        told = set(db.execute(query).tuples())
    assert (VINH, VINH) in told and (PROVINCE, HOME_AFFAIRS) in told
