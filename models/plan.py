"""A plan as code: what an issued document asks of whom, by when, and where it says so. Declarations only."""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from models.refusal import unknown
from models.selector import Selector
from schedules.cadence import DEFAULT_CADENCE, Cadence
from schedules.data_periods import DataPeriod
from schedules.terms import Policy, Term


@dataclass(frozen=True)
class Unknown:
    """What the source leaves open, and why. Shown as "nguồn không nêu"; never filled in by guessing."""

    reason: str

    def __str__(self) -> str:
        return f"nguồn không nêu ({self.reason})"


@dataclass(frozen=True)
class Citation:
    """Where a document says something: document, locator (điều, khoản, điểm, or the paragraph), date."""

    document: str
    locator: str
    date: date | Unknown

    def __str__(self) -> str:
        when = f" ({self.date:%d/%m/%Y})" if isinstance(self.date, date) else ""
        return f"{self.document}, {self.locator}{when}"


@dataclass(frozen=True)
class Duty:
    """One thing that a plan asks of some units.

    Attributes:
        code: short ASCII name, unique in the plan.
        title: what people call it.
        asks: what has to be done, in the plan author's own words.
        lead: who owes it. Only leads owe.
        term: the rule that says when.
        citation: where the document asks for it.
        coordinating: who gets copies of what the leads are told.
        evidence: what shows that it was done.
        report_to: who receives the result.
        counting: "nominal" (the last day never moves) or "civil-code" (Điều 148 khoản 5 BLDS 2015); None leaves it to
            the term: counted terms roll, named dates and windows do not.
        data_period: what span the figures cover, as the source says it or by a ready calendar (schedules.data_periods);
            not the same as the due date.
        cadence: reminders and ladder where they differ from the plan's.
        extensions: how often a unit's term may be extended; None sets no limit, 0 allows none.
    """

    code: str
    title: str
    asks: str
    lead: Selector
    term: Term
    citation: Citation
    coordinating: Selector | None = None
    evidence: tuple[str, ...] | Unknown = Unknown("không có kết quả nào chứng minh đã làm")
    report_to: str | Unknown = Unknown("không có nơi nhận")
    counting: Policy | None = None
    data_period: str | DataPeriod | Unknown = Unknown("không quy định kỳ số liệu")
    cadence: Cadence | None = None
    extensions: int | None = None

    @property
    def policy(self) -> Policy:
        """How its last day is counted."""
        return self.term.policy(self.counting)


@dataclass(frozen=True)
class Plan:
    """An issued document that assigns duties.

    Attributes:
        code: ASCII name, e.g. "nghe-an-2023".
        version: raised by hand with each amendment.
        province: GSO code of the province it binds.
        in_force: first day; nothing opens before it.
        source: where this declaration was read.
    """

    code: str
    title: str
    version: int
    province: str
    issuer: str
    number: str | Unknown
    issued: date | Unknown
    in_force: date
    source: Citation
    duties: tuple[Duty, ...]
    legal_basis: tuple[Citation, ...] = ()
    cadence: Cadence = DEFAULT_CADENCE
    notes: tuple[str, ...] = ()

    def duty(self, code: str) -> Duty:
        """The duty with that code. Raises Refusal, naming the closest codes."""
        for duty in self.duties:
            if duty.code == code:
                return duty
        raise unknown(f"nhiệm vụ trong kế hoạch {self.code}", code, [duty.code for duty in self.duties])

    def cadence_of(self, duty: Duty) -> Cadence:
        return duty.cadence or self.cadence

    @property
    def hash(self) -> str:
        """SHA-256 of everything declared; two plans with the same hash ask the same."""
        text = json.dumps(plain(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """A declaration as JSON values, type names kept where dataclasses stand; `models.declaration` reads it back.

    What is left at its default is left out, so that a plan keeps its hash when the engine learns a new field.
    """
    if isinstance(value, Unknown):
        return {"unknown": value.reason}
    if is_dataclass(value) and not isinstance(value, type):
        said = {f.name: getattr(value, f.name) for f in fields(value)}
        return {"is": type(value).__name__} | {
            f.name: plain(said[f.name]) for f in fields(value) if said[f.name] != f.default
        }
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return str(value)
