"""zns:// and zbot:// as Apprise services, so that Apprise itself and Prefect's notification blocks can use them.

Importing this module registers both. They use this engine's settings (environment or settings file) and the tokens in
its database. Apprise has only a title and a text to give, so zns:// needs a template registered for "alarm".
"""

import os
from datetime import UTC, datetime
from typing import Any, ClassVar

from apprise import NotifyBase, NotifyType, URLBase
from apprise.manager_plugins import NotificationManager

from channels import words
from channels.channel import CannotWrite, Channel, Parcel
from channels.outcome import Accepted, Outcome
from channels.zalo_bot import MOST, BotChannel
from channels.zalo_errors import reason_of
from channels.zalo_params import shortened
from channels.zalo_templates import template_for
from channels.zalo_zns import ZnsChannel, content_of
from models.database import check_version, connect, reading
from models.refusal import Refusal
from models.settings import Settings
from models.telephone import mobile
from schedules.zone import local

OWNER = f"apprise-{os.getpid()}"
WITHIN = 60.0


def _now() -> datetime:
    # Apprise calls this service from outside the engine: it is an entry point, and Apprise hands no instant in.
    return datetime.now(UTC)  # noqa: TID251


class _ZaloService(NotifyBase):  # type: ignore[misc]
    """What both have in common: one target, and the outcome of a transport of ours as Apprise's one bit."""

    service_url = "https://zalo.me"
    request_rate_per_sec = 0
    templates = ("{schema}://{target}",)
    template_tokens: ClassVar[dict[str, Any]] = {
        **NotifyBase.template_tokens,
        "target": {"name": "Target", "type": "string", "required": True, "private": True},
    }

    def __init__(self, target: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target = target

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        target = f"{self.target[:4]}…{self.target[-3:]}" if privacy else self.target
        return f"{self.secure_protocol}://{URLBase.quote(target, safe='…')}"

    @property
    def url_identifier(self) -> tuple[str, str]:
        return self.secure_protocol, self.target

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **kwargs: Any) -> bool:
        try:
            outcome = self._outcome(title, body, Settings.read(), _now())
        except (CannotWrite, Refusal) as error:
            self.logger.warning("%s", error)
            return False
        if not isinstance(outcome, Accepted):
            self.logger.warning("%s", reason_of(outcome))
        return isinstance(outcome, Accepted)

    def _outcome(self, title: str, body: str, settings: Settings, now: datetime) -> Outcome:
        raise NotImplementedError

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        results: dict[str, Any] | None = NotifyBase.parse_url(url, verify_host=False)
        if results and results.get("host"):
            # Taken from the address itself: Apprise's own reading may change the case of a chat_id.
            target = url.partition("://")[2].partition("?")[0].strip("/")
            return results | {"target": URLBase.unquote(target)}
        return None


class ZnsService(_ZaloService):
    """zns://84987654321"""

    service_name = "Zalo ZNS (dondoc)"
    secure_protocol = "zns"

    def __init__(self, target: str, **kwargs: Any) -> None:
        super().__init__(target, **kwargs)
        try:
            self.target = mobile(target)
        except Refusal as refusal:
            self.logger.warning("%s", refusal)
            raise TypeError(str(refusal)) from refusal

    def _outcome(self, title: str, body: str, settings: Settings, now: datetime) -> Outcome:
        engine = connect(settings.database_url)
        try:
            check_version(engine)
            with reading(engine) as db:
                template = template_for(db, "alarm")
            values = dict.fromkeys(words.ZNS_PARAMS, "") | {
                "noi_dung": " ".join(f"{title} {body}".split()), "ngay": f"{local(now):%d/%m/%Y}",
            }  # fmt: skip
            content = content_of(template, values)
            return _one(ZnsChannel(settings, engine, owner=OWNER), self.target, content, now)
        finally:
            engine.dispose()


class BotService(_ZaloService):
    """zbot://CHAT_ID"""

    service_name = "Zalo Bot (dondoc)"
    secure_protocol = "zbot"
    body_maxlen = MOST
    title_maxlen = 0

    def _outcome(self, title: str, body: str, settings: Settings, now: datetime) -> Outcome:
        text = shortened("\n".join(part for part in (title, body) if part), MOST)
        return _one(BotChannel(settings), self.target, text.encode(), now)


def _one(channel: Channel, target: str, content: bytes, now: datetime) -> Outcome:
    reference = f"{OWNER}-{now:%Y%m%d%H%M%S%f}"
    [outcome] = channel.send([Parcel(0, target, reference, "", content)], now=now, within=WITHIN)
    return outcome


def register() -> None:
    """Make both known to Apprise; once is enough."""
    manager = NotificationManager()
    for service in (ZnsService, BotService):
        if service.secure_protocol not in manager:
            manager.add(service)


register()
