"""Searching: as many statements for a small house as for a large one; the nearest times are the nearest."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from house.catalogue import face as catalogue
from house.intake.offering import find_times, nearest, search
from house.intake.wishes import make_wish
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    THURSDAY,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
    tick,
)


@pytest.mark.parametrize("counters", [1, 20])
@pytest.mark.parametrize("days", [10, 60])
@pytest.mark.parametrize("slugs", [[CPR], [CPR, DRIVING]])
def test_a_search_takes_three_statements_whatever_the_size(app, session, frozen, counters, days, slugs):
    frozen(WEDNESDAY)
    set_up(session, counters=counters, services=[CPR, DRIVING])
    session.commit()
    assert catalogue.services(session)
    assert catalogue.place(session)  # every page has asked for these two
    with statements(app) as sent:
        offer = find_times(session, slugs, 2, "uk", days=days)
        found = offer.starts
    assert len(sent) == 3, sent
    assert len(offer.timetable.counters) == counters
    assert sum(map(bool, found.values())) >= days // 7 * 2


@pytest.fixture
def sparse(session, frozen):
    """Open on Thursday mornings only: most days are far from any time."""
    frozen(WEDNESDAY)
    set_up(session, hours={3: [("10:00", "11:00")]})
    session.commit()
    return make_wish(session, [CPR], 1, "en")


@given(
    away=st.integers(-3000, 20000), count=st.sampled_from([1, 3, 12]),
)  # fmt: skip
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_looking_nearby_first_finds_the_nearest_of_all(session, sparse, away, count):
    start = tick(THURSDAY, "10:00") + away
    times = search(session, sparse)
    every = sorted((time.start for day, _ in times.days(times.timetable.horizon.first)
                    for time in times.times(day)))  # fmt: skip
    wanted = sorted(abs(one - start) for one in every)[:count]
    found = [time.start for time in nearest(session, sparse, start, count)]
    assert sorted(abs(one - start) for one in found) == wanted
    assert found == sorted(set(found))
