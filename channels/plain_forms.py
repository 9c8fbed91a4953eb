"""A title and a text in the form of any channel: how the engine's own alarms are written."""

import sqlalchemy as sa

from channels import words
from channels.apprise_channel import message
from channels.channel import CannotWrite, Envelope
from channels.plain_mail import plain_mail
from models.settings import Settings
from schedules.zone import local_day


def in_form(channel: str, title: str, body: str, to: Envelope, settings: Settings, db: sa.Connection) -> bytes:
    """What `channel` sends to say it. ZNS needs a template registered for "alarm". Raises CannotWrite."""
    if settings.simulated:
        title = f"{words.TAG_SIMULATED} {title}"
    if channel == "email":
        return plain_mail(title, body, to, settings)
    if channel == "zns":
        return _zns(f"{title} {body}", to, db)
    if channel == "zbot":
        return _bot(f"{title}\n{body}")
    if channel == "apprise":
        return message(title, body)
    raise CannotWrite(words.NO_PLAIN_FORM.format(channel=channel))


def _zns(said: str, to: Envelope, db: sa.Connection) -> bytes:
    from channels.zalo_templates import template_for
    from channels.zalo_zns import content_of  # its library costs 0.16 s

    values = dict.fromkeys(words.ZNS_PARAMS, "") | {
        "noi_dung": " ".join(said.split()), "ngay": f"{local_day(to.date):%d/%m/%Y}",
    }  # fmt: skip
    return content_of(template_for(db, "alarm"), values)


def _bot(said: str) -> bytes:
    from channels.zalo_bot import MOST
    from channels.zalo_params import shortened

    return shortened(said, MOST).encode()
