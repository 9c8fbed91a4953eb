"""The tokens of a Zalo official account (OAuth v4), kept in the database and refreshed by one process at a time.

A refresh token works once. So whoever refreshes first writes its name into the row, with an end (a lease); no
transaction is open while Zalo is asked; both new tokens are committed before either is used; the others wait.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import sqlalchemy as sa

from channels import words
from channels.outcome import Blocked, Unreachable
from channels.zalo_errors import PAUSE
from channels.zalo_http import Lost, NotSent
from channels.zalo_oauth import RefreshRefused, Tokens, refresh
from models.database import reading, writing
from models.settings import Zalo
from models.tables import zalo_token as table

EARLY = timedelta(minutes=10)
LEASE = timedelta(seconds=45)
"""Longer than one request can take (5 s to connect, 15 s to read): past it, its holder has died."""
WAIT = 60.0
POLL = 0.1
LOST, SPENT = "lost", "spent"

Clock = Callable[[], datetime]


class NoToken(Exception):
    """There is no token to send with; `outcome` says what that means for messages, str() why, in Vietnamese."""

    def __init__(self, outcome: Blocked | Unreachable) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


@dataclass(frozen=True)
class TokenState:
    """How the kept tokens stand. `trouble`: "" none, "lost" a refresh went unanswered, "spent" consent is needed."""

    expires_at: datetime
    refresh_expires_at: datetime
    generation: int
    trouble: str


@dataclass(frozen=True)
class _Lease:
    """The right to refresh once, under a name, and the row as it stood.

    `seeding`: with the configured token, which begins a new chain. The chain before is kept until that has worked.
    """

    name: str
    generation: int
    refresh_token: str = field(repr=False)
    seeding: bool = False
    access_token: str = field(default="", repr=False)
    expires_at: datetime | None = None


def token_state(db: sa.Connection, app_id: str) -> TokenState | None:
    """How the tokens of an application stand; None before their first use."""
    t = table.c
    query = sa.select(t.expires_at, t.refresh_expires_at, t.generation, t.trouble).where(t.app_id == app_id)
    row = db.execute(query).one_or_none()
    return None if row is None else TokenState(*row)


class TokenKeeper:
    """The tokens of one application, through one database. `owner` names this process in leases."""

    def __init__(self, zalo: Zalo, engine: sa.Engine, client: httpx.Client, *, owner: str) -> None:
        self._zalo, self._engine, self._client, self._owner = zalo, engine, client, owner
        self._seed = _fingerprint(zalo.refresh_token)

    def token(self, clock: Clock, *, refused: str = "") -> str:
        """An access token that lives for a while yet; never `refused`, which Zalo has just turned away.

        Raises:
            NoToken: there is none, and none can be had now.
        """
        patience = time.monotonic() + WAIT
        while True:
            with reading(self._engine) as db:
                row = self._row(db)
            if row is not None and not self._newly_seeded(row) and _lasts(row, clock(), refused):
                return str(row.access_token)
            lease = self._take(clock(), refused)
            if lease is not None:
                return self._refresh(lease, clock, refused)
            if time.monotonic() > patience:
                raise NoToken(Unreachable(words.TOKEN_BUSY))
            time.sleep(POLL)

    def _row(self, db: sa.Connection) -> Any:
        return db.execute(sa.select(table).where(table.c.app_id == self._zalo.app_id)).one_or_none()

    def _newly_seeded(self, row: Any) -> bool:
        """Whether an administrator has configured another refresh token than the one that this chain began with."""
        return bool(self._zalo.refresh_token) and row.seed != self._seed

    def _take(self, now: datetime, refused: str) -> _Lease | None:
        """The lease, or None where another holds it or has just put a good token there."""
        t, name = table.c, f"{self._owner}/{secrets.token_hex(4)}"
        with writing(self._engine) as db:
            row = self._row(db)
            if row is None:
                return self._begin(db, name, now)
            if row.refreshing_until is not None and row.refreshing_until > now:
                return None
            seeding = self._newly_seeded(row)
            if not seeding:
                if _lasts(row, now, refused):
                    return None
                if row.trouble == SPENT or not row.refresh_token:
                    raise NoToken(people_must(words.TOKEN_SPENT, now))
            mine = (
                (t.app_id == self._zalo.app_id)
                & (t.generation == row.generation)
                & (t.refreshing_by == row.refreshing_by)
            )
            taken = sa.update(table).where(mine).values(refreshing_by=name, refreshing_until=now + LEASE)
            if not db.execute(taken).rowcount:
                return None
        using = self._zalo.refresh_token if seeding else row.refresh_token
        return _Lease(name, row.generation, using, seeding, row.access_token, row.expires_at)

    def _begin(self, db: sa.Connection, name: str, now: datetime) -> _Lease | None:
        if not self._zalo.refresh_token:
            raise NoToken(people_must(words.TOKEN_MISSING, now))
        row = {
            "app_id": self._zalo.app_id, "access_token": "", "refresh_token": "", "expires_at": now,
            "refresh_expires_at": now, "generation": 0, "refreshing_by": name, "refreshing_until": now + LEASE,
            "seed": "", "trouble": "",
        }  # fmt: skip
        try:
            with db.begin_nested():
                db.execute(sa.insert(table).values(**row))
        except sa.exc.IntegrityError:
            return None  # another process was first
        return _Lease(name, 0, self._zalo.refresh_token, seeding=True)

    def _refresh(self, lease: _Lease, clock: Clock, refused: str) -> str:
        try:
            tokens = refresh(self._client, self._zalo, lease.refresh_token)
        except NotSent as error:
            self._give_back(lease)
            why: Blocked | Unreachable = Unreachable(str(error))
        except Lost as error:
            self._give_back(lease, trouble=LOST)
            why = people_must(words.TOKEN_LOST.format(error=error), clock())
        except RefreshRefused as error:
            self._give_up(lease) if error.spent else self._give_back(lease)
            why = people_must(str(error), clock())
        else:
            self._keep(lease, tokens, clock())
            return tokens.access
        # It is replaced early, so the one before may live yet.
        if lease.access_token not in ("", refused) and lease.expires_at is not None and lease.expires_at > clock():
            return lease.access_token
        raise NoToken(why)

    def _keep(self, lease: _Lease, tokens: Tokens, now: datetime) -> None:
        """Both tokens, before either is used. Whoever holds the lease by now: only this answer has them."""
        t = table.c
        values: dict[str, Any] = {
            "access_token": tokens.access, "refresh_token": tokens.refresh, "generation": lease.generation + 1,
            "expires_at": now + tokens.life, "refresh_expires_at": now + tokens.refresh_life,
            "refreshing_by": "", "refreshing_until": None, "trouble": "",
        }  # fmt: skip
        if lease.seeding:
            values["seed"] = self._seed
        mine = (t.app_id == self._zalo.app_id) & (t.generation == lease.generation)
        with writing(self._engine) as db:
            db.execute(sa.update(table).where(mine).values(**values))

    def _give_up(self, lease: _Lease) -> None:
        """The refresh token is gone. Where it was the configured one, the chain before goes on if there is any."""
        t = table.c
        if lease.seeding:
            self._give_back(lease, seed=self._seed, trouble=sa.case((t.refresh_token == "", SPENT), else_=t.trouble))
        else:
            self._give_back(lease, trouble=SPENT)

    def _give_back(self, lease: _Lease, **values: Any) -> None:
        change = sa.update(table).where(table.c.refreshing_by == lease.name)
        with writing(self._engine) as db:
            db.execute(change.values(refreshing_by="", refreshing_until=None, **values))


def people_must(reason: str, now: datetime) -> Blocked:
    """Nothing goes before people have mended it; messages go elsewhere."""
    return Blocked(0, reason, until=now + PAUSE, elsewhere=True, tell=True)


def _lasts(row: Any, now: datetime, refused: str) -> bool:
    return row.access_token not in ("", refused) and row.expires_at - now > EARLY


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest() if token else ""
