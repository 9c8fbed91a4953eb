"""Children that are stopped leave nobody behind, and none outlives a supervisor that was killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from server import ROOT, wait_until

from flows.processes import Child, stop

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")

SLEEP = "import time; time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('sẵn sàng', flush=True); {SLEEP}"
LEAVES_ONE = f"""
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", {SLEEP!r}], start_new_session=True).pid, flush=True)
time.sleep(60)
"""
SUPERVISOR = """
import os, sys, time
from pathlib import Path
from flows.processes import Child, adopt_orphans, kill_orphans, stop
adopt_orphans()
child = Child.start("con", ["-c", sys.argv[1]], env=os.environ, cwd=Path.cwd(), logs=Path(sys.argv[2]))
print(child.process.pid, flush=True)
sys.stdin.readline()
stop([child], patience=5)
kill_orphans([child])
"""


def start(code: str, logs: Path) -> Child:
    return Child.start("con", ["-c", code], env=os.environ, cwd=ROOT, logs=logs)


def alive(pid: int) -> bool:
    """Whether it runs; one that ended and that nobody has asked about does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def said(logs: Path) -> str:
    log = logs / "con.log"
    return log.read_text("utf-8").strip() if log.exists() else ""


@contextmanager
def supervisor(code: str, logs: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process of its own that has started a child, and the child's id; a line to its input stops both."""
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, code, str(logs)], cwd=ROOT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def test_a_child_ends_when_asked(tmp_path: Path) -> None:
    child = start(SLEEP, tmp_path)
    assert child.code is None
    stop([child], patience=5)
    assert child.code == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    child = start(STUBBORN, tmp_path)
    wait_until(lambda: "sẵn sàng" in child.tail(), 10, child.tail)
    begun = time.monotonic()
    stop([child], patience=0.5)
    assert child.code == -signal.SIGKILL
    assert time.monotonic() - begun < 3


@linux
def test_what_a_child_leaves_in_a_group_of_its_own_is_killed_too(tmp_path: Path) -> None:
    with supervisor(LEAVES_ONE, tmp_path) as (process, _):
        wait_until(lambda: said(tmp_path).isdigit(), 10, lambda: said(tmp_path))
        grandchild = int(said(tmp_path))
        assert alive(grandchild)
        process.communicate("stop\n", timeout=10)
        assert not alive(grandchild)


def test_the_log_ends_with_why(tmp_path: Path) -> None:
    child = start("raise SystemExit('vì thế')", tmp_path)
    child.process.wait(10)
    assert child.code == 1
    assert child.tail() == "vì thế"


@linux
def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    with supervisor(SLEEP, tmp_path) as (process, child):
        assert alive(child)
        process.kill()
        wait_until(lambda: not alive(child), 5, lambda: f"{child} lives")


def test_a_child_can_be_interrupted_though_a_script_ignores_that_signal(tmp_path: Path) -> None:
    """`dondoc up &` in a script starts with SIGINT ignored; a Prefect worker that inherits this never stops."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        child = start("import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)", tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)
    child.process.wait(10)
    assert child.tail() == "True"
