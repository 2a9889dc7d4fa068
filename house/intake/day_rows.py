"""The rows of `counter_day`: locking those of some days on PostgreSQL, and writing their bitmaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, Select, bindparam, func, literal_column, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from house.db import is_sqlite
from house.intake.counter_models import CounterDay
from house.intake.daymap import DayFrame, pack

_day = CounterDay.__table__
_KEY = (_day.c.counter_id, _day.c.day)


def lock(session: Session, keys: Sequence[tuple[int, date]]) -> None:
    """Lock the rows of these counters' days, which are sorted; makes those that are missing.

    One round trip where all are there, as they mostly are. Either all are locked, in order, or none before
    the missing ones are made: who had some and then made the others could wait in a circle with somebody who
    made theirs first.
    """
    told = {"counters": [counter_id for counter_id, _ in keys], "days": [day for _, day in keys]}
    session.flush()
    connection = session.connection()
    if len(connection.execute(_LOCK_ALL, {**told, "number": len(keys)}).all()) == len(keys):
        return
    connection.execute(_MAKE, told)
    connection.execute(_LOCK, told).all()


def _days_told() -> Select[int, date]:
    """The keys that a statement is told, as rows."""
    counters = bindparam("counters", type_=postgresql.ARRAY(BigInteger))
    days = bindparam("days", type_=postgresql.ARRAY(Date))
    return select(func.unnest(counters).label("counter_id"), func.unnest(days).label("day"))


_LOCK = select(*_KEY).where(tuple_(*_KEY).in_(_days_told())).order_by(*_KEY).with_for_update()
_there = _day.alias()
_number = select(func.count()).where(tuple_(_there.c.counter_id, _there.c.day).in_(_days_told()))
_LOCK_ALL = _LOCK.where(_number.scalar_subquery() == bindparam("number"))
_new = _days_told().subquery()
_MAKE = (
    postgresql.insert(CounterDay)
    .from_select(
        ["counter_id", "day", "full"],
        select(_new.c.counter_id, _new.c.day, literal_column("''::bytea")).order_by("counter_id", "day"),
    )
    .on_conflict_do_nothing()
)
"""Built once. Somebody else may just have made them."""


def write(session: Session, full: Mapping[DayFrame, Mapping[int, int]]) -> None:
    """Write bitmaps by day and counter. They are true: the days were locked when their places were read."""
    rows = [
        {"counter_id": counter_id, "day": frame.day, "full": pack(bitmap, frame.n)}
        for frame, counters in full.items()
        for counter_id, bitmap in sorted(counters.items())
    ]
    if rows:
        session.connection().execute(_WRITE[is_sqlite(session)], rows if len(rows) > 1 else rows[0])


def _writing(new: sqlite.Insert | postgresql.Insert) -> Any:
    return new.on_conflict_do_update(index_elements=_KEY, set_={"full": new.excluded.full})


_WRITE = {True: _writing(sqlite.insert(CounterDay)), False: _writing(postgresql.insert(CounterDay))}
"""By whether it is SQLite; there a day of which nobody ever took something has no row."""
