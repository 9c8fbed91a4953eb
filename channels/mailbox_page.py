"""The web page of the development mailbox: newest first, search, one mail with all its parts."""

import re
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from typing import Annotated

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from channels import words
from channels.mail_folder import MailFolder
from channels.render import HERE, render

PAGE_SIZE = 50
PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
# A mail may style itself and nothing else; its links open in a new tab, outside the sandbox.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
HEAD = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)
NEW_TAB = '<base target="_blank">'


def create_app(folder: MailFolder, *, title_suffix: str = "") -> FastAPI:
    """The page over one folder. Answers only to 127.0.0.1 and localhost (against DNS rebinding)."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")

    def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
        html = render(template, title_suffix=title_suffix, **values)
        return HTMLResponse(html, status_code=status)

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response

    @app.exception_handler(HTTPException)
    def wrong(request: Request, error: HTTPException) -> HTMLResponse:
        said = words.MAIL_NOT_FOUND if request.url.path.startswith("/mails/") else words.PAGE_NOT_FOUND
        return page("mailbox_missing.html", error.status_code, said=said)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/")
    def index(q: str = "", p: Annotated[str, Query(alias="page")] = "1") -> HTMLResponse:
        asked = q.strip()
        ids = folder.search(asked) if asked else folder.ids()
        pages = max(1, -(-len(ids) // PAGE_SIZE))
        number = min(max(int(p), 1), pages) if p.isascii() and p.isdigit() and len(p) < 9 else 1
        shown = [folder.summary(it) for it in ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
        return page("mailbox.html", mails=shown, total=len(ids), q=asked, number=number, pages=pages)

    _add_mail_routes(app, folder, page)
    return app


def _add_mail_routes(app: FastAPI, folder: MailFolder, page: Callable[..., HTMLResponse]) -> None:
    def opened(mail_id: str) -> EmailMessage:
        try:
            return folder.message(mail_id)
        except KeyError:
            raise HTTPException(404) from None

    @app.get("/mails/{mail_id}")
    def show(mail_id: str) -> HTMLResponse:
        message = opened(mail_id)
        return page(
            "mailbox_mail.html",
            mail=folder.summary(mail_id),
            has_html=_part(message, "html") is not None,
            text=_part(message, "plain"),
            headers=_headers(message),
            attachments=[part.get_filename() or part.get_content_type() for part in message.iter_attachments()],
        )

    @app.get("/mails/{mail_id}/html")
    def html_part(mail_id: str) -> HTMLResponse:
        html = _part(opened(mail_id), "html")
        if html is None:
            raise HTTPException(404)
        found = HEAD.search(html)
        at = found.end() if found else 0
        return HTMLResponse(html[:at] + NEW_TAB + html[at:], headers={"Content-Security-Policy": MAIL_POLICY})

    @app.get("/mails/{mail_id}/raw")
    def raw(mail_id: str) -> Response:
        try:
            content = folder.raw(mail_id)
        except KeyError:
            raise HTTPException(404) from None
        name = f'attachment; filename="{mail_id}.eml"'
        return Response(content, media_type="message/rfc822", headers={"Content-Disposition": name})


def _part(message: EmailMessage, subtype: str) -> str | None:
    """The shown text of that kind, whatever charset it claims; None if the mail has none."""
    part = message.get_body(preferencelist=(subtype,))
    if part is None:
        return None
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _headers(message: EmailMessage) -> list[tuple[str, str]]:
    """Every header as it was sent, each on one line."""
    return [
        (name, " ".join(str(value).split()).encode("utf-8", "replace").decode("utf-8"))
        for name, value in message.raw_items()
    ]
