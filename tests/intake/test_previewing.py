"""The preview's numbers are the search's: what it says is what the pages offer while nothing is booked."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from house.catalogue import face as catalogue
from house.catalogue.face import DayException, OpeningRule, Rules
from house.intake import counter_hours
from house.intake.counters import Given
from house.intake.models import Counter, CounterService
from house.intake.offering import find_times
from house.intake.previewing import preview
from house.intake.timetable import Since
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.counter_house import hours_of, rule, the_counter

SUNDAY = "2026-10-18 12:00"
"""A week before the clock goes back, inside the two weeks."""
MONDAY = date(2026, 10, 19)


@pytest.fixture
def house(session, frozen):
    frozen(SUNDAY)
    return set_up(session, services=(CPR, DRIVING))


def test_so_many_times_a_day_two_at_a_time(session, house):
    counter = the_counter(session, house)
    counter.capacity, counter.every = 2, 2
    rules = Rules(True, (rule(0, "08:30", "16:50"),))
    found = preview(session, counter, rules)
    assert [(one.minutes, len(one.services)) for one in found.lengths] == [(15, 1), (20, 1)]
    best = found.best(1)
    assert (best.day, best.times[1], best.lanes, best.room[1]) == (MONDAY, 49, (2,), 50)
    assert best.hours == ((time(8, 30), time(16, 50)),)
    assert [one.times[1] for one in found.days].count(49) == 2
    assert found.best(0).times[0] == 49


def test_room_counts_pauses_and_fewer_lanes(session, house):
    counter = the_counter(session, house)
    counter.capacity, counter.every, counter.buffer_minutes = 2, 1, 10
    rules = Rules(True, (rule(0, "09:00", "10:00", lanes=1), rule(0, "10:00", "11:00")))
    best = preview(session, counter, rules).best(1)
    assert best.room[1] == 4 + 2, "half an hour each in two hours for one, in one hour for the other"
    assert best.lanes == (1, 2)


def test_why_a_day_is_not_like_the_week_is_said(session, frozen):
    frozen("2027-03-21 12:00")
    house = set_up(session)
    rules = hours_of(session, house)._replace(
        exceptions=(DayException(date(2027, 3, 26), time(9), time(10)), DayException(date(2027, 4, 1))),
        closings=(catalogue.Closing(date(2027, 4, 2), date(2027, 4, 2), told="training"),),
    )
    days = {one.day: one for one in preview(session, the_counter(session, house), rules).days}
    assert days[date(2027, 3, 25)].reason == "maundy_thursday"
    assert (days[date(2027, 3, 26)].reason, len(days[date(2027, 3, 26)].hours)) == ("open_anyway", 1)
    assert days[date(2027, 4, 1)].reason == "closed"
    assert (days[date(2027, 4, 2)].reason, days[date(2027, 4, 2)].hours) == ("training", ())


def test_a_counter_that_takes_no_bookings_makes_no_times(session, house):
    counter = the_counter(session, house)
    for service in counter.services:
        service.bookable = False
    found = preview(session, counter, Rules(True, (rule(0, "08:30", "16:50"),)))
    assert found.lengths == ()
    assert found.days[0].hours


five = st.integers(0, 24 * 12 - 1)


@st.composite
def spans(draw):
    """(opens, closes) in full five minutes, midnight at the end."""
    opens = draw(five)
    closes = draw(st.integers(opens + 1, min(opens + 60, 24 * 12)))
    return time(opens // 12, opens % 12 * 5), time(closes // 12 % 24, closes % 12 * 5)


@st.composite
def whole_hours(draw):
    """Rules without overlap: at most one opening each weekday, some days that differ."""
    openings = [
        OpeningRule(weekday, *draw(spans()), MONDAY if draw(st.booleans()) else None, None, lanes=lanes,
                    every_weeks=1)
        for weekday in sorted(draw(st.sets(st.integers(0, 6), min_size=1)))
        for lanes in [draw(st.sampled_from([None, 1]))]
    ]  # fmt: skip
    days = [
        DayException(MONDAY + timedelta(n), *(draw(spans()) if draw(st.booleans()) else ()))
        for n in sorted(draw(st.sets(st.integers(0, 13), max_size=3)))
    ]
    return Rules(draw(st.booleans()), tuple(openings), tuple(days))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rules=whole_hours(), lanes=st.integers(1, 3), every=st.sampled_from([1, 2, 3, 4, 6, 12]),
    since=st.sampled_from(list(Since)), buffer=st.sampled_from([0, 5, 10, 30]),
    own=st.sampled_from([None, 5, 45]),
)  # fmt: skip
def test_what_is_previewed_is_what_is_then_offered(session, house, rules, lanes, every, since, buffer, own):
    counter = the_counter(session, house)
    counter.capacity, counter.every, counter.since, counter.buffer_minutes = lanes, every, since, buffer
    counter.lead_minutes, counter.horizon_days = 0, 60
    counter.services = [
        CounterService(service_id=one.service_id, **vars(Given(minutes_first=own)))
        for one in counter.services
    ]
    session.flush()
    promised = preview(session, counter, rules)
    counter_hours.change_hours(session, counter, rules, counter.revision, "staff 1")
    session.flush()
    for slug in (CPR, DRIVING):
        name = catalogue.service(session, slug).name
        number = next(n for n, length in enumerate(promised.lengths) if name in length.services)
        offer = find_times(session, slug, 1, "en", MONDAY, 14)
        found = {day: bitmap.bit_count() for day, bitmap in offer.starts.items()}
        assert {one.day: one.times[number] for one in promised.days} == {
            one.day: found.get(one.day, 0) for one in promised.days
        }


def test_the_numbers_are_not_always_nothing(session, house):
    """The property above would hold of empty days too: a plain week has times."""
    found = preview(session, the_counter(session, house), hours_of(session, house))
    assert sum(day.times[0] for day in found.days) > 20
    assert session.get(Counter, house.counter_ids[0]) is not None
