"""Places in time as rows: locking a counter's day, taking lanes, giving them back, and the day's bitmap.

One write order everywhere: lock the visit, lock the days, take the time, give back and clear away, read what
remains and let the offer decide, insert in key order, update the bitmaps. Whoever inserts the row has the
place: the primary key (counter, tick, lane) is the last word on both engines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.db import is_sqlite
from house.intake.chains import Itinerary
from house.intake.daymap import DayFrame, full_from_ticks, pack
from house.intake.models import Counter, CounterDay, Occupancy, Step, Visit
from house.intake.offering import GRACE
from house.problems import Taken

CounterDate = tuple[int, date]
Lanes = dict[tuple[int, int], set[int]]
"""The lanes taken by (counter, tick)."""


def lock_visit(session: Session, visit: Visit) -> None:
    """Lock a visit's row and read it anew: what was true when the page was loaded may have changed."""
    session.flush()
    session.expire(visit, ["steps"])
    session.refresh(visit, with_for_update=True)


def lock_days(session: Session, days: Iterable[CounterDate]) -> None:
    """Make the rows of these days where missing and lock them in key order; SQLite has its writer's lock."""
    keys = sorted(set(days))
    if not keys:
        return
    dialect = sqlite if is_sqlite(session) else postgresql
    rows = [{"counter_id": counter_id, "day": day, "full": b""} for counter_id, day in keys]
    session.execute(dialect.insert(CounterDay).on_conflict_do_nothing(), rows)
    key = (CounterDay.counter_id, CounterDay.day)
    session.execute(select(*key).where(tuple_(*key).in_(keys)).order_by(*key).with_for_update()).all()


def days_of(session: Session, visit_ids: Collection[int], zone: str) -> set[CounterDate]:
    """The counters' days in which visits have their steps."""
    rows = session.execute(select(Step.counter_id, Step.starts_at).where(Step.visit_id.in_(visit_ids)))
    return {
        (counter_id, clock.local(starts_at, zone).date())
        for counter_id, starts_at in rows
        if counter_id is not None and starts_at is not None
    }


def release(session: Session, visit_id: int) -> None:
    """Give back every place of a visit."""
    session.execute(delete(Occupancy).where(Occupancy.visit_id == visit_id))


def clear_run_out(session: Session, counter_ids: Collection[int], frame: DayFrame, now: datetime) -> set[int]:
    """Take away the holds of a day that ran out; returns the counters that had some."""
    cleared = session.scalars(
        delete(Occupancy)
        .where(_of_day(counter_ids, frame), Occupancy.expires_at < now - GRACE)
        .returning(Occupancy.counter_id)
    )
    return set(cleared)


def lanes_taken(
    session: Session, counter_ids: Collection[int], frame: DayFrame, but: Collection[int] = (),
    live: datetime | None = None,
) -> Lanes:  # fmt: skip
    """Every lane taken at these counters on a day: the truth that the bitmaps follow.

    The places of the visits in `but` do not count, nor those that ended before `live`.
    """
    places = select(Occupancy.counter_id, Occupancy.tick, Occupancy.lane).where(_of_day(counter_ids, frame))
    if but:
        places = places.where(or_(Occupancy.visit_id.is_(None), Occupancy.visit_id.not_in(but)))
    if live is not None:
        places = places.where(or_(Occupancy.expires_at.is_(None), Occupancy.expires_at >= live))
    rows = session.execute(places)
    taken: Lanes = defaultdict(set)
    for counter_id, tick, lane in rows:
        taken[counter_id, tick].add(lane)
    return taken


def full_ticks(taken: Lanes, capacities: dict[int, int], frame: DayFrame) -> dict[int, int]:
    """The bitmap of full ticks by counter, from the lanes taken."""
    ticks: dict[int, list[int]] = defaultdict(list)
    for (counter_id, tick), lanes in taken.items():
        ticks[counter_id].extend([tick] * len(lanes))
    return {
        counter_id: full_from_ticks(ticks[counter_id], frame, capacity)
        for counter_id, capacity in capacities.items()
    }


def claim(
    session: Session, steps: Iterable[Step], itinerary: Itinerary, taken: Lanes, expires_at: datetime | None
) -> None:
    """Take the lowest free lane of every tick of every step; raises `Taken` when somebody was faster."""
    rows = []
    for step, time in zip(steps, itinerary.steps, strict=True):
        for tick in range(time.start_tick, time.end_tick):
            lanes = taken[time.counter, tick]
            lane = next(lane for lane in range(len(lanes) + 1) if lane not in lanes)
            lanes.add(lane)
            rows.append({
                "counter_id": time.counter, "tick": tick, "lane": lane,
                "visit_id": step.visit_id, "step_id": step.id, "expires_at": expires_at,
            })  # fmt: skip
    rows.sort(key=lambda row: (row["counter_id"], row["tick"], row["lane"]))
    try:
        session.execute(insert(Occupancy), rows)
    except IntegrityError:
        raise Taken() from None


def refresh(session: Session, days: Iterable[CounterDate]) -> None:
    """Write the bitmaps of these days anew from the rows of `occupancy`; the days are locked."""
    for counter_id, day in sorted(set(days)):
        rebuild(session, counter_id, day)


def rebuild(session: Session, counter_id: int, day: date) -> None:
    """Write one day's bitmap anew from the rows of `occupancy`, which are the truth."""
    frame = DayFrame(day, clock.zone(catalogue.place(session).timezone))
    capacity = session.scalar(select(Counter.capacity).where(Counter.id == counter_id)) or 0
    taken = lanes_taken(session, [counter_id], frame)
    full = full_ticks(taken, {counter_id: capacity}, frame)[counter_id]
    session.execute(
        update(CounterDay)
        .where(CounterDay.counter_id == counter_id, CounterDay.day == day)
        .values(full=pack(full, frame.n))
    )


def _of_day(counter_ids: Collection[int], frame: DayFrame) -> ColumnElement[bool]:
    of_day = Occupancy.tick.between(frame.first, frame.first + frame.n - 1)
    return and_(Occupancy.counter_id.in_(counter_ids), of_day)
