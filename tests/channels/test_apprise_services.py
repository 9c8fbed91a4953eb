"""zns:// and zbot:// in Apprise itself, with this engine's settings and tokens."""

import logging
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import apprise
import pytest
import sqlalchemy as sa
from channel_cast import MORNING
from zalo_cast import HOA, environment, office

from channels import apprise_services
from channels.zalo_standin import standing_in
from models.database import writing
from models.tables import zns_template

CHAT = "6ede9afa66b88fe6d6a9"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def vinh(tmp_path, monkeypatch):
    """An office whose settings stand in the environment; it is morning, for itself and for its Zalo."""
    monkeypatch.setattr(apprise_services, "_now", lambda: MORNING)
    with standing_in(clock=lambda: MORNING) as zalo:
        found = office(tmp_path, zalo)
        for name, value in environment(found).items():
            monkeypatch.setenv(name, value)
        yield found


def told(url, body="Máy chủ thư không trả lời.", title="Cảnh báo"):
    found = apprise.Apprise()
    assert found.add(url)
    return found.notify(body=body, title=title)


def test_zns_carries_title_and_text_in_the_template_for_alarms(vinh):
    assert told(f"zns://{HOA}") is True
    [kept] = vinh.zalo.zalo.store.messages()
    assert (kept.address, kept.template_id) == (HOA, "900003")
    assert kept.content["noi_dung"] == "Cảnh báo Máy chủ thư không trả lời." and kept.content["ngay"] == "23/11/2023"


def test_a_long_text_is_shortened_to_the_template(vinh):
    assert told("zns://0987654321", body="dài " * 300) is True
    assert len(vinh.zalo.zalo.store.messages()[0].content["noi_dung"]) <= 200


def test_it_uses_the_tokens_in_the_database(vinh):
    assert told(f"zns://{HOA}") and told(f"zns://{HOA}")
    assert vinh.refreshes == 1 and vinh.token_row().generation == 1


def test_zbot_keeps_the_chat_id_letter_for_letter(vinh):
    assert told(f"zbot://{CHAT.upper()}Ab") is True
    [kept] = vinh.zalo.zalo.store.messages()
    assert kept.address == f"{CHAT.upper()}Ab"
    assert kept.text.splitlines() == ["Cảnh báo", "Máy chủ thư không trả lời."]


def test_a_refusal_is_false_with_the_reason_in_apprises_log(vinh):
    with apprise.LogCapture(level=logging.WARNING) as log:
        assert told("zns://84900000118") is False
        assert "-118" in log.getvalue()
    with writing(vinh.engine) as db:
        db.execute(sa.delete(zns_template))
    with apprise.LogCapture(level=logging.WARNING) as log:
        assert told(f"zns://{HOA}") is False
        assert "dondoc channels template set --purpose alarm" in log.getvalue()


@pytest.mark.parametrize("url", ["zns://", "zns://12345", "zns://khong-phai-so", "zbot://"])
def test_an_address_that_is_none_is_not_added(url):
    assert not apprise.Apprise().add(url)


@pytest.mark.parametrize(("url", "hidden"), [(f"zns://{HOA}", "8498"), (f"zbot://{CHAT}", "6ede")])
def test_addresses_come_back_whole_and_are_shown_shortened(url, hidden):
    found = apprise.Apprise()
    found.add(url)
    assert found.urls()[0].startswith(url)
    private = found.urls(privacy=True)[0]
    assert hidden in private and url.partition("://")[2] not in private


def test_registering_again_changes_nothing():
    apprise_services.register()
    assert apprise.Apprise().add(f"zns://{HOA}")


def test_importing_the_module_is_all_that_another_program_does(tmp_path):
    """By the wall clock, as Apprise would run it; at night Zalo takes no ZNS, so the bot is asked."""
    with standing_in(clock=lambda: datetime.now(UTC)) as zalo:
        vinh = office(tmp_path, zalo)
        code = (
            "import apprise, channels.apprise_services\n"
            "a = apprise.Apprise()\n"
            f"assert a.add('zbot://{CHAT}') and a.add('zns://{HOA}')\n"
            f"b = apprise.Apprise(); b.add('zbot://{CHAT}')\n"
            "print(b.notify('chào'))"
        )
        command, given = [sys.executable, "-c", code], {**os.environ, **environment(vinh)}
        said = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True)
        assert (said.stdout, said.returncode) == ("True\n", 0), said.stderr
        assert [kept.text for kept in zalo.zalo.store.messages()] == ["chào"]
