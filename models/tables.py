"""The tables. Only what happened is stored; what follows from it and an instant is derived elsewhere."""

from datetime import date, datetime, time

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
    """A person who receives a unit's notices in a role."""

    __tablename__ = "contact"
    __table_args__ = (sa.UniqueConstraint("unit", "role", "person"),)
    id: int | None = Field(default=None, primary_key=True)
    unit: str = Field(index=True)
    role: str
    person: int = Field(foreign_key="person.id")
    quiet_from: time | None = Field(description="from this hour the person is not written to…")
    quiet_to: time | None = Field(description="…until this one; earlier than `quiet_from` means on the next day")
    absent_from: date | None = Field(description="first day of an absence")
    absent_to: date | None = Field(description="its last day")
    deputy: int | None = Field(foreign_key="contact.id", description="who receives instead while absent")
    copies: bool = Field(default=True, description="whether the person wants what is sent for information only")


class ContactAddressRow(SQLModel, table=True):
    """One address of a contact: an Apprise URL, and its place among the contact's addresses.

    Addresses of the same place are written to at once; the next place comes when all of one have failed.
    """

    __tablename__ = "contact_address"
    __table_args__ = (sa.UniqueConstraint("contact", "url"),)
    id: int | None = Field(default=None, primary_key=True)
    contact: int = Field(foreign_key="contact.id", index=True)
    url: str
    ordinary: int | None = Field(description="place for ordinary notices; None: not used for them")
    important: int | None = Field(description="place for important notices; None: not used for them")
    disabled_at: datetime | None = Field(sa_type=UtcInstant)
    disabled_why: str = ""


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
    state: str = Field(description="planned, sending, sent, dead, phoned, skipped, cancelled, undeliverable")
    reason: str = ""


