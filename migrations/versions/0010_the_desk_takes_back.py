"""acts of the desk can be taken back; people are parked, called first and sent to a counter"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = (
    ("visit", lambda: sa.Column("priority", sa.String(24), nullable=True)),
    ("counter", lambda: sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True)),
    ("step", lambda: sa.Column("sent_to", sa.Integer(), nullable=True)),
    ("step", lambda: sa.Column("missing", sa.String(), nullable=True)),
    ("step", lambda: sa.Column("tell_at", sa.DateTime(timezone=True), nullable=True)),
)


def upgrade():
    op.create_table(
        "deed",
        sa.Column("id", KEY, nullable=False),
        sa.Column("visit_id", KEY, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_deed_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
    )
    for name in ("visit_id", "actor", "at"):
        op.create_index(op.f(f"ix_deed_{name}"), "deed", [name])
    for table, column in COLUMNS:
        op.add_column(table, column())
    op.create_index(op.f("ix_step_tell_at"), "step", ["tell_at"])


def downgrade():
    op.drop_index(op.f("ix_step_tell_at"), "step")
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column().name)
    op.drop_table("deed")
