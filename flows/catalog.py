"""The plans: those shipped beside this module, and an office's own from a folder."""

import ast
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType

from models.plan import Plan
from models.refusal import Refusal, unknown
from models.unit_store import shipped_tree

TEMPLATE = Path(__file__).parent / "new_plan.txt"
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SHIPPED = Path(__file__).parent / "plans"


class BadPlan(Refusal):
    """A plan module that cannot be used: where, and what to mend."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.path, self.line, self.problem = path, line, problem


@dataclass(frozen=True)
class LoadedPlan:
    """A plan and the file that declares it."""

    plan: Plan
    path: Path


def load_plans(own: Path | None = None) -> dict[str, Plan]:
    """Every plan by its code: the shipped ones, then the office's own folder.

    Raises:
        Refusal: a module does not load, or two plans have the same code; names file, line and mend.
    """
    plans: dict[str, LoadedPlan] = {}
    for path in plan_files(own):
        loaded = LoadedPlan(load_plan(path), path)
        if (other := plans.get(loaded.plan.code)) is not None:
            raise Refusal(f"{path}: mã kế hoạch «{loaded.plan.code}» đã có ở {other.path}. Đổi một trong hai mã.")
        plans[loaded.plan.code] = loaded
    return {code: loaded.plan for code, loaded in plans.items()}


def find_plan(code: str, own: Path | None = None) -> Plan:
    """The plan with that code. Raises Refusal, naming the closest codes."""
    plans = load_plans(own)
    if code not in plans:
        raise unknown("kế hoạch", code, plans, hint="Xem «dondoc plan list».")
    return plans[code]


def plan_files(own: Path | None = None) -> Iterator[Path]:
    """The modules that declare plans, shipped ones first."""
    if own is not None and not own.is_dir():
        raise Refusal(f"DONDOC_PLANS trỏ tới {own}, nhưng không có thư mục đó. Tạo thư mục hoặc sửa biến môi trường.")
    for folder in [SHIPPED, own] if own else [SHIPPED]:
        yield from sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))


def load_plan(path: Path) -> Plan:
    """The plan that a module declares as `PLAN`.

    Raises:
        BadPlan: "FILE:LINE: what is wrong and how to mend it".
    """
    if not path.is_file() or path.suffix != ".py":
        raise BadPlan(path, 1, "không có tệp này, hoặc tên tệp không kết thúc bằng .py.")
    module = ModuleType(f"dondoc_plan_{path.stem}")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    try:
        # Compiled anew each time: a byte-code cache takes a file changed within its second for the old one.
        with redirect_stdout(sys.stderr):  # what a module prints must not stand before a JSON document
            exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    except SyntaxError as error:
        raise BadPlan(path, error.lineno or 1, f"không phải Python hợp lệ: {error.msg}.") from error
    except (Exception, SystemExit) as error:
        raise BadPlan(path, _line(error, path), f"{error}" or type(error).__name__) from error
    plan = getattr(module, "PLAN", None)
    if not isinstance(plan, Plan):
        raise BadPlan(path, 1, "tệp không khai báo PLAN = Plan(…). Xem mẫu: «dondoc plan new».")
    return plan


def new_plan(folder: Path, code: str, *, province: str, day: date) -> Path:
    """Write a commented module for the next plan; an existing file is never overwritten."""
    if not CODE.fullmatch(code):
        raise Refusal(
            f"Mã kế hoạch «{code}» chỉ được gồm chữ thường không dấu, chữ số và gạch nối, ví dụ «nghe-an-2027»."
        )
    path = folder / f"{code.replace('-', '_')}.py"
    if path.exists():
        raise Refusal(f"Đã có tệp {path}; không ghi đè. Chọn mã khác.")
    if shipped_tree(province).province(province, day) is None:
        raise Refusal(
            f"Không có tỉnh mã «{province}» vào ngày {day:%d/%m/%Y}; xem «dondoc units list --level province»."
        )
    text = TEMPLATE.read_text("utf-8").replace("@CODE@", code).replace("@PROVINCE@", province)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("@YEAR@", str(day.year)), "utf-8")
    except OSError as error:
        raise Refusal(f"Không ghi được {path}: {error}. Kiểm tra quyền ghi, hoặc đặt DONDOC_PLANS.") from error
    return path


def lines_of(path: Path) -> dict[str, int]:
    """Where the module declares things: a duty's code → line of its `Duty(`; "" → line of `Plan(`.

    Of a code that stands twice it is the second.
    """
    lines = {"": 1}
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda call: call.lineno):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        code = {word.arg: word.value for word in call.keywords}.get("code")
        if name == "Plan":
            lines[""] = call.lineno
        elif name == "Duty" and isinstance(code, ast.Constant):
            lines[str(code.value)] = call.lineno
    return lines


def _line(error: BaseException, path: Path) -> int:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    return (frames[-1].lineno or 1) if frames else 1
