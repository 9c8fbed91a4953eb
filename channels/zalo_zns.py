"""Zalo Notification Service: approved templates, filled and sent to a telephone number."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

import sqlalchemy as sa

from channels import words
from channels.channel import Envelope, Heard, NotTold, Parcel
from channels.digest import Digest
from channels.outcome import Accepted, Blocked, Outcome, Refused, Unknown, Unreachable
from channels.zalo_api import Clock, ZaloApi, error_of
from channels.zalo_errors import FIRST_HOUR, LAST_HOUR, at_night, next_morning, outcome_of, reason_of, tomorrow
from channels.zalo_http import ANSWER_SECONDS, Lost, NotSent, one_by_one, running_clock
from channels.zalo_params import fitted, purpose_of, values_of
from channels.zalo_quota import Quota, keep_quota, read_quota, used_up
from channels.zalo_templates import Template, read_template, template_for
from channels.zalo_token import NoToken, people_must
from models.database import reading, writing
from models.refusal import Refusal
from models.settings import Settings
from models.telephone import mobile

log = logging.getLogger("dondoc.zalo")

Found = Literal["delivered", "pending", "absent"]
FOUND: dict[object, Found] = {1: "delivered", 0: "pending", -1: "absent"}


class ZnsRefused(NotTold):
    """Zalo answered a question with an error; str() says which, in Vietnamese."""


class ZnsChannel:
    """Sends digests as ZNS through the account of `settings`; `owner` names this process in the token's lease.

    `development`: messages reach only the administrators of the application, and cost nothing.
    """

    name = "zns"
    repeatable = False
    hours: tuple[int, int] | None = (FIRST_HOUR, LAST_HOUR)
    rate: float | None = 5.0

    def __init__(
        self, settings: Settings, engine: sa.Engine, *, owner: str, development: bool = False,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:  # fmt: skip
        self._zalo, self._engine, self._owner = settings.zalo, engine, owner
        self._development, self._answer_seconds = development, answer_seconds

    @cached_property
    def api(self) -> ZaloApi:
        return ZaloApi(self._zalo, self._engine, owner=self._owner, answer_seconds=self._answer_seconds)

    def write(self, digest: Digest, to: Envelope) -> bytes:
        """The template's number and its parameters. Raises CannotWrite."""
        with reading(self._engine) as db:
            template = template_for(db, purpose_of(digest))
        return content_of(template, values_of(digest))

    def send(self, parcels: Sequence[Parcel], *, now: datetime, within: float) -> list[Outcome]:
        """One after another. What stops one stops the rest: it lies with the account, the money, the hour, the line."""
        clock = running_clock(now)
        told: list[Quota] = []
        outcomes = one_by_one(parcels, lambda parcel: self._send(parcel, clock, told), within=within)
        if told:
            self._remember(told[-1], clock())
        return outcomes

    def ask(self, parcels: Sequence[Parcel], *, since: datetime) -> list[Heard]:
        """Zalo cannot be asked by our reference: only its receipt tells."""
        return [Heard.SILENT] * len(parcels)

    def poll(self, provider_id: str, phone: str, *, now: datetime) -> Found:
        """What became of an accepted message that no receipt came for.

        Raises:
            NotTold: Zalo did not say.
        """
        asked = {"message_id": provider_id, "phone": phone}
        try:
            data = self._data("/message/status", now, params=asked)
        except (NoToken, NotSent, Lost) as error:
            raise NotTold(str(error)) from error
        status = data.get("status") if isinstance(data, dict) else None
        if status not in FOUND:
            raise ZnsRefused(words.ZNS_ODD_REPLY)
        return FOUND[status]

    def quota(self, *, now: datetime) -> Quota | None:
        """Today's quota, asked for and remembered; None where Zalo tells none.

        Raises NoToken, NotSent, Lost or ZnsRefused.
        """
        found = read_quota(self._data("/message/quota", now))
        if found is not None:
            with writing(self._engine) as db:
                keep_quota(db, self.name, found, now=now)
        return found

    def templates(self, *, now: datetime) -> list[Template]:
        """Every template of the account, without its parameters. Raises NoToken, NotSent, Lost or ZnsRefused."""
        found: list[Template] = []
        while True:
            page = self._data("/template/all", now, params={"offset": len(found), "limit": 100})
            rows = [read_template(one) for one in page] if isinstance(page, list) else []
            found += rows
            if len(rows) < 100:
                return found

    def template(self, template_id: str, *, now: datetime) -> Template:
        """One template with its parameters and their longest lengths. Raises NoToken, NotSent, Lost or ZnsRefused."""
        data = self._data("/template/info/v2", now, params={"template_id": template_id})
        if not isinstance(data, dict):
            raise ZnsRefused(words.ZNS_ODD_REPLY)
        return read_template({"templateId": template_id} | data)

    def _data(self, path: str, now: datetime, **options: Any) -> Any:
        said = self.api.request("GET", path, running_clock(now), **options)
        if error_of(said) != 0:
            raise ZnsRefused(_told(said, now))
        return said.get("data")

    def _send(self, parcel: Parcel, clock: Clock, told: list[Quota]) -> Outcome:
        """Nothing here raises once the message may have left. `told`: the quotas of the replies in this batch."""
        try:
            blocked = self._closed(clock(), told)
            if blocked is not None:
                return blocked
            body = _body(parcel) | ({"mode": "development"} if self._development else {})
            said = self.api.request("POST", "/message/template", clock, json=body)
        except NoToken as error:
            return error.outcome
        except _Unsendable as error:
            return error.outcome
        except Lost as error:
            return Unknown(str(error))
        except (NotSent, Refusal, sa.exc.SQLAlchemyError) as error:
            return Unreachable(str(error) if not isinstance(error, sa.exc.SQLAlchemyError) else type(error).__name__)
        return self._outcome(said, clock(), told)

    def _closed(self, now: datetime, told: list[Quota]) -> Blocked | None:
        """Why nothing can go now, found without asking Zalo."""
        if not self._zalo.configured:
            names = [f"DONDOC_ZALO_{key.upper()}" for key in ("app_id", "app_secret") if not getattr(self._zalo, key)]
            return people_must(words.ZNS_NOT_CONFIGURED.format(names=", ".join(names)), now)
        if at_night(now):
            return Blocked(-133, words.ZNS_NIGHT, until=next_morning(now))
        if told:
            gone = told[-1].left is not None and told[-1].left <= 0
        else:
            with reading(self._engine) as db:
                gone = used_up(db, self.name, now=now)
        return Blocked(-144, words.ZNS_QUOTA_OUT, until=tomorrow(now), elsewhere=True) if gone else None

    def _outcome(self, said: dict[str, Any], now: datetime, told: list[Quota]) -> Outcome:
        code, data = error_of(said), said.get("data")
        if code is None:
            return Unknown(words.ZNS_ODD_REPLY)
        if code != 0:
            return outcome_of(code, str(said.get("message", "")), now=now)
        if not isinstance(data, dict) or not data.get("msg_id"):
            return Unknown(words.ZNS_ODD_REPLY)
        quota = read_quota(data.get("quota"))
        if quota is not None and not self._development:
            told.append(quota)
        return Accepted(0, words.ZNS_ACCEPTED, str(data["msg_id"]))

    def _remember(self, quota: Quota, now: datetime) -> None:
        try:
            with writing(self._engine) as db:
                keep_quota(db, self.name, quota, now=now)
        except (Refusal, sa.exc.SQLAlchemyError) as error:
            # The messages have left: that must be told, whatever becomes of the count.
            log.warning("the quota could not be kept: %s", type(error).__name__)


def content_of(template: Template, values: dict[str, str]) -> bytes:
    """A filled template, the same bytes each time. Raises CannotWrite."""
    data = fitted(values, template.params, template_id=template.id)
    filled = {"template_id": template.id, "template_data": data}
    return json.dumps(filled, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class _Unsendable(Exception):
    def __init__(self, outcome: Refused) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


def _body(parcel: Parcel) -> dict[str, Any]:
    try:
        phone = mobile(parcel.address)
    except Refusal as refusal:
        raise _Unsendable(Refused(-108, str(refusal), permanent=True)) from refusal
    try:
        filled = json.loads(parcel.content)
        template = {"template_id": filled["template_id"], "template_data": filled["template_data"]}
    except (ValueError, KeyError, TypeError) as error:
        raise _Unsendable(Refused(0, words.ZNS_BAD_CONTENT, permanent=True, ours=True)) from error
    return {"phone": phone, "tracking_id": parcel.tracking_id} | template


def _told(said: dict[str, Any], now: datetime) -> str:
    code = error_of(said)
    if code is None:
        return words.ZNS_ODD_REPLY
    return reason_of(outcome_of(code, str(said.get("message", "")), now=now))
