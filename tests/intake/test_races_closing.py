"""Closing against booking, with real processes on both engines.

Whoever closes counts what the closing meets, in its own transaction. Whatever is booked in that time when all
is over must be just that: a booking was there before and counted, or it was refused.
"""

from __future__ import annotations

import random
import time

import pytest
from sqlalchemy import func, select

from house.db import db, writing
from house.intake import booking
from house.intake import counters as counters_room
from house.intake.holding import hold
from house.intake.models import Visit, VisitState
from house.intake.worklist import worklist
from house.problems import Moved, Problem
from tests import houses
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.counter_house import a_closing, close
from tests.intake.racing import look_then_confirm, while_it_closes

pytestmark = pytest.mark.races
WALLS = [f"{hour}:{minute:02}" for hour in (10, 11) for minute in (0, 20, 40)]


@pytest.fixture
def open_house(engine_app, frozen):
    frozen(WEDNESDAY, tick=True)
    with houses.arranging(engine_app) as session:
        set_up(session, counters=2, capacity=2)


def close_it(app):
    """Close the house on Thursday; answers how many visits that met when it was saved."""
    with app.app_context():
        while True:
            try:
                with writing(db.session()) as session:
                    return close(session, a_closing())
            except Moved:
                continue


def book_one(app, wall):
    """Hold, answer the questions, confirm: three transactions, as on the pages. Answers what came of it."""
    with app.app_context():
        try:
            with writing(db.session()) as session:
                visit_id = hold(session, CPR, 1, tick(THURSDAY, wall), "en").id
            with writing(db.session()) as session:
                booking.give_contact(session, session.get_one(Visit, visit_id), "Ada", None)
            with writing(db.session()) as session:
                booking.confirm(session, session.get_one(Visit, visit_id), "en")
        except Problem as problem:
            return problem.code
        return "booked"


def booked_on(app):
    with houses.looking(app) as session:
        return session.scalar(select(func.count()).where(Visit.state == VisitState.BOOKED))


def on_the_list(app):
    with houses.looking(app) as session:
        return len(worklist(session, counters_room.all_counters(session)))


def come_or_close(app, number):
    """One closes in the middle of it, the others book as much as they can."""
    chance = random.Random(number)
    if number == 0:
        time.sleep(chance.uniform(0.2, 0.8))
        return close_it(app)
    found = []
    for _ in range(6):
        found.append(book_one(app, chance.choice(WALLS)))
        time.sleep(chance.uniform(0, 0.2))
    return found


def test_nobody_books_into_a_time_that_was_closed(engine_app, race, open_house):
    met, *tries = race(come_or_close, 7)
    assert booked_on(engine_app) == met == on_the_list(engine_app)
    codes = [code for one in tries for code in one]
    assert codes.count("booked") == met
    assert set(codes) <= {"booked", "taken", "hold_over"}, "a kind answer to everybody"
    with houses.looking(engine_app):
        assert book_one(engine_app, "10:00") == "taken"


def test_who_held_a_time_when_it_was_closed_is_refused(engine_app, open_house):
    with houses.arranging(engine_app) as session:
        visit = hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en")
        booking.give_contact(session, visit, "Ada", None)
        visit_id = visit.id
    assert close_it(engine_app) == 0
    with pytest.raises(Problem) as refused, houses.arranging(engine_app) as session:
        booking.confirm(session, session.get_one(Visit, visit_id), "en")
    assert (refused.value.status, refused.value.code) == (409, "hold_over")
    assert booked_on(engine_app) == 0


# --- the very moment between looking and booking -----------------------------------------------------------


def confirm_while_it_closes(keep_locks):
    return while_it_closes(
        close_it, lambda app: look_then_confirm(app, keep_locks), lambda app: book_one(app, "10:00")
    )


def test_a_booking_under_way_is_waited_for_and_counted(engine_app, race, open_house):
    assert race(confirm_while_it_closes(True), 2) == [1, "booked"]
    assert (booked_on(engine_app), on_the_list(engine_app)) == (1, 1)


def test_without_the_locks_a_booking_slips_in(engine_app, race, open_house):
    """The control: what was counted is not what is booked. Even then it is on the worklist."""
    assert race(confirm_while_it_closes(False), 2) == [0, "booked"]
    assert (booked_on(engine_app), on_the_list(engine_app)) == (1, 1)
