"""`dondoc term`: what a phrase about time means, and how its dates are counted."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, get_args

import typer

from cli import words
from cli.desk import show
from models.refusal import Refusal, unknown
from schedules.periods import Policy
from schedules.phrases import term as read
from schedules.reckon import Given, Reckoned, reckon
from schedules.term import FIRST_YEAR, LAST_YEAR
from schedules.words import day_shown

app = typer.Typer()


@app.command("term", help=words.TERM)
def show_term(
    phrase: Annotated[str, typer.Argument(help=words.TERM_PHRASE)],
    issued: Annotated[str | None, typer.Option(help=words.TERM_ISSUED)] = None,
    event: Annotated[str | None, typer.Option(help=words.TERM_EVENT)] = None,
    year: Annotated[str | None, typer.Option(help=words.TERM_YEAR)] = None,
    policy: Annotated[str | None, typer.Option(help=words.TERM_POLICY)] = None,
    as_json: Annotated[bool, typer.Option("--json", help=words.JSON)] = False,
) -> None:
    given = Given(_day(issued), _day(event), _year(year), _policy(policy))
    try:
        reckoned = reckon(read(phrase, policy=given.policy), given)
    except ValueError as error:
        raise Refusal(_sentence(str(error))) from error
    data = _data(phrase, reckoned)
    show(as_json, data, lambda: _described(data))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(words.BAD_DAY.format(text=text)) from error


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise Refusal(words.BAD_YEAR.format(text=text, first=FIRST_YEAR, last=LAST_YEAR))
    return int(text)


def _policy(text: str | None) -> Policy | None:
    known: tuple[Policy, ...] = get_args(Policy)
    chosen = next((policy for policy in known if policy == text), None)
    if text is not None and chosen is None:
        raise unknown(words.BAD_POLICY, text, known)
    return chosen


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _data(phrase: str, reckoned: Reckoned) -> dict[str, Any]:
    return {
        "phrase": phrase,
        "canonical": reckoned.term.text,
        "kind": reckoned.term.kind,
        "opens": reckoned.opens.isoformat() if reckoned.opens else None,
        "due": reckoned.due.isoformat() if reckoned.due else None,
        "last_day": reckoned.last_day.isoformat() if reckoned.last_day else None,
        "nominal_last_day": reckoned.nominal_last_day.isoformat() if reckoned.nominal_last_day else None,
        "policy": reckoned.policy,
        "recurrence": ", ".join(reckoned.term.recurrence) or None,
        "needs": list(reckoned.needs),
        "explain": [{"step": one.step, "why": one.why, "article": one.article} for one in reckoned.explain],
    }


def _described(data: dict[str, Any]) -> Iterable[str]:
    yield f"{data['canonical']} ({words.TERM_KINDS[data['kind']]})"
    dates = words.TERM_DATES_OF_MINIMUM if data["kind"] == "minimum" else words.TERM_DATES
    for name, shown in dates.items():
        yield f"  {shown}: {_shown(data[name], words.TERM_UNKNOWN if data['needs'] else words.TERM_NONE)}"
    yield f"  {words.TERM_COUNTING}: {words.TERM_POLICIES[data['policy']]}"
    if data["needs"]:
        yield f"  {words.TERM_MISSING}: {', '.join(words.TERM_NEEDS[need] for need in data['needs'])}"
    yield f"  {words.TERM_EXPLAIN}:"
    for number, step in enumerate(data["explain"], 1):
        yield f"    {number}. {step['why']} [{step['article']}]"


def _shown(value: str | None, nothing: str) -> str:
    """An instant or a day as people write it."""
    if value is None:
        return nothing
    day = day_shown(date.fromisoformat(value[:10]))
    return f"00:00 ngày {day}" if "T" in value else f"ngày {day}"
