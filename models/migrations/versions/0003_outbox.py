"""The outbox: contacts with several addresses, deliveries with leases and a history, how channels fare."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=False)
# In plain SQL, since SQLite takes a reference only in the column's own definition.
DELIVERY_COLUMNS = (
    "contact INTEGER REFERENCES contact(id)",
    "about VARCHAR NOT NULL DEFAULT 'digest'",
    "important BOOLEAN NOT NULL DEFAULT FALSE",
    "tracking_id VARCHAR NOT NULL DEFAULT ''",
    "repeats INTEGER NOT NULL DEFAULT 0",
    "lease_owner VARCHAR NOT NULL DEFAULT ''",
    "lease_until {instant}",
    "next_attempt_at {instant}",
    "expires_at {instant}",
    "header_date {instant}",
    "delivered_at {instant}",
    "provider_id VARCHAR NOT NULL DEFAULT ''",
    "provider_code VARCHAR NOT NULL DEFAULT ''",
    "fallback_of INTEGER REFERENCES delivery(id)",
)


def upgrade() -> None:
    _contacts()
    _deliveries()
    _channels()
    _zalo()
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER delivery_event_no_{verb.lower()} BEFORE {verb} ON delivery_event "
                "BEGIN SELECT RAISE(ABORT, 'the history of deliveries is append-only'); END"
            )


def _contacts() -> None:
    """A contact had one email address; now it has addresses, and those of one person belong together."""
    op.create_table(
        "contact_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_to", sa.Time(), nullable=True),
        sa.Column("absent_from", sa.Date(), nullable=True),
        sa.Column("absent_to", sa.Date(), nullable=True),
        sa.Column("deputy", sa.Integer(), nullable=True),
        sa.Column("copies", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.ForeignKeyConstraint(["deputy"], ["contact_new.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit", "role", "person"),
    )
    op.create_table(
        "contact_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("ordinary", sa.Integer(), nullable=True),
        sa.Column("important", sa.Integer(), nullable=True),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.Column("disabled_why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contact_new.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contact", "url"),
    )
    op.create_index("ix_contact_address_contact", "contact_address", ["contact"], unique=False)
    first = "SELECT MIN(id) AS id, unit, role, person FROM contact GROUP BY unit, role, person"
    op.execute(
        "INSERT INTO contact_new (id, unit, role, person, copies) "
        f"SELECT f.id, f.unit, f.role, f.person, TRUE FROM ({first}) f"
    )
    op.execute(
        "INSERT INTO contact_address (contact, url, ordinary, important, disabled_why) "
        f"SELECT f.id, 'mailto://' || c.email, 1, 1, '' FROM contact c JOIN ({first}) f "
        "ON f.unit = c.unit AND f.role = c.role AND f.person = c.person ORDER BY c.id"
    )
    op.drop_table("contact")
    op.rename_table("contact_new", "contact")
    op.create_index("ix_contact_unit", "contact", ["unit"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('contact', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM contact), "
            "false)"
        )


def _deliveries() -> None:
    instant = INSTANT.compile(dialect=op.get_bind().dialect)
    for column in DELIVERY_COLUMNS:
        op.execute(f"ALTER TABLE delivery ADD COLUMN {column.format(instant=instant)}")
    op.execute("UPDATE delivery SET tracking_id = 'old-' || id, lease_until = claimed_at, header_date = claimed_at")
    op.execute("UPDATE delivery SET state = 'cancelled' WHERE state = 'returned'")
    op.execute("UPDATE notice SET state = 'dead' WHERE state = 'failed'")
    op.create_index("delivery_tracking", "delivery", ["tracking_id"], unique=True)
    op.create_index("delivery_provider", "delivery", ["provider_id"], unique=False)
    op.create_index("delivery_ready", "delivery", ["channel", "state", "next_attempt_at"], unique=False)
    op.create_index("delivery_item_notice", "delivery_item", ["notice"], unique=False)
    op.create_table(
        "delivery_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("provider_event", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider_event"),
    )
    op.create_index("ix_delivery_event_delivery", "delivery_event", ["delivery"], unique=False)


def _channels() -> None:
    op.create_table(
        "channel",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("paused_until", INSTANT, nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("elsewhere", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("quota_daily", sa.Integer(), nullable=True),
        sa.Column("quota_left", sa.Integer(), nullable=True),
        sa.Column("quota_at", INSTANT, nullable=True),
        sa.Column("free_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "dispatcher",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("beat_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("owner"),
    )
    op.create_table(
        "alarm",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def _zalo() -> None:
    op.create_table(
        "zalo_token",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("access_token", sa.String(), nullable=False),
        sa.Column("refresh_token", sa.String(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("refresh_expires_at", INSTANT, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("refreshing_by", sa.String(), nullable=False),
        sa.Column("refreshing_until", INSTANT, nullable=True),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("app_id"),
    )
    op.create_table(
        "zns_template",
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("template_id", sa.String(), nullable=False),
        sa.Column("params", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("purpose"),
    )
