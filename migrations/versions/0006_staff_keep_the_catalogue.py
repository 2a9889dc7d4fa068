"""staff keep the catalogue: versions of entries, drafts, their own cases, link checks"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)
KIND = sa.Enum('service', 'authority', 'offer', 'routes', 'source', name='kind', native_enum=False, length=24)


def upgrade():
    op.create_table('catalogue_version',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', KIND, nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('how', sa.Enum('stood', 'saved', 'published', 'imported', 'confirmed', name='how', native_enum=False, length=24), nullable=False),
    sa.Column('record', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_catalogue_version_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_version')),
    sa.UniqueConstraint('kind', 'slug', 'number', name=op.f('uq_catalogue_version_kind_slug_number'))
    )
    op.create_table('catalogue_draft',
    sa.Column('kind', KIND, nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'in_review', name='draftstate', native_enum=False, length=24), nullable=False),
    sa.Column('base', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('authors', sa.JSON(), nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('kind', 'slug', name=op.f('pk_catalogue_draft'))
    )
    op.create_table('staff_case',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('yaml', sa.String(), nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_case')),
    sa.UniqueConstraint('title', name=op.f('uq_staff_case_title'))
    )
    op.create_table('link_check',
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('looked_at', MOMENT, nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('trouble', sa.String(), nullable=True),
    sa.Column('failing_since', MOMENT, nullable=True),
    sa.PrimaryKeyConstraint('url', name=op.f('pk_link_check'))
    )


def downgrade():
    op.drop_table('link_check')
    op.drop_table('staff_case')
    op.drop_table('catalogue_draft')
    op.drop_table('catalogue_version')
