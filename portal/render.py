"""Where the templates are, how they are filled, and how numbers and days read."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from channels.words import SIMULATED
from models.plan import Duty
from models.words import UNCONFIRMED
from portal import words
from schedules.data_periods import DataPeriod
from schedules.words import day_shown, period_shown, step_shown, weekday_shown
from schedules.zone import local, local_day

HERE = Path(__file__).parent


def render(template: str, **values: Any) -> str:
    """Fill `templates/<template>`; every value is escaped."""
    return ENVIRONMENT.get_template(template).render(**values)


def percent(rate: float | None) -> str:
    """ "43,2%", "–" where nobody is expected. Nothing but all is 100%, nothing but none is 0%."""
    if rate is None:
        return "–"
    if rate in (0, 1):
        return f"{rate:.0%}"
    return f"{min(max(rate * 100, 0.1), 99.9):.1f}%".replace(".", ",")


def number(count: int) -> str:
    """1.091"""
    return f"{count:,}".replace(",", ".")


def stated(value: Any) -> str:
    """What a source says, a day as people write it; what it leaves open, with the reason."""
    if isinstance(value, date):
        return day_shown(value)
    if isinstance(value, tuple):
        return "; ".join(str(one) for one in value)
    return str(value)


def figures_cover(duty: Duty, period: str) -> str:
    """Which days a period's figures cover, with the rule's source; the rule itself where it names no days."""
    rule = duty.data_period
    if isinstance(rule, DataPeriod) and (span := rule.span(period)):
        return f"{span.shown} ({rule.citation})"
    return stated(rule)


def clock(instant: datetime) -> str:
    """07:30 ngày 30/11/2023"""
    return f"{local(instant):%H:%M} ngày {day_shown(local_day(instant))}"


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.filters |= {
        "percent": percent, "number": number, "stated": stated, "clock": clock, "day": day_shown,
        "figures_cover": figures_cover, "weekday": weekday_shown, "period": period_shown, "step": step_shown,
    }  # fmt: skip
    found.globals |= {"words": words, "SIMULATED": SIMULATED, "UNCONFIRMED": UNCONFIRMED}
    return found


ENVIRONMENT = _environment()
