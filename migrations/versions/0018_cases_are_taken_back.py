"""a decision about a desk without the net is a deed that can be taken back; what was typed is kept for it"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("outbox_entry", sa.Column("typed", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("deed") as deed:
        deed.alter_column("visit_id", existing_type=KEY, nullable=True)
        deed.add_column(sa.Column("entry_id", sa.String(), nullable=True))
        deed.add_column(sa.Column("entry_visit_id", KEY, nullable=True))
        deed.create_foreign_key(op.f("fk_deed_entry_id"), "outbox_entry", ["entry_id"], ["id"])
        deed.create_foreign_key(op.f("fk_deed_entry_visit_id"), "visit", ["entry_visit_id"], ["id"])
        deed.create_index(op.f("ix_deed_entry_id"), ["entry_id"])


def downgrade():
    # An act that has no visit is a decision alone: what has no place for it forgets it.
    op.execute("DELETE FROM deed WHERE visit_id IS NULL")
    with op.batch_alter_table("deed") as deed:
        deed.drop_index(op.f("ix_deed_entry_id"))
        deed.drop_constraint(op.f("fk_deed_entry_visit_id"), type_="foreignkey")
        deed.drop_constraint(op.f("fk_deed_entry_id"), type_="foreignkey")
        deed.drop_column("entry_visit_id")
        deed.drop_column("entry_id")
        deed.alter_column("visit_id", existing_type=KEY, nullable=False)
    op.drop_column("outbox_entry", "typed")
