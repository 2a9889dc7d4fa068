"""Whatever visitors do, the rows of `occupancy` and the bitmaps say what the visits say."""

from __future__ import annotations

import os
from collections import Counter as Count
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from house import clock
from house.audit import Act
from house.catalogue import face as catalogue
from house.db import begin_writing
from house.intake.booking import book, confirm, give_contact, places
from house.intake.cancelling import cancel, undo_cancel
from house.intake.earlier import accept, ask
from house.intake.holding import hold
from house.intake.models import Counter, CounterService, Visit, VisitState
from house.intake.moving import move
from house.intake.offering import GRACE, find_times
from house.intake.offers import open_offer
from house.intake.passing_on import clear_run_out, let_lapse, offer_next
from house.problems import Gone, Moved, NotHere, Taken
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.bookkeeping import agree

CAPACITY = 2
EXAMPLES = 400 if os.environ.get("HOUSE_FULL") else 20
STARTS = [tick(day, f"10:{minute}") for day in (THURSDAY, FRIDAY) for minute in ("00", "10", "20", "40")]
ACTS = st.one_of(
    st.tuples(st.just("hold"), st.integers(0, 3), st.sampled_from(STARTS), st.integers(1, 3)),
    st.tuples(st.just("confirm"), st.integers(0, 3)),
    st.tuples(st.sampled_from(["cancel", "staff cancel", "undo", "ask", "accept"]), st.integers(0, 3)),
    st.tuples(st.just("move"), st.integers(0, 3), st.sampled_from(STARTS)),
    st.tuples(st.just("wait"), st.sampled_from([0, 5, 20])),
    st.tuples(st.just("work"), st.just(0)),
)


@pytest.fixture
def house(session, frozen):
    house = set_up(session, capacity=CAPACITY)
    house.clock = frozen(WEDNESDAY)
    session.commit()
    return house


@given(
    acts=st.lists(ACTS, min_size=1, max_size=16), cool_off=st.sampled_from([0, 15]),
    buffer=st.sampled_from([0, 5]),
)  # fmt: skip
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_rows_and_bitmaps_say_what_the_visits_say(session, house, acts, cool_off, buffer):
    house.clock.move_to(at("2027-01-06", "12:00"))
    begin_writing(session)
    session.execute(update(CounterService).values(cool_off_minutes=cool_off))
    session.execute(update(Counter).values(buffer_minutes=buffer))
    try:
        for act in acts:
            do(session, house, *act)
            rows = agree(session)
            if not cool_off and not buffer:
                offers_what_is_free(session, rows)
    finally:
        session.rollback()
        session.expire_all()


def test_the_acts_reach_what_they_are_about(session, house):
    """The property would say nothing if moves, undone cancels and accepted offers never came about."""
    ten, eleven = STARTS[0], tick(FRIDAY, "10:20")
    done = [
        ("hold", 0, ten, 2), ("confirm", 0), ("move", 0, eleven), ("staff cancel", 0), ("undo", 0),
        ("hold", 1, ten, 1), ("confirm", 1), ("ask", 0), ("cancel", 1), ("work", 0), ("accept", 0),
    ]  # fmt: skip
    begin_writing(session)
    for act in done:
        do(session, house, *act)
        agree(session)
    visit = of(session, 0)
    acts = [act.verb for act in session.scalars(select(Act).order_by(Act.id))]
    for verb in ("visit_moved", "visit_kept", "visit_cancelled", "offer_made"):
        assert verb in acts, acts
    assert (visit.state, visit.day.isoformat()) == (VisitState.BOOKED, THURSDAY)
    session.rollback()


def do(session, house, act, who, *facts):
    if act == "wait":
        house.clock.shift(timedelta(minutes=who))
    elif act == "work":
        for worker in (let_lapse, clear_run_out, offer_next):
            while worker(session, clock.now()):
                session.flush()
    else:
        with suppress(Taken, Moved, Gone, NotHere), session.begin_nested():
            VERBS[act](session, who, *facts)


def of(session, who):
    """The latest visit of somebody."""
    found = session.scalars(select(Visit).order_by(Visit.id.desc())).all()
    mine = next((visit for visit in found if visit.name == str(who)), None)
    if mine is None:
        raise NotHere()
    return mine


def hold_and_say(session, who, start, party):
    visit = hold(session, CPR, party, start, "en", str(who).encode())
    give_contact(session, visit, str(who), f"{who}@example.org")


def accept_offer(session, who):
    offer = open_offer(session, of(session, who))
    if offer is None:
        raise NotHere()
    accept(session, offer)


VERBS = {
    "hold": hold_and_say,
    "confirm": lambda session, who: confirm(session, of(session, who), "en"),
    "move": lambda session, who, start: move(session, of(session, who), start),
    "cancel": lambda session, who: cancel(session, of(session, who)),
    "staff cancel": lambda session, who: cancel(session, of(session, who), "staff 1"),
    "undo": lambda session, who: undo_cancel(session, of(session, who), "staff 1"),
    "ask": lambda session, who: ask(session, of(session, who), True),
    "accept": accept_offer,
}


def offers_what_is_free(session, rows):
    """The list offers exactly what has a lane left, and a hold that ran out has let go of its lane."""
    now = clock.now()
    offer = find_times(session, CPR, 1, "en")
    listed = {time.start for day in (THURSDAY, FRIDAY) for time in offer.times(at(day, "00:00").date())}
    live = Count(row.tick for row in rows if row.expires_at is None or row.expires_at >= now - GRACE)
    for start in STARTS:
        assert (start in listed) == all(live[start + n] < CAPACITY for n in range(4))


def test_a_visit_that_stays_at_a_counter_takes_no_time_there_twice(session, house):
    """The counter is kept for a while after each step; ticks in which the next one lies are taken once."""
    session.execute(update(Counter).values(buffer_minutes=5, capacity=1))
    service = catalogue.service(session, DRIVING)
    session.add(CounterService(counter_id=house.counter_ids[0], service_id=service.id))
    session.flush()
    visit = book(session, [CPR, DRIVING], 1, at(THURSDAY, "10:00"), "en", "Ada")
    assert visit.steps[0].ends_at == visit.steps[1].starts_at
    assert [step.buffer for step in visit.steps] == [1, 1]
    assert len(agree(session)) == places(visit) == 8
