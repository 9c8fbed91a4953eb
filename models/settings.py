"""Where the engine keeps its state and how it reaches the world: environment variables, or a file that they override.

A plain dataclass rather than a settings library: every command pays for its imports, and `dondoc status`
has to answer within 0.8 s.
"""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from models.refusal import Refusal

SETTINGS_FILE = "dondoc.env"
NOWHERE = "dondoc.invalid"
ZALO_NAMES = {
    "app_id": "APP_ID", "app_secret": "APP_SECRET", "oa_secret": "OA_SECRET", "refresh_token": "REFRESH_TOKEN",
    "bot_token": "BOT_TOKEN", "api": "API", "oauth": "OAUTH", "bot_api": "BOT_API",
}  # fmt: skip
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Zalo:
    """An office's Zalo application and official account, and the bot for groups. Secrets are left out of `repr`.

    Attributes:
        app_id, app_secret, oa_secret: `DONDOC_ZALO_APP_ID`, `…_APP_SECRET`, `…_OA_SECRET` (signs the webhook).
        refresh_token: `DONDOC_ZALO_REFRESH_TOKEN`, for the first use only; later ones are kept in the database.
        bot_token: `DONDOC_ZALO_BOT_TOKEN`, of the bot that writes to groups.
        api, oauth, bot_api: base addresses, so that a stand-in can take Zalo's place.
    """

    app_id: str = ""
    app_secret: str = field(default="", repr=False)
    oa_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    bot_token: str = field(default="", repr=False)
    api: str = "https://business.openapi.zalo.me"
    oauth: str = "https://oauth.zaloapp.com"
    bot_api: str = "https://bot-api.zaloplatforms.com"

    @property
    def configured(self) -> bool:
        """Whether there is an application to send ZNS through."""
        return bool(self.app_id and self.app_secret)

    @property
    def bot_configured(self) -> bool:
        return bool(self.bot_token)

    @property
    def real(self) -> bool:
        """Whether messages leave this machine: not so with a stand-in on it."""
        apis = [self.api] * self.configured + [self.bot_api] * self.bot_configured
        return any(urlsplit(one).hostname not in THIS_MACHINE for one in apis)


