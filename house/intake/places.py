"""Places of a visit that is here: later steps give theirs back, and take them again when that is undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake import claiming, freeing
from house.intake.daymap import DayFrame, tick_begins, utc_tick
from house.intake.models import Occupancy, Step, Visit
from house.problems import Taken

Place = tuple[int, int, int]
"""A counter, a tick, and the step it was taken for."""


def give_back(session: Session, visit: Visit, steps: Iterable[Step], now: datetime) -> list[Place]:
    """Give back what these steps of a visit had, at once; returns it. What is still to come is offered on."""
    ids = [step.id for step in steps if step.starts_at]
    if not ids:
        return []
    mine = (Occupancy.visit_id == visit.id, Occupancy.step_id.in_(ids))
    columns = select(Occupancy.counter_id, Occupancy.tick, Occupancy.step_id).where(*mine)
    given = sorted((counter, tick, step or 0) for counter, tick, step in session.execute(columns))
    days = _days(session, given)
    claiming.lock_days(session, days)
    session.execute(delete(Occupancy).where(*mine))
    freeing.note(session, [(counter, tick) for counter, tick, _ in given if tick >= utc_tick(now)], now)
    claiming.refresh(session, days)
    return given


def take_again(session: Session, visit: Visit, wanted: Sequence[Place]) -> None:
    """Take places back that were given away today; raises `Taken` when one is gone."""
    if not wanted:
        return
    zone = clock.zone(catalogue.place(session).timezone)
    days = _days(session, wanted)
    claiming.lock_days(session, days)
    there = claiming.lanes_on(session, days, zone)
    rows = []
    for counter_id, day in sorted(days):
        frame = DayFrame(day, zone)
        claiming.clear_run_out(session, [counter_id], frame, clock.now())
        taken = claiming.lanes_taken(session, [counter_id], frame)
        for counter, tick, step_id in wanted:
            if counter != counter_id or not frame.first <= tick < frame.first + frame.n:
                continue
            lanes = taken[counter, tick]
            if len(lanes) >= there[counter_id, day].capacity:
                raise Taken()
            lane = next(number for number in range(len(lanes) + 1) if number not in lanes)
            lanes.add(lane)
            rows.append({
                "counter_id": counter, "tick": tick, "lane": lane, "visit_id": visit.id, "step_id": step_id,
                "expires_at": None,
            })  # fmt: skip
    rows.sort(key=lambda row: (row["counter_id"], row["tick"], row["lane"]))
    try:
        session.execute(insert(Occupancy), rows)
    except IntegrityError:
        raise Taken() from None
    claiming.refresh(session, days)


def _days(session: Session, places: Iterable[Place]) -> set[claiming.CounterDate]:
    zone = catalogue.place(session).timezone
    return {(counter, clock.local(tick_begins(tick), zone).date()) for counter, tick, _ in places}
