"""The desk while the clock jumps, at midnight, and in both nights of the summer time: no number twice."""

from __future__ import annotations

import random
from collections import defaultdict
from contextlib import nullcontext
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from house import clock as clock_of_the_house
from house.catalogue import face as catalogue
from house.intake import calling, closing, day_log, deeds, desk_queue, parking, pictures, replay, undoing
from house.intake.desk_models import Deed
from house.intake.models import Counter, Outcome, Step, StepState, Ticket, Visit, VisitState
from house.intake.registration import check_in
from house.problems import Moved
from tests.intake.booking_house import (
    COPENHAGEN,
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    DESK,
    TAX,
    TODAY,
    booked,
    call,
    contacts,
    furnish,
    serve,
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

JUMPS = [timedelta(hours=-2), timedelta(days=1), timedelta(days=-1), timedelta(minutes=-1)]


def is_sound(session, place_id, *days):
    """The log of these days has no gap, no overlap and nothing negative; nobody waits less than no time."""
    session.flush()
    here = select(Visit.id, Visit.arrived_at).where(Visit.arrived_at.is_not(None))
    arrived = dict(session.execute(here).tuples().all())
    for day in days:
        told = day_log.log_of(session, place_id, day)
        assert replay.faults(told, arrived) == []
        figures = replay.figures(told, min(arrived.values(), default=clock_of_the_house.now()))
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


# --- taking back -----------------------------------------------------------------------------------------


def served(session, house):
    step = serve(session, house, 2)
    closing.finish(session, step, Outcome.PAPERS_MISSING, DESK)


def parked(session, house):
    parking.park(session, serve(session, house, 2), DESK)


def missed(session, house):
    step = call(session, house, 2)
    step.calls, step.periods[-1].began_at = 3, step.periods[-1].began_at - timedelta(minutes=5)
    step.periods[-2].ended_at = step.periods[-1].began_at
    session.flush()
    closing.did_not_come(session, step, DESK)


ACTS = {
    "registered": lambda session, house: walk_in(session, TAX),
    "checked_in": lambda session, house: check_in(session, session.scalars(BOOKED).one(), DESK),
    "called": lambda session, house: call(session, house, 2),
    "started": lambda session, house: serve(session, house, 2),
    "parked": parked,
    "finished": served,
    "did_not_come": missed,
}
BOOKED = select(Visit).where(Visit.state == VisitState.BOOKED)


@pytest.mark.parametrize("jump", [*JUMPS[:2], timedelta(minutes=9), timedelta(hours=6)], ids=str)
@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_taken_back_whole_or_not_at_all_whatever_the_clock_does(session, thursday, jump, act):  # noqa: F811
    house = furnish(session)
    booked(session, service=CPR)
    walk_in(session, TAX, TAX)
    thursday.shift(timedelta(minutes=7))
    ACTS[act](session, house)
    last = deeds.mine(session, DESK)[0]
    deed = session.get_one(Deed, last.id)
    assert last.verb == act
    thursday.shift(jump)
    if jump == timedelta(days=1):
        with pytest.raises(Moved, match="too_late_to_undo"):
            undoing.undo(session, deed.id, DESK)
        assert pictures.of_visit(session, deed.visit_id) == deed.after
    else:
        undoing.undo(session, deed.id, DESK)
        if deed.before:
            now = pictures.of_visit(session, deed.visit_id)
            assert without_times(now) == without_times(deed.before)
            assert (now == deed.before) == (jump < deeds.WINDOW or act == "checked_in")
    is_sound(session, house.place_id, TODAY)
    thursday.shift(-jump)
    with pytest.raises(Moved) if jump != timedelta(days=1) else nullcontext():
        undoing.undo(session, deed.id, DESK)
    is_sound(session, house.place_id, TODAY)
    numbers(session)


def without_times(picture):
    steps = {id_: {**step, "periods": None} for id_, step in picture["steps"].items()}
    return {**picture, "steps": steps}


def over_the_change(frozen, session, first, then):
    """Somebody is served at a moment, and that is taken back at another one: their time, as it is told."""
    clock = frozen(first)
    house = furnish(session)
    step = walk_in(session).visit.steps[0]
    calling.start(session, call(session, house, day=first.date()), DESK)
    deed_id = deeds.mine(session, DESK)[0].id
    clock.move_to(then)
    undoing.undo(session, deed_id, DESK)
    is_sound(session, house.place_id, first.date())
    return [period.kind.value for period in step.periods]


GOES_ON, PAUSED = ["waiting", "called"], ["waiting", "called", "paused", "called"]


@pytest.mark.parametrize(
    ("first", "then", "fold", "told"),
    [
        ("2027-03-28 01:55", "2027-03-28 03:04", 0, GOES_ON),  # nine minutes
        ("2027-03-28 01:55", "2027-03-28 03:05", 0, PAUSED),
        ("2027-10-31 02:55", "2027-10-31 02:04", 1, GOES_ON),
        ("2027-10-31 02:55", "2027-10-31 02:05", 1, PAUSED),
        ("2027-10-31 02:55", "2027-10-31 02:59", 1, PAUSED),  # an hour and four minutes
    ],
)
def test_ten_minutes_are_ten_minutes_in_both_nights(session, frozen, first, then, fold, told):
    walls = [datetime.fromisoformat(one).replace(tzinfo=COPENHAGEN) for one in (first, then)]
    assert over_the_change(frozen, session, walls[0], walls[1].replace(fold=fold)) == told


@pytest.mark.parametrize("day", ["2027-01-07", "2027-03-28", "2027-10-31"])
def test_a_day_of_23_or_25_hours_can_be_taken_back_to_its_last_second(session, frozen, day):
    clock = frozen(datetime.fromisoformat(f"{day} 00:00").replace(tzinfo=COPENHAGEN))
    house = furnish(session)
    for _ in range(2):
        walk_in(session)
    first, second = [one.id for one in deeds.mine(session, DESK)]
    clock.move_to(datetime.fromisoformat(f"{day} 23:59:59").replace(tzinfo=COPENHAGEN))
    undoing.undo(session, first, DESK)
    clock.shift(1)
    with pytest.raises(Moved, match="too_late_to_undo"):
        undoing.undo(session, second, DESK)
    is_sound(session, house.place_id, date.fromisoformat(day))


def test_nobody_is_missed_an_hour_too_early_in_the_night_of_two_half_past_twos(session, frozen):
    """Called at 02:59, and at the second 02:01 two minutes have gone by: on the wall it is earlier."""
    clock = frozen(datetime(2027, 10, 31, 2, 59, tzinfo=COPENHAGEN))
    house = furnish(session)
    walk_in(session)
    step = call(session, house, day=date(2027, 10, 31))
    step.calls = 3
    clock.shift(120)
    with pytest.raises(Moved, match="too_soon"):
        closing.did_not_come(session, step, DESK)
    clock.shift(60)
    closing.did_not_come(session, step, DESK)
    is_sound(session, house.place_id, date(2027, 10, 31))


@pytest.mark.parametrize("worker_first", [False, True], ids=["in time", "after the worker closed the day"])
def test_nothing_of_yesterday_is_taken_back_not_even_a_minute_later(session, frozen, worker_first):
    clock = frozen("2027-01-07 23:58")
    house = furnish(session)
    walk_in(session)
    step = serve(session, house)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    walk_in(session)
    left = call(session, house)
    yesterday = session.scalars(select(Deed.id)).all()
    clock.shift(180)
    if worker_first:
        closing.close_days_before(session, date(2027, 1, 8))
    for deed_id in yesterday:
        with pytest.raises(Moved, match="too_late_to_undo"):
            undoing.undo(session, deed_id, DESK)
    assert deeds.mine(session, DESK) == []
    if not worker_first:  # who is still here can be seen to, and that is an act of the new day
        calling.start(session, left, DESK)
        undoing.undo(session, deeds.mine(session, DESK)[0].id, DESK)
        closing.close_days_before(session, date(2027, 1, 8))
    assert session.get_one(Step, left.id).state is StepState.MISSED
    is_sound(session, house.place_id, TODAY)
    assert session.scalar(select(func.count()).where(Visit.state == VisitState.ARRIVED)) == 0
    assert len(contacts(session)) == 2


# --- numbers ---------------------------------------------------------------------------------------------

MIDNIGHTS = ["2027-01-07 23:55", "2027-03-28 01:30", "2027-10-31 01:30", "2026-12-31 23:55"]


@pytest.mark.parametrize("start", MIDNIGHTS)
def test_no_number_is_given_twice_however_the_clock_jumps(session, frozen, start):
    """Back and forth over midnight and the changes: every day and letter counts from one without a gap."""
    clock, chance = frozen(start), random.Random(start)
    house = furnish(session)
    for _ in range(24):
        clock.shift(chance.choice([60, 600, 1800, 3600, -7200, 86400, -86400]))
        services = chance.choice([(CPR,), (TAX,)])
        came = walk_in(session, *services)
        if chance.random() < 0.3:
            undoing.undo(session, deeds.mine(session, DESK)[0].id, DESK)
        assert came.day == clock_of_the_house.today("Europe/Copenhagen")
    by_day = defaultdict(list)
    for day, letter, number in numbers(session):
        by_day[day, letter].append(number)
    assert len(by_day) > 2
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in by_day.values())
    is_sound(session, house.place_id, *{day for day, _ in by_day})
