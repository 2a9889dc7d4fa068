"""hand-overs can be about a way out of the catalogue, where the house has no service for it"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    with op.batch_alter_table("referral") as batch:
        batch.add_column(sa.Column("route", sa.Integer(), nullable=True))
        batch.alter_column("authority_id", existing_type=KEY, nullable=True)
        batch.alter_column("service_id", existing_type=KEY, nullable=True)


def downgrade():
    # A hand-over without a service cannot be told in the older form.
    op.execute("DELETE FROM referral_turn WHERE referral_id IN (SELECT id FROM referral WHERE service_id IS NULL)")
    op.execute("DELETE FROM referral WHERE service_id IS NULL")
    with op.batch_alter_table("referral") as batch:
        batch.alter_column("service_id", existing_type=KEY, nullable=False)
        batch.alter_column("authority_id", existing_type=KEY, nullable=False)
        batch.drop_column("route")
