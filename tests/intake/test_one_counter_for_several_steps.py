"""A visit whose steps follow each other at one counter: what is kept free after a step is kept once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house import clock
from house.intake import places
from house.intake.booking import confirm, give_contact
from house.intake.extending import extend
from house.intake.holding import hold
from house.intake.models import Counter, Occupancy, StepState, Visit
from house.intake.moving import move
from house.problems import Taken
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.bookkeeping import agree

TAX = "tax_card"
TEN = tick(THURSDAY, "10:00")


@pytest.fixture
def house(session, frozen):
    """One counter for both, where twelve minutes are kept free after each; three ticks."""
    house = set_up(session, services=[CPR, TAX])
    house.clock = frozen(WEDNESDAY)
    session.get_one(Counter, house.counter_ids[0]).buffer_minutes = 12
    session.flush()
    return house


@pytest.fixture
def visit(session, house):
    visit = hold(session, [CPR, TAX], 1, TEN, "en", b"browser")
    give_contact(session, visit, "Ada", None)
    return visit


def ticks(session):
    return sorted(session.execute(select(Occupancy.tick, Occupancy.lane)).all())


def test_the_time_between_is_taken_once_at_the_only_desk(session, visit):
    first, second = visit.steps
    assert first.ends_at == second.starts_at, "without a wait"
    taken = ticks(session)
    until = tick(THURSDAY, f"{clock.local(second.ends_at, 'Europe/Copenhagen'):%H:%M}") + 3
    assert taken == [(one, 0) for one in range(TEN, until)]
    agree(session)


def test_it_can_be_lengthened_booked_and_moved(session, visit):
    extend(session, visit)
    agree(session)
    confirm(session, visit, "en")
    agree(session)
    move(session, visit, tick(THURSDAY, "10:10"))
    assert ticks(session)[0] == (tick(THURSDAY, "10:10"), 0)
    agree(session)


def test_a_hold_that_lost_a_place_meanwhile_is_gone(session, house, visit):
    session.delete(session.scalars(select(Occupancy)).first())
    with pytest.raises(Taken):
        confirm(session, visit, "en")


def test_what_the_first_step_keeps_free_stays_when_the_second_gives_its_places_back(session, visit):
    confirm(session, visit, "en")
    first, second = visit.steps
    before = ticks(session)
    second.state = StepState.CANCELLED
    given = places.give_back(session, visit, [second], clock.now())
    length = (first.ends_at - first.starts_at).seconds // 300
    assert ticks(session) == [(one, 0) for one in range(TEN, TEN + length + 3)]
    agree(session)
    second.state = StepState.PLANNED
    places.take_again(session, visit, given)
    assert ticks(session) == before
    agree(session)


def test_somebody_else_fits_in_right_after(session, visit):
    last = ticks(session)[-1][0]
    for start in range(TEN, last + 1):
        with pytest.raises(Taken), session.begin_nested():
            hold(session, TAX, 1, start, "en", b"other")
    assert hold(session, TAX, 1, last + 1, "en", b"other").steps[0].starts_at
    assert len(session.scalars(select(Visit)).all()) == 2
    agree(session)
