"""the moment of the last call is kept for the board, and an authority keeps the letter of its tickets"""

from collections import defaultdict
from itertools import product

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def upgrade():
    op.add_column("step", sa.Column("called_at", sa.DateTime(timezone=True), nullable=True))
    kept = op.create_table(
        "ticket_letter",
        sa.Column("place_id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_ticket_letter_authority_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_ticket_letter_place_id")),
        sa.PrimaryKeyConstraint("place_id", "authority_id", name=op.f("pk_ticket_letter")),
        sa.UniqueConstraint("place_id", "letter", name=op.f("uq_ticket_letter_place_id_letter")),
    )
    # The letters that are on the tickets of today: in the order of the authorities, as it was until now.
    counter = sa.table("counter", sa.column("place_id", KEY), sa.column("authority_id", KEY))
    at = defaultdict(list)
    found = sa.select(counter.c.place_id, counter.c.authority_id).distinct().order_by(*counter.c)
    for place_id, authority_id in op.get_bind().execute(found):
        at[place_id].append(authority_id)
    every = [*LETTERS, *("".join(two) for two in product(LETTERS, repeat=2))]
    rows = [
        {"place_id": place_id, "authority_id": authority_id, "letter": letter}
        for place_id, authorities in at.items()
        for authority_id, letter in zip(authorities, every, strict=False)
    ]
    if rows:
        op.bulk_insert(kept, rows)


def downgrade():
    op.drop_table("ticket_letter")
    op.drop_column("step", "called_at")
