"""A day told again from its intervals says what the live screens said, and what was told to reporting."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from house import clock
from house.catalogue import face as catalogue
from house.intake import calling, closing, day_log, deeds, desk_queue, desk_seats, parking, replay, undoing
from house.intake.desk_models import Deed
from house.intake.models import Outcome, Step, StepState, Visit
from house.intake.registration import check_in
from house.intake.replay import Interval
from house.problems import Problem
from house.reporting import face as reporting
from tests.intake.booking_house import (
    CPR,
    DRIVING,
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
    nobody_comes,
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

NINE = datetime(2027, 1, 7, 9, tzinfo=UTC)


def at(minute):
    return NINE + timedelta(minutes=minute)


def log(*rows):
    """Rows of (visit, step, kind, began, ended) in minutes after nine."""
    return [
        Interval(visit, step, kind, at(began), None if ended is None else at(ended))
        for visit, step, kind, began, ended in rows
    ]


DAY = log(
    (1, 10, "waiting", 0, 12), (2, 20, "waiting", 2, 5), (2, 20, "called", 5, 6), (2, 20, "serving", 6, 26),
    (1, 10, "paused", 12, 20), (1, 10, "waiting", 20, 26), (2, 21, "waiting", 26, None),
    (1, 10, "serving", 26, 40),
)  # fmt: skip


def test_minutes_are_added_up_by_step_and_kind():
    found = replay.figures(DAY, at(50))
    assert found.waits == {10: 18, 20: 3, 21: 24}
    assert found.serves == {20: 20, 10: 14}
    assert (found.visits, found.served, found.median_wait, found.longest_wait) == (2, 2, 10.5, 24)


def test_an_empty_day_has_no_figures():
    found = replay.figures([], NINE)
    assert (found.visits, found.served, found.median_wait, found.longest_wait) == (0, 0, None, None)


@pytest.mark.parametrize(
    ("minute", "there"),
    [(0, {10: 0}), (4, {10: 4, 20: 2}), (5, {10: 5}), (12, {}), (21, {10: 21}), (26, {21: 0}),
     (90, {21: 64})],
)  # fmt: skip
def test_who_waited_at_a_moment(minute, there):
    assert replay.waiting_at(DAY, at(minute)) == there


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([(1, 10, "waiting", 0, 5), (1, 10, "called", 6, None)], "a gap"),
        ([(1, 10, "waiting", 0, 5), (1, 10, "called", 4, None)], "two at once"),
        ([(1, 10, "waiting", 0, None), (1, 10, "called", 4, None)], "two at once"),
        ([(1, 10, "waiting", 0, -1)], "less than no time"),
        ([(1, 10, "waiting", 1, 2)], "does not begin with its arrival"),
    ],
)
def test_a_log_that_is_not_sound_is_found(rows, says):
    assert says in " ".join(replay.faults(log(*rows), {1: NINE}))
    assert replay.faults(DAY, {1: NINE, 2: at(2)}) == []


def test_a_clock_that_went_back_makes_no_negative_minutes():
    assert replay.figures(log((1, 10, "waiting", 10, None)), NINE).waits == {10: 0}


# --- a whole day -----------------------------------------------------------------------------------------


def seen_on_the_screen(session, house):
    """Who waits now, as the desk shows it: minutes by ticket."""
    place = catalogue.place(session)
    services = {one.id: one for one in catalogue.services(session)}
    mine = desk_seats.seats_at(session, place.id)[0]
    return {line.ticket: line.waited for line in desk_queue.load(session, place, services, mine).waiting}


def something_happens(session, house, thursday, chance, noted):  # noqa: F811
    what = chance.random()
    if what < 0.3:
        walk_in(session, *chance.sample([CPR, DRIVING, TAX], chance.randint(1, 2)))
        return
    step = session.scalars(select(Step).where(Step.state.in_((*calling.BUSY, StepState.PARKED)))).all()
    if not step or what < 0.6:
        call(session, house, chance.randrange(3))
        return
    one = chance.choice(step)
    if one.state is StepState.PARKED:
        parking.unpark(session, one, DESK)
    elif one.state is StepState.CALLED and what < 0.66:
        nobody_comes(session, one, thursday)
        closing.did_not_come(session, one, DESK)
    elif one.state is StepState.CALLED:
        noted.setdefault(one.id, []).append(clock.now())
        calling.start(session, one, DESK)
    elif what < 0.7:
        noted[one.id].append(clock.now())
        parking.park(session, one, DESK)
    else:
        closing.finish(session, one, chance.choice([Outcome.COMPLETED, Outcome.ADVICE_GIVEN]), DESK)
        noted[one.id] += [clock.now(), one.state]


def minutes_in(marks):
    """From each start to the pause or the end after it."""
    times = marks[:-1]
    return sum((end - begin) / timedelta(minutes=1) for begin, end in zip(*[iter(times)] * 2, strict=True))


def a_mistake_is_found(session, chance, thursday, mistaken):  # noqa: F811
    """An act of mine is taken back, at once or hours later; what the screens said meanwhile was wrong."""
    thursday.shift(chance.choice([0, 0, 60, *[deeds.WINDOW.total_seconds() * chance.randrange(1, 9)] * 2]))
    mine = select(Deed).where(Deed.undone_at.is_(None), Deed.before.is_not(None)).order_by(Deed.id.desc())
    there = session.scalars(mine.limit(4)).all()
    if not there:
        return
    deed = chance.choice(there)
    late = clock.now() - deed.at >= deeds.WINDOW
    with session.begin_nested():
        undoing.undo(session, deed.id, DESK)
    mistaken.append((deed.visit_id, deed.at, clock.now(), late))


def was_mistaken(mistaken, visit_id, moment):
    return any(visit == visit_id and made <= moment <= found for visit, made, found, _ in mistaken)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_day_with_mistakes_is_told_as_it_was_without_them(session, thursday, seed):  # noqa: F811
    house, chance = furnish(session), random.Random(seed)
    screens, mistaken, noted = [], [], defaultdict(list)
    for _ in range(110):
        thursday.shift(chance.randrange(20, 120))
        try:
            if screens and chance.random() < 0.2:
                a_mistake_is_found(session, chance, thursday, mistaken)
            else:
                something_happens(session, house, thursday, chance, noted)
        except Problem:
            continue
        session.flush()
        thursday.shift(1)
        screens.append((clock.now(), seen_on_the_screen(session, house)))
    assert clock.now().date() == NINE.date(), "one day"
    assert {late for *_, late in mistaken} == {True, False}
    log = day_log.log_of(session, house.place_id, TODAY)
    steps = session.scalars(select(Step)).all()
    assert replay.faults(log, {step.visit_id: step.visit.arrived_at for step in steps}) == []
    visits = {f"{step.visit.ticket.letter}{step.visit.ticket.number}": step.visit_id for step in steps}
    tickets = {step.id: f"{step.visit.ticket.letter}{step.visit.ticket.number}" for step in steps}
    compared = 0
    for moment, screen in screens:
        replayed = {tickets[step]: minutes for step, minutes in replay.waiting_at(log, moment).items()}
        true = {one for one, visit in visits.items() if not was_mistaken(mistaken, visit, moment)}
        assert {one: replayed[one] for one in replayed if one in true} == {
            one: screen[one] for one in screen if one in true
        }
        compared += len(true & {*replayed})
    assert compared > 100
    ended = [step.id for step in steps if step.state in (StepState.DONE, StepState.FAILED)]
    figures = replay.figures(log, clock.now())
    bands = Counter(reporting.wait_band(figures.waits.get(step, 0.0)) for step in ended)
    assert bands == Counter(one.wait_band for one in contacts(session) if one.outcome != "missed")
    assert sum(bands.values()) > 5


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_day_is_told_again_as_it_was(session, thursday, seed):  # noqa: F811
    house, chance = furnish(session), random.Random(seed)
    for wall in ("10:00", "10:20", "11:00"):
        check_in(session, booked(session, wall), DESK)
    screens, noted = [], {}
    for _ in range(90):
        thursday.shift(chance.randrange(20, 240))
        try:
            something_happens(session, house, thursday, chance, noted)
        except Problem:
            continue
        session.flush()
        thursday.shift(1)
        screens.append((clock.now(), seen_on_the_screen(session, house)))
    told = day_log.log_of(session, house.place_id, TODAY)
    arrived = dict(session.execute(select(Visit.id, Visit.arrived_at)).all())
    assert replay.faults(told, arrived) == []
    tickets = {step.id: f"{step.visit.ticket.letter}{step.visit.ticket.number}"
               for step in session.scalars(select(Step))}  # fmt: skip
    assert len(screens) > 60
    for moment, screen in screens:
        replayed = replay.waiting_at(told, moment)
        assert {tickets[step]: minutes for step, minutes in replayed.items()} == screen
    served = {step: minutes_in(marks) for step, marks in noted.items() if marks[-1] is StepState.DONE}
    figures = replay.figures(told, clock.now())
    assert len(served) > 5
    assert {step: figures.serves[step] for step in served} == pytest.approx(served)
    bands = Counter(reporting.wait_band(figures.waits.get(step, 0.0)) for step in served)
    assert bands == Counter(one.wait_band for one in contacts(session) if one.outcome == "served")
