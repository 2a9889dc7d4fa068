"""One after the other for one address or one browser, where there is no row yet that could be locked.

A turn is taken before any visit or day is locked, so nobody who has a turn waits for somebody who wants it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.orm import Session

from house.db import is_sqlite, remembered

_TAKEN = "intake.turns taken"
_TURN = select(func.pg_advisory_xact_lock(bindparam("mark", type_=BigInteger)))


def take(session: Session, *marks: bytes) -> None:
    """Wait until no other transaction has the turn of these blind marks; it ends with the transaction.

    Always in one order: two who gave the same two addresses never wait for each other.
    """
    if is_sqlite(session):  # where the one writer's lock does it
        return
    mine: set[bytes] = remembered(session).setdefault(_TAKEN, set())
    for mark in sorted(set(marks) - mine):
        session.execute(_TURN, {"mark": int.from_bytes(mark[:8], signed=True)})
    mine.update(marks)
