"""a name that was written wrong is mended as one act: the act keeps, sealed, what was there before"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("deed", sa.Column("name_was", sa.LargeBinary(), nullable=True))


def downgrade():
    op.drop_column("deed", "name_was")
