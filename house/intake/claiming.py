"""Places in time as rows: locking a counter's day, taking lanes, giving them back, and the day's bitmap.

One write order everywhere: lock the visit, share the counters, lock the days, take the time, give back and
clear away, read what remains and let the offer decide, insert in key order, update the bitmaps. Whoever
inserts the row has the place: the primary key (counter, tick, lane) is the last word on both engines. The
order of all locks of the house is in docs/decisions/0002.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, insert, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.db import is_sqlite, nobody_else_writes, remembered
from house.intake import day_rows, standing
from house.intake.chains import Itinerary
from house.intake.daymap import DayFrame, full_from_ticks
from house.intake.models import Counter, Occupancy, Step, Visit
from house.intake.offering import GRACE
from house.intake.shifts import fewer_lanes
from house.problems import Gone, Taken

CounterDate = tuple[int, date]
_place = Occupancy.__table__
_IN_DAY = _place.c.tick.between(bindparam("first"), bindparam("last"))
_PLACES = select(
    _place.c.counter_id, _place.c.tick, _place.c.lane, _place.c.visit_id, _place.c.expires_at
).where(_place.c.counter_id.in_(bindparam("counters", expanding=True)), _IN_DAY)
_CLAIM = insert(Occupancy)
_counter = Counter.__table__
_COUNTERS = select(
    _counter.c.id, _counter.c.capacity, _counter.c.schedule_id, _counter.c.authority_id, _counter.c.place_id
).where(_counter.c.id.in_(bindparam("ids", expanding=True)))
"""Built once, and of tables: each booking sends them."""
_LOCKED = "intake.visits locked"


class Lanes(defaultdict[tuple[int, int], set[int]]):
    """The lanes taken by (counter, tick); `run_out` are counters with places that were held too long ago."""

    def __init__(self) -> None:
        super().__init__(set)
        self.run_out: set[int] = set()


class LanesOfDay(NamedTuple):
    """How many lanes a counter has on a day, and in which ticks of the day it has fewer."""

    capacity: int
    fewer: Mapping[int, int] = {}


def lock_visit(session: Session, visit: Visit) -> None:
    """Lock a visit's row and read it anew: what was true when the page was loaded may have changed.

    Nothing has where this transaction locked it already, or nobody else can write. Raises `Gone` for a hold
    that was taken away at this very moment. As all who lock visits, it lets rows point to the visit
    meanwhile: who calls somebody, and writes that down, never waits for a visit.
    """
    session.flush()
    key = inspect(visit).identity or (None,)  # asking the visit itself would read it once more
    if key in locked(session) or nobody_else_writes(session):
        return
    session.expire(visit, ["steps"])
    mine = select(Visit).where(Visit.id == key[0]).with_for_update(key_share=True)
    if session.scalar(mine.execution_options(populate_existing=True)) is None:
        raise Gone()
    locked(session).add(key)


def locked(session: Session) -> set[Any]:
    """The identities of the visits that this transaction has locked, and read since."""
    known: set[Any] = remembered(session).setdefault(_LOCKED, set())
    return known


def lock_days(session: Session, days: Iterable[CounterDate]) -> dict[int, int] | None:
    """Make the rows of these days where missing and lock them in key order; SQLite has its writer's lock.

    The counters stay as they are meanwhile: whoever closes one waits, or was here before. Answers their
    revisions as `standing.share` does.
    """
    keys = sorted(set(days))
    if not keys or is_sqlite(session):
        return None
    shared = standing.share(session, {counter_id for counter_id, _ in keys})
    day_rows.lock(session, keys)
    return shared


def days_of(session: Session, visit_ids: Collection[int], zone: str) -> set[CounterDate]:
    """The counters' days in which visits have their steps."""
    rows = session.execute(select(Step.counter_id, Step.starts_at).where(Step.visit_id.in_(visit_ids)))
    return {
        (counter_id, clock.local(starts_at, zone).date())
        for counter_id, starts_at in rows
        if counter_id is not None and starts_at is not None
    }


