"""hand-overs know who made them, when and how the receiver was told, and when something last happened"""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


@contextmanager
def turns_put_aside():
    """SQLite lays a table anew to change a column, which it does only while no row points to it."""
    op.execute("CREATE TEMPORARY TABLE turn_aside AS SELECT * FROM referral_turn")
    op.execute("DELETE FROM referral_turn")
    yield
    op.execute("INSERT INTO referral_turn SELECT * FROM turn_aside")
    op.execute("DROP TABLE turn_aside")


def upgrade():
    op.add_column("referral", sa.Column("turned_at", MOMENT, nullable=True))
    last = "SELECT max(at) FROM referral_turn WHERE referral_id = referral.id"
    op.execute(f"UPDATE referral SET turned_at = coalesce(({last}), made_at)")
    with turns_put_aside(), op.batch_alter_table("referral") as batch:
        batch.alter_column("turned_at", existing_type=MOMENT, nullable=False)
        batch.add_column(sa.Column("made_by", KEY, nullable=True))
        batch.create_foreign_key(op.f("fk_referral_made_by"), "authority", ["made_by"], ["id"])
        batch.create_index(op.f("ix_referral_turned_at"), ["turned_at"])
    with op.batch_alter_table("referral_turn") as batch:
        batch.add_column(sa.Column("told_by", sa.String(24), nullable=True))
        batch.add_column(sa.Column("told_on", sa.Date(), nullable=True))


def downgrade():
    # What the older form has no word for was over, or was told by nobody yet: it is closed.
    op.execute("UPDATE referral SET state = 'cancelled' WHERE state = 'unanswered'")
    op.execute("UPDATE referral_turn SET state = 'cancelled' WHERE state = 'unanswered'")
    with op.batch_alter_table("referral_turn") as batch:
        batch.drop_column("told_on")
        batch.drop_column("told_by")
    with turns_put_aside(), op.batch_alter_table("referral") as batch:
        batch.drop_index(op.f("ix_referral_turned_at"))
        batch.drop_constraint(op.f("fk_referral_made_by"), type_="foreignkey")
        batch.drop_column("made_by")
        batch.drop_column("turned_at")
