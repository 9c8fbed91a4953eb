"""The portal: its pages over one desk, what it says when something is wrong, and what no page may load."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from channels.links import STOP_PATH, UNIT_PATH
from models.refusal import Refusal
from models.settings import Settings
from models.tables import ledger
from portal import links, metrics, pages, post, reminders, words, zalo_webhook
from portal.desk import Desk
from portal.render import HERE, render
from portal.visit import BadRequest, NotFound

log = logging.getLogger("dondoc.portal")

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
THIS_MACHINE = ("127.0.0.1", "localhost")
OPEN_PATHS = (UNIT_PATH, STOP_PATH, "/static/", "/zalo/")
"""What can be reached under the public name; each of these checks a token or a signature, or is a style sheet."""


def create_app(settings: Settings, *, clock: Callable[[], datetime]) -> FastAPI:
    """The portal over the database of `settings`. Answers only to names that it knows (against DNS rebinding).

    Under its public name it shows what a token opens and nothing else: it knows no users yet.

    Args:
        clock: tells the present; read once for each request.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    public = urlsplit(settings.public_url or "").hostname
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*THIS_MACHINE, *([public] if public else [])])
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    desk = Desk(settings, clock)

    def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
        html = render(template, settings=settings, **values)
        return HTMLResponse(html, status_code=status, headers=dict(HEADERS))

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        outside = request.url.hostname == public and public not in THIS_MACHINE
        if outside and not request.url.path.startswith(OPEN_PATHS):
            return page("link_said.html", 404, title=words.TITLES[404], said=words.NOT_HERE)
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.get("/health")
    def health() -> JSONResponse:
        try:
            with desk.reading() as db:
                db.execute(sa.select(ledger.c.seq).limit(1)).all()
        except (Refusal, sa.exc.SQLAlchemyError) as error:
            return JSONResponse({"status": "unavailable", "reason": str(error)}, status_code=503)
        return JSONResponse({"status": "ok"})

    pages.add_to(app, desk, page)
    reminders.add_to(app, desk, page)
    links.add_to(app, desk, page)
    post.add_to(app, desk, page)
    metrics.add_to(app, desk)
    zalo_webhook.add_to(app, desk)
    _add_refusals(app, page)
    return app


def _add_refusals(app: FastAPI, page: Callable[..., HTMLResponse]) -> None:
    def told(status: int, said: str) -> HTMLResponse:
        return page("said.html", status, title=words.TITLES.get(status, words.OTHER_TITLE), said=said)

    @app.exception_handler(Refusal)
    def refused(_request: Request, refusal: Refusal) -> HTMLResponse:
        return told(
            400 if isinstance(refusal, BadRequest) else 404 if isinstance(refusal, NotFound) else 503, str(refusal)
        )

    @app.exception_handler(HTTPException)
    def wrong(_request: Request, error: HTTPException) -> HTMLResponse:
        return told(error.status_code, words.READ_ONLY if error.status_code == 405 else words.NO_SUCH_PAGE)

    @app.exception_handler(sa.exc.SQLAlchemyError)
    def unreadable(_request: Request, error: sa.exc.SQLAlchemyError) -> HTMLResponse:
        log.error("the database cannot be read", exc_info=error)
        return told(503, words.UNREADABLE)

    @app.exception_handler(Exception)
    def broken(_request: Request, _error: Exception) -> HTMLResponse:
        return told(500, words.BROKEN)
