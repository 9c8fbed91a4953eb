"""A private, real Postfix on 127.0.0.1 with its own folders, for stories that a stand-in could not tell truly."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path

import pytest

UNITS = "don-vi.test"
"""Every address here arrives."""
OURS = "don-doc.test"
"""Ours: what comes back to any address here lands in `Peer.returned`, a Maildir."""
LOCAL = "noi-bo.test"
"""Taken in, then found to have no such user: it bounces."""
DEFERRED = "cho.test"
"""Taken in, then never delivered: it waits in the queue."""

MAIN = """
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.test
mydestination = {local}
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = permit_mynetworks, reject
transport_maps = inline:{{ {{ {deferred} = smtp:[127.0.0.1]:1 }} }}
virtual_mailbox_domains = {units}, {ours}
virtual_mailbox_base = {base}/mail
virtual_mailbox_maps = inline:{{ @{units}={units}/, @{ours}={ours}/ }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
virtual_minimum_uid = 1
default_transport = error:5.1.2 nothing leaves this machine
notify_classes =
maillog_file = {base}/mail.log
maillog_file_prefixes = {base}
{more}
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
postlog   unix-dgram n - n - 1 postlogd
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
smtp      unix  - - n - - smtp
error     unix  - - n - - error
retry     unix  - - n - - error
local     unix  - n n - - local
virtual   unix  - n n - - virtual
proxymap  unix  - - n - - proxymap
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
showq     unix  n - n - - showq
flush     unix  n - n 1000? 0 flush
"""


@dataclass(frozen=True)
class Peer:
    """A running Postfix. `log` is its log; `returned` the Maildir of what came back to our domain."""

    port: int
    base: Path

    @property
    def log(self) -> Path:
        return self.base / "mail.log"

    @property
    def returned(self) -> Path:
        return self.base / "mail" / OURS

    def delivered(self) -> Counter[str]:
        """How often each Message-ID arrived in the units' mailbox."""
        return Counter(_message_id(path) for path in sorted((self.base / "mail" / UNITS / "new").glob("*")))

    def wait_idle(self, seconds: float = 20) -> None:
        """Until nothing is left in the queue but what is deferred."""
        deadline = time.monotonic() + seconds
        while any(any((self.base / "queue" / part).iterdir()) for part in ("incoming", "active", "maildrop")):
            assert time.monotonic() < deadline, "Postfix is still at work"
            time.sleep(0.02)


def missing() -> str:
    """Why no private Postfix can run here; "" where it can."""
    if shutil.which("postfix") is None:
        return "Postfix is not installed (apt-get install postfix)"
    return "" if os.geteuid() == 0 else "Postfix starts for root only"


@contextmanager
def postfix(folder: Path, *, more: str = "") -> Iterator[Peer]:
    """Start one, and stop it at the end, when its log is copied to `folder`/mail.log. Skips where there is none.

    It lives in a folder of its own under /tmp, since its unprivileged parts cannot enter a test's folder.
    `more` is added to its main.cf.
    """
    if why := missing():
        pytest.skip(why)
    base = Path(tempfile.mkdtemp(prefix="dondoc-postfix-"))
    peer = Peer(_free_port(), base)
    try:
        _configure(peer, more)
        _postfix(base, "start")
        _wait(peer)
        yield peer
    finally:
        with suppress(subprocess.CalledProcessError):
            _postfix(base, "stop")
        with suppress(OSError):
            shutil.copy(peer.log, folder / "mail.log")
        shutil.rmtree(base, ignore_errors=True)


def _configure(peer: Peer, more: str) -> None:
    base = peer.base
    base.chmod(0o755)
    for name in ("etc", "queue", "data", "mail"):
        (base / name).mkdir()
    uid = pwd.getpwnam("postfix").pw_uid
    for name in ("data", "mail"):
        shutil.chown(base / name, "postfix")
    values = {"base": base, "uid": uid, "units": UNITS, "ours": OURS, "local": LOCAL, "deferred": DEFERRED}
    (base / "etc" / "main.cf").write_text(MAIN.format(**values, more=more))
    (base / "etc" / "master.cf").write_text(MASTER.format(port=peer.port))


def _postfix(base: Path, verb: str) -> None:
    subprocess.run(["postfix", "-c", base / "etc", verb], check=True, capture_output=True, timeout=60)


def _wait(peer: Peer) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            with socket.create_connection(("127.0.0.1", peer.port), timeout=2) as line:
                assert line.recv(100).startswith(b"220")
                line.sendall(b"QUIT\r\n")
                line.recv(100)
            return
        except OSError:
            assert time.monotonic() < deadline, peer.log.read_text() if peer.log.exists() else "Postfix does not start"
            time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _message_id(path: Path) -> str:
    with path.open("rb") as file:
        return str(BytesHeaderParser().parse(file)["Message-ID"]).strip()
