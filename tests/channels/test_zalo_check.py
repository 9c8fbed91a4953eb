"""`dondoc channels …`: what is wrong is said exactly, with how to mend it."""

import json
from dataclasses import replace

import pytest
from channel_cast import MORNING
from peers import free_port
from typer.testing import CliRunner
from zalo_cast import HOA, SECRETS, environment, office, send

from channels.zalo_check import problems
from channels.zalo_standin import standing_in
from channels.zalo_templates import registered
from cli.channels import app
from cli.desk import Desk
from models.database import reading, writing

PUBLIC = "https://dondoc.nghean.gov.vn"


@pytest.fixture
def vinh(tmp_path):
    with standing_in(clock=lambda: MORNING) as zalo:
        found = office(tmp_path, zalo)
        found.settings = replace(found.settings, public_url=PUBLIC)
        yield found


def wrong(vinh, settings=None, **options):
    """What is wrong, each with how to mend it."""
    found = problems(settings or vinh.settings, vinh.engine, now=MORNING, **options)
    assert all(one.mend for one in found if not one.ok) and all(one.what for one in found)
    return [one.what for one in found if not one.ok]


def test_a_good_configuration_is_called_good_and_names_the_webhook(vinh):
    assert wrong(vinh) == []
    said = " ".join(one.what for one in problems(vinh.settings, vinh.engine, now=MORNING))
    assert f"{PUBLIC}/zalo/webhook" in said and "còn 90 ngày" in said and "còn 500 trên 500" in said
    assert vinh.counts == {}


def test_missing_settings_are_named(vinh):
    bare = vinh.with_zalo(app_id="", app_secret="", oa_secret="", bot_token="")
    [first, second] = wrong(vinh, bare)
    assert "DONDOC_ZALO_APP_ID" in first and "DONDOC_ZALO_APP_SECRET" in first and "DONDOC_ZALO_OA_SECRET" in second
    assert any("DONDOC_PORTAL_URL" in one for one in wrong(vinh, replace(vinh.settings, public_url=None)))


@pytest.mark.parametrize("name", ["api", "oauth"])
@pytest.mark.parametrize("address", ["http://127.0.0.1:{closed}", "http://khong-co.invalid", "https://127.0.0.1:{tls}"])
def test_an_address_that_cannot_be_reached_is_named(vinh, name, address):
    url = address.format(closed=free_port(), tls=vinh.zalo.port)
    [said] = wrong(vinh, vinh.with_zalo(**{name: url}))
    assert url.partition("://")[2] in said


@pytest.mark.parametrize("name", ["api", "oauth", "bot_api"])
def test_where_nobody_answers_the_network_is_to_be_mended_and_not_the_consent(vinh, name):
    settings = vinh.with_zalo(**{name: f"http://127.0.0.1:{free_port()}"})
    [bad] = [one for one in problems(settings, vinh.engine, now=MORNING) if not one.ok]
    assert "Kiểm tra mạng" in bad.mend


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"app_id": "1"}, "DONDOC_ZALO_APP_ID"),
        ({"app_secret": "x"}, "DONDOC_ZALO_APP_SECRET"),
        ({"refresh_token": "x"}, "phải cấp quyền lại"),
        ({"refresh_token": ""}, "DONDOC_ZALO_REFRESH_TOKEN"),
        ({"bot_token": "x:y"}, "DONDOC_ZALO_BOT_TOKEN"),
    ],
)
def test_what_zalo_does_not_accept_is_named(vinh, changes, said):
    [found] = wrong(vinh, vinh.with_zalo(**changes))
    assert said in found


def test_a_refused_proof_is_named(vinh):
    send(vinh.zns())
    [said] = wrong(vinh, vinh.with_zalo(app_secret="changed"))
    assert "-1241" in said and "DONDOC_ZALO_APP_SECRET" in said


def test_templates_are_asked_about_and_remembered(vinh):
    templates = vinh.zalo.zalo.account.templates
    templates["900001"] = replace(templates["900001"], status="DISABLE")
    templates["900002"] = replace(templates["900002"], params={"so_thong_bao": 5})
    del templates["900003"]
    disabled, short, gone = wrong(vinh)
    assert "bị vô hiệu hóa" in disabled and "so_thong_bao" in short and "900003" in gone and "-109" in gone
    with reading(vinh.engine) as db:
        assert registered(db)["overdue"].status == "DISABLE"


