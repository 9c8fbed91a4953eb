"""The pages behind the links in messages: what a unit owes, and no more copies. The token in the address is the key."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from channels.links import Link, Links, Stop
from models.database import writing
from portal import words
from portal.desk import Desk
from portal.unit_work import notice_number, unit_work
from schedules.zone import local_day
from tasks.copies import contact_of, stop_copies

PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address is the key, so no other site learns it
    "X-Robots-Tag": "noindex, nofollow",
}


Given = TypeVar("Given", Link, Stop)


def add_to(app: FastAPI, desk: Desk, page: Callable[..., HTMLResponse]) -> None:
    """Add the pages to the portal."""
    links = Links(desk.settings)

    def private(template: str, status: int = 200, **values: object) -> HTMLResponse:
        response = page(template, status, **values)
        response.headers.update(PRIVATE)
        return response

    def opened(link: Given | None) -> Given | HTMLResponse:
        """The link, or what is said where it is not ours, or too old."""
        if link is None:
            return private("link_said.html", 403, title=words.LINK_FORGED_TITLE, said=words.LINK_FORGED)
        if link.over(local_day(desk.clock())):
            return private("link_said.html", 410, title=words.LINK_OLD_TITLE, said=words.LINK_OLD)
        return link

    @app.get("/l/{token}")
    def unit(token: str) -> HTMLResponse:
        link = opened(links.read(token))
        if isinstance(link, HTMLResponse):
            return link
        as_of = desk.clock()
        with desk.reading() as db:
            work = unit_work(db, desk, link.unit, as_of=as_of)
            number = notice_number(db, link.unit, link.tracking)
        if work is None:
            return private("link_said.html", 410, title=words.LINK_GONE_TITLE, said=words.LINK_GONE)
        answer_to = desk.settings.reply_to or desk.settings.mail_from
        return private("link_unit.html", work=work, as_of=as_of, number=number, answer_to=answer_to)

    @app.get("/thoi-nhan/{token}")
    def ask_to_stop(token: str) -> HTMLResponse:
        return _stop(token, act=False)

    @app.post("/thoi-nhan/{token}")
    def stop(token: str) -> HTMLResponse:
        """Also what a mail program sends by itself (RFC 8058); whatever it says, the token says what is meant."""
        return _stop(token, act=True)

    def _stop(token: str, *, act: bool) -> HTMLResponse:
        link = opened(links.read_unsubscribe(token))
        if isinstance(link, HTMLResponse):
            return link
        with desk.reading() as db:
            one = contact_of(db, link.contact)
        if one is None:
            return private("link_said.html", 410, title=words.STOP_GONE_TITLE, said=words.STOP_GONE)
        if act:
            with writing(desk.engine) as db:
                stop_copies(db, one, now=desk.clock())
        if act or not one.copies:
            return private("link_said.html", title=words.STOPPED_TITLE, said=words.STOPPED)
        return private("link_stop.html", one=one)
