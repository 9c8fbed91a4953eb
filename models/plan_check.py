"""What is wrong with a plan, told before it is applied."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from models.owed import next_period, periods
from models.plan import Citation, Duty, Plan, Unknown
from models.selector import Selector
from models.units import Units
from schedules.cadence import Cadence
from schedules.data_periods import DataPeriod
from schedules.terms import Policy, Term

PLACEHOLDER = "…"
"""What `dondoc plan new` leaves to be filled in."""

A_CODE = set("abcdefghijklmnopqrstuvwxyz0123456789-")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend; `duty` is the duty's code, None for the plan itself."""

    duty: str | None
    text: str

    def __str__(self) -> str:
        return f"nhiệm vụ «{self.duty}»: {self.text}" if self.duty else self.text


def problems(plan: Plan, units: Units) -> list[Problem]:
    """Everything that keeps a plan from being applied, each with how to mend it."""
    if wrong := list(_wrong_types(plan, None, PLAN_TYPES)):
        return wrong
    if strange := [one for one in plan.duties if not isinstance(one, Duty)]:
        return [Problem(None, f"duties có {one!r}; mỗi phần tử phải là Duty(…)") for one in strange]
    found = [Problem(None, text) for text in _plan_problems(plan, units)]
    for duty in plan.duties:
        wrong = list(_wrong_types(duty, str(duty.code), DUTY_TYPES))
        found.extend(wrong or (Problem(duty.code, text) for text in _duty_problems(plan, duty, units)))
    return found


PLAN_TYPES = {
    "code": (str, "chữ"), "title": (str, "chữ"), "version": (int, "số nguyên"), "province": (str, "mã tỉnh dạng chữ"),
    "issuer": (str, "chữ"), "number": ((str, Unknown), "chữ hoặc Unknown(…)"),
    "issued": ((date, Unknown), "date(năm, tháng, ngày) hoặc Unknown(…)"), "in_force": (date, "date(năm, tháng, ngày)"),
    "source": (Citation, "Citation(…)"), "duties": (tuple, "một bộ (Duty(…), Duty(…),)"),
    "legal_basis": (tuple, "một bộ Citation(…)"), "cadence": (Cadence, "Cadence(…)"), "notes": (tuple, "một bộ chữ"),
}  # fmt: skip
DUTY_TYPES = {
    "code": (str, "chữ"), "title": (str, "chữ"), "asks": (str, "chữ"),
    "lead": (Selector, "level(…), body(…), role(…) hoặc group(…)"),
    "term": (Term, "term(\"…\")"), "citation": (Citation, "Citation(…)"),
    "coordinating": ((Selector, type(None)), "level(…), body(…), role(…) hoặc group(…)"),
    "evidence": ((tuple, Unknown), "một bộ chữ hoặc Unknown(…)"), "report_to": ((str, Unknown), "chữ hoặc Unknown(…)"),
    "data_period": ((str, DataPeriod, Unknown), "chữ, STATUTORY hoặc Unknown(…)"),
    "cadence": ((Cadence, type(None)), "Cadence(…)"),
}  # fmt: skip


def _wrong_types(declared: object, duty: str | None, types: Mapping[str, tuple[Any, str]]) -> Iterator[Problem]:
    """Fields that hold something else than they should: a plan module is ordinary Python, nothing else checks it."""
    for name, (wanted, shown) in types.items():
        if not isinstance(value := getattr(declared, name, None), wanted):
            yield Problem(duty, f"{name}={value!r}; phải là {shown}")


