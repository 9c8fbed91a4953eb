"""A plain text letter: what the engine itself has to say to the office. The same arguments give the same bytes."""

from channels import words
from channels.channel import CannotWrite, Envelope
from channels.email import letter
from channels.headers import HeaderRefused, nfc, one_line
from models.settings import Settings


def plain_mail(title: str, body: str, to: Envelope, settings: Settings) -> bytes:
    """The letter as it goes over the wire. Raises CannotWrite for an address or a Message-ID that cannot be used."""
    try:
        message = letter(
            sender=settings.mail_from, name=words.ENGINE, to=to.address, to_name=to.name, reply_to=settings.reply_to,
            subject=one_line(title), message_id=to.message_id, date=to.date,
        )  # fmt: skip
    except HeaderRefused as error:
        raise CannotWrite(str(error)) from error
    message.set_content(nfc(body))
    return message.as_bytes()
