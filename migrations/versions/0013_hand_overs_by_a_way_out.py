"""hand-overs can be about a way out of the catalogue, where the house has no service for it"""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


@contextmanager
def turns_put_aside():
    """SQLite lays a table anew to change a column, which it does only while no row points to it."""
    op.execute("CREATE TEMPORARY TABLE turn_aside AS SELECT * FROM referral_turn")
    op.execute("DELETE FROM referral_turn")
    yield
    op.execute("INSERT INTO referral_turn SELECT * FROM turn_aside")
    op.execute("DROP TABLE turn_aside")


def upgrade():
    with turns_put_aside(), op.batch_alter_table("referral") as batch:
        batch.add_column(sa.Column("route", sa.Integer(), nullable=True))
        batch.alter_column("authority_id", existing_type=KEY, nullable=True)
        batch.alter_column("service_id", existing_type=KEY, nullable=True)


def downgrade():
    # A hand-over without a service cannot be told in the older form.
    gone = "SELECT id FROM referral WHERE service_id IS NULL"
    op.execute(f"DELETE FROM referral_turn WHERE referral_id IN ({gone})")
    op.execute("DELETE FROM referral WHERE service_id IS NULL")
    with turns_put_aside(), op.batch_alter_table("referral") as batch:
        batch.alter_column("service_id", existing_type=KEY, nullable=False)
        batch.alter_column("authority_id", existing_type=KEY, nullable=False)
        batch.drop_column("route")
