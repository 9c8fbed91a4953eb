"""Each plan is a flow that Prefect finds by its code; only the reds that we named are left out of the log."""

import logging
from pathlib import Path

import pytest
import yaml
from prefect.flows import load_flow_from_entrypoint

import flows.sweep
from flows import words
from flows.catalog import load_plans
from flows.deploy import PREFECT_YAML, entrypoint
from flows.steps import ExpectedRed

ROOT = Path(__file__).parents[2]


def test_every_shipped_plan_is_listed_in_prefect_yaml_and_nothing_else_is() -> None:
    listed = [one["entrypoint"] for one in yaml.safe_load(PREFECT_YAML.read_text("utf-8"))["deployments"]]
    assert sorted(listed) == sorted(entrypoint(plan) for plan in load_plans().values())


def test_the_daily_sweep_is_at_0730_in_vietnam() -> None:
    for one in yaml.safe_load(PREFECT_YAML.read_text("utf-8"))["deployments"]:
        assert one["name"] == words.DAILY
        (schedule,) = one["schedules"]
        assert (schedule["cron"], schedule["timezone"]) == ("30 7 * * *", "Asia/Ho_Chi_Minh")


def test_prefect_loads_each_plan_by_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for plan in load_plans().values():
        flow = load_flow_from_entrypoint(entrypoint(plan))
        assert (flow.name, flow.description) == (plan.code, plan.title)
        assert list(flow.parameters.properties) == ["as_of"]


def test_a_plan_that_nobody_declared_is_no_flow() -> None:
    with pytest.raises(AttributeError, match="ke_hoach_khong_co"):
        flows.sweep.__getattr__("ke_hoach_khong_co")


@pytest.mark.parametrize(
    ("level", "message", "appears"),
    [
        (logging.ERROR, f"Finished in state {words.OVERDUE} 3 ngày làm việc('Đôn đốc')", False),
        (logging.ERROR, f"Task run failed with state: {words.OVERDUE}(message='', type=FAILED)", False),
        (logging.ERROR, "Finished in state Failed('Task run encountered an exception')", True),
        (logging.ERROR, "Task run failed with exception: ValueError()", True),
        (logging.WARNING, f"Finished in state {words.OVERDUE}", True),
    ],
)
def test_only_the_expected_red_is_left_out_of_the_log(level: int, message: str, appears: bool) -> None:
    record = logging.LogRecord("prefect.task_runs", level, __file__, 1, message, None, None)
    assert ExpectedRed().filter(record) == appears
