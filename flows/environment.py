"""What the child processes of `dondoc up` find in their environment."""

import os
from collections.abc import Mapping

from models.settings import Settings

WORKER = "dondoc"
"""The name of the worker that `dondoc up` starts; an office may start others beside it."""

DROPPED = ("PREFECT_API_KEY", "PREFECT_PROFILE")
"""Of somebody's own Prefect; with it the client would go looking for a server or a profile that is not ours."""


def environment(settings: Settings, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """This process's environment, with the engine's settings and a Prefect of its own that never calls home."""
    inherited = {name: value for name, value in environ.items() if name not in DROPPED}
    return inherited | settings.written() | prefect_environment(settings) | _local(environ)


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Prefect under the engine's home: its own server and database, quiet, and no word to the outside."""
    home, api = settings.home / "prefect", f"{settings.prefect_url}/api"
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_UI_API_URL": api,  # else the pages call port 4200, whatever the server's port is
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # The new pages start their tracker before they ask whether they may; the old ones ask first.
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_CLI_COLORS": "false",
        "PREFECT_CLI_PROMPT": "false",
        # Runs wait for one another (one worker, one run at a time); that alone does not make them late.
        "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "300",
        "PREFECT_WORKER_QUERY_SECONDS": "3",
        # One transaction for each task run, as Prefect has it, records 20 a second and starves every other writer of
        # its SQLite: a run of 500 units then waited up to a minute to end. In batches they are there within a second.
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "100",
    }


def _local(environ: Mapping[str, str]) -> dict[str, str]:
    """An office's web proxy is not asked for what runs on this machine."""
    direct = ",".join(filter(None, (environ.get("NO_PROXY") or environ.get("no_proxy"), "127.0.0.1", "localhost")))
    return {"NO_PROXY": direct, "no_proxy": direct, "PYTHONUNBUFFERED": "1"}
