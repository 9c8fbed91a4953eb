"""The reminders of a coming day, shown before they leave: the very same that will leave, and nothing kept."""

import re
import shutil
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from functools import partial
from html import unescape

import pytest
import sqlalchemy as sa

from channels.digest import subject
from channels.email_channel import EmailChannel
from channels.outcome import Accepted
from models.database import connect, reading
from models.record import read_record
from models.settings import Settings
from models.tables import assignment, contact, contact_address, delivery, ledger, notice, person
from portal.visit import Visit
from schedules.zone import MORNING, parse_instant
from tasks.advance import advance
from tasks.deliver import PostRoom, deliver
from tasks.preview_digests import A_MOMENT, preview_digests, sending_days

PAGE = "/ke-hoach/nghe-an-2023/thu-nhac"


def instant(day):
    return parse_instant(day, clock=MORNING)


def everything(engine):
    with reading(engine) as db:
        return [
            db.execute(sa.select(table).order_by(*table.primary_key)).all()
            for table in (ledger, assignment, notice, delivery)
        ]


class Taking(EmailChannel):
    """A mail server that takes everything."""

    def __init__(self, settings):
        super().__init__(settings)
        self.letters = []

    def send(self, parcels, *, now, within):
        self.letters.extend(parcels)
        return [Accepted(250, "ok")] * len(parcels)


def letters(html):
    return [unescape(one) for one in re.findall(r'<span class="subject">([^<]+)', html)]


def test_the_next_sending_day_is_shown_first(portal):
    html = portal.get(f"{PAGE}?as_of=2023-11-28").text
    assert "Thư nhắc sắp gửi: 07:30 ngày 30/11/2023" in html and '<h2 id="danh-sach">40 thư</h2>' in html
    assert letters(html)[0] == "[Nhắc việc] 1 nhiệm vụ sắp đến hạn – Ban Dân tộc"
    assert "Sở Nội vụ" not in html
    days = re.findall(r'aria-current="true">(\d\d/\d\d/\d{4})|s-all"[^>]*>(\d\d/\d\d/\d{4})', html)
    # Mondays too, since Sở Nội vụ is late with the review of October: it is urged every week.
    assert [a or b for a, b in days][:4] == ["30/11/2023", "01/12/2023", "04/12/2023", "05/12/2023"]


@pytest.mark.parametrize("day", ["2023-11-30", "2023-12-04", "2023-12-14"])
def test_what_is_shown_is_what_will_leave(engine, home, plan, units, tmp_path, day):
    settings = Settings(home=home, database_url="")
    as_of = instant(day)
    shown = preview_digests(engine, {plan.code: plan}, {"40": units}, settings, as_of=as_of)
    assert not shown.swept
    copy = tmp_path / "copy.sqlite"
    engine.dispose()
    shutil.copy(home / "dondoc.sqlite", copy)
    real, taken = connect(f"sqlite:///{copy}"), Taking(replace(settings, home=tmp_path))
    for at in (as_of - A_MOMENT, as_of):
        taken.letters.clear()
        advance(real, [plan], as_of=at, now=at, actor="test")
        room = PostRoom(real, settings, {"email": taken}, partial(lambda at: at, at), "test")
        deliver(room, {plan.code: plan}, as_of=at)
    sent = [message_from_bytes(one.content, policy=default) for one in taken.letters]
    assert shown.letters
    assert sorted(subject(one.digest) for one in shown.letters) == sorted(one["Subject"] for one in sent)


def test_nothing_is_kept(portal, engine):
    before = everything(engine)
    for day in ("", "&ngay=2023-12-14", "&ngay=2024-06-03", "&ngay=2023-11-28", "&ngay=2023-08-01"):
        assert portal.get(f"{PAGE}?as_of=2023-11-28{day}").status_code == 200
    assert everything(engine) == before


