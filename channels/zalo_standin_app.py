"""The stand-in for Zalo as a web application: OAuth, ZNS, Bot, an admin for tests, a page that lists every message."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from fastapi import BackgroundTasks, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from channels.mailbox_page import PAGE_POLICY, PAGE_SIZE
from channels.render import HERE, render
from channels.zalo_numbers import as_int
from channels.zalo_standin_faults import Fault, Faults
from channels.zalo_standin_hook import post_event
from channels.zalo_standin_rules import Account, Wrong, check_message, check_token
from channels.zalo_standin_store import ACCESS_LIFE, Kept, Store
from channels.zalo_templates import Template
from schedules.zone import local_day

STATUS_NUMBERS = {1: "ENABLE", 2: "PENDING_REVIEW", 3: "REJECT", 4: "DISABLE"}


@dataclass
class StandIn:
    """One played Zalo. `clock` is its own: it is another company's machine. `webhook`: where its receipts go.

    `receipts`: whether it tells of delivery by itself; `access_life`: how long its access tokens live.
    """

    clock: Callable[[], datetime]
    store: Store
    account: Account = field(default_factory=Account)
    faults: Faults = field(default_factory=Faults)
    calls: list[str] = field(default_factory=list)
    webhook: str | None = None
    receipts: bool = True
    access_life: timedelta = ACCESS_LIFE

    def receipt(
        self, kept: Kept, *, forged: bool = False, at: datetime | None = None, url: str | None = None
    ) -> int | None:
        """Tell of a delivery, as often as asked; gives the HTTP status, None where nobody could be told."""
        to = url or self.webhook
        if to is None:
            return None
        now = self.clock()
        if kept.delivered_at is None:
            self.store.delivered(kept.msg_id, now=now)
        return post_event(to, kept, self.account, at=at or now, forged=forged)


def create_app(zalo: StandIn) -> FastAPI:
    """Answers only to 127.0.0.1 and localhost."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")

    @app.exception_handler(Wrong)
    def wrong(_request: Request, error: Wrong) -> JSONResponse:
        return JSONResponse({"error": error.code, "message": str(error)})  # HTTP 200, as Zalo does

    _add_oauth(app, zalo)
    _add_zns(app, zalo)
    _add_bot(app, zalo)
    _add_admin(app, zalo)
    _add_page(app, zalo)
    return app


def _add_oauth(app: FastAPI, zalo: StandIn) -> None:
    @app.post("/v4/oa/access_token")
    async def access_token(request: Request) -> dict[str, Any]:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if form.get("app_id") != zalo.account.app_id:
            return _oauth_error("Invalid app_id", -14002)
        if request.headers.get("secret_key") != zalo.account.app_secret:
            return _oauth_error("Invalid secret_key", -14003)
        if form.get("grant_type") != "refresh_token":
            return _oauth_error("Invalid grant_type", -14004)
        pair = zalo.store.exchange(form.get("refresh_token", ""), now=zalo.clock(), life=zalo.access_life)
        if pair is None:
            return _oauth_error("Invalid refresh token", -14014)
        life = str(int(zalo.access_life.total_seconds()))
        return {"access_token": pair[0], "refresh_token": pair[1], "expires_in": life}


def _oauth_error(name: str, code: int) -> dict[str, Any]:
    return {"error_name": name, "error_reason": name, "error_description": name, "error": code}


