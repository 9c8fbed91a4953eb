"""`make bench`: what the engine costs, each row beside a floor measured in the same run.

Figures depend on the machine and on what else it does; the ratio to the floor travels better than seconds do.
"""

import json
import platform
import resource
import subprocess
import sys

from benchmarks import phrases, post, prefect_run, replay, start, status, sweep

MEASURES = {
    "phrases": phrases, "sweep": sweep, "replay": replay, "status": status, "post": post, "prefect": prefect_run,
    "start": start,
}  # fmt: skip


def main(names: list[str]) -> None:
    if names[:1] == ["--one"]:
        rows = MEASURES[names[1]].measure()
        print(json.dumps([*rows, {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}]))
        return
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()} {platform.release()}\n")
    print(f"{'what':<58} {'measured':>10} {'floor':>10} {'ratio':>7}  target")
    for name in names or MEASURES:
        _print(name)


def _print(name: str) -> None:
    """Each measure in a process of its own, so that memory is its own too."""
    done = subprocess.run([sys.executable, "-m", "benchmarks", "--one", name], capture_output=True, text=True)
    if done.returncode:
        print(f"{name}: failed\n{done.stderr[-2000:]}")
        return
    *rows, memory = json.loads(done.stdout.splitlines()[-1])
    for row in rows:
        floor, ratio = row.get("floor"), ""
        if floor:
            ratio = f"{row['seconds'] / floor:.1f}x"
        shown_floor = f"{floor:.3f} s" if floor else ""
        print(f"{row['what']:<58} {row['seconds']:>8.3f} s {shown_floor:>10} {ratio:>7}  {row['target']}")
    print(f"{'  peak memory of that process':<58} {memory['peak']:>7.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
