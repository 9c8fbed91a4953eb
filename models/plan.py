"""A plan as code: what an issued document asks of whom, by when, and where it says so. Declarations only."""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from models.refusal import unknown
from models.selector import Selector
from schedules.cadence import DEFAULT_CADENCE, Cadence
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
        counting: "nominal" (named dates and windows never move) or "civil-code" (Điều 148 khoản 5 BLDS 2015).
        data_period: what span the figures cover; not the same as the due date.
        cadence: reminders and ladder where they differ from the plan's.
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
    counting: Policy = "nominal"
    data_period: str | Unknown = Unknown("không quy định kỳ số liệu")
    cadence: Cadence | None = None


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
    """A declaration as JSON values, type names kept where dataclasses stand."""
    if isinstance(value, Unknown):
        return {"unknown": value.reason}
    if is_dataclass(value) and not isinstance(value, type):
        return {"is": type(value).__name__} | {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return str(value)