def _add_zns(app: FastAPI, zalo: StandIn) -> None:
    def authorised(request: Request) -> datetime:
        now = zalo.clock()
        check_token(request.headers, zalo.account, zalo.store, now=now)
        return now

    def quota(now: datetime) -> dict[str, str]:
        left = max(0, zalo.account.quota - zalo.store.sent_on(local_day(now)))
        return {"dailyQuota": str(zalo.account.quota), "remainingQuota": str(left)}

    @app.post("/message/template")
    async def send(request: Request, later: BackgroundTasks) -> dict[str, Any]:
        now = authorised(request)
        try:
            body = json.loads(await request.body())
        except ValueError:
            raise Wrong(-122) from None
        template = check_message(body, zalo.account, zalo.store, now=now)
        kept = zalo.store.keep(
            "zns", body["phone"], body["template_data"], now=now, tracking_id=body["tracking_id"],
            template_id=template.id, mode=body.get("mode", ""),
        )  # fmt: skip
        if zalo.receipts and zalo.webhook is not None:
            later.add_task(zalo.receipt, kept)
        sent = str(int(now.timestamp() * 1000))
        data = {"msg_id": kept.msg_id, "sent_time": sent, "sending_mode": "1", "quota": quota(now)}
        return {"error": 0, "message": "Success", "data": data}

    @app.get("/message/status")
    def status(request: Request, message_id: str = "", phone: str = "") -> dict[str, Any]:
        authorised(request)
        kept = zalo.store.message(message_id)
        if kept is None or kept.address != phone or kept.msg_id != message_id:
            return _data({"status": -1, "message": "The message does not exist", "delivery_time": ""})
        return _data({"status": 1 if kept.delivered_at else 0, "message": "", "delivery_time": ""})

    @app.get("/message/quota")
    def message_quota(request: Request) -> dict[str, Any]:
        return _data({name: int(value) for name, value in quota(authorised(request)).items()})

    @app.get("/template/all")
    def templates(request: Request, offset: int = 0, limit: int = 100, status: int = 0) -> dict[str, Any]:
        authorised(request)
        wanted = STATUS_NUMBERS.get(status)
        found = [one for one in zalo.account.templates.values() if wanted in (None, one.status)]
        rows = [_brief(one) for one in found[offset : offset + min(limit, 100)]]
        return _data(rows) | {"metadata": {"total": len(found)}}

    @app.get("/template/info/v2")
    def template_info(request: Request, template_id: str = "") -> dict[str, Any]:
        authorised(request)
        found = zalo.account.templates.get(template_id)
        if found is None:
            raise Wrong(-109)
        fixed = {"require": True, "type": "STRING", "minLength": 0, "acceptNull": False}
        params = [{"name": name, "maxLength": most} | fixed for name, most in found.params.items()]
        return _data(_brief(found) | {"listParams": params, "listButtons": []})


def _data(data: Any) -> dict[str, Any]:
    return {"error": 0, "message": "Success", "data": data}


def _brief(one: Template) -> dict[str, Any]:
    return {"templateId": int(one.id), "templateName": one.name, "status": one.status, "templateQuality": "UNDEFINED"}


def _add_bot(app: FastAPI, zalo: StandIn) -> None:
    @app.post("/bot{token}/getMe")
    def get_me(token: str) -> dict[str, Any]:
        if token != zalo.account.bot_token:
            return _bot_error(401, "Unauthorized")
        return {"ok": True, "result": {"id": "1", "account_name": "bot.dondoc", "account_type": "BASIC"}}

    @app.post("/bot{token}/sendMessage")
    async def send_message(token: str, request: Request) -> dict[str, Any]:
        if token != zalo.account.bot_token:
            return _bot_error(401, "Unauthorized")
        try:
            body = json.loads(await request.body())
            chat, text = body["chat_id"], body["text"]
        except (ValueError, KeyError, TypeError):
            return _bot_error(400, "Bad Request")
        if not isinstance(chat, str) or not chat or chat.startswith("unknown"):
            return _bot_error(400, "chat not found")
        if not isinstance(text, str) or not 1 <= len(text) <= 2000:
            return _bot_error(400, "text must be 1-2000 characters")
        kept = zalo.store.keep("bot", chat, {"text": text}, now=zalo.clock())
        return {"ok": True, "result": {"message_id": kept.msg_id, "date": int(kept.at.timestamp() * 1000)}}


def _bot_error(code: int, text: str) -> dict[str, Any]:
    return {"ok": False, "error_code": code, "description": text}


def _add_admin(app: FastAPI, zalo: StandIn) -> None:
    """For tests that run the stand-in as a process of its own."""

    @app.post("/standin/fault")
    async def fault(request: Request) -> Response:
        try:
            zalo.faults.add(Fault(**await request.json()))
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse({"ok": True})

    @app.post("/standin/receipt")
    def receipt(reference: str, forged: bool = False, minutes: int = 0) -> dict[str, Any]:
        kept = zalo.store.message(reference)
        at = zalo.clock() + timedelta(minutes=minutes)
        return {"status": zalo.receipt(kept, forged=forged, at=at) if kept is not None else None}

    @app.get("/standin/counts")
    def counts() -> Mapping[str, int]:
        return zalo.store.counts()


def _add_page(app: FastAPI, zalo: StandIn) -> None:
    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/")
    def index(page: str = "1") -> HTMLResponse:
        total = zalo.store.total()
        pages = max(1, -(-total // PAGE_SIZE))
        number = min(max(as_int(page) or 1, 1), pages)
        shown = zalo.store.messages(limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
        names = {one.id: one.name for one in zalo.account.templates.values()}
        html = render("zalo_page.html", messages=shown, total=total, number=number, pages=pages, names=names)
        return HTMLResponse(html)
