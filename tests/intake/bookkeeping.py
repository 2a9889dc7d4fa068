"""Compares what visits say with the rows of `occupancy`, and those with the bitmaps."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from house import clock
from house.intake.daymap import TICK, DayFrame, full_from_ticks, unpack, utc_tick
from house.intake.models import Counter, CounterDay, Occupancy, Step, StepState, Visit, VisitState
from house.intake.sweeping import KEEP
from tests.intake.booking_house import COPENHAGEN


def agree(session):
    """Fails when a booked visit lacks a place, a place has no visit, a lane is too many, or a bitmap lies."""
    session.flush()
    capacity = dict(session.execute(select(Counter.id, Counter.capacity)).all())
    rows = session.execute(
        select(Occupancy.counter_id, Occupancy.tick, Occupancy.lane, Occupancy.visit_id, Occupancy.expires_at)
    ).all()
    assert all(0 <= row.lane < capacity[row.counter_id] for row in rows)
    kept = [row for row in rows if row.visit_id is None]
    assert all(row.expires_at is not None for row in kept), "a place without a visit never ends"
    undo = wanted(session, VisitState.CANCELLED)
    for row in rows:  # what staff just cancelled can still be taken back
        if (row.visit_id, row.counter_id, row.tick) in undo:
            assert row.expires_at is not None
            kept.append(row)
    every, rows = rows, [row for row in rows if row not in kept]
    here = kept_by_those_who_came(session)
    rows = [row for row in rows if row.visit_id not in here]
    there = {(row.visit_id, row.counter_id, row.tick) for row in rows}
    owed, held = wanted(session, VisitState.BOOKED), wanted(session, VisitState.HELD)
    assert len(there) == len(rows), "a visit has a tick twice"
    assert owed <= there, "a booked visit lacks a place"
    assert there <= owed | held, "a place belongs to nobody who wants it"
    for row in rows:
        assert (row.expires_at is None) == ((row.visit_id, row.counter_id, row.tick) in owed)
    ticks = defaultdict(list)
    for row in every:
        ticks[row.counter_id].append(row.tick)
    for counter_id, day, full in session.execute(
        select(CounterDay.counter_id, CounterDay.day, CounterDay.full)
    ):
        frame = DayFrame(day, COPENHAGEN)
        true = full_from_ticks(ticks[counter_id], frame, capacity[counter_id])
        assert unpack(full) == true, f"the bitmap of counter {counter_id} on {day} lies"
    return rows


def kept_by_those_who_came(session):
    """By visit that came, or did not: fails unless it has the ticks of all its steps but what was given back.

    What lies more than a week back may have been swept. The counter of a step is the one that called it, so
    only the ticks can be compared.
    """
    came = (VisitState.ARRIVED, VisitState.DONE, VisitState.MISSED)
    days = dict(session.execute(select(Visit.id, Visit.day).where(Visit.state.in_(came))).all())
    ids, swept_before = list(days), (clock.now() - KEEP).date()
    plan, there = defaultdict(list), defaultdict(list)
    for state in came:
        for visit_id, _, tick in wanted(session, state):
            plan[visit_id].append(tick)
    rows = select(Occupancy.visit_id, Occupancy.tick).where(Occupancy.visit_id.in_(ids))
    for visit_id, tick in session.execute(rows):
        there[visit_id].append(tick)
    for visit_id in ids:
        if days[visit_id] < swept_before and not there[visit_id]:
            continue
        assert sorted(there[visit_id]) == sorted(plan[visit_id]), f"visit {visit_id} has not what it planned"
    return set(ids)


def wanted(session, state):
    """The (visit, counter, tick) triples that the steps of visits in a state and their buffers need."""
    off = Step.state == StepState.CANCELLED
    steps = session.scalars(
        select(Step).join(Visit).where(Visit.state == state, Step.starts_at.is_not(None))
        .where(off if state is VisitState.CANCELLED else ~off)
    ).all()
    lengths = {step.id: (step.ends_at - step.starts_at) // TICK + step.buffer for step in steps}
    return {
        (step.visit_id, step.counter_id, utc_tick(step.starts_at) + n)
        for step in steps
        for n in range(lengths[step.id])
    }
