"""The pages that show where a plan stands: all plans, one plan, and the units of one duty and period."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from fastapi.responses import HTMLResponse

from models.refusal import unknown
from portal import words
from portal.calendar import coming
from portal.desk import Desk
from portal.figures import FILTERS, Row, belongs, by_duty, figures, last_said, rows, total, unit_rows
from portal.visit import BadRequest, NotFound, Visit

State = Annotated[str, Query(alias="trang-thai")]


def add_to(app: FastAPI, desk: Desk, page: Callable[..., HTMLResponse]) -> None:
    """Add the pages to the portal."""

    def visit(as_of: str = "") -> Visit:
        return Visit.of(as_of, now=desk.clock())

    Asked = Annotated[Visit, Depends(visit)]

    @app.get("/")
    def home(visit: Asked) -> HTMLResponse:
        shown = []
        with desk.reading() as db:
            for plan in desk.plans().values():
                found = rows(db, plan, desk.units(db, plan.province), as_of=visit.as_of)
                shown.append((plan, figures(found), total(found)))
        return page("home.html", visit=visit, shown=shown)

    @app.get("/ke-hoach/{code}")
    def one_plan(visit: Asked, code: str, state: State = "") -> HTMLResponse:
        plan, wanted = desk.plan(code), _state(state)
        with desk.reading() as db:
            units = desk.units(db, plan.province)
            found = rows(db, plan, units, as_of=visit.as_of)
            days = coming(db, plan, units, as_of=visit.as_of)
        kept = [row for row in found if not wanted or any(belongs(s, wanted) for s, _, _ in row.used)]
        blocks = [(duty, of_it) for duty, of_it in by_duty(plan, kept) if of_it or not wanted]
        return page(
            "plan.html", visit=visit, plan=plan, blocks=blocks, figures=figures(found), total=total(found), days=days,
            state=wanted, state_shown=FILTERS.get(wanted, ""),
        )  # fmt: skip

    @app.get("/ke-hoach/{code}/nhiem-vu/{duty}/{period}")
    def one_period(visit: Asked, code: str, duty: str, period: str, state: State = "") -> HTMLResponse:
        plan, wanted = desk.plan(code), _state(state)
        asked = desk.duty(plan, duty)
        with desk.reading() as db:
            units = desk.units(db, plan.province)
            row = _row(rows(db, plan, units, as_of=visit.as_of), asked.code, period)
            said = last_said(db, plan, row, as_of=visit.as_of)
        shown = unit_rows(row, plan, units, said, as_of=visit.as_of, state=wanted)
        return page("period.html", visit=visit, plan=plan, row=row, units=shown, state=wanted)


def _state(given: str) -> str:
    """The figure that was asked for; "" for all. Raises BadRequest."""
    if given and given not in FILTERS:
        raise BadRequest(str(unknown(words.UNKNOWN_STATE, given, FILTERS)))
    return given


def _row(rows: list[Row], duty: str, period: str) -> Row:
    of_duty = {row.key: row for row in rows if row.duty.code == duty}
    if period not in of_duty:
        raise NotFound(str(unknown(words.UNKNOWN_PERIOD, period, of_duty)))
    return of_duty[period]
