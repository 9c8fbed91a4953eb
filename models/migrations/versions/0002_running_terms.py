"""Running terms: a notice says towards which due its step counts; a plan's versions are kept as applied."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

UNIQUE = ("assignment", "due", "step", "recipient", "role")


def upgrade() -> None:
    op.create_table(
        "plan_version",
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("declaration", sa.String(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=False), nullable=False),
        sa.PrimaryKeyConstraint("plan", "version"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_notice()
    else:
        _alter_notice()


def _alter_notice() -> None:
    op.add_column("notice", sa.Column("due", sa.DateTime(timezone=False), nullable=True))
    op.execute("UPDATE notice SET due = (SELECT a.due FROM assignment a WHERE a.id = notice.assignment)")
    op.alter_column("notice", "due", nullable=False)
    op.drop_constraint("notice_assignment_step_recipient_role_key", "notice", type_="unique")
    op.create_unique_constraint(None, "notice", UNIQUE)


def _rebuild_notice() -> None:
    """SQLite cannot drop a constraint: the table is made anew, its rows and their numbers kept.

    Deliveries refer to notices; the references are checked again when the migration is over.
    """
    op.create_table(
        "notice_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=False), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=False), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(*UNIQUE),
    )
    op.execute(
        "INSERT INTO notice_new SELECT n.id, n.assignment, a.due, n.step, n.kind, n.recipient, n.role, n.planned_at, "
        "n.state, n.reason FROM notice n JOIN assignment a ON a.id = n.assignment"
    )
    op.drop_table("notice")
    op.rename_table("notice_new", "notice")
    op.create_index("notice_waiting", "notice", ["state", "planned_at"], unique=False)