def test_a_day_that_was_swept_has_nothing_new(portal):
    html = portal.get(f"{PAGE}?as_of=2023-11-28&ngay=2023-11-28").text
    assert "đã được rà soát" in html and "<iframe" not in html
    assert "không có thư nào phải gửi" in portal.get(f"{PAGE}?as_of=2023-11-28&ngay=2023-12-03").text


def test_one_letter_is_shown_shut_in(portal):
    html = portal.get(f"{PAGE}?as_of=2023-11-28&ngay=2023-12-14").text
    frame = re.search(r'<iframe [^>]*sandbox="([^"]*)" src="([^"]+)"', html)
    assert "allow-scripts" not in frame[1] and "allow-same-origin" not in frame[1]
    got = portal.get(unescape(frame[2]))
    policy = got.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "sandbox" in policy and "allow-scripts" not in policy
    assert "Chủ tịch UBND tỉnh" in got.text and "xem trước" in got.text and '<base target="_blank">' in got.text


def test_a_simulated_letter_says_so_too(home, open_portal):
    portal = open_portal(home, simulated=True)
    html = portal.get(f"{PAGE}?as_of=2023-11-28").text
    assert "DỮ LIỆU MÔ PHỎNG" in portal.get(unescape(re.search(r'src="([^"]+noi-dung[^"]+)"', html)[1])).text


def test_without_an_address_is_marked_once_mail_is_real(home, open_portal, engine):
    with engine.connect() as db:
        db.execute(sa.insert(person).values(id=1, name="Nguyễn Thị A"))
        db.execute(sa.insert(contact).values(id=1, unit="b:40.so-tu-phap", role="focal_point", person=1, copies=True))
        db.execute(
            sa.insert(contact_address).values(
                contact=1, url="mailto://tp@example.vn", ordinary=1, important=1, disabled_why=""
            )
        )
        db.commit()
    html = open_portal(home, smtp_url="smtp://mail.example:25").get(f"{PAGE}?as_of=2023-11-28").text
    assert html.count("chưa có địa chỉ nhận") == 39 and "tp@example.vn" not in html and "Nguyễn Thị A" not in html
    assert "chưa có địa chỉ nhận" not in open_portal(home).get(f"{PAGE}?as_of=2023-11-28").text


def test_a_new_fact_is_in_the_next_preview(portal, engine, plan, units):
    from tasks.receive import Submission, checked, desk, submit

    assert len(letters(portal.get(f"{PAGE}?as_of=2023-11-28").text)) == 40
    now = instant("2023-11-28")
    from models.database import writing

    with writing(engine) as db:
        given = Submission(plan.code, "bao-cao-nam", "2023", "b:40.so-tu-phap", instant("2023-11-27"))
        submit(db, [checked(given, desk(db, plan, units, now=now))], now=now)
    assert len(letters(portal.get(f"{PAGE}?as_of=2023-11-28").text)) == 39


def test_weekly_days_stand_only_where_somebody_is_late(engine, plan):
    after = instant("2024-02-01")
    with reading(engine) as db:
        record = read_record(db, plan, as_of=after)
    through = parse_instant("2024-02-29", clock=MORNING).date()
    none = sending_days(plan, after=after, through=through, late=set(), record=record)
    weekly = sending_days(plan, after=after, through=through, late={("ra-soat-van-ban", "2023-10")}, record=record)
    assert none == []
    assert [day.isoformat() for day in weekly] == ["2024-02-05", "2024-02-15", "2024-02-19", "2024-02-26"]


def test_links_keep_the_day_that_is_looked_at():
    visit = Visit.of("2023-11-28", now=instant("2024-02-01"))
    assert visit.home() == "/?as_of=2023-11-28"
    assert visit.plan("a", "overdue") == "/ke-hoach/a?as_of=2023-11-28&trang-thai=overdue#nhiem-vu"
    assert Visit.of("", now=instant("2024-02-01")).period("a", "b", "-") == "/ke-hoach/a/nhiem-vu/b/-"
