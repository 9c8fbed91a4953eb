"""`dondoc status` from the shell, beside a Python that only imports what it is built on."""

import os
import subprocess
import sys

from benchmarks.office import DAY, scratch, timed


def measure() -> list[dict]:
    with scratch() as (_, folder):
        env = os.environ | {"DONDOC_HOME": str(folder), "DONDOC_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite"}
        command = [
            sys.executable,
            "-m",
            "cli",
            "status",
            "--plan",
            "nghe-an-2023",
            "--as-of",
            DAY.isoformat(),
            "--json",
        ]
        run = lambda what: subprocess.run(what, env=env, check=True, capture_output=True)  # noqa: E731
        seconds = timed(lambda: run(command))
        floor = timed(lambda: run([sys.executable, "-c", "import sqlmodel, typer"]))
    return [{"what": "dondoc status (floor: importing SQLModel and Typer)", "seconds": seconds, "floor": floor,
             "target": "under 0.8 s"}]  # fmt: skip
