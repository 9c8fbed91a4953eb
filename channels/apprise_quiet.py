"""Apprise's log, kept to ourselves: at its finer levels it tells whole addresses, tokens and messages."""

import io
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def overheard() -> Iterator[io.StringIO]:
    """What Apprise logs meanwhile, at every level, goes into the text and nowhere else.

    Its loggers belong to the whole process, so only one thread is inside at a time.
    """
    import apprise

    apprise_log, requests_log = logging.getLogger("apprise"), logging.getLogger("urllib3")
    with _ONE_AT_A_TIME:
        handlers, propagated = apprise_log.handlers[:], apprise_log.propagate
        requests_level = requests_log.level
        apprise_log.handlers, apprise_log.propagate = [], False
        requests_log.setLevel(logging.INFO)  # at DEBUG it notes the path of each request, which may be a token
        try:
            with apprise.LogCapture(level=logging.DEBUG, fmt="%(message)s") as said:
                yield said
        finally:
            apprise_log.handlers, apprise_log.propagate = handlers, propagated
            requests_log.setLevel(requests_level)
