"""guidance that was given is noted, with the versions of its texts"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "guidance",
        sa.Column("id", KEY, nullable=False),
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("visit_id", KEY, nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("entry_version", sa.Integer(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("channel", sa.String(24), nullable=False),
        sa.Column("ended", sa.String(24), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("tell_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_guidance_place_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_guidance_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance")),
    )
    for name in ("visit_id", "at", "actor", "tell_at"):
        op.create_index(op.f(f"ix_guidance_{name}"), "guidance", [name])


def downgrade():
    op.drop_table("guidance")
