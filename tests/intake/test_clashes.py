"""Which booked steps do not fit, and why: pure, with dates and lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house.intake.clashes import Openness, Planned, clashes, covered

NINE = datetime(2027, 1, 7, 9, tzinfo=UTC)


def at(minutes):
    return NINE + timedelta(minutes=minutes)


def step(start, end, number=1, visit=None, counter=1, service=7, booked=0):
    visit = visit or number
    return Planned(visit, number, counter, service, at(start), at(end), (at(booked), visit))


def open_(*spans, closings=(), active=True, services=(7,)):
    usual = [(at(start), at(end), lanes) for start, end, lanes in spans]
    shut = [(key, at(start), at(end)) for key, start, end in closings]
    return {1: Openness(active, frozenset(services), usual, shut)}


@pytest.mark.parametrize(
    ("counters", "reasons"),
    [
        (open_((0, 60, 1)), None),
        (open_((30, 50, 1)), None),
        (open_((0, 40, 1), (40, 60, 1)), None),
        (open_((0, 45, 1)), ("hours",)),
        (open_((35, 60, 1)), ("hours",)),
        (open_((0, 40, 1), (45, 60, 1)), ("hours",)),
        (open_(), ("hours",)),
        (open_((0, 60, 1), closings=[(3, 0, 30)]), None),
        (open_((0, 60, 1), closings=[(3, 50, 60)]), None),
        (open_((0, 60, 1), closings=[(3, 45, 60)]), ("closing 3",)),
        (open_((0, 60, 1), closings=[(3, 35, 40), (4, 0, 90), (5, 50, 60)]), ("closing 3", "closing 4")),
        (open_((0, 35, 1), closings=[(3, 40, 60)]), ("closing 3", "hours")),
        (open_((0, 60, 1), active=False), ("inactive",)),
        (open_((0, 60, 1), services=(8,)), ("service",)),
    ],
)
def test_a_step_of_twenty_minutes_fits_or_says_why_not(counters, reasons):
    assert clashes([step(30, 50)], counters) == ({} if reasons is None else {1: reasons})


def test_of_too_many_those_that_booked_last_do_not_fit():
    steps = [step(0, 20, 1, booked=2), step(10, 30, 2, booked=1), step(30, 50, 3, booked=3)]
    assert clashes(steps, open_((0, 60, 1))) == {1: ("lanes",)}
    assert clashes(steps, open_((0, 60, 2))) == {}


def test_lanes_are_those_of_the_shift_it_lies_in():
    steps = [step(0, 20, 1, booked=1), step(0, 20, 2, booked=2), step(40, 60, 3), step(40, 60, 4)]
    assert clashes(steps, open_((0, 30, 1), (30, 60, 2))) == {2: ("lanes",)}


def test_what_does_not_fit_anyway_takes_no_lane_from_others():
    steps = [step(0, 20, 1, booked=1, service=9), step(0, 20, 2, booked=2)]
    assert clashes(steps, open_((0, 60, 1))) == {1: ("service",)}


def test_two_short_steps_one_after_the_other_need_one_lane():
    steps = [step(0, 20, 1), step(20, 40, 2), step(0, 40, 3)]
    assert clashes(steps, open_((0, 60, 2))) == {}


spans = st.lists(st.tuples(st.integers(0, 11), st.integers(1, 12)).filter(lambda s: s[0] < s[1]), max_size=5)


@given(spans, st.integers(0, 11), st.integers(1, 12))
def test_covered_is_every_minute_covered(found, start, end):
    end = max(end, start + 1)
    there = {n for low, high in found for n in range(low, high)}
    sorted_ = [(at(low), at(high), 1) for low, high in sorted(found)]
    assert covered(at(start), at(end), sorted_) == (set(range(start, end)) <= there)
