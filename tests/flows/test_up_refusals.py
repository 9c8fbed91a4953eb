"""`dondoc up` refuses what cannot work before it starts anything, and says how to mend it."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from server import scratch_settings

from flows.environment import environment
from flows.lock import held
from flows.ports import check_ports
from models.refusal import Refusal
from models.settings import Settings


def test_a_taken_port_is_named_with_its_setting_and_a_way_out(tmp_path: Path) -> None:
    settings = scratch_settings(tmp_path)
    check_ports(settings)
    with socket.create_server(("127.0.0.1", settings.portal_port)), pytest.raises(Refusal) as refused:
        check_ports(settings)
    told = str(refused.value)
    assert f"Cổng {settings.portal_port} cho cổng đôn đốc" in told
    assert f"DONDOC_PORTAL_PORT={settings.portal_port + 1} dondoc up" in told


def test_one_port_for_two_services_is_refused(tmp_path: Path) -> None:
    settings = scratch_settings(tmp_path)
    with pytest.raises(Refusal, match=r"DONDOC_SMTP_PORT.*trùng với DONDOC_PREFECT_PORT"):
        check_ports(replace(settings, smtp_port=settings.prefect_port))


def test_with_a_real_mail_server_the_mailbox_needs_no_ports(tmp_path: Path) -> None:
    settings = scratch_settings(tmp_path)
    with socket.create_server(("127.0.0.1", settings.smtp_port)):
        check_ports(replace(settings, smtp_url="smtp://mail.example"))


def test_one_engine_on_one_home(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(Refusal, match=r"đang chạy \(tiến trình \d+\).*DONDOC_HOME"), held(tmp_path):
        pass
    with held(tmp_path):
        pass


def test_children_get_our_settings_and_a_prefect_that_stays_at_home(tmp_path: Path) -> None:
    settings = replace(scratch_settings(tmp_path), simulated=True, plans_folder=tmp_path / "plans")
    env = environment(settings, {"PREFECT_API_KEY": "x", "PREFECT_API_URL": "https://elsewhere", "NO_PROXY": "a.vn"})
    assert Settings.read(env) == settings
    assert "PREFECT_API_KEY" not in env
    assert env["PREFECT_API_URL"] == env["PREFECT_SERVER_UI_API_URL"] == f"{settings.prefect_url}/api"
    assert (env["PREFECT_SERVER_ANALYTICS_ENABLED"], env["DO_NOT_TRACK"]) == ("false", "1")
    assert env["NO_PROXY"] == "a.vn,127.0.0.1,localhost"
