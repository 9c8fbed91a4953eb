"""The register of ZNS templates: which one Zalo approved for which purpose, and how long its parameters may be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from channels import words
from channels.channel import CannotWrite
from models.refusal import Refusal, unknown
from models.tables import zns_template as table

APPROVED = "ENABLE"
UNSTATED = 30
"""The limit of a parameter where Zalo states none: that of its commonest kinds."""


@dataclass(frozen=True)
class Template:
    """A template as Zalo knows it. `params`: name → longest length, in characters."""

    id: str
    name: str
    status: str
    params: Mapping[str, int]

    @property
    def approved(self) -> bool:
        return self.status == APPROVED


def registered(db: sa.Connection) -> dict[str, Template]:
    """What is registered, by purpose."""
    t = table.c
    query = sa.select(t.purpose, t.template_id, t.params, t.status).order_by(t.purpose)
    return {row.purpose: Template(row.template_id, "", row.status, json.loads(row.params)) for row in db.execute(query)}


def template_for(db: sa.Connection, purpose: str) -> Template:
    """The approved template of a purpose. Raises CannotWrite where there is none."""
    found, shown = registered(db).get(purpose), words.ZNS_PURPOSES[purpose]
    if found is None:
        raise CannotWrite(words.ZNS_NO_TEMPLATE.format(purpose=shown, key=purpose))
    if not found.approved:
        status = words.ZNS_STATUS.get(found.status, found.status)
        raise CannotWrite(words.ZNS_NOT_APPROVED.format(id=found.id, purpose=shown, status=status))
    return found


def register(db: sa.Connection, purpose: str, template: Template, *, now: datetime) -> None:
    """Use the template for the purpose from now on.

    Raises:
        Refusal: there is no such purpose, or the template names a parameter that no message has a value for.
    """
    if purpose not in words.ZNS_PURPOSES:
        raise unknown(words.ZNS_PURPOSE, purpose, words.ZNS_PURPOSES)
    for name in template.params:
        if name not in words.ZNS_PARAMS:
            known = ", ".join(words.ZNS_PARAMS)
            raise Refusal(words.ZNS_NO_SUCH_PARAM.format(id=template.id, name=name, known=known))
    db.execute(sa.delete(table).where(table.c.purpose == purpose))
    db.execute(sa.insert(table).values(
        purpose=purpose, template_id=template.id, status=template.status, checked_at=now,
        params=json.dumps(dict(template.params), sort_keys=True),
    ))  # fmt: skip


def read_template(data: Mapping[str, Any]) -> Template:
    """A template from what Zalo says of it; its parameters come only where one template is asked about."""
    params = {
        str(one["name"]): one["maxLength"] if isinstance(one.get("maxLength"), int) else UNSTATED
        for one in data.get("listParams") or []
        if isinstance(one, dict) and one.get("name")
    }
    return Template(str(data.get("templateId", "")), str(data.get("templateName", "")), str(data.get("status")), params)
