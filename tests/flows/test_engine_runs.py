"""The whole engine on a real Prefect server: what the standing office sees there.

The first two tests guard the pins: with fastapi>=0.155 Prefect's server does not import, and with sqlalchemy>=2.1
its scheduler fails in the log and no scheduled run ever appears.
"""

import json
import logging
import shutil
import subprocess
import sys
import urllib.request
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from server import ROOT, Running, answers, is_final, scratch_settings, wait_until

from flows import words
from flows.catalog import find_plan
from flows.environment import environment
from models.database import connect
from models.settings import Settings
from schedules.zone import VIETNAM
from tasks.advance import advance
from tasks.set_up import set_up

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]
PLAN = "nghe-an-2023"


def test_every_page_answers(running: Running) -> None:
    pages = (running.settings.prefect_url, running.settings.portal_url, running.settings.mailbox_url)
    assert all(answers(url) for url in pages)
    assert all(url in running.said.read_text("utf-8") for url in pages)


def test_pages_that_call_nobody_are_served_first(running: Running) -> None:
    """The new UI's pages call a tracker on the internet, whatever the server's analytics setting says."""
    with urllib.request.urlopen(f"{running.settings.prefect_url}/ui-settings", timeout=5) as reply:
        assert json.load(reply)["default_ui"] == "v1"


def test_the_daily_sweep_is_really_scheduled(running: Running) -> None:
    def scheduled() -> list[str]:
        runs = running.all("/flow_runs/filter", deployments={"name": {"any_": [words.DAILY]}})
        return [run["expected_start_time"] for run in runs if run["auto_scheduled"]]

    wait_until(lambda: bool(scheduled()), 75, lambda: running.log("prefect"))
    for text in scheduled():
        assert f"{datetime.fromisoformat(text).astimezone(VIETNAM):%H:%M}" == "07:30"


def test_the_first_sweep_ends_in_a_state_for_people(running: Running) -> None:
    name = {"name": {"any_": [words.AT_START]}}
    wait_until(lambda: all(is_final(run) for run in running.runs(**name)), 60, lambda: running.log("worker"))
    (run,) = running.runs(**name)
    assert run["state_type"] == "COMPLETED"
    assert "quá hạn" in run["state_name"]
    flow = running.all("/flows/filter", flow_runs={"id": {"any_": [run["id"]]}})
    assert [one["name"] for one in flow] == [PLAN]
    artifacts = running.all("/artifacts/filter", flow_runs={"id": {"any_": [run["id"]]}})
    assert {one["key"] for one in artifacts} >= {f"{PLAN}-tien-do", f"{PLAN}-tong-hop", f"{PLAN}-qua-han"}


def test_milestones_stand_under_upcoming_by_name_and_once(running: Running) -> None:
    def milestones() -> dict[str, str]:
        return {run["id"]: run["name"] for run in running.runs(tags={"all_": ["mốc"]})}

    before = milestones()
    assert len(before) > 20
    assert any("Báo cáo năm" in name and name.endswith("· nhắc trước 7 ngày") for name in before.values())
    again = subprocess.run(
        [sys.executable, "-m", "flows.deploy"], cwd=ROOT, env=running.env, capture_output=True, text=True, timeout=60
    )
    assert again.returncode == 0, again.stderr
    assert milestones() == before


def test_each_touched_unit_is_a_task_run_and_a_late_one_is_no_error(running: Running, tmp_path: Path) -> None:
    """24/11/2023: forty units are reminded of the yearly report, and one that is late is urged once more."""
    settings = scratch_settings(tmp_path)
    expected = _touched_on_24_november(settings)
    env = environment(settings) | {name: running.env[name] for name in ("PREFECT_HOME", "PREFECT_API_URL")}
    code = "import asyncio, flows.sweep as s; print(asyncio.run(s.nghe_an_2023('2023-11-24', return_state=True)).name)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr
    assert "Traceback" not in done.stderr
    (run,) = running.runs(state={"name": {"any_": [done.stdout.strip()]}})
    assert run["state_type"] == "COMPLETED"
    steps = {words.SWEEP, words.DELIVER, words.PUBLISH, words.CALENDAR}
    recorded = running.recorded(run["id"], expected.total() + len(steps))
    units = Counter((one["name"], one["state_type"], one["state_name"]) for one in recorded if one["name"] not in steps)
    assert units == expected
    assert {kind for _, kind, _ in units} == {"FAILED", "COMPLETED"}
    logs = running.all("/logs/filter", logs={"flow_run_id": {"any_": [run["id"]]}})
    assert not [one["message"] for one in logs if one["level"] >= logging.ERROR]


def _touched_on_24_november(settings: Settings) -> Counter[tuple[str, str, str]]:
    """Prepare a database swept on the day before; gives each unit that the plain sweep of the day then touches."""
    plan, day = find_plan(PLAN), datetime(2023, 11, 24, 7, 30, tzinfo=VIETNAM)
    engine = connect(settings.database_url)
    set_up(engine, [plan], now=day)
    advance(engine, [plan], as_of=day - timedelta(days=1), now=day, actor="engine")
    engine.dispose()
    twin = settings.home / "twin.sqlite"
    shutil.copy(settings.home / "dondoc.sqlite", twin)
    (result,) = advance(connect(f"sqlite:///{twin}"), [plan], as_of=day, now=day, actor="engine")
    return Counter((one.name, "FAILED" if one.state == "overdue" else "COMPLETED", one.shown) for one in result.touched)


def test_a_second_engine_on_the_same_home_is_refused(running: Running) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", "up"], cwd=ROOT, env=running.env, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1
    assert str(running.process.pid) in done.stderr
    assert "DONDOC_HOME" in done.stderr
