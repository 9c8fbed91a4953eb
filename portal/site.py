"""The portal: its pages over one desk, what it says when something is wrong, and what no page may load."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import sqlalchemy as sa
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from models.refusal import Refusal
from models.settings import Settings
from models.tables import ledger
from portal import pages, reminders, words
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


def create_app(settings: Settings, *, clock: Callable[[], datetime]) -> FastAPI:
    """The portal over the database of `settings`. Answers only to 127.0.0.1 and localhost (against DNS rebinding).

    Args:
        clock: tells the present; read once for each request.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    desk = Desk(settings, clock)

    def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
        html = render(template, settings=settings, **values)
        return HTMLResponse(html, status_code=status, headers=dict(HEADERS))

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
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