def test_a_missing_template_names_the_verb(vinh):
    with writing(vinh.engine) as db:
        db.exec_driver_sql("DELETE FROM zns_template WHERE purpose = 'due'")
    [said] = wrong(vinh)
    assert "dondoc channels template set --purpose due" in said


def test_a_used_up_quota_is_told(vinh):
    vinh.zalo.zalo.account.quota = 0
    [said] = wrong(vinh)
    assert "còn 0 trên 0" in said


def test_a_trial_message_is_sent_as_a_trial(vinh):
    assert wrong(vinh, phone=HOA) == []
    [kept] = vinh.zalo.zalo.store.messages()
    assert (kept.address, kept.mode) == (HOA, "development")
    [said] = wrong(vinh, phone="84900000127")
    assert "-127" in said


@pytest.fixture
def dondoc(vinh, monkeypatch):
    """The verbs, in an office whose settings stand in the environment."""
    for name, value in environment(vinh).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DONDOC_PORTAL_URL", PUBLIC)
    monkeypatch.setattr("cli.channels.Desk", lambda: Desk(now=MORNING))

    def run(*arguments):
        return CliRunner().invoke(app, arguments)

    return run


def test_the_verb_tells_what_is_wrong_and_exits_accordingly(dondoc, vinh):
    good = dondoc("test", "zalo", "--json")
    assert good.exit_code == 0 and all(one["ok"] for one in json.loads(good.stdout))
    vinh.zalo.zalo.account.quota = 0
    bad = dondoc("test", "zalo")
    assert bad.exit_code == 1 and "[SAI] Hạn mức ZNS hôm nay: còn 0 trên 0 tin." in bad.stdout
    assert not any(secret in good.stdout + bad.stdout for secret in SECRETS[:4])


def test_templates_are_listed_with_what_they_are_used_for(dondoc):
    rows = json.loads(dondoc("templates", "--json").stdout)
    assert [(one["id"], one["purpose"], one["at_zalo"]) for one in rows] == [
        ("900003", "alarm", True), ("900002", "due", True), ("900001", "overdue", True)
    ]  # fmt: skip
    assert "đã duyệt" in dondoc("templates").stdout


def test_a_template_is_registered_with_what_zalo_says_of_it(dondoc, vinh):
    assert dondoc("template", "set", "--purpose", "due", "--id", "900001").exit_code == 0
    with reading(vinh.engine) as db:
        assert registered(db)["due"].id == "900001"
    assert "-109" in str(dondoc("template", "set", "--purpose", "due", "--id", "1").exception)


def test_a_template_is_registered_by_hand(dondoc, vinh):
    arguments = ("template", "set", "--purpose", "due", "--id", "312345", "--param", "don_vi=50", "--param")
    assert dondoc(*arguments, "duong_dan=200").exit_code == 0
    with reading(vinh.engine) as db:
        found = registered(db)["due"]
    assert (found.id, found.params) == ("312345", {"don_vi": 50, "duong_dan": 200})
    for bad in ("don_vi", "don_vi=x", "=5", "don_vi=0", "don_vi=9999", "la=5"):
        assert dondoc(*arguments, bad).exception is not None


def test_a_preview_shows_every_parameter_and_sends_nothing(dondoc, vinh):
    said = json.loads(dondoc("template", "preview", "--purpose", "overdue", "--json").stdout)
    assert said["params"]["tinh_hinh"] == "1 nhiệm vụ quá hạn, 1 sắp đến hạn" and vinh.zalo.zalo.calls == []
    assert "noi_dung" in dondoc("template", "preview", "--purpose", "alarm").stdout
    assert "overdu" in str(dondoc("template", "preview", "--purpose", "overdu").exception)


def test_without_zalo_the_settings_are_named(dondoc, monkeypatch):
    monkeypatch.setenv("DONDOC_ZALO_APP_ID", "")
    assert "DONDOC_ZALO_APP_ID" in str(dondoc("templates").exception)
