"""What the stand-in for Zalo keeps: tokens and every message that it accepted, on disk before it answers."""

import json
import secrets
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from schedules.zone import local

ACCESS_LIFE = timedelta(hours=25)
SCHEMA = """
CREATE TABLE IF NOT EXISTS token (
    value TEXT PRIMARY KEY, kind TEXT NOT NULL, expires_at TEXT, spent INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, msg_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, address TEXT NOT NULL,
    tracking_id TEXT NOT NULL, template_id TEXT NOT NULL, content TEXT NOT NULL, mode TEXT NOT NULL, at TEXT NOT NULL,
    delivered_at TEXT
);
CREATE INDEX IF NOT EXISTS message_tracking ON message (tracking_id);
CREATE INDEX IF NOT EXISTS message_at ON message (at);
"""


@dataclass(frozen=True)
class Kept:
    """One accepted message. `content`: parameter → value of a template, or {"text": …} of a bot's message."""

    msg_id: str
    kind: str
    address: str
    tracking_id: str
    template_id: str
    content: Mapping[str, str]
    mode: str
    at: datetime
    delivered_at: datetime | None

    @property
    def text(self) -> str:
        """A bot's text."""
        return self.content.get("text", "")


class Store:
    """Kept in `folder` (made if it is missing), or only as long as it lives. Raises OSError. Threads may share it."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = ":memory:" if folder is None else str(folder / "zalo.sqlite")
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise OSError(0, str(error)) from error
        self._lock = threading.RLock()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def consent(self, refresh_token: str) -> None:
        """The account's administrator gives consent: this refresh token works, once."""
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO token (value, kind) VALUES (?, 'refresh')", (refresh_token,))

    def exchange(self, refresh_token: str, *, now: datetime, life: timedelta = ACCESS_LIFE) -> tuple[str, str] | None:
        """A new access token and refresh token for an unspent one; None where it is spent or unknown."""
        access, following = "at-" + secrets.token_urlsafe(24), "rt-" + secrets.token_urlsafe(24)
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            spent = self._db.execute(
                "UPDATE token SET spent = 1 WHERE value = ? AND kind = 'refresh' AND spent = 0", (refresh_token,)
            )
            if not spent.rowcount:
                return None
            rows = [(access, "access", (now + life).isoformat()), (following, "refresh", None)]
            self._db.executemany("INSERT INTO token (value, kind, expires_at) VALUES (?, ?, ?)", rows)
        return access, following

    def lives(self, access_token: str, *, now: datetime) -> bool:
        """Whether an access token is ours and has not expired."""
        query = "SELECT expires_at FROM token WHERE value = ? AND kind = 'access' AND spent = 0"
        with self._lock:
            row = self._db.execute(query, (access_token,)).fetchone()
        return row is not None and now < datetime.fromisoformat(row[0])

    def revoke_access(self) -> None:
        """Every access token stops working, as when an administrator changes the application's secret."""
        with self._lock:
            self._db.execute("UPDATE token SET spent = 1 WHERE kind = 'access'")

    def keep(
        self, kind: str, address: str, content: Mapping[str, str], *, now: datetime, tracking_id: str = "",
        template_id: str = "", mode: str = "",
    ) -> Kept:  # fmt: skip
        """Accept a message: it is on disk when this returns."""
        kept = Kept(secrets.token_hex(10), kind, address, tracking_id, template_id, dict(content), mode, now, None)
        row = (
            kept.msg_id, kind, address, tracking_id, template_id, json.dumps(kept.content, ensure_ascii=False), mode,
            local(now).isoformat(),
        )  # fmt: skip
        with self._lock:
            self._db.execute(
                "INSERT INTO message (msg_id, kind, address, tracking_id, template_id, content, mode, at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row,
            )  # fmt: skip
        return kept

    def delivered(self, msg_id: str, *, now: datetime) -> None:
        """The message reached its recipient."""
        with self._lock:
            self._db.execute("UPDATE message SET delivered_at = ? WHERE msg_id = ?", (now.isoformat(), msg_id))

    def message(self, reference: str) -> Kept | None:
        """By its id, or the newest by the sender's reference."""
        with self._lock:
            rows = self._db.execute(
                "SELECT * FROM message WHERE msg_id = ?1 OR tracking_id = ?1 ORDER BY id DESC LIMIT 1", (reference,)
            ).fetchall()
        return _kept(rows[0]) if rows else None

    def messages(self, *, limit: int = 1_000_000, offset: int = 0) -> list[Kept]:
        """Newest first."""
        with self._lock:
            query = "SELECT * FROM message ORDER BY id DESC LIMIT ? OFFSET ?"
            return [_kept(row) for row in self._db.execute(query, (limit, offset)).fetchall()]

    def total(self) -> int:
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM message").fetchone()[0])

    def counts(self) -> dict[str, int]:
        """How often each reference was accepted: more than once is a message sent twice."""
        query = "SELECT tracking_id, count(*) FROM message WHERE tracking_id != '' GROUP BY tracking_id"
        with self._lock:
            return dict(self._db.execute(query).fetchall())

    def sent_on(self, day: date) -> int:
        """How many ZNS messages of that day count towards its quota."""
        with self._lock:
            # Instants are written on the Vietnamese clock, so that they begin with their day.
            query = "SELECT count(*) FROM message WHERE kind = 'zns' AND mode = '' AND at >= ? AND at < ?"
            days = (day.isoformat(), (day + timedelta(days=1)).isoformat())
            return int(self._db.execute(query, days).fetchone()[0])


def _kept(row: tuple[str, ...]) -> Kept:
    _id, msg_id, kind, address, tracking_id, template_id, content, mode, at, delivered_at = row
    return Kept(
        msg_id, kind, address, tracking_id, template_id, json.loads(content), mode, local(datetime.fromisoformat(at)),
        local(datetime.fromisoformat(delivered_at)) if delivered_at else None,
    )  # fmt: skip
