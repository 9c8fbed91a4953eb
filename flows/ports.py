"""The ports that the engine listens on, looked at before anything is started."""

import errno
import socket

from channels.zalo_standin_dev import dev_zalo
from flows import words
from models.refusal import Refusal
from models.settings import Settings


def check_ports(settings: Settings) -> None:
    """Raises Refusal: a port is taken or given twice; names it, its setting and how to choose another."""
    seen: dict[int, str] = {}
    wanted = _wanted(settings)
    for setting, (_, port) in wanted.items():
        if port in seen:
            raise Refusal(words.PORT_TWICE.format(setting=setting, port=port, first=seen[port]))
        seen[port] = setting
    for setting, (what, port) in wanted.items():
        _check(setting, what, port)


def _wanted(settings: Settings) -> dict[str, tuple[str, int]]:
    ports = {
        "DONDOC_PREFECT_PORT": (words.NAMES["prefect"], settings.prefect_port),
        "DONDOC_PORTAL_PORT": (words.NAMES["portal"], settings.portal_port),
    }
    if settings.mailbox_only:
        ports["DONDOC_MAILBOX_PORT"] = (words.NAMES["mailbox"], settings.mailbox_port)
        ports["DONDOC_SMTP_PORT"] = (words.SMTP_PORT, settings.smtp_port)
    if settings.zalo == dev_zalo(settings.zalo_port):
        ports["DONDOC_ZALO_PORT"] = (words.NAMES["zalo"], settings.zalo_port)
    return ports


def _check(setting: str, what: str, port: int) -> None:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just let go is free
        try:
            one.bind(("127.0.0.1", port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            text = words.PORT_TAKEN if taken else words.PORT_REFUSED
            other = port + 1 if port < 65535 else port - 1
            raise Refusal(
                text.format(port=port, what=what, setting=setting, error=error.strerror, other=other)
            ) from None
