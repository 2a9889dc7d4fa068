"""One after the other where there is no row to lock: for a browser, for who sits at a counter, an address.

Not everybody who wants one locks nothing before: the order of all locks is in docs/decisions/0002.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Integer, bindparam, func, select
from sqlalchemy.orm import Session

from house.db import is_sqlite, remembered

_TAKEN = "intake.turns taken"
_TURN = select(func.pg_advisory_xact_lock(bindparam("mark", type_=BigInteger)))
_SEATS = 0x73656174
"""PostgreSQL's space of keys for the seats at counters: "seat"."""
_SEAT = select(
    func.pg_advisory_xact_lock(bindparam("seats", _SEATS, Integer), bindparam("counter", type_=Integer))
)


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


def take_seats(session: Session, counter_ids: Iterable[int]) -> None:
    """The same for who sits at these counters: who calls, serves at once, takes back or has a break there.

    Before any visit or step is locked. It is not the counter's own row, which belongs to who books and who
    closes: these lock visits before it, so that they would wait in a circle with who calls.
    """
    if is_sqlite(session):
        return
    for counter_id in sorted(set(counter_ids)):
        session.execute(_SEAT, {"counter": counter_id})
