"""The tables. Only what happened is stored; what follows from it and an instant is derived elsewhere."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.database import UtcInstant


class UnitRow(SQLModel, table=True):
    """One version of a unit (see models/units.py)."""

    __tablename__ = "unit"
    key: str = Field(primary_key=True)
    valid_from: date = Field(primary_key=True)
    valid_to: date | None
    code: str = Field(index=True)
    name: str
    kind: str
    level: str
    parent: str | None = Field(index=True)
    province: str = Field(index=True)
    source: str
    confirmed: bool
    estimated: bool
    groups: str = ""
    shipped: bool = Field(description="from our own files; an office's import replaces it and is never overwritten")


class UnitLinkRow(SQLModel, table=True):
    """A succession between units."""

    __tablename__ = "unit_link"
    from_key: str = Field(primary_key=True)
    to_key: str = Field(primary_key=True)
    effective: date
    kind: str
    estimated: bool


class UnitRoleRow(SQLModel, table=True):
    """A role that a unit holds in a province."""

    __tablename__ = "unit_role"
    role: str = Field(primary_key=True)
    province: str = Field(primary_key=True)
    valid_from: date = Field(primary_key=True)
    valid_to: date | None
    unit: str
    source: str
    confirmed: bool
    shipped: bool


class PersonRow(SQLModel, table=True):
    """A person who did something or receives something. The ledger refers to people by this number only."""

    __tablename__ = "person"
    id: int | None = Field(default=None, primary_key=True)
    name: str


class ContactRow(SQLModel, table=True):
    """Where a unit's notices go."""

    __tablename__ = "contact"
    __table_args__ = (sa.UniqueConstraint("unit", "role", "email"),)
    id: int | None = Field(default=None, primary_key=True)
    unit: str = Field(index=True)
    role: str
    person: int = Field(foreign_key="person.id")
    email: str


class LedgerRow(SQLModel, table=True):
    """One fact (see models/ledger.py). Triggers refuse UPDATE and DELETE."""

    __tablename__ = "ledger"
    __table_args__ = (sa.Index("ledger_about", "plan", "kind", "event_at"),)
    seq: int | None = Field(default=None, primary_key=True)
    event_at: datetime = Field(sa_type=UtcInstant)
    recorded_at: datetime = Field(sa_type=UtcInstant)
    actor: str
    kind: str
    plan: str | None
    duty: str | None
    period: str | None
    unit: str | None
    cause: str
    data: str = Field(description="JSON; no personal data")
    previous: str = Field(unique=True, description="hash of the row before; unique, so that the chain cannot fork")
    hash: str


class PlanVersionRow(SQLModel, table=True):
    """A plan's declaration as it was applied (see models/versions.py)."""

    __tablename__ = "plan_version"
    plan: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    hash: str
    declaration: str = Field(description="JSON")
    applied_at: datetime = Field(sa_type=UtcInstant)


class AssignmentRow(SQLModel, table=True):
    """A duty that a unit owes for a period, as frozen when it opened."""

    __tablename__ = "assignment"
    __table_args__ = (sa.UniqueConstraint("plan", "duty", "period", "unit"),)
    id: int | None = Field(default=None, primary_key=True)
    plan: str
    duty: str
    period: str
    unit: str = Field(index=True)
    opens: datetime = Field(sa_type=UtcInstant)
    due: datetime | None = Field(sa_type=UtcInstant)


class NoticeRow(SQLModel, table=True):
    """Something that must be said to someone, once: the step of an assignment towards a due, to one recipient."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.UniqueConstraint("assignment", "due", "step", "recipient", "role"),
        sa.Index("notice_waiting", "state", "planned_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    assignment: int = Field(foreign_key="assignment.id")
    due: datetime = Field(sa_type=UtcInstant, description="the due instant that the step counts towards")
    step: str
    kind: str = Field(description="reminder, escalation or copy")
    recipient: str
    role: str
    planned_at: datetime = Field(sa_type=UtcInstant)
    state: str = Field(description="planned, sending, sent, failed, skipped, cancelled, undeliverable")
    reason: str = ""


class DeliveryRow(SQLModel, table=True):
    """One digest on its way to one address."""

    __tablename__ = "delivery"
    __table_args__ = (sa.UniqueConstraint("address", "channel", "slot"),)
    id: int | None = Field(default=None, primary_key=True)
    recipient: str
    role: str
    address: str
    channel: str
    slot: str
    message_id: str = Field(unique=True)
    message: bytes = Field(description="the digest as it leaves, so that a repeat is the same to the last byte")
    state: str = Field(index=True, description="submitting, accepted, unknown, returned, failed")
    attempts: int = 0
    claimed_at: datetime | None = Field(sa_type=UtcInstant)
    sent_at: datetime | None = Field(sa_type=UtcInstant)
    error: str = ""


class DeliveryItemRow(SQLModel, table=True):
    """Which notices a delivery carries."""

    __tablename__ = "delivery_item"
    delivery: int = Field(foreign_key="delivery.id", primary_key=True)
    notice: int = Field(foreign_key="notice.id", primary_key=True)


def _table(row: type[SQLModel]) -> sa.Table:
    return row.__table__  # type: ignore[attr-defined, no-any-return]


unit, unit_link, unit_role = _table(UnitRow), _table(UnitLinkRow), _table(UnitRoleRow)
person, contact = _table(PersonRow), _table(ContactRow)
ledger, assignment, plan_version = _table(LedgerRow), _table(AssignmentRow), _table(PlanVersionRow)
notice, delivery, delivery_item = _table(NoticeRow), _table(DeliveryRow), _table(DeliveryItemRow)
