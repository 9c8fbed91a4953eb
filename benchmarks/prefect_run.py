"""What Prefect adds to a sweep for each unit that it shows, in a real run on a real server."""

import asyncio
import os
import subprocess
import sys
from time import perf_counter

UNITS = 500


def measure() -> list[dict]:
    from tests.flows.server import prefect_server

    with prefect_server() as env:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.prefect_run"], env=os.environ | env, capture_output=True, text=True
        )
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

    late, done = ("overdue", "Quá hạn 3 ngày làm việc"), ("done", "Hoàn thành đúng hạn")
    touched = [TouchedUnit(str(n), f"Xã {n}", *(done if n % 5 else late), ("Đã nộp",)) for n in range(units)]

    @flow(name=f"bench-{units}", persist_result=False)
    async def run() -> None:
        await show(touched)

    start = perf_counter()
    await run()
    return perf_counter() - start


async def _both() -> None:
    await _flow_time(1)
    print(await _flow_time(0), await _flow_time(UNITS))


if __name__ == "__main__":
    from flows.steps import expect_red

    expect_red()
    asyncio.run(_both())