class DeliveryRow(SQLModel, table=True):
    """One message on its way to one address: a chain of attempts under one lease at a time (see tasks/outbox.py)."""

    __tablename__ = "delivery"
    __table_args__ = (
        sa.UniqueConstraint("address", "channel", "slot"),
        sa.Index("delivery_tracking", "tracking_id", unique=True),
        sa.Index("delivery_provider", "provider_id"),
        sa.Index("delivery_ready", "channel", "state", "next_attempt_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    recipient: str
    role: str
    contact: int | None = Field(foreign_key="contact.id", description="None for an alarm, or without a contact")
    address: str = Field(description="as it stood when the delivery was made; may hold a secret, so never shown")
    channel: str
    slot: str
    about: str = Field(default="digest", description="digest or alarm")
    important: bool = Field(default=False, description="must reach its recipient")
    message_id: str = Field(unique=True)
    tracking_id: str = Field(description="our reference at providers other than mail servers")
    message: bytes = Field(description="the message as it leaves, so that a repeat is the same to the last byte")
    state: str = Field(
        index=True,
        description="due, submitting, retry, unknown, accepted, delivered, bounced, failed, dead, cancelled",
    )
    attempts: int = 0
    repeats: int = Field(default=0, description="how often it left again while an earlier attempt was unknown")
    claimed_at: datetime | None = Field(sa_type=UtcInstant)
    lease_owner: str = ""
    lease_until: datetime | None = Field(sa_type=UtcInstant)
    next_attempt_at: datetime | None = Field(sa_type=UtcInstant)
    expires_at: datetime | None = Field(sa_type=UtcInstant)
    header_date: datetime | None = Field(sa_type=UtcInstant, description="its Date, the same in every attempt")
    sent_at: datetime | None = Field(sa_type=UtcInstant, description="when the provider took it")
    delivered_at: datetime | None = Field(sa_type=UtcInstant, description="when it reached the recipient, if told")
    provider_id: str = ""
    provider_code: str = ""
    error: str = ""
    fallback_of: int | None = Field(foreign_key="delivery.id", description="the failed delivery that it replaces")


class DeliveryEventRow(SQLModel, table=True):
    """One change of a delivery's state. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "delivery_event"
    id: int | None = Field(default=None, primary_key=True)
    delivery: int = Field(foreign_key="delivery.id", index=True)
    at: datetime = Field(sa_type=UtcInstant)
    before: str
    after: str
    why: str = ""
    provider_event: str | None = Field(unique=True, description="what the provider calls the event; counts once")


class DeliveryItemRow(SQLModel, table=True):
    """Which notices a delivery carries."""

    __tablename__ = "delivery_item"
    __table_args__ = (sa.Index("delivery_item_notice", "notice"),)
    delivery: int = Field(foreign_key="delivery.id", primary_key=True)
    notice: int = Field(foreign_key="notice.id", primary_key=True)


class ChannelRow(SQLModel, table=True):
    """How a channel fares: whether it is paused, what is left of its quota, when its next message may leave."""

    __tablename__ = "channel"
    name: str = Field(primary_key=True)
    paused_until: datetime | None = Field(sa_type=UtcInstant)
    why: str = ""
    elsewhere: bool = Field(default=False, description="while it is paused, messages go to the next address")
    failures: int = Field(default=0, description="failures to reach the provider, one after another")
    quota_daily: int | None = None
    quota_left: int | None = None
    quota_at: datetime | None = Field(sa_type=UtcInstant)
    free_at: datetime | None = Field(sa_type=UtcInstant, description="when the next message may leave, by its rate")


class DispatcherRow(SQLModel, table=True):
    """A dispatcher's last sign of life."""

    __tablename__ = "dispatcher"
    owner: str = Field(primary_key=True)
    started_at: datetime = Field(sa_type=UtcInstant)
    beat_at: datetime = Field(sa_type=UtcInstant)


class AlarmRow(SQLModel, table=True):
    """Something about the engine itself that people must look at, told once for each key."""

    __tablename__ = "alarm"
    key: str = Field(primary_key=True, description="kind, subject and the span in which it is told once")
    kind: str
    text: str
    raised_at: datetime = Field(sa_type=UtcInstant)


class ZaloTokenRow(SQLModel, table=True):
    """The tokens of a Zalo official account. The refresh token works once, so one process at a time refreshes."""

    __tablename__ = "zalo_token"
    app_id: str = Field(primary_key=True)
    access_token: str
    refresh_token: str
    expires_at: datetime = Field(sa_type=UtcInstant, description="of the access token")
    refresh_expires_at: datetime = Field(sa_type=UtcInstant)
    generation: int = Field(description="how often it was refreshed")
    refreshing_by: str = ""
    refreshing_until: datetime | None = Field(sa_type=UtcInstant)
    seed: str = Field(default="", description="hash of the configured refresh token that the chain began with")
    trouble: str = Field(default="", description="lost: a refresh went unanswered; spent: consent must be given anew")


class ZnsTemplateRow(SQLModel, table=True):
    """A message template that Zalo approved, and what it is used for."""

    __tablename__ = "zns_template"
    purpose: str = Field(primary_key=True, description="overdue or due")
    template_id: str
    params: str = Field(description="JSON: parameter name → longest length")
    status: str
    checked_at: datetime = Field(sa_type=UtcInstant)


def _table(row: type[SQLModel]) -> sa.Table:
    return row.__table__  # type: ignore[attr-defined, no-any-return]


unit, unit_link, unit_role = _table(UnitRow), _table(UnitLinkRow), _table(UnitRoleRow)
person, contact = _table(PersonRow), _table(ContactRow)
contact_address = _table(ContactAddressRow)
ledger, assignment, plan_version = _table(LedgerRow), _table(AssignmentRow), _table(PlanVersionRow)
notice, delivery, delivery_item = _table(NoticeRow), _table(DeliveryRow), _table(DeliveryItemRow)
delivery_event, channel, dispatcher = _table(DeliveryEventRow), _table(ChannelRow), _table(DispatcherRow)
alarm, zalo_token, zns_template = _table(AlarmRow), _table(ZaloTokenRow), _table(ZnsTemplateRow)
