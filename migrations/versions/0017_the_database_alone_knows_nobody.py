"""the year's secret rests sealed, and person keys need the house's secret too"""

import sqlalchemy as sa
from alembic import op

from house.seals import keyring

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT_ONCE = 1000
year_secret = sa.table("year_secret", sa.column("year", sa.Integer), sa.column("secret", sa.LargeBinary))
contact = sa.table("contact", sa.column("id", sa.BigInteger), sa.column("person_key", sa.LargeBinary))


def upgrade():
    connection = op.get_bind()
    for year, secret in connection.execute(sa.select(year_secret.c.year, year_secret.c.secret)).all():
        sealed = keyring().seal("year_secret.secret", bytes(secret).hex())
        connection.execute(year_secret.update().where(year_secret.c.year == year).values(secret=sealed))
    new = contact.update().where(contact.c.id == sa.bindparam("key"))
    new = new.values(person_key=sa.bindparam("again"))
    last = None
    while True:
        rows = sa.select(contact.c.id, contact.c.person_key).order_by(contact.c.id).limit(AT_ONCE)
        found = connection.execute(rows if last is None else rows.where(contact.c.id > last)).all()
        if not found:
            return
        ring = keyring()
        connection.execute(
            new, [{"key": id_, "again": ring.mark("contact.person_key", bytes(key).hex())} for id_, key in found]
        )
        last = found[-1].id


def downgrade():  # keys cannot be turned back: whoever comes again this year is counted as somebody new
    op.get_bind().execute(year_secret.delete())
