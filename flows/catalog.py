"""The plans: those shipped beside this module, and an office's own from a folder."""

import ast
import importlib.util
import re
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from models.plan import Plan
from models.refusal import Refusal, unknown

TEMPLATE = Path(__file__).parent / "new_plan.txt"
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SHIPPED = Path(__file__).parent / "plans"


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
        Refusal: "FILE:LINE: what is wrong and how to mend it".
    """
    name = f"dondoc_plan_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise Refusal(f"{path}: không có tệp này, hoặc tên tệp không kết thúc bằng .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        raise Refusal(f"{path}:{error.lineno}: không phải Python hợp lệ: {error.msg}.") from error
    except Exception as error:
        raise Refusal(f"{path}:{_line(error, path)}: {error}") from error
    plan = getattr(module, "PLAN", None)
    if not isinstance(plan, Plan):
        raise Refusal(f"{path}:1: tệp không khai báo PLAN = Plan(…). Xem mẫu: «dondoc plan new».")
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
    folder.mkdir(parents=True, exist_ok=True)
    text = TEMPLATE.read_text("utf-8").replace("@CODE@", code).replace("@PROVINCE@", province)
    path.write_text(text.replace("@YEAR@", str(day.year)), "utf-8")
    return path


def duty_lines(path: Path) -> dict[str, list[int]]:
    """For each duty code, the lines on which a `Duty(code="…")` stands in the module."""
    lines: dict[str, list[int]] = {}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Duty":
            for word in node.keywords:
                if word.arg == "code" and isinstance(word.value, ast.Constant):
                    lines.setdefault(str(word.value.value), []).append(node.lineno)
    return lines


def _line(error: BaseException, path: Path) -> int:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    return (frames[-1].lineno or 1) if frames else 1