def days_in(visit: Visit, zone: str) -> set[CounterDate]:
    """The same for one visit, which is locked."""
    return {
        (step.counter_id, clock.local(step.starts_at, zone).date())
        for step in visit.steps
        if step.counter_id is not None and step.starts_at is not None
    }


def release(session: Session, visit_id: int) -> None:
    """Give back every place of a visit."""
    session.execute(delete(Occupancy).where(Occupancy.visit_id == visit_id))


def clear_run_out(session: Session, counter_ids: Collection[int], frame: DayFrame, now: datetime) -> None:
    """Take away the holds of a day that ran out at these counters; there seldom are any."""
    if counter_ids:
        gone = delete(Occupancy).where(_IN_DAY, Occupancy.expires_at < now - GRACE)
        session.execute(gone.where(Occupancy.counter_id.in_(counter_ids)), _span(frame))


def lanes_taken(
    session: Session, counter_ids: Collection[int], frame: DayFrame, but: Collection[int] = (),
    live: datetime | None = None,
) -> Lanes:  # fmt: skip
    """Every lane taken at these counters on a day: the truth that the bitmaps follow.

    The places of the visits in `but` do not count, nor those that ended before `live`.
    """
    session.flush()
    rows = session.connection().execute(_PLACES, {"counters": sorted(counter_ids), **_span(frame)})
    taken = Lanes()
    for counter_id, tick, lane, visit_id, expires_at in rows:
        if live is not None and expires_at is not None and expires_at < live:
            taken.run_out.add(counter_id)
        elif visit_id is None or visit_id not in but:
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

    Where the next step follows at the same counter inside the buffer, that tick is taken once: it is the same
    person. Raises `Taken` when somebody was faster.
    """
    rows: list[dict[str, object]] = []
    mine = set(but)
    for step, time in zip(steps, itinerary.steps, strict=True):
        for tick in time.taken:
            if (time.counter, tick) in mine:
                continue
            mine.add((time.counter, tick))
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
            session.connection().execute(_CLAIM, rows)
    except IntegrityError:
        raise Taken() from None


def refresh(session: Session, days: Iterable[CounterDate]) -> None:
    """Write the bitmaps of these days anew from the rows of `occupancy`, the truth; the days are locked.

    Whoever changes the lanes of a counter, or of its shifts, calls this for its days.
    """
    keys = sorted(set(days))
    if not keys:
        return
    zone = clock.zone(catalogue.place(session).timezone)
    there = lanes_on(session, keys, zone)
    full = {}
    for day in sorted({day for _, day in keys}):
        frame = DayFrame(day, zone)
        lanes = {counter_id: there[counter_id, day] for counter_id, one in keys if one == day}
        full[frame] = full_ticks(lanes_taken(session, lanes, frame), lanes, frame)
    day_rows.write(session, full)


def rebuild(session: Session, counter_id: int, day: date) -> None:
    """Write one day's bitmap anew."""
    refresh(session, [(counter_id, day)])


def lanes_on(
    session: Session, keys: Collection[CounterDate], zone: ZoneInfo
) -> dict[CounterDate, LanesOfDay]:
    """How many lanes counters have on days, from their shifts; two statements."""
    if not keys:
        return {}
    session.flush()
    rows = session.connection().execute(_COUNTERS, {"ids": sorted({counter_id for counter_id, _ in keys})})
    capacity, whose = {}, {}
    for id_, lanes, *keeps in rows:
        capacity[id_], whose[id_] = lanes, catalogue.Whose(*keeps)
    days = [day for _, day in keys]
    shifts = catalogue.shifts_of(session, whose, min(days), max(days), zone)
    return {
        (counter_id, day): lanes_in(capacity[counter_id], shifts[counter_id], DayFrame(day, zone))
        for counter_id, day in keys
    }


def lanes_in(capacity: int, shifts: catalogue.ShiftDays, frame: DayFrame) -> LanesOfDay:
    """How many lanes a counter has on a day with these shifts."""
    return LanesOfDay(capacity, fewer_lanes(shifts, frame))


def _span(frame: DayFrame) -> dict[str, int]:
    return {"first": frame.first, "last": frame.first + frame.n - 1}
