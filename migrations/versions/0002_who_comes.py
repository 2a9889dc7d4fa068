"""who comes to a visit, steps that another system booked, and how long one may wait between steps"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ADDED = (
    ("place", lambda: sa.Column("longest_wait", sa.Integer(), nullable=False, server_default="30")),
    ("step", lambda: sa.Column("buffer", sa.Integer(), nullable=False, server_default="0")),
    ("visit", lambda: sa.Column("children", sa.Integer(), nullable=False, server_default="0")),
    ("visit", lambda: sa.Column("speaks", sa.String(), nullable=True)),
    ("visit", lambda: sa.Column("interpreter", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("visit", lambda: sa.Column("access", sa.LargeBinary(), nullable=True)),
    ("visit", lambda: sa.Column("extensions", sa.Integer(), nullable=False, server_default="0")),
)


def upgrade():
    op.create_table(
        "elsewhere",
        sa.Column("visit_id", KEY, nullable=False),
        sa.Column("service_id", KEY, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_elsewhere_service_id_service")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_elsewhere_visit_id_visit")),
        sa.PrimaryKeyConstraint("visit_id", "service_id", name=op.f("pk_elsewhere")),
    )
    # Plainly, not in batches: SQLite would make the table anew, and its rows have others that lean on them.
    for table, column in ADDED:
        op.add_column(table, column())


def downgrade():
    for table, column in reversed(ADDED):
        op.drop_column(table, column().name)
    op.drop_table("elsewhere")
