"""Taking in what came back to our return addresses: each report is recorded, then its mail is done with."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from channels import return_address
from channels.dsn import read
from channels.returned import Mail, collect
from models.database import writing
from models.settings import Settings
from tasks.bounces import Effect, Found, came_back
from tasks.packing import Ways


def folder_of(settings: Settings) -> Path | None:
    """Where returned mail arrives; None where nobody set it up."""
    return settings.returned_mail or (settings.home / "mailbox" if settings.mailbox_only else None)


def take_in(engine: sa.Engine, settings: Settings, channels: Collection[str], *, now: datetime) -> Mapping[Effect, int]:
    """Record everything new in the folder of returned mail; gives how often each effect came of it.

    Raises OSError for a folder that cannot be read.
    """
    effects: Counter[Effect] = Counter()
    folder = folder_of(settings)
    if folder is None or (settings.returned_mail is None and not folder.is_dir()):
        return effects
    key = settings.secret()
    for mail in collect(folder):
        found = _found(mail, key)
        if found is not None:
            with writing(engine) as db:
                effects[came_back(db, found, Ways(channels), settings, as_of=now, now=now)] += 1
        mail.done()
    return effects


def _found(mail: Mail, key: bytes) -> Found | None:
    """The delivery that a mail speaks of and what it says; None for an answer of a machine or a person."""
    ours = next((n for n in (return_address.read(one, key) for one in mail.recipients) if n is not None), None)
    told = read(mail.content) if ours is not None else None
    return Found(ours, told, f"dsn:{mail.key}") if ours is not None and told is not None else None
