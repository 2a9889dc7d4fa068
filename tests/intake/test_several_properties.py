"""What the house offers it books, and nothing else: with lanes, buffers, parties and clock changes.

A house around the hours in which the clock changes; whatever was booked there before, each start of that
night is tried: those on offer can be held at once, all others are refused.
"""

from __future__ import annotations

import os
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from house.catalogue import face as catalogue
from house.db import begin_writing
from house.intake.booking import confirm, give_contact
from house.intake.cancelling import cancel, undo_cancel
from house.intake.daymap import DayFrame
from house.intake.extending import extend
from house.intake.holding import hold
from house.intake.household import Household
from house.intake.models import Counter, CounterService, Visit
from house.intake.moving import move
from house.intake.offering import find_times
from house.problems import Gone, Moved, Problem, Taken
from tests.intake.booking_house import (
    COPENHAGEN,
    CPR,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.bookkeeping import agree

SIRI, TAX = "eu_residence_document", "tax_card"
SERVICES = (SIRI, CPR, TAX)
NIGHTS = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28))
HOURS = {6: [("00:30", "04:00")]}
"""Sundays, around the hour that is left out or comes twice."""
EXAMPLES = 300 if os.environ.get("HOUSE_FULL") else 15
slow = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

counters = st.fixed_dictionaries({
    "capacity": st.integers(1, 3),
    "every": st.integers(1, 4),
    "buffer_minutes": st.sampled_from([0, 0, 5, 12]),
    "lead_minutes": st.sampled_from([0, 60, 600]),
    "horizon_days": st.sampled_from([1, 2, 60]),
})  # fmt: skip
wishes = st.tuples(
    st.lists(st.sampled_from(SERVICES), min_size=1, max_size=3, unique=True), st.integers(1, 4), st.booleans()
)
acts = st.lists(
    st.tuples(
        st.sampled_from(["hold", "confirm", "move", "cancel", "staff cancel", "undo", "extend", "wait"]),
        st.integers(0, 3), wishes, st.integers(0, 60),
    ),
    max_size=12,
)  # fmt: skip


@pytest.fixture
def house(session, frozen):
    for service in SERVICES:
        set_up(session, services=[service], languages=["en", "uk"], hours=HOURS, capacity=2)
    set_up(session, services=[CPR, TAX], languages=["da"], hours=HOURS, capacity=2)
    house = set_up(session, services=[SIRI], languages=["en"], hours=HOURS)
    house.clock = frozen("2026-03-28 12:00")
    session.commit()
    return house


@slow
@given(
    night=st.sampled_from(NIGHTS), setting=st.lists(counters, min_size=5, max_size=5), done=acts, wish=wishes,
    longest_wait=st.sampled_from([0, 15, 30]),
)  # fmt: skip
def test_every_offered_start_can_be_booked_and_every_other_is_refused(
    session, house, night, setting, done, wish, longest_wait
):
    arrange(session, house, night, setting, longest_wait)
    try:
        for act in done:
            do(session, house, night, *act)
            agree(session)
        slugs, party, own = wish
        offer = find_times(session, slugs, party, "uk", own_language=own)
        offered = {time.start: time.itinerary for time in offer.times(night)}
        frame = DayFrame(night, COPENHAGEN)
        for start in range(frame.first, frame.first + 60):
            got = try_to_hold(session, slugs, party, start, own)
            assert (got is not None) == (start in offered), (start - frame.first, sorted(offered))
            if got is not None:
                planned = [(s.service, s.counter, s.starts_at, s.ends_at) for s in offered[start].steps]
                assert got == planned
    finally:
        session.rollback()


def arrange(session, house, night, setting, longest_wait):
    """The night before, with other rules at every counter and nothing booked."""
    begin_writing(session)
    house.clock.move_to(at((night - timedelta(days=1)).isoformat(), "20:00"))
    catalogue.place(session).longest_wait = longest_wait
    for counter, rules in zip(session.scalars(select(Counter).order_by(Counter.id)), setting, strict=True):
        for name, value in rules.items():
            setattr(counter, name, value)
    session.flush()


def try_to_hold(session, slugs, party, start, own=False):
    """The steps that were held, taken back at once; None when it was refused."""
    nested = session.begin_nested()
    try:
        visit = hold(session, slugs, party, start, "uk", own_language=own)
        agree(session)
        return [(one.service_id, one.counter_id, one.starts_at, one.ends_at) for one in visit.steps]
    except Taken:
        return None
    finally:
        nested.rollback()
        session.expire_all()


def do(session, house, night, act, who, wish, minute):
    """One thing that a visitor does."""
    if act == "wait":
        house.clock.shift(timedelta(minutes=minute))
        return
    slugs, party, own = wish
    start = DayFrame(night, COPENHAGEN).first + minute
    mine = next((v for v in session.scalars(select(Visit)) if v.name == str(who)), None)
    try:
        with session.begin_nested():
            if act == "hold":
                home = Household(party, 0, "uk")
                visit = hold(
                    session, slugs, party, start, "en", str(who).encode(), household=home, own_language=own
                )
                give_contact(session, visit, str(who), None)
            elif mine is not None:
                change(session, act, mine, start)
    except (Taken, Moved, Gone, Problem):
        pass


def change(session, act, visit, start):
    """What a visitor does with a visit, or staff."""
    if act == "confirm":
        confirm(session, visit, "en")
    elif act == "move":
        move(session, visit, start)
    elif act == "undo":
        undo_cancel(session, visit, "staff 1")
    elif act == "extend":
        extend(session, visit)
    else:
        cancel(session, visit, "staff 1" if act == "staff cancel" else "visitor")


def test_a_service_that_a_counter_does_not_give_or_not_for_booking_is_never_held(session, house):
    arrange(session, house, NIGHTS[0], [RULES] * 5, 30)
    start = DayFrame(NIGHTS[0], COPENHAGEN).first + 12
    assert try_to_hold(session, [TAX], 1, start) is not None
    tax = catalogue.service(session, TAX).id
    session.execute(delete(CounterService).where(CounterService.service_id == tax))
    assert try_to_hold(session, [TAX], 1, start) is None
    for given_ in session.scalars(select(CounterService)):
        given_.bookable = False
    session.flush()
    assert try_to_hold(session, [CPR], 1, start) is None
    session.rollback()


RULES = {"capacity": 2, "every": 2, "buffer_minutes": 0, "lead_minutes": 60, "horizon_days": 60}
