"""Where the engine keeps its state and how it reaches the world: environment variables, nothing else.

A plain dataclass rather than a settings library: every command pays for its imports, and `dondoc status`
has to answer within 0.8 s.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.refusal import Refusal


@dataclass(frozen=True)
class Settings:
    """One engine's configuration.

    Attributes:
        home: folder of the engine's own files (`DONDOC_HOME`, default `./var`).
        database_url: SQLAlchemy address (`DONDOC_DATABASE_URL`, default SQLite under `home`).
        plans_folder: an office's own plan modules beside the shipped ones (`DONDOC_PLANS`).
        smtp_url: a real mail server (`DONDOC_SMTP_URL`); None means the development mailbox.
        mail_from: sender of digests (`DONDOC_MAIL_FROM`).
        mail_domain: right-hand side of our Message-IDs (`DONDOC_MAIL_DOMAIN`).
        prefect_port, portal_port, mailbox_port, smtp_port: where `dondoc up` listens on 127.0.0.1.
        simulated: the data was simulated; every page and mail says so (`DONDOC_SIMULATED=1`).
    """

    home: Path
    database_url: str
    plans_folder: Path | None = None
    smtp_url: str | None = None
    mail_from: str = "don-doc@dondoc.invalid"
    mail_domain: str = "dondoc.invalid"
    prefect_port: int = 4200
    portal_port: int = 8080
    mailbox_port: int = 8025
    smtp_port: int = 1025
    simulated: bool = False

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """The settings of this process. Raises Refusal where a value cannot be used."""
        home = Path(environ.get("DONDOC_HOME") or "var").absolute()
        plans = environ.get("DONDOC_PLANS")
        return cls(
            home=home,
            database_url=environ.get("DONDOC_DATABASE_URL") or f"sqlite:///{home / 'dondoc.sqlite'}",
            plans_folder=Path(plans).absolute() if plans else None,
            smtp_url=environ.get("DONDOC_SMTP_URL") or None,
            mail_from=environ.get("DONDOC_MAIL_FROM") or cls.mail_from,
            mail_domain=environ.get("DONDOC_MAIL_DOMAIN") or cls.mail_domain,
            prefect_port=_port(environ, "DONDOC_PREFECT_PORT", cls.prefect_port),
            portal_port=_port(environ, "DONDOC_PORTAL_PORT", cls.portal_port),
            mailbox_port=_port(environ, "DONDOC_MAILBOX_PORT", cls.mailbox_port),
            smtp_port=_port(environ, "DONDOC_SMTP_PORT", cls.smtp_port),
            simulated=environ.get("DONDOC_SIMULATED") == "1",
        )

    @property
    def mailbox_only(self) -> bool:
        """No real mail server is configured, so mail only ever reaches the development mailbox."""
        return self.smtp_url is None

    @property
    def mail_server(self) -> str:
        """The address that mail is handed to."""
        return self.smtp_url or f"smtp://127.0.0.1:{self.smtp_port}"

    @property
    def portal_url(self) -> str:
        return f"http://127.0.0.1:{self.portal_port}"

    @property
    def prefect_url(self) -> str:
        return f"http://127.0.0.1:{self.prefect_port}"

    @property
    def mailbox_url(self) -> str:
        return f"http://127.0.0.1:{self.mailbox_port}"


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Refusal(f"{name}={text!r} is not a port: give a whole number from 1 to 65535, for example {default}.")
    return int(text)
