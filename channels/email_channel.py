"""Email as a channel of the outbox."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from channels import relay_log, return_address
from channels.channel import CannotWrite, Envelope, Heard, Parcel
from channels.digest import Digest
from channels.email import compose
from channels.headers import HeaderRefused
from channels.outcome import Outcome, Unreachable
from channels.relay_probe import probe
from channels.smtp_address import THIS_MACHINE, SmtpAddress, SmtpAddressError
from models.settings import Settings

ANSWER_SECONDS = 30.0
"""How long each answer of the server is waited for. A message takes four, all of them within a dispatcher's lease."""


class EmailChannel:
    """Mail through the office's mail server, or into the development mailbox where none is configured.

    `timeout`: seconds for each answer of the server. Raises SmtpAddressError for an address that cannot be used.
    """

    name = "email"
    repeatable = True
    hours: tuple[int, int] | None = None
    rate: float | None = None

    def __init__(self, settings: Settings, *, timeout: float = ANSWER_SECONDS) -> None:
        self._settings = settings
        self._server = SmtpAddress.parse(settings.mail_server)
        self._timeout = timeout

    def write(self, digest: Digest, to: Envelope) -> bytes:
        try:
            return compose(
                digest,
                sender=self._settings.mail_from,
                to=to.address,
                to_name=to.name,
                message_id=to.message_id,
                date=to.date,
                reply_to=self._settings.reply_to,
            ).as_bytes()
        except HeaderRefused as error:
            raise CannotWrite(str(error)) from error

    def send(self, parcels: Sequence[Parcel], *, now: datetime, within: float) -> list[Outcome]:
        from channels.smtp import send  # its library costs 60 ms

        letters = [(one.content, self.returns_to(one.delivery), one.address) for one in parcels]
        try:
            return send(letters, self._server, timeout=self._timeout, within=within)
        except SmtpAddressError as error:  # the CA file has gone
            return [Unreachable(str(error)) for _ in parcels]

    def ask(self, parcels: Sequence[Parcel], *, since: datetime) -> list[Heard]:
        """The relay is spoken to first, so that what it took before then is in its log, or it is Heard.SILENT."""
        ids = [one.message_id for one in parcels]
        log = self._settings.smtp_log
        if log is None and not self._settings.mailbox_only:
            return [Heard.SILENT for _ in ids]
        settled = probe(self._server, log)
        if log is not None:
            heard = relay_log.ask_postfix(log, ids, since, here=self._server.host in THIS_MACHINE)
        else:
            heard = relay_log.ask_folder(self._settings.home / "mailbox", ids, since)
        return heard if settled else [one if one is Heard.TAKEN else Heard.SILENT for one in heard]

    def returns_to(self, delivery: int) -> str:
        """The envelope sender: an address of this delivery's own where what comes back reaches us."""
        if self._settings.own_returns or self._settings.mailbox_only:
            return return_address.make(delivery, self._settings.mail_domain, self._key)
        return self._settings.mail_from

    @cached_property
    def _key(self) -> bytes:
        return self._settings.secret()
