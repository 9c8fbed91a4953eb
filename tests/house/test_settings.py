"""Settings: the environment over a file, and what cannot be used is refused with a way to mend it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.refusal import Refusal
from models.settings import Settings, Zalo


def test_a_file_in_the_engines_home_is_read_and_the_environment_overrides_it(tmp_path: Path):
    (tmp_path / "dondoc.env").write_text(
        'DONDOC_SMTP_URL="smtp://mail.nghean.vn:587?starttls=1"\n# chú thích\nDONDOC_MAIL_FROM=don-doc@nghean.vn\n'
        "DONDOC_ALARMS=json://may-chu/1 mailto://quan-tri@nghean.vn\n"
    )
    read = Settings.read({"DONDOC_HOME": str(tmp_path), "DONDOC_MAIL_FROM": "khac@nghean.gov.vn"})
    assert read.smtp_url == "smtp://mail.nghean.vn:587?starttls=1"
    assert (read.mail_from, read.mail_domain, read.own_returns) == ("khac@nghean.gov.vn", "nghean.gov.vn", False)
    assert read.alarms == ("json://may-chu/1", "mailto://quan-tri@nghean.vn")


def test_a_named_file_that_is_not_there_and_a_strange_name_are_refused(tmp_path: Path):
    with pytest.raises(Refusal, match="DONDOC_SETTINGS"):
        Settings.read({"DONDOC_HOME": str(tmp_path), "DONDOC_SETTINGS": str(tmp_path / "khong-co")})
    (tmp_path / "dondoc.env").write_text("SMTP_URL=smtp://x\n")
    with pytest.raises(Refusal, match="SMTP_URL"):
        Settings.read({"DONDOC_HOME": str(tmp_path)})


@pytest.mark.parametrize("wrong", [{"DONDOC_PORTAL_URL": "dondoc.vn"}, {"DONDOC_UNKNOWN": "maybe"}])
def test_a_value_that_cannot_be_used_is_refused_by_its_name(tmp_path: Path, wrong):
    with pytest.raises(Refusal, match=next(iter(wrong))):
        Settings.read({"DONDOC_HOME": str(tmp_path), **wrong})


def test_a_stand_in_on_this_machine_is_no_real_channel(tmp_path: Path):
    here = Zalo(app_id="1", app_secret="2", api="http://127.0.0.1:8030")
    there = Zalo(app_id="1", app_secret="2")
    assert Settings(tmp_path, "sqlite://", zalo=here).mailbox_only
    assert not Settings(tmp_path, "sqlite://", zalo=there).mailbox_only
    assert not Settings(tmp_path, "sqlite://", smtp_url="smtp://mail.vn").mailbox_only


TEXT = st.text(st.characters(codec="ascii", categories=("L", "N")), max_size=12)


@given(zalo=st.builds(Zalo, app_id=TEXT, app_secret=TEXT, bot_token=TEXT), by_hand=st.booleans(), own=st.booleans())
def test_what_is_written_for_a_child_process_reads_back_the_same(zalo, by_hand, own):
    home = Path("/srv/dondoc")
    given_settings = Settings(
        home, "sqlite:////srv/dondoc/x.sqlite", smtp_url="smtp://mail.vn", mail_from="a@mail.vn", mail_domain="mail.vn",
        own_returns=own, reply_to="b@mail.vn", returned_mail=Path("/srv/mail"), unknown_by_hand=by_hand, zalo=zalo,
        alarms=("json://x", "mailto://y@z"), public_url="https://dondoc.vn",
    )  # fmt: skip
    assert Settings.read(given_settings.written()) == given_settings


def test_no_secret_stands_in_a_printed_form(tmp_path: Path):
    zalo = Zalo(app_id="1", app_secret="khóa-1", oa_secret="khóa-2", refresh_token="khóa-3", bot_token="khóa-4")
    shown = repr(Settings(tmp_path, "sqlite://", smtp_url="smtp://a:mat-khau@x", zalo=zalo, alarms=("json://u:mk@x",)))
    assert not any(secret in shown for secret in ("khóa", "mat-khau", "mk@"))


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    settings = Settings(tmp_path / "nha", "sqlite://")
    key = settings.secret()
    assert len(key) >= 32 and settings.secret() == key
    assert (tmp_path / "nha" / "secret.key").stat().st_mode & 0o077 == 0
