"""catalogue entries know when they changed"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    for table in ('authority', 'service'):  # without batch: SQLite would drop tables that others point to
        op.add_column(table, sa.Column('modified_at', MOMENT, nullable=False, server_default='2000-01-01 00:00:00'))
        entry = sa.table(table, sa.column('modified_at', MOMENT))
        op.execute(entry.update().values(modified_at=datetime.now(UTC)))  # nobody wrote down when: as of now


def downgrade():
    for table in ('service', 'authority'):
        op.drop_column(table, 'modified_at')
