"""What Prefect adds to a sweep for each unit that it shows, in real runs on a real server."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

UNITS = 500
ROOT = Path(__file__).parents[1]


def measure() -> list[dict]:
    sys.path.insert(0, str(ROOT / "tests" / "flows"))
    from server import running_engine

    with TemporaryDirectory() as folder, running_engine(Path(folder) / "home") as engine:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.prefect_run"], cwd=ROOT, env=os.environ | engine.env,
            capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    none, many = (float(text) for text in done.stdout.split()[-2:])
    return [
        {"what": f"Prefect: flow time for each of {UNITS} touched units", "seconds": (many - none) / UNITS,
         "target": "at most 0.015 s"},
        {"what": "Prefect: a run that touches nobody", "seconds": none, "target": ""},
    ]  # fmt: skip


async def _flow_time(units: int) -> float:
    from prefect import flow

    from flows.steps import show
    from tasks.sweep import TouchedUnit

    told = [TouchedUnit(f"n:{n}", f"Xã {n}", "done", "Hoàn thành đúng hạn", ("Đã nộp",)) for n in range(units)]

    @flow(name="do-thoi-gian", persist_result=False)
    async def run() -> None:
        await show(told)

    start = perf_counter()
    await run()
    return perf_counter() - start


async def _both() -> None:
    from flows.steps import expect_red

    expect_red()
    await _flow_time(1)
    print(await _flow_time(0), await _flow_time(UNITS))


if __name__ == "__main__":
    asyncio.run(_both())
