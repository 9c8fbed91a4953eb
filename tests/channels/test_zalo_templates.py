"""What a template may hold: names shortened, numbers, dates and links never, and nothing that was not approved."""

import json
from dataclasses import replace

import pytest
from channel_cast import COMING, MORNING, digest, line
from zalo_cast import envelope, office

from channels.channel import CannotWrite
from channels.zalo_params import fitted, shortened, values_of
from channels.zalo_standin import standing_in
from channels.zalo_standin_dev import DEV_TEMPLATES
from channels.zalo_templates import Template, register
from models.database import writing
from models.refusal import Refusal


@pytest.fixture(scope="module")
def zalo():
    with standing_in(clock=lambda: MORNING) as running:
        yield running


@pytest.fixture
def vinh(tmp_path, zalo):
    return office(tmp_path, zalo)


def use(vinh, purpose="overdue", **changes):
    with writing(vinh.engine) as db:
        register(db, purpose, replace(DEV_TEMPLATES[purpose], **changes), now=MORNING)


def written(vinh, **changes):
    return json.loads(vinh.zns().write(digest(**changes), envelope()))


@pytest.mark.parametrize(
    ("changes", "template"),
    [
        ({}, "900001"),
        ({"overdue": ()}, "900002"),
        ({"overdue": (), "due": (), "subordinates": (line(unit_name="Xã A"),)}, "900001"),
        ({"overdue": (), "due": (), "copies": (COMING,)}, "900002"),
    ],
)
def test_what_is_late_takes_the_template_for_it(vinh, changes, template):
    assert written(vinh, **changes)["template_id"] == template


def test_the_values_say_what_the_digest_says():
    said = values_of(digest())
    assert said["tinh_hinh"] == "2 nhiệm vụ quá hạn, 1 sắp đến hạn" and said["so_nhiem_vu"] == "2"
    assert said["han_gan_nhat"] == "30/9/2023" and said["so_thong_bao"] == "TB-2023-000123"
    assert said["lien_ket"] == "https://dondoc.nghean.gov.vn/bao-cao/abc" and said["duong_dan"] == "bao-cao/abc"


def test_the_nearest_date_is_the_earliest_by_the_calendar_not_by_the_alphabet():
    lines = (line(due="01/12/2023"), line(due="30/11/2023"), line(due="2/12/2022"), line(due=None))
    assert values_of(digest(overdue=lines))["han_gan_nhat"] == "2/12/2022"
    assert values_of(digest(overdue=(line(due=None),), due=()))["han_gan_nhat"] == "không ấn định"


def test_a_simulation_says_so():
    assert values_of(digest(simulated=True))["tinh_hinh"].startswith("[DỮ LIỆU MÔ PHỎNG] ")


def test_a_long_name_is_shortened_to_the_last_character_allowed(vinh):
    use(vinh, params={"don_vi": 20})
    said = written(vinh, recipient_name="Ủy ban nhân dân xã Nghĩa Đàn")["template_data"]["don_vi"]
    assert said == "Ủy ban nhân dân xã…" and len(said) <= 20


@pytest.mark.parametrize("length", range(1, 30))
def test_shortening_never_passes_its_limit(length):
    said = shortened("Ủy ban nhân dân xã Nghĩa Đàn", length) if length > 1 else "…"
    assert len(said) <= length and (said.endswith("…") or length >= 28)


@pytest.mark.parametrize("name", ["lien_ket", "duong_dan", "so_thong_bao", "han_gan_nhat", "tinh_hinh", "so_nhiem_vu"])
def test_a_number_a_date_or_a_link_is_never_cut(vinh, name):
    length = len(values_of(digest())[name])
    use(vinh, params={name: length})
    assert len(written(vinh)["template_data"][name]) == length
    if length > 1:
        use(vinh, params={name: length - 1})
        with pytest.raises(CannotWrite, match=name):
            written(vinh)


def test_lengths_count_whole_letters_however_they_are_written():
    decomposed = values_of(digest(recipient_name="Sở Nội vụ"))["don_vi"]
    assert fitted({"don_vi": decomposed}, {"don_vi": 9}, template_id="1") == {"don_vi": "Sở Nội vụ"}


def test_a_link_that_there_is_none_of_names_the_setting(vinh):
    with pytest.raises(CannotWrite, match="DONDOC_PORTAL_URL"):
        written(vinh, portal_url=None)


@pytest.mark.parametrize("status", ["PENDING_REVIEW", "REJECT", "DISABLE", "SOMETHING"])
def test_only_what_zalo_approved_is_used(vinh, status):
    use(vinh, status=status)
    with pytest.raises(CannotWrite, match="chưa được Zalo duyệt"):
        written(vinh)


def test_without_a_template_the_verb_is_named(tmp_path, zalo):
    vinh = office(tmp_path, zalo)
    with writing(vinh.engine) as db:
        db.exec_driver_sql("DELETE FROM zns_template")
    with pytest.raises(CannotWrite, match="dondoc channels template set --purpose overdue"):
        written(vinh)


def test_a_parameter_that_no_message_has_is_refused_when_it_is_registered(vinh):
    with pytest.raises(Refusal, match="ten_khach_hang"):
        use(vinh, params={"ten_khach_hang": 30})
    with writing(vinh.engine) as db, pytest.raises(Refusal, match="overdu"):
        register(db, "overdu", Template("1", "", "ENABLE", {"don_vi": 30}), now=MORNING)


def test_what_zalo_tells_of_a_template_is_read(vinh):
    found = vinh.zns().template("900001", now=MORNING)
    assert found == DEV_TEMPLATES["overdue"]
    assert [one.id for one in vinh.zns().templates(now=MORNING)] == ["900001", "900002", "900003"]
