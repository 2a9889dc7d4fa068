"""desks without the net: numbers they may give, and each registration by its own id"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "outbox_entry",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_id", KEY, nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("browser", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("party", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skew", sa.Integer(), nullable=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled", sa.String(24), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_outbox_entry_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_entry")),
    )
    op.create_index(op.f("ix_outbox_entry_state"), "outbox_entry", ["state"])
    op.create_index(op.f("ix_outbox_entry_received_at"), "outbox_entry", ["received_at"])
    op.create_table(
        "number_block",
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_number_block_place_id")),
        sa.PrimaryKeyConstraint("place_id", "day", "block", name=op.f("pk_number_block")),
        sa.UniqueConstraint(
            "place_id", "day", "browser", "nth", name=op.f("uq_number_block_place_id_day_browser_nth")
        ),
    )


def downgrade():
    op.drop_table("number_block")
    op.drop_table("outbox_entry")
