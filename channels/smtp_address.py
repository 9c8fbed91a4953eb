"""Where the mail relay is and how to log in to it, read from one URL."""

import ssl
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from channels import words

Tls = Literal["none", "starttls", "implicit"]
DEFAULT_PORTS: dict[Tls, int] = {"none": 25, "starttls": 587, "implicit": 465}
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class SmtpAddressError(ValueError):
    """The URL cannot be used; the message is Vietnamese and never holds the password."""


@dataclass(frozen=True)
class SmtpAddress:
    """A mail relay. `str()` and `repr()` leave the password out."""

    host: str
    port: int
    tls: Tls = "none"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: str | None = None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read smtp://host:25, smtp://user:password@host:587?starttls=1 or smtps://host:465.

        User and password are percent-decoded. `?ca=/path.pem` names the authority of an office that
        signs its own certificates. A password in clear text is refused except to this machine.
        """
        parts, port = _split(url)
        if parts.scheme not in ("smtp", "smtps"):
            raise SmtpAddressError(words.SMTP_SCHEME.format(scheme=parts.scheme))
        if not parts.hostname:
            raise SmtpAddressError(words.SMTP_NO_HOST)
        if parts.path.strip("/") or parts.fragment:
            raise SmtpAddressError(words.SMTP_PATH.format(path=parts.path.strip("/") or parts.fragment))
        tls, ca = _options(parts)
        user, password = _login(parts)
        if password and tls == "none" and parts.hostname not in THIS_MACHINE:
            raise SmtpAddressError(words.SMTP_BARE_PASSWORD.format(host=parts.hostname))
        return cls(parts.hostname, port or DEFAULT_PORTS[tls], tls, user, password, ca)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "smtps" if self.tls == "implicit" else "smtp"
        return f"{scheme}://{host}:{self.port}" + ("?starttls=1" if self.tls == "starttls" else "")

    def tls_context(self) -> ssl.SSLContext | None:
        """Whom to trust; None without TLS. Raises SmtpAddressError for a CA file that cannot be read."""
        if self.tls == "none":
            return None
        if self.ca is None:
            return _trusting(None, 0)
        try:
            return _trusting(self.ca, Path(self.ca).stat().st_mtime_ns)
        except OSError as error:  # ssl.SSLError is one
            raise SmtpAddressError(words.SMTP_CA.format(path=self.ca, error=error)) from error


@cache
def _trusting(ca: str | None, changed: int) -> ssl.SSLContext:
    """Built once for all connections, since it costs about 25 ms, and again when the CA file has `changed`."""
    context = ssl.create_default_context()
    if ca is not None:
        context.load_verify_locations(cafile=ca)
    return context


def _split(url: str) -> tuple[SplitResult, int | None]:
    # urlsplit's own messages quote the URL, hence "from None": it may hold the password.
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise SmtpAddressError(words.SMTP_UNREADABLE) from None
    try:
        port = parts.port
    except ValueError:
        raise SmtpAddressError(words.SMTP_PORT) from None
    if port == 0:
        raise SmtpAddressError(words.SMTP_PORT)
    return parts, port


def _options(parts: SplitResult) -> tuple[Tls, str | None]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    starttls, ca = options.pop("starttls", "0"), options.pop("ca", None)
    if options:
        raise SmtpAddressError(words.SMTP_OPTION.format(option=next(iter(options))))
    if starttls not in ("0", "1"):
        raise SmtpAddressError(words.SMTP_STARTTLS.format(value=starttls))
    if parts.scheme == "smtps":
        if starttls == "1":
            raise SmtpAddressError(words.SMTPS_STARTTLS)
        return "implicit", ca
    return ("starttls" if starttls == "1" else "none"), ca


def _login(parts: SplitResult) -> tuple[str | None, str | None]:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise SmtpAddressError(words.SMTP_HALF_LOGIN)
    return user or None, password or None
