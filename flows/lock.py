"""One engine on one home."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows import words
from models.refusal import Refusal

LOCK = "up.lock"
"""The file's name. It stays when it is let go of: who deletes it would let two processes hold two files."""


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold the home for this process; the system lets go of it when the process ends, however it ends.

    Raises:
        Refusal: another process holds it; names that process.
    """
    with (home / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise Refusal(words.ALREADY_UP.format(home=home, pid=lock.read().strip() or "?")) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
