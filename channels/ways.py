"""The ways of sending that this engine is configured for."""

from collections.abc import Mapping

import sqlalchemy as sa

from channels.apprise_channel import AppriseChannel
from channels.channel import Channel
from channels.email_channel import EmailChannel
from channels.zalo_bot import BotChannel
from channels.zalo_zns import ZnsChannel
from models.settings import Settings


def open_channels(settings: Settings, engine: sa.Engine, *, owner: str) -> Mapping[str, Channel]:
    """Every configured channel by its name; while no real one is, email goes into the mailbox on this machine.

    Raises SmtpAddressError where the mail server's address cannot be used.
    """
    found: dict[str, Channel] = {}
    if settings.smtp_url is not None or settings.mailbox_only:
        found["email"] = EmailChannel(settings)
    if settings.zalo.configured:
        found["zns"] = ZnsChannel(settings, engine, owner=owner)
    if settings.zalo.bot_configured:
        found["zbot"] = BotChannel(settings)
    found["apprise"] = AppriseChannel()
    return found
