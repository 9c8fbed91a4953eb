"""How the whole engine stops. The last of these files by name, because the others need the engine running."""

import os
import signal
import time
from pathlib import Path

import pytest
from server import Running

from flows import words

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]


def test_ctrl_c_stops_everything_within_seconds(running: Running) -> None:
    home = str(running.settings.home)
    assert _processes_of(home)
    begun = time.monotonic()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(30) == 0
    assert time.monotonic() - begun < 15
    assert not _processes_of(home)
    assert words.STOPPED in running.said.read_text("utf-8")


def _processes_of(home: str) -> list[str]:
    """Whatever runs with this home in its environment, us apart."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            text = entry.read_bytes()
        except OSError:
            continue
        if f"DONDOC_HOME={home}".encode() in text.split(b"\0") and entry.parent.name != str(os.getpid()):
            found.append(entry.parent.name)
    return found