def _plan_problems(plan: Plan, units: Units) -> Iterator[str]:
    if not plan.code or set(plan.code) - A_CODE:
        yield f"mã kế hoạch «{plan.code}» chỉ được gồm chữ thường không dấu, chữ số và gạch nối, ví dụ «nghe-an-2023»"
    if not plan.title.strip():
        yield "kế hoạch chưa có tên; ghi title=«Kế hoạch …»"
    for name, text in (("title", plan.title), ("issuer", plan.issuer), ("source", plan.source.document)):
        if PLACEHOLDER in text:
            yield f"{name}=«{text}» còn chỗ chưa điền; thay «{PLACEHOLDER}» bằng nội dung của văn bản"
    if plan.version < 1:
        yield f"version={plan.version}; đánh số phiên bản từ 1"
    if not plan.duties:
        yield "kế hoạch chưa có nhiệm vụ nào; thêm ít nhất một Duty(…)"
    if units.province(plan.province, plan.in_force) is None:
        day = f"{plan.in_force:%d/%m/%Y}"
        yield f"không có tỉnh mã «{plan.province}» vào ngày {day}; xem «dondoc units list --level province»"
    if not plan.source.document.strip():
        yield "kế hoạch chưa nêu nguồn; ghi source=Citation(văn bản, vị trí, ngày)"
    for code, times in Counter(duty.code for duty in plan.duties).items():
        if times > 1:
            yield f"mã nhiệm vụ «{code}» có {times} lần; mỗi nhiệm vụ một mã riêng"


def _duty_problems(plan: Plan, duty: Duty, units: Units) -> Iterator[str]:
    if not duty.code or set(duty.code) - A_CODE:
        yield f"mã «{duty.code}» chỉ được gồm chữ thường không dấu, chữ số và gạch nối"
    if not duty.title.strip():
        yield "chưa có tên; ghi title=«…»"
    if duty.counting is not None and duty.counting not in get_args(Policy):
        yield f"counting={duty.counting!r}; phải là một trong: {', '.join(get_args(Policy))}, hoặc bỏ trống"
        return
    if duty.extensions is not None and not (isinstance(duty.extensions, int) and duty.extensions >= 0):
        yield f"extensions={duty.extensions!r}; phải là số lần gia hạn tối đa (0 trở lên), hoặc bỏ trống"
    if lacking := list(_lacking(plan, duty)):
        yield from lacking
        return
    yield from _citation_problems(duty.citation)
    yield from duty.lead.problems(units, plan.province)
    if isinstance(duty.coordinating, Selector):
        yield from duty.coordinating.problems(units, plan.province)
    for period in periods(plan, duty, through=date(plan.in_force.year + 3, 12, 31)):
        if period.due is not None and period.due <= period.opens:
            ends, opens = f"{period.due:%d/%m/%Y}", f"{period.opens:%d/%m/%Y}"
            yield f"kỳ {period.key} đến hạn {ends} trước khi mở {opens}; xem lại thời hạn"
    if duty.term.kind in ("window", "bound") and next_period(plan, duty, after=date(1, 1, 1)) is None:
        day = f"{plan.in_force:%d/%m/%Y}"
        yield f"thời hạn «{duty.term.text}» hết trước khi kế hoạch có hiệu lực ({day}); sửa thời hạn hoặc in_force"


def _lacking(plan: Plan, duty: Duty) -> Iterator[str]:
    """What a term needs before it has dates."""
    phrase = duty.term.text
    if "year" in duty.term.needs:
        yield f'thời hạn «{phrase}» chưa có năm; ghi cả năm, ví dụ term("{phrase} năm {plan.in_force.year}")'
    if "issued" in duty.term.needs and not isinstance(plan.issued, date):
        yield f"thời hạn «{phrase}» tính từ ngày ban hành, nhưng issued={plan.issued}; ghi ngày ban hành của kế hoạch"
    if duty.term.kind == "minimum":
        yield f"«{phrase}» là thời lượng tối thiểu, chưa phải thời hạn phải xong; ghi thời hạn của việc cần báo cáo"


def _citation_problems(citation: Citation) -> Iterator[str]:
    if not citation.document.strip() or not citation.locator.strip():
        yield "chưa có viện dẫn đầy đủ; ghi citation=Citation(văn bản, điều khoản hoặc đoạn, ngày)"
