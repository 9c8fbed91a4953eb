"""Where the templates are and how they are filled."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from channels import words
from channels.headers import one_line

HERE = Path(__file__).parent


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["one_line"] = one_line
    found.globals["words"] = words
    return found


ENVIRONMENT = _environment()


def render(template: str, **values: Any) -> str:
    """Fill `templates/<template>`; names ending in .html escape every value."""
    return ENVIRONMENT.get_template(template).render(**values)
