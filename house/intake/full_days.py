"""The full ticks of counters over many days, read from the stored bitmaps of `counter_day`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import Text, bindparam, null, select, type_coerce, union_all
from sqlalchemy.orm import Session

from house.intake.models import CounterDay, Occupancy
from house.intake.timetable import BLOCK, Horizon

GRACE = timedelta(minutes=1)
"""So long after its end a hold is still its holder's, for clocks and slow lines."""

_day, _place = CounterDay.__table__, Occupancy.__table__
_DAYS = select(
    _day.c.counter_id, type_coerce(_day.c.day, Text), type_coerce(_day.c.full, Text), null().label("tick")
).where(
    _day.c.counter_id.in_(bindparam("counters", expanding=True)),
    _day.c.day.between(bindparam("first"), bindparam("last")),
)
_RUN_OUT = select(_place.c.counter_id, null(), null(), _place.c.tick).where(
    _place.c.expires_at < bindparam("limit"),
    _place.c.tick.between(bindparam("first_tick"), bindparam("last_tick")),
)
_FULL = union_all(_DAYS, _RUN_OUT)
"""Built once, of tables, and read as the driver gives it: twelve hundred days must take a millisecond.

Which counters is asked in Python: in SQL it would tempt SQLite to walk their forty thousand ticks by the key,
instead of the few rows that the index of `expires_at` holds below the limit.
"""


def full_ticks(
    session: Session, counters: Collection[int], horizon: Horizon, now: datetime
) -> dict[int, int]:
    """The full ticks of counters by the stored bitmaps, days joined.

    Where a hold has run out but nobody has cleared it away yet, a tick is free again.
    """
    frames, begins = horizon.frames, _begins(horizon)
    wanted = {
        "counters": list(counters), "first": frames[0].day, "last": frames[-1].day, "limit": now - GRACE,
        "first_tick": frames[0].first, "last_tick": frames[-1].first + frames[-1].n - 1,
    }  # fmt: skip
    joined: dict[int, bytearray] = defaultdict(lambda: bytearray(BLOCK * horizon.days))
    run_out: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for counter_id, day, full, tick in session.connection().execute(_FULL, wanted).all():
        if tick is None:
            at = begins[day]
            joined[counter_id][at : at + len(full)] = full
        else:
            run_out[counter_id].append((tick, tick + 1))
    found = {counter_id: int.from_bytes(days, "little") for counter_id, days in joined.items()}
    for counter_id in run_out.keys() & found.keys():
        found[counter_id] &= ~horizon.within(run_out[counter_id])
    return found


@lru_cache(maxsize=64)
def _begins(horizon: Horizon) -> dict[date | str, int]:
    """Where each day begins among the joined days, by the date and by SQLite's text for it."""
    begins: dict[date | str, int] = {}
    for number, frame in enumerate(horizon.frames):
        begins[frame.day] = begins[frame.day.isoformat()] = number * BLOCK
    return begins
