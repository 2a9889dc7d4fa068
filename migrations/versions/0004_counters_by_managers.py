"""counters as managers set them: buffers, lead, horizon, levels, shifts, closed times, settled clashes"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SINCE = sa.Enum("opening", "hour", name="since", native_enum=False, length=24)
LEVEL = sa.Enum("basic", "good", "native", name="level", native_enum=False, length=24)
ANSWER = sa.Enum("kept", "asked", "phoned", name="answer", native_enum=False, length=24)
CLOSED_FOR = sa.Enum(
    "staff", "training", "technical", "event", "holiday", "other",
    name="closedfor", native_enum=False, length=24,
)


def upgrade():
    with op.batch_alter_table("counter") as table:
        table.add_column(sa.Column("since", SINCE, nullable=False, server_default="opening"))
        table.add_column(sa.Column("buffer_minutes", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("lead_minutes", sa.Integer(), nullable=False, server_default="60"))
        table.add_column(sa.Column("horizon_days", sa.Integer(), nullable=False, server_default="60"))
        table.add_column(sa.Column("assumed", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("counter_service") as table:
        table.add_column(sa.Column("cool_off_minutes", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("minutes_first", sa.Integer(), nullable=True))
        table.add_column(sa.Column("minutes_each", sa.Integer(), nullable=True))
    with op.batch_alter_table("counter_language") as table:
        table.add_column(sa.Column("level", LEVEL, nullable=False, server_default="good"))
    for name in ("opening", "closure"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("lanes", sa.Integer(), nullable=True))
            table.add_column(sa.Column("languages", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "closed_time",
        sa.Column("id", KEY, nullable=False),
        sa.Column("schedule_id", KEY, nullable=True),
        sa.Column("authority_id", KEY, nullable=True),
        sa.Column("place_id", KEY, nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("reason", CLOSED_FOR, nullable=False),
        sa.Column("told", CLOSED_FOR, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], name=op.f("fk_closed_time_schedule_id_schedule")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_closed_time_authority_id_authority")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_closed_time_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_time")),
    )
    with op.batch_alter_table("closed_time") as table:
        table.create_index(op.f("ix_closed_time_schedule_id"), ["schedule_id"], unique=False)
        table.create_index(op.f("ix_closed_time_last_day"), ["last_day"], unique=False)
    op.create_table(
        "settlement",
        sa.Column("visit_id", KEY, nullable=False),
        sa.Column("visit_revision", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("how", ANSWER, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_settlement_visit_id_visit")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_settlement")),
    )


def downgrade():
    op.drop_table("settlement")
    op.drop_table("closed_time")
    for table in ("opening", "closure"):
        for column in ("languages", "lanes"):
            op.drop_column(table, column)
    op.drop_column("counter_language", "level")
    for column in ("minutes_each", "minutes_first", "cool_off_minutes"):
        op.drop_column("counter_service", column)
    for column in ("revision", "assumed", "horizon_days", "lead_minutes", "buffer_minutes", "since"):
        op.drop_column("counter", column)
