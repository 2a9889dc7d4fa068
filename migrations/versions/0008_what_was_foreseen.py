"""the wait foreseen on a ticket, the press that asked for it, and the key of a place's kiosks"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("ticket", sa.Column("expected", sa.Double(), nullable=True))
    op.add_column("ticket", sa.Column("pressed", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_ticket_pressed"), "ticket", ["pressed"], unique=True)
    op.create_table(
        "kiosk_key",
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_kiosk_key_place_id_place")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_kiosk_key")),
    )


def downgrade():
    op.drop_table("kiosk_key")
    op.drop_index(op.f("ix_ticket_pressed"), table_name="ticket")
    op.drop_column("ticket", "pressed")
    op.drop_column("ticket", "expected")
