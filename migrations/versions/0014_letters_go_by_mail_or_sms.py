"""a visit may have a mobile number; a letter goes by mail or as a text message"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("visit", sa.Column("mobile", sa.LargeBinary(), nullable=True))
    op.add_column("visit", sa.Column("mobile_mark", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_visit_mobile_mark"), "visit", ["mobile_mark"])
    op.add_column("letter", sa.Column("way", sa.String(24), nullable=False, server_default="mail"))


def downgrade():
    op.drop_column("letter", "way")
    op.drop_index(op.f("ix_visit_mobile_mark"), "visit")
    op.drop_column("visit", "mobile_mark")
    op.drop_column("visit", "mobile")
