"""Cancelling: places go back, cool off, or are kept a minute for staff who were wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from house import clock, post
from house.audit import Act
from house.intake.booking import book
from house.intake.cancelling import can_undo, cancel, undo_cancel
from house.intake.counter_models import CounterService
from house.intake.holding import hold
from house.intake.models import Occupancy, StepState, VisitState
from house.intake.offering import find_times
from house.problems import Moved, Taken
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.bookkeeping import agree

TEN = tick(THURSDAY, "10:00")


@pytest.fixture
def house(session, frozen):
    house = set_up(session)
    house.clock = frozen(WEDNESDAY)
    return house


@pytest.fixture
def visit(session, house):
    return book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")


def is_free(session):
    day = at(THURSDAY, "10:00").date()
    return TEN in [time.start for time in find_times(session, CPR, 1, "en").times(day)]


def kinds(session):
    session.flush()
    return session.scalars(select(post.Letter.kind).order_by(post.Letter.id)).all()


def test_what_a_visitor_cancels_is_free_at_once_and_for_good(session, visit):
    cancel(session, visit)
    assert is_free(session) and not can_undo(visit)
    assert session.scalar(select(func.count()).select_from(Occupancy)) == 0
    with pytest.raises(Moved):
        undo_cancel(session, visit, "staff 3")


def test_a_service_that_cools_off_keeps_the_places_empty(session, house, visit):
    session.execute(update(CounterService).values(cool_off_minutes=10))
    cancel(session, visit)
    rows = session.execute(select(Occupancy.visit_id, Occupancy.step_id, Occupancy.expires_at)).all()
    assert set(rows) == {(None, None, clock.now() + timedelta(minutes=10))}
    house.clock.shift(timedelta(minutes=10))
    assert not is_free(session)  # to the minute of grace
    house.clock.shift(timedelta(minutes=1, seconds=1))
    assert is_free(session)
    hold(session, CPR, 1, TEN, "en")
    agree(session)


def test_staff_can_take_a_cancelling_back_within_a_minute(session, house, visit):
    cancel(session, visit, "staff 3")
    assert (visit.state, visit.cancelled_by) == (VisitState.CANCELLED, "staff")
    assert can_undo(visit) and not is_free(session)
    with pytest.raises(Taken):
        hold(session, CPR, 1, TEN, "en")
    agree(session)
    assert post.lease(session, clock.now()).kind == "visit_booked"
    assert post.lease(session, clock.now()) is None  # the letter waits
    house.clock.shift(59)
    undo_cancel(session, visit, "staff 3")
    undo_cancel(session, visit, "staff 3")
    assert (visit.state, visit.cancelled_by, visit.revision) == (VisitState.BOOKED, None, 3)
    assert [step.state for step in visit.steps] == [StepState.PLANNED]
    assert kinds(session) == ["visit_booked"]
    assert len(agree(session)) == 4
    house.clock.shift(600)
    assert not is_free(session)
    session.flush()
    verbs = session.scalars(select(Act.verb).where(Act.actor == "staff 3").order_by(Act.id)).all()
    assert verbs == ["visit_cancelled", "visit_kept"]


def test_after_a_minute_it_is_told_and_stays(session, house, visit):
    cancel(session, visit, "staff 3")
    house.clock.shift(60)
    with pytest.raises(Moved):
        undo_cancel(session, visit, "staff 3")
    assert kinds(session) == ["visit_booked", "visit_cancelled"]
    post.settle(post.lease(session, clock.now()), clock.now(), None)
    assert post.lease(session, clock.now()).kind == "visit_cancelled"
    house.clock.shift(61)
    assert is_free(session)
    hold(session, CPR, 1, TEN, "en")
    agree(session)


def test_a_letter_that_left_early_is_not_taken_back(session, house, visit):
    """A clock that leaps: the worker's is ahead of the desk's."""
    cancel(session, visit, "staff 3")
    session.flush()
    letter = session.scalars(select(post.Letter).where(post.Letter.kind == "visit_cancelled")).one()
    post.settle(letter, clock.now(), None)
    session.commit()
    from house.db import begin_writing

    begin_writing(session)
    with pytest.raises(Moved):
        undo_cancel(session, visit, "staff 3")
    session.rollback()
    assert visit.state is VisitState.CANCELLED


def test_a_letter_that_a_worker_has_in_its_hands_is_not_taken_back(session, house, visit):
    cancel(session, visit, "staff 3")
    post.settle(post.lease(session, clock.now()), clock.now(), None)
    assert post.lease(session, clock.now() + timedelta(minutes=1)).kind == "visit_cancelled"
    with pytest.raises(Moved, match="too_late"):
        undo_cancel(session, visit, "staff 3")


def test_a_visit_that_staff_kept_can_be_cancelled_again(session, house, visit):
    cancel(session, visit, "staff 3")
    undo_cancel(session, visit, "staff 3")
    cancel(session, visit, "staff 3")
    assert can_undo(visit)
    undo_cancel(session, visit, "staff 3")
    cancel(session, visit)
    assert kinds(session) == ["visit_booked", "visit_cancelled"]
    assert is_free(session)
    agree(session)


def test_without_an_address_a_cancelling_can_be_taken_back_too(session, house):
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada")
    cancel(session, visit, "staff 3")
    assert undo_cancel(session, visit, "staff 3").state is VisitState.BOOKED
    agree(session)
