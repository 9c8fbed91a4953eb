"""Speaking to a relay before its records are read: what it took before then is in them afterwards."""

import socket
import time
from contextlib import suppress
from pathlib import Path

from channels.smtp_address import SmtpAddress

SECONDS = 3.0
SESSION_OVER = b"disconnect from"


def probe(address: SmtpAddress, log: Path | None = None) -> bool:
    """Open a session and end it; True when the relay, and its log where there is one, has kept up with it.

    A relay works through what it has been sent in order, and writes its log in order, so nothing of before is still
    on its way. Where nobody listens nothing is on its way either: True.
    """
    try:
        before = log.stat().st_size if log else 0
        _say_goodbye(address)
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return log is None or _session_logged(log, before)


def _say_goodbye(address: SmtpAddress) -> None:
    with socket.create_connection((address.host, address.port), timeout=SECONDS) as line:
        if address.tls == "implicit":  # speaks only after a handshake; coming and going is a session too
            return
        line.recv(1024)
        line.sendall(b"QUIT\r\n")
        line.recv(1024)


def _session_logged(log: Path, before: int) -> bool:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), log.open("rb") as file:
            file.seek(before)
            if SESSION_OVER in file.read():
                return True
        time.sleep(0.02)
    return False
