"""The pages that show where a plan stands: all plans, one plan, the units of one duty and period, and one unit."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from fastapi.responses import HTMLResponse

from models.plan import Plan
from models.refusal import Refusal, unknown
from models.units import Unit, Units
from models.versions import in_force
from portal import words
from portal.calendar import coming
from portal.desk import Desk
from portal.figures import FILTERS, Row, belongs, by_duty, figures, last_said, nearest, rows, split, total, unit_rows
from portal.unit_duties import unit_duties
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
                shown.append((plan, figures(found), total(found), nearest(found, as_of=visit.as_of)))
        return page("home.html", visit=visit, shown=shown)

    @app.get("/ke-hoach/{code}")
    def one_plan(visit: Asked, code: str, state: State = "") -> HTMLResponse:
        wanted = _state(state)
        with desk.reading() as db:
            plan = in_force(db, desk.plan(code), as_of=visit.as_of)
            units = desk.units(db, plan.province)
            found = rows(db, plan, units, as_of=visit.as_of)
            days = coming(db, plan, units, as_of=visit.as_of)
        kept = [row for row in found if not wanted or any(belongs(s, wanted) for s, _, _ in row.used)]
        blocks, former = split([block for block in by_duty(plan, kept) if block[1] or not wanted], plan)
        return page(
            "plan.html", visit=visit, plan=plan, blocks=blocks, former=former, figures=figures(found),
            total=total(found), days=days, state=wanted, state_shown=FILTERS.get(wanted, ""),
        )  # fmt: skip

    @app.get("/ke-hoach/{code}/nhiem-vu/{duty}/{period}")
    def one_period(visit: Asked, code: str, duty: str, period: str, state: State = "") -> HTMLResponse:
        wanted = _state(state)
        with desk.reading() as db:
            plan = in_force(db, desk.plan(code), as_of=visit.as_of)
            units = desk.units(db, plan.province)
            row = _row(rows(db, plan, units, as_of=visit.as_of), plan, duty, period)
            said = last_said(db, plan, row, as_of=visit.as_of)
        shown = unit_rows(row, plan, units, said, as_of=visit.as_of, state=wanted)
        return page("period.html", visit=visit, plan=plan, row=row, units=shown, state=wanted)

    @app.get("/ke-hoach/{code}/don-vi/{key}")
    def one_unit(visit: Asked, code: str, key: str) -> HTMLResponse:
        with desk.reading() as db:
            plan = in_force(db, desk.plan(code), as_of=visit.as_of)
            units = desk.units(db, plan.province)
            unit = _unit(units, key, visit)
            found = unit_duties(db, plan, units, unit.key, as_of=visit.as_of)
        above = units.name(unit.parent, visit.today) if unit.level == "commune" and unit.parent else ""
        return page("unit.html", visit=visit, plan=plan, unit=unit, above=above, found=found)


def _state(given: str) -> str:
    """The figure that was asked for; "" for all. Raises BadRequest."""
    if given and given not in FILTERS:
        raise BadRequest(str(unknown(words.UNKNOWN_STATE, given, FILTERS)))
    return given


def _row(rows: list[Row], plan: Plan, duty: str, period: str) -> Row:
    """The row of a duty and period, also of a duty that the plan no longer asks for. Raises NotFound."""
    duties = {one.code for one in plan.duties} | {row.duty.code for row in rows}
    if duty not in duties:
        raise NotFound(str(unknown(words.UNKNOWN_DUTY, duty, duties)))
    of_duty = {row.key: row for row in rows if row.duty.code == duty}
    if period not in of_duty:
        raise NotFound(str(unknown(words.UNKNOWN_PERIOD, period, of_duty)))
    return of_duty[period]


def _unit(units: Units, given: str, visit: Visit) -> Unit:
    """The unit that an address names. Raises NotFound."""
    try:
        return units.find(given, visit.today)
    except Refusal as refusal:
        raise NotFound(words.NO_UNIT.format(said=refusal)) from refusal
