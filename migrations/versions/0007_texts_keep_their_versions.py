"""texts of the catalogue keep every version of themselves"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OLD = ("subject", "language", "en", "text")
KEY = ("subject", "language", "number")


def column(name, kind=sa.String):
    return sa.Column(name, kind(), nullable=False)


def upgrade():
    op.create_table(
        "text_version",
        column("subject"),
        column("language"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        column("source_language"),
        column("source"),
        column("text"),
        sa.Column("origin", sa.String(24), nullable=False),
        column("made_by"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_text_version")),
    )
    old = sa.table("text", *map(sa.column, OLD))
    new = sa.table("text_version", *map(sa.column, ("number", "source_language", "source", "origin", "made_by")),
                   sa.column("made_at", sa.DateTime(timezone=True)), *map(sa.column, ("subject", "language", "text")))
    # Until now only the house's own texts could be here, made by machines and read by nobody who says so.
    first = sa.select(
        old.c.subject, old.c.language, sa.literal(1), sa.literal("en"), old.c.en, old.c.text,
        sa.literal("machine"), sa.literal("house"), sa.literal(datetime.now(UTC), sa.DateTime(timezone=True)),
    )
    op.execute(new.insert().from_select(
        ["subject", "language", "number", "source_language", "source", "text", "origin", "made_by", "made_at"], first
    ))
    op.drop_table("text")
    op.create_table(
        "text",
        column("subject"),
        column("language"),
        column("number", sa.Integer),
        sa.ForeignKeyConstraint(
            KEY, [f"text_version.{name}" for name in KEY],
            name=op.f("fk_text_subject_language_number_text_version"),
        ),
        sa.PrimaryKeyConstraint("subject", "language", name=op.f("pk_text")),
    )
    op.execute("INSERT INTO text (subject, language, number) SELECT subject, language, number FROM text_version")


def downgrade():
    op.rename_table("text", "text_now")
    op.create_table("text_then", *map(column, OLD), sa.PrimaryKeyConstraint("subject", "language", name="pk_text_then"))
    op.execute(
        "INSERT INTO text_then (subject, language, en, text) SELECT v.subject, v.language, v.source, v.text"
        " FROM text_version AS v JOIN text_now AS t"
        " ON t.subject = v.subject AND t.language = v.language AND t.number = v.number"
        " WHERE v.source_language = 'en'"
    )
    op.drop_table("text_now")
    op.create_table("text", *map(column, OLD), sa.PrimaryKeyConstraint("subject", "language", name=op.f("pk_text")))
    op.execute("INSERT INTO text (subject, language, en, text) SELECT subject, language, en, text FROM text_then")
    op.drop_table("text_then")
    op.drop_table("text_version")
