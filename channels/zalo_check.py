"""What is wrong with the Zalo configuration, and how to mend it: asked of Zalo itself, step by step."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from channels import words
from channels.channel import CannotWrite, Parcel
from channels.finding import Finding
from channels.outcome import Accepted, Outcome, Unknown, Unreachable
from channels.zalo_bot import BotChannel
from channels.zalo_errors import at_night, reason_of
from channels.zalo_http import Lost, NotSent
from channels.zalo_params import fitted
from channels.zalo_quota import kept_quota
from channels.zalo_sample import sample_values
from channels.zalo_templates import Template, register, registered
from channels.zalo_token import NoToken, token_state
from channels.zalo_zns import ZnsChannel, ZnsRefused, content_of
from models.database import reading, writing
from models.settings import Settings, Zalo

NEEDED = ("overdue", "due")
SOON = 7
"""Days before the refresh token expires at which people are told."""


def problems(settings: Settings, engine: sa.Engine, *, now: datetime, phone: str | None = None) -> list[Finding]:
    """Everything that was looked at, well or not, in the order in which it is to be mended.

    Args:
        phone: to which one real message is sent in Zalo's mode "development": it reaches only the application's
            administrators.
    """
    found = [*_settings(settings), _bot(settings, now)]
    if not settings.zalo.configured:
        return found
    channel = ZnsChannel(settings, engine, owner="check", development=True)
    try:
        channel.quota(now=now)
    except NoToken as error:
        return [*found, Finding(False, error.outcome.reason, _mend(error.outcome, words.CHECK_MEND_TOKEN))]
    except (NotSent, Lost) as error:
        return [*found, Finding(False, str(error), words.CHECK_MEND_NET)]
    except ZnsRefused as error:
        return [*found, Finding(False, str(error), words.CHECK_MEND_ACCOUNT)]
    found += _token(settings.zalo, engine, now)
    found += _quota(engine)
    found += _templates(channel, engine, settings, now)
    if at_night(now):
        found.append(Finding(True, f"{words.ZNS_NIGHT} {words.CHECK_NIGHT}"))
    if phone is not None:
        found.append(_test(channel, engine, settings, phone, now))
    return found


def _settings(settings: Settings) -> Iterator[Finding]:
    zalo = settings.zalo
    names = [f"DONDOC_ZALO_{key.upper()}" for key in ("app_id", "app_secret") if not getattr(zalo, key)]
    if names:
        yield Finding(False, words.ZNS_NOT_CONFIGURED.format(names=", ".join(names)), words.CHECK_MEND_SETTINGS)
    else:
        yield Finding(True, words.CHECK_SETTINGS.format(app_id=zalo.app_id))
    if not zalo.oa_secret:
        yield Finding(False, words.CHECK_NO_OA_SECRET, words.CHECK_MEND_OA_SECRET)
    if settings.public_url is None:
        yield Finding(False, words.CHECK_NO_PORTAL_URL, words.CHECK_MEND_PORTAL_URL)
    elif zalo.oa_secret:
        yield Finding(True, words.CHECK_WEBHOOK.format(url=f"{settings.public_url}/zalo/webhook"))


def _bot(settings: Settings, now: datetime) -> Finding:
    if not settings.zalo.bot_configured:
        return Finding(True, words.CHECK_NO_BOT)
    said = BotChannel(settings).look(now=now)
    if isinstance(said, Accepted):
        return Finding(True, words.CHECK_BOT)
    return Finding(False, reason_of(said), _mend(said, words.CHECK_MEND_BOT))


def _mend(said: Outcome, otherwise: str) -> str:
    """How to mend a refusal; where nobody answered, the network comes first."""
    return words.CHECK_MEND_NET if isinstance(said, Unreachable | Unknown) else otherwise


def _token(zalo: Zalo, engine: sa.Engine, now: datetime) -> Iterator[Finding]:
    with reading(engine) as db:
        state = token_state(db, zalo.app_id)
    if state is None:
        return
    days = (state.refresh_expires_at - now).days
    said = words.CHECK_TOKEN.format(at=f"{state.expires_at:%H:%M %d/%m/%Y}", days=days)
    yield Finding(days >= SOON, said, "" if days >= SOON else words.CHECK_MEND_TOKEN)


def _quota(engine: sa.Engine) -> Iterator[Finding]:
    with reading(engine) as db:
        quota = kept_quota(db, ZnsChannel.name)
    if quota is not None and quota.left is not None:
        said = words.CHECK_QUOTA.format(left=quota.left, daily=quota.daily)
        yield Finding(quota.left > 0, said, "" if quota.left > 0 else words.CHECK_MEND_QUOTA)


def _templates(channel: ZnsChannel, engine: sa.Engine, settings: Settings, now: datetime) -> Iterator[Finding]:
    """What Zalo says of each registered template now replaces what is remembered of it."""
    with reading(engine) as db:
        known = registered(db)
    for purpose in [*NEEDED, *(one for one in known if one not in NEEDED)]:
        shown = words.ZNS_PURPOSES[purpose]
        if purpose not in known:
            said = words.ZNS_NO_TEMPLATE.format(purpose=shown, key=purpose)
            yield Finding(False, said, words.CHECK_MEND_TEMPLATE)
            continue
        try:
            current = channel.template(known[purpose].id, now=now)
        except (NoToken, NotSent, Lost, ZnsRefused) as error:
            yield Finding(False, words.CHECK_TEMPLATE.format(id=known[purpose].id, purpose=shown, said=error),
                          words.CHECK_MEND_TEMPLATE)  # fmt: skip
            continue
        yield _template(current, known[purpose], purpose, engine, settings, now)


def _template(
    current: Template, before: Template, purpose: str, engine: sa.Engine, settings: Settings, now: datetime
) -> Finding:
    current = current if current.params else Template(current.id, current.name, current.status, before.params)
    shown = words.ZNS_PURPOSES[purpose]
    try:
        fitted(sample_values(purpose, settings, now=now), current.params, template_id=current.id)
    except CannotWrite as error:
        return Finding(False, str(error), words.CHECK_MEND_PARAMS)
    if current != before:
        with writing(engine) as db:
            register(db, purpose, current, now=now)
    if not current.approved:
        status = words.ZNS_STATUS.get(current.status, current.status)
        said = words.ZNS_NOT_APPROVED.format(id=current.id, purpose=shown, status=status)
        return Finding(False, said, words.CHECK_MEND_TEMPLATE)
    return Finding(True, words.CHECK_TEMPLATE.format(id=current.id, purpose=shown, said=words.ZNS_STATUS["ENABLE"]))


def _test(channel: ZnsChannel, engine: sa.Engine, settings: Settings, phone: str, now: datetime) -> Finding:
    """One real message, with the words of a sample."""
    with reading(engine) as db:
        known = registered(db)
    template = known.get("due") or known.get("overdue")
    if template is None:
        return Finding(False, words.CHECK_NOT_TRIED, words.CHECK_MEND_TEMPLATE)
    try:
        content = content_of(template, sample_values("due", settings, now=now))
    except CannotWrite as error:
        return Finding(False, str(error), words.CHECK_MEND_PARAMS)
    parcel = Parcel(0, phone, f"check-{now:%Y%m%d%H%M%S}", "", content)
    [outcome] = channel.send([parcel], now=now, within=30)
    if isinstance(outcome, Accepted):
        return Finding(True, words.CHECK_TRIED.format(phone=phone, id=outcome.provider_id))
    return Finding(False, reason_of(outcome), words.CHECK_MEND_TRIED)
