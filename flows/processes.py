"""Child processes that do not outlive us: each in a process group of its own, with a log, stopped within seconds."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LARGEST_LOG = 10_000_000  # bytes; a larger one is put aside when its process starts anew
TAIL = 15  # lines
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36

# Loaded before any fork: nothing may be imported between fork and exec.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Child:
    """One running process."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, name: str, command: Sequence[str], *, env: Mapping[str, str], cwd: Path, logs: Path) -> "Child":
        """Have this very Python interpreter run `command`."""
        log = logs / f"{name}.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".1.log"))
        us = os.getpid()
        with log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, *command], env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=lambda: _in_child(us),
            )  # fmt: skip
        return cls(name, log, process)

    @property
    def code(self) -> int | None:
        """Its exit code, None while it runs."""
        return self.process.poll()

    def tail(self) -> str:
        """The last lines that it logged."""
        lines = self.log.read_text("utf-8", errors="replace").splitlines()
        return "\n".join([line for line in lines if line.strip()][-TAIL:])


def adopt_orphans() -> None:
    """Become the parent of whatever our children leave behind, so that `kill_orphans` can find it."""
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1)


def stop(children: Sequence[Child], *, patience: float) -> None:
    """Ask each to end, wait, then kill what is left of their process groups."""
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.process.terminate()
    until = time.monotonic() + patience
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(until - time.monotonic(), 0))
    kill(children)


def kill(children: Iterable[Child]) -> None:
    """End each and its whole process group at once."""
    for child in children:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def kill_orphans(known: Iterable[Child]) -> None:
    """End what a child started in a group of its own (Prefect's worker does so for each run) and left behind."""
    ours = {child.process.pid for child in known}
    for pid in _children_of(os.getpid()):
        if pid not in ours:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _children_of(parent: int) -> Iterable[int]:
    """From /proc; nothing on a system without it."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()  # the name before may hold anything
            if int(fields[1]) == parent:
                yield int(stat.parent.name)


def _in_child(parent: int) -> None:
    """Between fork and exec."""
    # `dondoc up &` in a script leaves SIGINT ignored, and a Prefect worker that inherits this cannot be stopped.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # so that nobody outlives a supervisor that was killed
        if os.getppid() != parent:
            os._exit(1)
