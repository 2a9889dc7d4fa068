"""One counter at one moment: two who serve there, and who closes the house for today, on PostgreSQL.

Who sits there takes turns by the seat, which is no row. Were it the counter's row, or were the whole visit
locked, somebody would wait in a circle with who closes, who locks visits and then counters. On SQLite one
writes at a time, whatever the locks.
"""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from house.catalogue.face import ClosedFor
from house.intake import calling, closing_today, deeds, periods, registration, standing, turns, undoing
from house.intake.models import Counter, StepState, Visit
from house.intake.registration import WalkIn
from house.intake.serving_at_once import quick_serve
from tests import houses
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import DESK, THURSDAY, TODAY, booked, furnish, walk_in
from tests.intake.racing import IN_VAIN, PATIENCE, act, wait_for

pytestmark = [pytest.mark.races, pytest.mark.postgres]


@pytest.fixture
def race(pg_app):
    return partial(houses.race, pg_app.extensions["house-config"])


@pytest.fixture
def at(pg_app, frozen):
    """Ten past nine: one waits, one has booked for today; a counter."""
    frozen(f"{THURSDAY} 09:10", tick=True)
    with houses.arranging(pg_app) as session:
        house = furnish(session)
        booked(session, email="ada@example.org")
        walk_in(session)
        return house.counter_ids[0]


def by_the_row(session, counter_ids):
    """The seat as it once was: the counter's own row."""
    mine = select(Counter.id).where(Counter.id.in_(counter_ids)).order_by(Counter.id)
    session.execute(mine.with_for_update(key_share=True)).all()


def or_deadlock(do):
    try:
        return do()
    except OperationalError as error:
        return "deadlock" if "deadlock" in str(error) else str(error)


# --- one person at a time ----------------------------------------------------------------------------------


def look_then_serve(app, number, careful):
    """Both look whether the counter is free before one of them has somebody; in vain, as it is."""
    folder, looked = app.extensions["house-config"].data_dir, calling.is_busy

    def look(session, at):
        found = looked(session, at)
        (folder / f"looked-{number}").touch()
        wait_for((folder / f"looked-{1 - number}").exists, IN_VAIN if careful else PATIENCE)
        return found

    calling.is_busy = look
    if not careful:
        turns.take_seats = lambda *_: None


def serving(at, other, careful):
    """One has a quick question that stays; the other too, or calls."""

    def serve(session):
        return quick_serve(session, calling.counter(session, at), WalkIn([CPR], "en"), DESK).state.value

    def call(session):
        return calling.call_next(session, calling.counter(session, at), TODAY, DESK).state.value

    def work(app, number):
        look_then_serve(app, number, careful)
        return act(app, call if number and other == "calls" else serve)

    return work


@pytest.mark.parametrize("other", ["serves", "calls"])
def test_two_who_serve_at_one_counter_serve_one(race, at, other):
    answers = race(serving(at, other, careful=True), 2)
    assert answers.count("busy") == 1 and {*answers} <= {"busy", "serving", "called"}


def test_without_turns_they_serve_two(race, at):
    assert race(serving(at, "calls", careful=False), 2) == ["serving", "called"]


# --- beside who closes for today ---------------------------------------------------------------------------


def close_for_today(app, ready, whole=None):
    """Close, and stop between the visits and the counters until `ready` is said."""
    folder, alone = app.extensions["house-config"].data_dir, standing.alone

    def after_visits(session, counter_ids):
        if whole is not None:
            session.execute(select(Visit.id).where(Visit.id == whole).with_for_update())
        (folder / "closing").touch()
        wait_for((folder / ready).exists, PATIENCE)
        return alone(session, counter_ids)

    standing.alone = after_visits

    def close(session):
        seen = len(closing_today.preview(session).coming)
        return f"{closing_today.close(session, ClosedFor.STAFF, None, seen, DESK)[1]} asked"

    return or_deadlock(lambda: act(app, close))


def come_and_be_called(app, visit_id, at):
    """Who booked is checked in while somebody closes, and waits for the visit; then called."""
    folder, begin = app.extensions["house-config"].data_dir, periods.begin

    def come(session):
        registration.check_in(session, session.get_one(Visit, visit_id), DESK)
        (folder / "coming").touch()
        wait_for((folder / "closing").exists, IN_VAIN)

    act(app, come)
    wait_for((folder / "closing").exists)

    def after_the_step(*all_):
        (folder / "called").touch()
        return begin(*all_)

    periods.begin = after_the_step

    def call(session):
        return calling.call_next(session, calling.counter(session, at), TODAY, DESK).visit_id == visit_id

    return or_deadlock(lambda: act(app, call))


def closing_and_calling(visit_id, at, whole):
    def work(app, number):
        if number:
            return come_and_be_called(app, visit_id, at)
        wait_for((app.extensions["house-config"].data_dir / "coming").exists)
        return close_for_today(app, "called", whole=visit_id if whole else None)

    return work


@pytest.fixture
def ada(pg_app, at):
    """The visit that was booked for today at that counter; nobody else waits."""
    with houses.arranging(pg_app) as session:
        calling.call_next(session, calling.counter(session, at), TODAY, DESK).state = StepState.CANCELLED
        return session.scalars(select(Visit.id).order_by(Visit.id)).first()


@pytest.fixture
def other(pg_app, at):
    """Another counter, which calls her: whose step then points to that one, and asks for its row."""
    with houses.looking(pg_app) as session:
        return session.scalars(select(Counter.id).where(Counter.id > at).order_by(Counter.id)).first()


def test_who_came_at_the_last_moment_is_called_while_the_house_closes(race, ada, other):
    closed, called = race(closing_and_calling(ada, other, whole=False), 2)
    assert called is True or called == "done"
    assert closed in ("0 asked", "more_met", "1 asked")


def test_were_the_whole_visit_locked_caller_and_closer_would_wait_in_a_circle(race, ada, other):
    assert race(closing_and_calling(ada, other, whole=True), 2).count("deadlock") == 1


@pytest.fixture
def taken_back(pg_app, at, ada):
    """Ada was checked in, called and begun with; all of it was taken back. The deed of beginning."""
    with houses.arranging(pg_app) as session:
        registration.check_in(session, session.get_one(Visit, ada), DESK)
        step = calling.call_next(session, calling.counter(session, at), TODAY, DESK)
        calling.start(session, step, DESK)
        begun = deeds.mine(session, DESK)[0].id
        for one in deeds.mine(session, DESK):
            undoing.undo(session, one.id, DESK)
        return begun


def take_back_again(app, deed_id, by_row):
    """The same act taken back in another window, which has the counter before the visit."""
    folder, lock = app.extensions["house-config"].data_dir, deeds.lock
    if by_row:
        turns.take_seats = by_the_row

    def after_the_counter(*all_):
        (folder / "undoing").touch()
        return lock(*all_)

    deeds.lock = after_the_counter
    wait_for((folder / "closing").exists)
    return or_deadlock(lambda: act(app, lambda session: undoing.undo(session, deed_id, DESK)))


def closing_and_undoing(deed_id, by_row):
    def work(app, number):
        return take_back_again(app, deed_id, by_row) if number else close_for_today(app, "undoing")

    return work


def test_taking_back_again_while_the_house_closes_is_refused(race, taken_back):
    assert race(closing_and_undoing(taken_back, by_row=False), 2) == ["1 asked", "undone_already"]


def test_were_the_seat_the_counters_row_they_would_wait_in_a_circle(race, taken_back):
    assert race(closing_and_undoing(taken_back, by_row=True), 2).count("deadlock") == 1