@dataclass(frozen=True)
class Settings:
    """One engine's configuration.

    Attributes:
        home: folder of the engine's own files (`DONDOC_HOME`, default `./var`).
        database_url: SQLAlchemy address (`DONDOC_DATABASE_URL`, default SQLite under `home`).
        plans_folder: an office's own plan modules beside the shipped ones (`DONDOC_PLANS`).
        smtp_url: a real mail server (`DONDOC_SMTP_URL`); None means the development mailbox.
        smtp_log: the mail server's log on this machine, asked about lost answers (`DONDOC_SMTP_LOG`).
        mail_from: sender of digests (`DONDOC_MAIL_FROM`).
        mail_domain: right-hand side of our Message-IDs (`DONDOC_MAIL_DOMAIN`, default the sender's domain). Where it is
            given, returned mail goes to addresses of our own under it, which the mail server must take in.
        reply_to: where answers go (`DONDOC_REPLY_TO`); None leaves them with the sender.
        returned_mail: Maildir in which the mail server puts what comes back (`DONDOC_RETURNED_MAIL`).
        unknown_by_hand: a lost answer that nobody can be asked about waits for a person (`DONDOC_UNKNOWN=hand`)
            instead of being repeated once with the same Message-ID and Date.
        zalo: the office's Zalo (`DONDOC_ZALO_…`).
        alarms: Apprise URLs to which the engine's own alarms go (`DONDOC_ALARMS`, separated by spaces).
        public_url: where units reach the portal (`DONDOC_PORTAL_URL`); links in messages begin with it.
        prefect_port, portal_port, mailbox_port, smtp_port, zalo_port: where `dondoc up` listens on 127.0.0.1.
        simulated: the data was simulated; every page and mail says so (`DONDOC_SIMULATED=1`).
    """

    home: Path
    database_url: str
    plans_folder: Path | None = None
    smtp_url: str | None = field(default=None, repr=False)
    smtp_log: Path | None = None
    mail_from: str = f"don-doc@{NOWHERE}"
    mail_domain: str = NOWHERE
    own_returns: bool = False
    reply_to: str | None = None
    returned_mail: Path | None = None
    unknown_by_hand: bool = False
    zalo: Zalo = Zalo()
    alarms: tuple[str, ...] = field(default=(), repr=False)
    public_url: str | None = None
    prefect_port: int = 4200
    portal_port: int = 8080
    mailbox_port: int = 8025
    smtp_port: int = 1025
    zalo_port: int = 8030
    simulated: bool = False

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """The settings of this process. Raises Refusal where a value cannot be used."""
        environ = _with_file(environ)
        home = _home(environ)
        mail_from = environ.get("DONDOC_MAIL_FROM") or cls.mail_from
        public = environ.get("DONDOC_PORTAL_URL") or None
        if public is not None and urlsplit(public).scheme not in ("http", "https"):
            raise Refusal(
                f"DONDOC_PORTAL_URL={public!r} is not a web address: give for example https://dondoc.example.vn."
            )
        return cls(
            home=home,
            database_url=environ.get("DONDOC_DATABASE_URL") or f"sqlite:///{home / 'dondoc.sqlite'}",
            plans_folder=_path(environ, "DONDOC_PLANS"),
            smtp_url=environ.get("DONDOC_SMTP_URL") or None,
            smtp_log=_path(environ, "DONDOC_SMTP_LOG"),
            mail_from=mail_from,
            mail_domain=environ.get("DONDOC_MAIL_DOMAIN") or mail_from.rpartition("@")[2] or NOWHERE,
            own_returns=bool(environ.get("DONDOC_MAIL_DOMAIN")),
            reply_to=environ.get("DONDOC_REPLY_TO") or None,
            returned_mail=_path(environ, "DONDOC_RETURNED_MAIL"),
            unknown_by_hand=_one_of(environ, "DONDOC_UNKNOWN", ("repeat", "hand")) == "hand",
            zalo=_zalo(environ),
            alarms=tuple((environ.get("DONDOC_ALARMS") or "").split()),
            public_url=public.rstrip("/") if public else None,
            prefect_port=_port(environ, "DONDOC_PREFECT_PORT", cls.prefect_port),
            portal_port=_port(environ, "DONDOC_PORTAL_PORT", cls.portal_port),
            mailbox_port=_port(environ, "DONDOC_MAILBOX_PORT", cls.mailbox_port),
            smtp_port=_port(environ, "DONDOC_SMTP_PORT", cls.smtp_port),
            zalo_port=_port(environ, "DONDOC_ZALO_PORT", cls.zalo_port),
            simulated=environ.get("DONDOC_SIMULATED") == "1",
        )

    def written(self) -> dict[str, str]:
        """The environment from which `read` makes these settings, whatever a file says; "" where nothing is set."""
        optional = {
            "DONDOC_PLANS": self.plans_folder, "DONDOC_SMTP_URL": self.smtp_url, "DONDOC_SMTP_LOG": self.smtp_log,
            "DONDOC_MAIL_DOMAIN": self.mail_domain if self.own_returns else None, "DONDOC_REPLY_TO": self.reply_to,
            "DONDOC_RETURNED_MAIL": self.returned_mail, "DONDOC_PORTAL_URL": self.public_url,
        }  # fmt: skip
        ports = {
            "DONDOC_PREFECT_PORT": self.prefect_port, "DONDOC_PORTAL_PORT": self.portal_port,
            "DONDOC_MAILBOX_PORT": self.mailbox_port, "DONDOC_SMTP_PORT": self.smtp_port,
            "DONDOC_ZALO_PORT": self.zalo_port,
        }  # fmt: skip
        return {
            "DONDOC_HOME": str(self.home),
            "DONDOC_DATABASE_URL": self.database_url,
            "DONDOC_MAIL_FROM": self.mail_from,
            "DONDOC_UNKNOWN": "hand" if self.unknown_by_hand else "repeat",
            "DONDOC_ALARMS": " ".join(self.alarms),
            "DONDOC_SIMULATED": "1" if self.simulated else "0",
            **{name: str(value or "") for name, value in optional.items()},
            **{name: str(port) for name, port in ports.items()},
            **{f"DONDOC_ZALO_{name}": getattr(self.zalo, field) for field, name in ZALO_NAMES.items()},
        }

    def secret(self) -> bytes:
        """The key that signs links and return addresses: made once, kept in `home`, readable by its owner only."""
        path = self.home / "secret.key"
        if not path.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f".{secrets.token_hex(8)}.key")
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
            with suppress(FileExistsError):  # whoever comes first has made the key
                os.link(unfinished, path)
            unfinished.unlink()
        return path.read_bytes()

    @property
    def mailbox_only(self) -> bool:
        """No real channel is configured, so nothing ever leaves this machine."""
        return self.smtp_url is None and not self.zalo.real

    @property
    def mail_server(self) -> str:
        """The address that mail is handed to."""
        return self.smtp_url or f"smtp://127.0.0.1:{self.smtp_port}"

    @property
    def portal_url(self) -> str:
        return f"http://127.0.0.1:{self.portal_port}"

    @property
    def link_base(self) -> str | None:
        """What links in messages begin with; None where units could not open them."""
        return self.public_url or (self.portal_url if self.mailbox_only else None)

    @property
    def prefect_url(self) -> str:
        return f"http://127.0.0.1:{self.prefect_port}"

    @property
    def mailbox_url(self) -> str:
        return f"http://127.0.0.1:{self.mailbox_port}"


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("DONDOC_HOME") or "var").absolute()


def _with_file(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment over what a settings file says (`DONDOC_SETTINGS`, or dondoc.env in the engine's home)."""
    named = environ.get("DONDOC_SETTINGS")
    path = Path(named) if named else _home(environ) / SETTINGS_FILE
    if not path.is_file():
        if named:
            raise Refusal(f"DONDOC_SETTINGS={named!r} is no file: give the path of a file with lines NAME=value.")
        return environ
    from dotenv import dotenv_values

    given = {name: value for name, value in dotenv_values(path, interpolate=False).items() if value is not None}
    if strange := sorted(name for name in given if not name.startswith("DONDOC_")):
        raise Refusal(f"{path}: {', '.join(strange)} is no setting of dondoc; every name begins with DONDOC_.")
    return given | dict(environ)


def _zalo(environ: Mapping[str, str]) -> Zalo:
    found = {field: environ.get(f"DONDOC_ZALO_{name}", "") for field, name in ZALO_NAMES.items()}
    return Zalo(**{field: value.rstrip("/") for field, value in found.items() if value})


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    given = environ.get(name)
    return Path(given).absolute() if given else None


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = environ.get(name) or allowed[0]
    if value not in allowed:
        raise Refusal(f"{name}={value!r} is not known: give {' or '.join(allowed)}.")
    return value


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Refusal(f"{name}={text!r} is not a port: give a whole number from 1 to 65535, for example {default}.")
    return int(text)
