"""Races of moving and cancelling, with real processes on both engines: one place in the end, and one answer.

Each has a control in a careless house, without the locks and without the key, that must end badly; else the
test could not fail.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house.db import db, writing
from house.intake.booking import book
from house.intake.cancelling import cancel
from house.intake.models import Visit
from house.intake.moving import move
from tests import houses
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.changing_house import (
    MANY,
    a_booked_visit,  # noqa: F401 - a fixture
    books_agree,
    kinds,
    the_house,  # noqa: F401 - a fixture
    visits,
)
from tests.intake.racing import FEW, act, counts, drop_the_key, look_then_act, look_then_take

pytestmark = pytest.mark.races


# --- moving against cancelling -----------------------------------------------------------------------------


def move_or_cancel(app, number):
    if number % 2:
        return act(app, lambda session: cancel(session, session.get(Visit, 1)).state.value)
    return act(app, lambda session: move(session, session.get(Visit, 1), tick(FRIDAY, "10:00")).state.value)


def is_cancelled(app):
    def look():
        with app.app_context(), writing(db.session()) as session:
            return session.scalar(select(Visit.state).where(Visit.id == 1)) == "cancelled"

    return look


def move_or_cancel_carelessly(app, number):
    if not number % 2:
        look_then_act(app, number, few=2, after=is_cancelled(app))
    else:
        look_then_act(app, number, few=2)
    return move_or_cancel(app, number)


def test_moving_against_cancelling_ends_cancelled_and_empty(engine_app, race, booked):
    answers = race(move_or_cancel, MANY)
    assert set(answers[1::2]) == {"cancelled"} and set(answers[::2]) <= {"booked", "moved"}
    [visit] = visits(engine_app)
    moved = int("booked" in answers)
    assert (visit.state, visit.revision) == ("cancelled", 2 + moved)
    assert counts(engine_app)[0] == 0
    assert kinds(engine_app) == ["visit_booked", "visit_cancelled"] + ["visit_moved"] * moved
    books_agree(engine_app)


def test_without_locks_a_cancelled_visit_moves(engine_app, race, booked):
    assert race(move_or_cancel_carelessly, 2) == ["booked", "cancelled"]
    with pytest.raises(AssertionError):
        books_agree(engine_app)


# --- moving against moving ---------------------------------------------------------------------------------


@pytest.fixture
def crowd(engine_app, house):
    """Five visits, each with a time of its own; all want the same other one."""
    with houses.arranging(engine_app) as session:
        for number in range(FEW):
            wall = f"{10 + number // 3}:{20 * (number % 3):02}"
            book(session, CPR, 1, at(THURSDAY, wall), "en", f"V{number}")


def move_there(app, number):
    there = tick(FRIDAY, "10:00")
    return act(app, lambda session: move(session, session.get(Visit, 1 + number), there).state.value)


def move_there_carelessly(app, number):
    look_then_take(app, number)
    return move_there(app, number)


def test_one_moves_to_the_time_and_the_others_stay(engine_app, race, crowd):
    before = {visit.id: visit.day for visit in visits(engine_app)}
    answers = race(move_there, FEW)
    assert sorted(answers) == ["booked"] + ["taken"] * (FEW - 1)
    after = visits(engine_app)
    assert sum(visit.day != before[visit.id] for visit in after) == 1
    assert sorted(visit.revision for visit in after) == [1] * (FEW - 1) + [2]
    assert counts(engine_app) == [4 * FEW, FEW, FEW]
    books_agree(engine_app)


def test_without_locks_and_key_all_move_there(engine_app, race, crowd):
    drop_the_key(engine_app)
    assert race(move_there_carelessly, FEW) == ["booked"] * FEW
    assert {visit.day.isoformat() for visit in visits(engine_app)} == {FRIDAY}


def move_somewhere(app, number):
    start = tick(FRIDAY, f"10:{10 * (number % 6):02}")
    return act(app, lambda session: move(session, session.get(Visit, 1), start).state.value)


def test_one_visit_moved_in_many_windows_ends_in_one_place(engine_app, race, booked):
    assert race(move_somewhere, 6) == ["booked"] * 6
    [visit] = visits(engine_app)
    assert (visit.day.isoformat(), visit.revision) == (FRIDAY, 7)
    assert counts(engine_app) == [4, 1, 1]
    books_agree(engine_app)
