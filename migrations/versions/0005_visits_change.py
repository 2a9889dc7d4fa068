"""visits change: places given back, offers of earlier times, reminders, letters that can be withdrawn"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('earlier_offer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('visit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hold_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.Enum('open', 'accepted', 'declined', 'over', name='offerstate', native_enum=False, length=24), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['hold_id'], ['visit.id'], name=op.f('fk_earlier_offer_hold_id')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_earlier_offer_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_earlier_offer')),
    sa.UniqueConstraint('hold_id', name=op.f('uq_earlier_offer_hold_id')),
    sa.UniqueConstraint('reference', name=op.f('uq_earlier_offer_reference')),
    sa.UniqueConstraint('visit_id', 'starts_at', name=op.f('uq_earlier_offer_visit_id_starts_at'))
    )
    with op.batch_alter_table('earlier_offer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_earlier_offer_expires_at'), ['expires_at'], unique=False)

    op.create_table('freed',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('counter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first', sa.Integer(), nullable=False),
    sa.Column('until', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['counter_id'], ['counter.id'], name=op.f('fk_freed_counter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_freed'))
    )
    with op.batch_alter_table('freed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_freed_due_at'), ['due_at'], unique=False)

    op.create_table('reminder',
    sa.Column('visit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_reminder_visit_id')),
    sa.PrimaryKeyConstraint('visit_id', 'kind', 'starts_at', name=op.f('pk_reminder'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stale_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('about', sa.String(), nullable=True))
        batch_op.create_index(batch_op.f('ix_letter_about'), ['about'], unique=False)

    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('email_mark', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('asked_earlier_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('undo_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_visit_asked_earlier_at'), ['asked_earlier_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_email_mark'), ['email_mark'], unique=False)



def downgrade():
    # Never by a copy of the table: other tables point to it.
    with op.batch_alter_table('visit', recreate='never') as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_email_mark'))
        batch_op.drop_index(batch_op.f('ix_visit_asked_earlier_at'))
        batch_op.drop_column('undo_until')
        batch_op.drop_column('asked_earlier_at')
        batch_op.drop_column('agreed_at')
        batch_op.drop_column('email_mark')

    with op.batch_alter_table('letter', recreate='never') as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_about'))
        batch_op.drop_column('about')
        batch_op.drop_column('stale_at')

    op.drop_table('reminder')
    with op.batch_alter_table('freed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_freed_due_at'))

    op.drop_table('freed')
    with op.batch_alter_table('earlier_offer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_earlier_offer_expires_at'))

    op.drop_table('earlier_offer')
