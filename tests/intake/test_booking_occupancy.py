"""Whatever visitors do, the rows of `occupancy` and the bitmaps say what the visits say."""

from __future__ import annotations

from collections import Counter as Count
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from house import clock
from house.db import begin_writing
from house.intake.booking import confirm, give_contact
from house.intake.cancelling import cancel
from house.intake.holding import hold
from house.intake.models import Visit
from house.intake.offering import GRACE, find_times
from house.problems import Gone, Moved, Taken
from tests.intake.booking_house import (
    CPR,
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
STARTS = [tick(day, f"10:{minute}0") for day in (THURSDAY, FRIDAY) for minute in range(3)]
ACTS = st.one_of(
    st.tuples(st.just("hold"), st.integers(0, 3), st.sampled_from(STARTS), st.integers(1, 3)),
    st.tuples(st.just("confirm"), st.integers(0, 3)),
    st.tuples(st.just("cancel"), st.integers(0, 3)),
    st.tuples(st.just("wait"), st.sampled_from([5, 20])),
)


@pytest.fixture
def house(session, frozen):
    house = set_up(session, capacity=CAPACITY)
    house.clock = frozen(WEDNESDAY)
    session.commit()
    return house


@given(acts=st.lists(ACTS, min_size=1, max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_rows_and_bitmaps_say_what_the_visits_say(session, house, acts):
    house.clock.move_to(at("2027-01-06", "12:00"))
    begin_writing(session)
    try:
        for act in acts:
            do(session, house, *act)
            offers_what_is_free(session, agree(session))
    finally:
        session.rollback()


def do(session, house, act, who, *facts):
    if act == "wait":
        house.clock.shift(timedelta(minutes=who))
        return
    found = session.scalars(select(Visit).order_by(Visit.id.desc())).all()
    mine = [visit for visit in found if visit.name == str(who)]
    try:
        with session.begin_nested():
            if act == "hold":
                visit = hold(session, CPR, facts[1], facts[0], "en", str(who).encode())
                give_contact(session, visit, str(who), None)
            elif act == "confirm" and mine:
                confirm(session, mine[0], "en")
            elif act == "cancel" and mine:
                cancel(session, mine[0])
    except (Taken, Moved, Gone):
        pass


def offers_what_is_free(session, rows):
    """The list offers exactly what has a lane left, and a hold that ran out has let go of its lane."""
    now = clock.now()
    offer = find_times(session, CPR, 1, "en")
    listed = {time.start for day in (THURSDAY, FRIDAY) for time in offer.times(at(day, "00:00").date())}
    live = Count(row.tick for row in rows if row.expires_at is None or row.expires_at >= now - GRACE)
    for start in STARTS:
        assert (start in listed) == all(live[start + n] < CAPACITY for n in range(4))
