"""Who is written to in a unit: what the office's table asks for, today's absences, addresses that were given up."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from cast import CUA_LO, HEALTH, HOME_AFFAIRS, PARTY_OFFICE, PROVINCE, VINH, instant, text_of

from models.database import reading, writing
from models.people import contacts
from models.refusal import Refusal
from models.settings import Zalo
from models.tables import contact_address, delivery, person
from tasks.addresses import addresses
from tasks.contacts import enable_address, remove_contact
from tasks.copies import contact_of, stop_copies
from tasks.unreachable import unreachable


def row(name="Hòa", unit=VINH, **cells):
    return {"unit": unit, "name": name, "email": f"{name.lower()[0]}{len(name)}@vinh.gov.vn"} | cells


def people(office, unit=VINH):
    with reading(office.engine) as db:
        return {one.name: one for one in contacts(db).get(unit, [])}


def urls(contact, *, important=False):
    return [[address.url for address in rung] for rung in contact.rungs(important=important)]


def written_to(office, day, unit=VINH, role="focal_point"):
    with reading(office.engine) as db:
        found = addresses((unit, role), contacts(db), office.settings, day=date.fromisoformat(day))
    return [one.name for one in found]


def refusals(office, *rows):
    return [str(one) for one in office.imports_contacts(*rows)]


def give_up(office, url, why="550 không có hộp thư"):
    with writing(office.engine) as db:
        values = {"disabled_at": instant("2023-10-20"), "disabled_why": why}
        db.execute(sa.update(contact_address).where(contact_address.c.url == url).values(values))


# What a table asks for


def test_todays_four_columns_keep_working(office):
    assert office.imports_contacts({"unit": VINH, "name": "Hòa", "role": "", "email": "Hoa@Vinh.gov.vn"}) == []
    one = people(office)["Hòa"]
    assert one.role == "focal_point" and one.copies and one.quiet is one.absent is one.deputy is None
    assert urls(one) == urls(one, important=True) == [["mailto://hoa@vinh.gov.vn"]]


@pytest.mark.parametrize(
    ("channels", "important", "ordinary_rungs", "important_rungs"),
    [
        ("", "", "e z o", "e z o"),
        ("zalo,email", "", "z e o", "z e o"),
        ("Email; Zalo", "không", "e z o", "e z o"),
        ("zns → thư điện tử", "", "z e o", "z e o"),
        ("zalo", "", "z o", "z o"),
        ("khác, email", "zalo,email", "o e", "z e o"),
        ("email", "có", "e o", "ezo"),
        ("email", "X", "e o", "ezo"),
        ("", "true", "e z o", "ezo"),
        ("", "1", "e z o", "ezo"),
    ],
)
def test_channels_in_order_and_another_order_for_what_is_important(
    office, channels, important, ordinary_rungs, important_rungs
):
    letter = {"mailto": "e", "zns": "z", "zbot": "o"}
    given = {"zalo_phone": "0987 654 321", "other": "zbot://77", "channels": channels, "important": important}
    assert office.imports_contacts(row(**given)) == []

    def told(rungs):
        return " ".join("".join(letter[url.partition(":")[0]] for url in rung) for rung in rungs)

    one = people(office)["Hòa"]
    assert (told(urls(one)), told(urls(one, important=True))) == (ordinary_rungs, important_rungs)


def test_quiet_hours_absence_deputy_and_copies(office):
    given = {
        "quiet": "18h-7h30",
        "absent_from": "1/11/2023",
        "absent_to": "2023-11-05",
        "deputy": "lan",
        "copies": "không",
    }
    assert office.imports_contacts(row(**given), row("Lan")) == []
    hoa, lan = people(office)["Hòa"], people(office)["Lan"]
    assert f"{hoa.quiet[0]:%H:%M} {hoa.quiet[1]:%H:%M}" == "18:00 07:30"
    assert hoa.absent == (date(2023, 11, 1), date(2023, 11, 5)) and hoa.deputy == lan.id and not hoa.copies


def test_every_bad_row_is_told_at_once_and_nothing_is_kept(office):
    before = people(office)
    told = refusals(
        office,
        row("A", email="a@b.vn"),
        row("B", unit="Sở Y tế"),
        row("C", unit="b:40.so-y-t"),
        row("D", email="không phải thư"),
        row("E", email=""),
        row("F", zalo_phone="0238 384 4123"),
        row("G", channels="fax"),
        row("H", channels="zalo"),
        row("I", channels="email,email"),
        row("K", deputy="Z"),
        row("L", deputy="L"),
        row("M", deputy="N"),
        row("N", deputy="M"),
        row("O", absent_from="2023-11-05", absent_to="2023-11-01"),
        row("P", absent_from="2023-11-05"),
        row("Q", quiet="06:00-21:00"),
        row("R", quiet="sáng"),
        row("S", role="giám đốc"),
        row("T", copies="có lẽ"),
        row("U", other="khongcokenh://x"),
        row("V", absent_from="30/2/2023", absent_to="2023-03-01"),
        row("A", email="a@b.vn"),
        row("X", email="a@b.vn"),
    )
    wanted = {
        3: "b:40.so-y-te", 4: "Gần nhất: b:40.so-y-te", 5: "không hợp lệ", 6: "ít nhất một", 7: "số máy bàn",
        8: "«fax»", 9: "cột zalo_phone trống", 10: "hai lần", 11: "«Z»", 12: "chính người đó", 13: "M → N → M",
        14: "N → M → N", 15: "trước ngày đầu 05/11/2023", 16: "cả ngày đầu", 17: "che hết giờ gửi", 18: "12:00-13:30",
        19: "giám đốc", 20: "có hoặc không", 21: "khongcokenh://…", 22: "30/2/2023", 23: "trùng với dòng 2", 24: "«A»",
    }  # fmt: skip
    assert [int(one.split(":")[0].removeprefix("dòng ")) for one in told] == list(wanted)
    for one, said in zip(told, wanted.values(), strict=True):
        assert said in one, one
    assert people(office) == before and office.ledger("contacts_imported") == []


def test_a_secret_in_an_address_is_repeated_in_no_error_and_no_log(office, caplog):
    [told] = refusals(office, row(other="khongcokenh://matkhau@may/duong"))
    assert "matkhau" not in told
    [told] = refusals(office, row(other="json://u:matkhau@may json://u:matkhau@may"))
    assert "matkhau" not in told + caplog.text


def test_the_same_table_again_changes_nothing(office):
    table = (row(zalo_phone="987654321", deputy="Lan", absent_from="2023-11-01", absent_to="2023-11-02"), row("Lan"))
    office.imports_contacts(*table)
    before, facts = people(office), office.ledger()
    office.imports_contacts(*table)
    assert people(office) == before and office.ledger() == facts


def test_a_known_person_is_changed_and_the_others_stay(office):
    office.imports_contacts(row(quiet="12:00-13:30", copies="không"), row("Lan"))
    lan, hoa = people(office)["Lan"], people(office)["Hòa"]
    office.imports_contacts(row(email="moi@vinh.gov.vn", zalo_phone="0987654321", channels="zalo,email", copies=""))
    now = people(office)
    assert now["Lan"] == lan and now["Hòa"].id == hoa.id
    assert urls(now["Hòa"]) == [["zns://84987654321"], ["mailto://moi@vinh.gov.vn"]]
    assert now["Hòa"].quiet == hoa.quiet, "the table has no column for it"
    assert not now["Hòa"].copies, "an empty cell does not undo what the person asked for"
    office.imports_contacts(row(quiet="", copies="có"))
    assert people(office)["Hòa"].quiet is None and people(office)["Hòa"].copies
    fact = office.ledger("contacts_imported")[-1]
    assert "Hòa" not in str(fact) and "vinh" not in str(fact)


def test_two_rows_of_one_person_are_two_mailboxes_of_hers(office):
    assert office.imports_contacts(row(email="hoa@vinh.vn"), row(email="hoa2@vinh.vn")) == []
    assert urls(people(office)["Hòa"]) == [["mailto://hoa@vinh.vn", "mailto://hoa2@vinh.vn"]]


def test_a_shared_mailbox_is_not_written_to_twice_under_two_names(office):
    office.imports_contacts(row(email="vanthu@vinh.vn"))
    [told] = refusals(office, row("Lan", email="vanthu@vinh.vn"))
    assert "contacts remove g1:412" in told and "Hòa" in told
    assert refusals(office, row("Lan", email="vanthu@vinh.vn", role="Văn thư")) == []


# Who is there today


def test_a_deputy_receives_while_somebody_is_away(office):
    office.imports_contacts(
        row(absent_from="2023-11-01", absent_to="2023-11-05", deputy="Lan"),
        row("Lan", role="Văn thư", absent_from="2023-11-03", absent_to="2023-11-04", deputy="Bình"),
        row("Bình", role="Người đứng đầu"),
    )
    assert written_to(office, "2023-10-31") == written_to(office, "2023-11-06") == ["Hòa"]
    assert written_to(office, "2023-11-01") == written_to(office, "2023-11-05") == ["Lan"]
    assert written_to(office, "2023-11-03") == ["Bình"]


def test_without_a_deputy_the_others_receive_or_the_one_who_is_away(office):
    away = {"absent_from": "2023-11-01", "absent_to": "2023-11-05"}
    office.imports_contacts(row(**away), row("Lan"), row("An", unit=CUA_LO, **away))
    assert written_to(office, "2023-11-02") == ["Lan"]
    assert written_to(office, "2023-11-02", CUA_LO) == ["An"]
    office.imports_contacts(row("Bình", unit=CUA_LO, role="head"))
    assert written_to(office, "2023-11-02", CUA_LO) == ["Bình"]


def test_a_role_is_asked_for_first_then_focal_points_then_anybody(office):
    office.imports_contacts(row("Bình", role="head"))
    assert written_to(office, "2023-11-02") == ["Bình"]
    office.imports_contacts(row())
    assert written_to(office, "2023-11-02") == ["Hòa"]
    assert written_to(office, "2023-11-02", role="head") == ["Bình"]
    assert written_to(office, "2023-11-02", role="chair") == ["Hòa"]


def test_deputies_that_stand_in_for_each_other_end_somewhere(office):
    away = {"absent_from": "2023-11-01", "absent_to": "2023-11-05"}
    office.imports_contacts(row(deputy="Lan", **away), row("Lan", **away))
    with writing(office.engine) as db:  # as no table can say it
        db.execute(sa.text("UPDATE contact SET deputy = (SELECT min(id) FROM contact) WHERE deputy IS NULL"))
    assert sorted(written_to(office, "2023-11-02")) == ["Hòa", "Lan"]


def test_whose_addresses_were_all_given_up_stands_back(office):
    office.imports_contacts(row(email="hoa@vinh.vn"), row("Bình", role="head"))
    give_up(office, "mailto://hoa@vinh.vn")
    assert written_to(office, "2023-11-02") == ["Bình"]


def test_only_without_any_contact_the_mailbox_of_development_receives(office):
    assert written_to(office, "2023-11-02") == [""]
    office.settings = replace(office.settings, smtp_url="smtp://127.0.0.1:25")
    assert written_to(office, "2023-11-02") == []


# Addresses that were given up, people who left


def test_the_same_address_again_stays_given_up_and_another_is_used(office):
    office.imports_contacts(row(email="hoa@vinh.vn", zalo_phone="0987654321"))
    give_up(office, "mailto://hoa@vinh.vn")
    office.imports_contacts(row(email="hoa@vinh.vn", zalo_phone="0987654321", channels="email,zalo"))
    assert urls(people(office)["Hòa"]) == [["zns://84987654321"]]
    with writing(office.engine) as db:
        enable_address(db, VINH, "HOA@vinh.vn", shown=str, now=office.clock)
    assert urls(people(office)["Hòa"])[0] == ["mailto://hoa@vinh.vn"]
    with writing(office.engine) as db, pytest.raises(Refusal, match="đang được dùng"):
        enable_address(db, VINH, "hoa@vinh.vn", shown=str, now=office.clock)
    with writing(office.engine) as db, pytest.raises(Refusal, match="không có địa chỉ"):
        enable_address(db, VINH, "lan@vinh.vn", shown=str, now=office.clock)
    give_up(office, "mailto://hoa@vinh.vn")
    office.imports_contacts(row(email="moi@vinh.vn"))
    assert urls(people(office)["Hòa"]) == [["mailto://moi@vinh.vn"]]


def test_whoever_left_is_taken_off_and_what_was_sent_stays(office, post):
    office.imports_contacts(row(email="hoa@vinh.vn"), row("Lan", email="lan@vinh.vn", deputy="Hòa"))
    office.sweeps("2023-11-01")
    office.delivers("2023-11-01 08:00")
    sent = office.count(delivery, delivery.c.address == "hoa@vinh.vn")
    assert sent == 1
    with writing(office.engine) as db:
        assert [one.name for one in remove_contact(db, VINH, "hòa", now=office.clock)] == ["Hòa"]
    assert list(people(office)) == ["Lan"] and people(office)["Lan"].deputy is None
    assert office.count(delivery, delivery.c.address == "hoa@vinh.vn", delivery.c.contact.is_(None)) == 1
    assert office.count(person, person.c.name == "Hòa") == 1, "the ledger may refer to her"
    assert [one["unit"] for one in office.ledger("contact_removed")] == [VINH]


def test_no_more_copies_for_whoever_asked(office):
    office.imports_contacts(row())
    number = people(office)["Hòa"].id
    for first in (True, False):
        with writing(office.engine) as db:
            assert stop_copies(db, contact_of(db, number), now=office.clock) is first
    assert not people(office)["Hòa"].copies and len(office.ledger("copies_stopped")) == 1
    assert office.broken_links() == []


# Who cannot be told anything


def listed(office, as_of="2023-11-02"):
    with reading(office.engine) as db:
        plans, units = {office.plan.code: office.plan}, {office.plan.province: office.units(db)}
        return {one.unit: one for one in unreachable(db, plans, units, office.settings, as_of=instant(as_of))}


def test_units_that_nobody_can_be_told_anything_in_and_why(office):
    office.settings = replace(office.settings, smtp_url="smtp://127.0.0.1:25")
    assert {VINH, HEALTH, PROVINCE, PARTY_OFFICE} <= listed(office).keys()
    office.imports_contacts(
        row(email="hoa@vinh.vn"), row(unit=HEALTH, email="", zalo_phone="0987654321"),
        row(unit=HOME_AFFAIRS, email="", other="zbot://1"), row(unit=PROVINCE, email="", other="json://127.0.0.1/x"),
    )  # fmt: skip
    found = listed(office)
    assert VINH not in found and PROVINCE not in found
    assert found[CUA_LO].why == "chưa có đầu mối"
    assert "Zalo (ZNS)" in found[HEALTH].why and "Zalo Bot" in found[HOME_AFFAIRS].why
    give_up(office, "mailto://hoa@vinh.vn")
    assert listed(office)[VINH].why == "mọi địa chỉ đã ngừng dùng (550 không có hộp thư)"
    office.settings = replace(office.settings, zalo=Zalo(app_id="1", app_secret="x", bot_token="y"))
    assert not {HEALTH, HOME_AFFAIRS} & listed(office).keys()


def test_a_digest_has_its_own_link_and_copies_alone_can_be_stopped(office, post):
    office.imports_contacts(row(email="hoa@vinh.vn"))
    office.sweeps("2023-11-01")
    office.delivers("2023-11-01 08:00")
    [mail] = post.mails("hoa@vinh.vn")
    text = text_of(mail)
    assert "http://127.0.0.1:8080/l/" in text and "/thoi-nhan/" not in text
