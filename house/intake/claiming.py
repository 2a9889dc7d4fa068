"""Places in time as rows: locking a counter's day, taking lanes, giving them back, and the day's bitmap.

One write order everywhere: lock the visit, share the counters, lock the days, take the time, give back and
clear away, read what remains and let the offer decide, insert in key order, update the bitmaps. Whoever
inserts the row has the place: the primary key (counter, tick, lane) is the last word on both engines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.db import is_sqlite
from house.intake import standing
from house.intake.chains import Itinerary
from house.intake.daymap import DayFrame, full_from_ticks, pack
from house.intake.models import Counter, CounterDay, Occupancy, Step, Visit
from house.intake.offering import GRACE
from house.intake.shifts import fewer_lanes
from house.problems import Taken

CounterDate = tuple[int, date]
Lanes = dict[tuple[int, int], set[int]]
"""The lanes taken by (counter, tick)."""


class LanesOfDay(NamedTuple):
    """How many lanes a counter has on a day, and in which ticks of the day it has fewer."""

    capacity: int
    fewer: Mapping[int, int] = {}


def lock_visit(session: Session, visit: Visit) -> None:
    """Lock a visit's row and read it anew: what was true when the page was loaded may have changed."""
    session.flush()
    session.expire(visit, ["steps"])
    session.refresh(visit, with_for_update=True)


def lock_days(session: Session, days: Iterable[CounterDate]) -> None:
    """Make the rows of these days where missing and lock them in key order; SQLite has its writer's lock.

    The counters stay as they are meanwhile: whoever closes one waits, or was here before.
    """
    keys = sorted(set(days))
    if not keys:
        return
    standing.share(session, {counter_id for counter_id, _ in keys})
    key = (CounterDay.counter_id, CounterDay.day)
    wanted = select(*key).where(tuple_(*key).in_(keys)).order_by(*key)
    there = {(counter_id, day) for counter_id, day in session.execute(wanted)}
    if missing := [one for one in keys if one not in there]:
        _make_days(session, missing)
    session.execute(wanted.with_for_update()).all()


def _make_days(session: Session, keys: Iterable[CounterDate]) -> None:
    """Make these rows, in order; somebody else may just have made them."""
    dialect = sqlite if is_sqlite(session) else postgresql
    rows = [{"counter_id": counter_id, "day": day, "full": b""} for counter_id, day in keys]
    session.execute(dialect.insert(CounterDay).on_conflict_do_nothing(), rows)


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
    """Take away the holds of a day that ran out; returns the counters that had some.

    There seldom are any, and a look by `expires_at` alone does not walk all ticks of the day.
    """
    over, limit = _in_day(frame), now - GRACE
    found = session.scalars(select(Occupancy.counter_id).where(Occupancy.expires_at < limit, over))
    cleared = set(found) & set(counter_ids)
    if cleared:
        gone = delete(Occupancy).where(Occupancy.counter_id.in_(cleared), Occupancy.expires_at < limit, over)
        session.execute(gone)
    return cleared


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


def full_ticks(taken: Lanes, lanes: Mapping[int, LanesOfDay], frame: DayFrame) -> dict[int, int]:
    """The bitmap of full ticks by counter, from the lanes taken and the lanes there are."""
    ticks: dict[int, list[int]] = defaultdict(list)
    for (counter_id, tick), numbers in taken.items():
        ticks[counter_id].extend([tick] * len(numbers))
    return {
        counter_id: full_from_ticks(ticks[counter_id], frame, there.capacity, there.fewer)
        for counter_id, there in lanes.items()
    }


def places_of(session: Session, visit: Visit) -> set[tuple[int, int]]:
    """The counter and the tick of every place a visit has."""
    mine = select(Occupancy.counter_id, Occupancy.tick).where(Occupancy.visit_id == visit.id)
    return {(counter_id, tick) for counter_id, tick in session.execute(mine)}


def claim(
    session: Session, steps: Iterable[Step], itinerary: Itinerary, taken: Lanes, expires_at: datetime | None,
    but: Collection[tuple[int, int]] = (),
) -> None:  # fmt: skip
    """Take the lowest free lane of every tick of every step and the buffer after it, without those of `but`.

    Raises `Taken` when somebody was faster.
    """
    rows: list[dict[str, object]] = []
    for step, time in zip(steps, itinerary.steps, strict=True):
        for tick in time.taken:
            if (time.counter, tick) in but:
                continue
            lanes = taken[time.counter, tick]
            lane = next(lane for lane in range(len(lanes) + 1) if lane not in lanes)
            lanes.add(lane)
            rows.append({
                "counter_id": time.counter, "tick": tick, "lane": lane,
                "visit_id": step.visit_id, "step_id": step.id, "expires_at": expires_at,
            })  # fmt: skip
    rows.sort(key=itemgetter("counter_id", "tick", "lane"))
    try:
        if rows:
            session.execute(insert(Occupancy), rows)
    except IntegrityError:
        raise Taken() from None


def refresh(session: Session, days: Iterable[CounterDate]) -> None:
    """Write the bitmaps of these days anew from the rows of `occupancy`, the truth; the days are locked.

    Whoever changes the lanes of a counter, or of its shifts, calls this for its days.
    """
    keys = sorted(set(days))
    zone = clock.zone(catalogue.place(session).timezone)
    there = lanes_on(session, keys, zone)
    for counter_id, day in keys:
        frame = DayFrame(day, zone)
        taken = lanes_taken(session, [counter_id], frame)
        full = full_ticks(taken, {counter_id: there[counter_id, day]}, frame)[counter_id]
        session.execute(
            update(CounterDay)
            .where(CounterDay.counter_id == counter_id, CounterDay.day == day)
            .values(full=pack(full, frame.n))
        )


def rebuild(session: Session, counter_id: int, day: date) -> None:
    """Write one day's bitmap anew."""
    refresh(session, [(counter_id, day)])


def lanes_on(
    session: Session, keys: Collection[CounterDate], zone: ZoneInfo
) -> dict[CounterDate, LanesOfDay]:
    """How many lanes counters have on days, from their shifts; two statements."""
    if not keys:
        return {}
    columns = select(
        Counter.id, Counter.capacity, Counter.schedule_id, Counter.authority_id, Counter.place_id
    )
    found = session.execute(columns.where(Counter.id.in_({counter_id for counter_id, _ in keys}))).all()
    capacity = {row.id: row.capacity for row in found}
    whose = {row.id: catalogue.Whose(*row[2:]) for row in found}
    days = [day for _, day in keys]
    shifts = catalogue.shifts_of(session, whose, min(days), max(days), zone)
    return {
        (counter_id, day): LanesOfDay(
            capacity[counter_id], fewer_lanes(shifts[counter_id], DayFrame(day, zone))
        )
        for counter_id, day in keys
    }


def _of_day(counter_ids: Collection[int], frame: DayFrame) -> ColumnElement[bool]:
    return and_(Occupancy.counter_id.in_(counter_ids), _in_day(frame))


def _in_day(frame: DayFrame) -> ColumnElement[bool]:
    return Occupancy.tick.between(frame.first, frame.first + frame.n - 1)
