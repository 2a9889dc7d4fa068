"""The desk while the clock jumps, at midnight, and in both nights of the summer time: no number twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from house.catalogue import face as catalogue
from house.intake import calling, closing, day_log, desk_queue, parking, replay
from house.intake.models import Counter, Outcome, Ticket, Visit, VisitState
from tests.intake.booking_house import (
    COPENHAGEN,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import DESK, TAX, TODAY, call, contacts, furnish, serve, thursday, walk_in  # noqa: F401

JUMPS = [timedelta(hours=-2), timedelta(days=1), timedelta(days=-1), timedelta(minutes=-1)]


def is_sound(session, place_id, *days):
    """The log of these days has no gap, no overlap and nothing negative; nobody waits less than no time."""
    session.flush()
    arrived = dict(session.execute(select(Visit.id, Visit.arrived_at)).tuples().all())
    for day in days:
        told = day_log.log_of(session, place_id, day)
        assert replay.faults(told, arrived) == []
        figures = replay.figures(told, min(arrived.values()))
        assert all(minutes >= 0 for minutes in (*figures.waits.values(), *figures.serves.values()))
    services = {one.id: one for one in catalogue.services(session)}
    queue = desk_queue.load(session, catalogue.place(session), services, None)
    assert all(line.waited >= 0 and min(line.timing) >= 0 for line in queue.waiting)


def numbers(session):
    keys = session.execute(select(Ticket.day, Ticket.letter, Ticket.number)).all()
    assert len(keys) == len(set(keys))
    return [tuple(key) for key in keys]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
@pytest.mark.parametrize("when", range(5))
def test_a_clock_that_jumps_at_any_moment_leaves_a_sound_log(session, thursday, jump, when):  # noqa: F811
    house = furnish(session)
    visit = walk_in(session, TAX, TAX).visit
    step = visit.steps[0]
    at = calling.counter(session, house.counter_ids[2])
    acts = [
        lambda: calling.call_next(session, at, TODAY, DESK),
        lambda: calling.start(session, step, DESK),
        lambda: parking.park(session, step, DESK),
        lambda: (parking.unpark(session, step, DESK), calling.call_next(session, at, TODAY, DESK)),
        lambda: (calling.start(session, step, DESK), closing.finish(session, step, Outcome.COMPLETED, DESK)),
    ]
    for number, act in enumerate(acts):
        thursday.shift(jump if number == when else timedelta(minutes=3))
        act()
        is_sound(session, house.place_id, TODAY)
    thursday.shift(-jump)
    walk_in(session)
    numbers(session)
    is_sound(session, house.place_id, TODAY, TODAY + timedelta(days=1))


def test_at_midnight_numbers_begin_anew_and_who_is_served_is_finished(session, frozen):
    clock = frozen("2027-01-07 23:58")
    house = furnish(session)
    walk_in(session)
    step = serve(session, house)
    walk_in(session)
    clock.shift(180)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    ticket = walk_in(session)
    assert (ticket.day, ticket.number) == (date(2027, 1, 8), 1)
    assert closing.close_days_before(session, date(2027, 1, 8)) == 1
    assert session.scalar(select(func.count()).where(Visit.state == VisitState.MISSED)) == 1
    assert len(numbers(session)) == 3
    is_sound(session, house.place_id, TODAY, date(2027, 1, 8))
    assert len(contacts(session)) == 2


@pytest.mark.parametrize("night", ["2027-03-28", "2027-10-31"])
def test_both_nights_of_the_summer_time_are_told_in_real_minutes(session, frozen, night):
    clock = frozen(datetime.fromisoformat(f"{night} 01:30").replace(tzinfo=COPENHAGEN))
    house, day = furnish(session), date.fromisoformat(night)
    for _ in range(5):  # past the hour that is skipped, or comes twice
        walk_in(session)
        clock.shift(1800)
    step = call(session, house, day=day)
    calling.start(session, step, DESK)
    clock.shift(1800)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    is_sound(session, house.place_id, day)
    figures = replay.figures(day_log.log_of(session, house.place_id, day), datetime.now(COPENHAGEN))
    assert (figures.waits[step.id], figures.serves[step.id]) == (150, 30)
    assert [number for *_, number in numbers(session)] == [1, 2, 3, 4, 5]
    assert {one for one, *_ in numbers(session)} == {day}


def test_a_break_that_nobody_ended_ends_with_its_day(session, thursday):  # noqa: F811
    house = furnish(session)
    at = calling.counter(session, house.counter_ids[0])
    parking.pause_counter(session, at, DESK)
    thursday.shift(timedelta(days=1))
    walk_in(session)
    assert call(session, house, day=TODAY + timedelta(days=1)) is not None
    closing.close_days_before(session, TODAY + timedelta(days=1))
    session.expire_all()
    assert set(session.scalars(select(Counter.paused_at))) == {None}
