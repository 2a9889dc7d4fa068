"""May this be booked: only what the search could offer, as long as nobody took it."""

from datetime import date

import pytest

from house.intake.daymap import DayFrame, utc_tick
from house.intake.slots import (
    CounterDays,
    Grid,
    Itinerary,
    StepTime,
    Timetable,
    itineraries,
    itinerary_at,
    may_book,
)
from tests.intake.slots_by_hand import (
    ANY_ORDER,
    COPENHAGEN,
    CPR,
    IN_ORDER,
    LONG_AGO,
    MONDAY,
    SIRI,
    TUESDAY,
    at,
    house,
    ticks,
)


def visit(*steps, day=MONDAY):
    frame = DayFrame(day, COPENHAGEN)
    return Itinerary(
        tuple(
            StepTime(service, counter, frame.first + frame.tick_of(at(begin, day)),
                     frame.first + frame.tick_of(at(end, day)))
            for service, counter, begin, end in steps
        )
    )  # fmt: skip


S, C = ("siri", 3, "09:00", "09:15"), ("cpr", 1, "09:20", "09:40")


@pytest.mark.parametrize(
    ("steps", "booked"),
    [
        pytest.param([S, C], True, id="as offered"),
        pytest.param([S, ("cpr", 2, "09:20", "09:40")], True, id="at another counter that gives it"),
        pytest.param([S, ("cpr", 1, "09:25", "09:45")], True, id="with a longer wait that is allowed"),
        pytest.param([S, ("cpr", 1, "09:30", "09:50")], False, id="with a wait that is too long"),
        pytest.param([S, ("cpr", 1, "09:10", "09:30")], False, id="at two counters at once"),
        pytest.param([C, S], False, id="in the wrong order"),
        pytest.param([S], False, id="without a step that is needed"),
        pytest.param([S, C, ("tax", 4, "09:40", "09:50")], False, id="with a step that is not needed"),
        pytest.param([S, ("tax", 1, "09:20", "09:40")], False, id="with another service"),
        pytest.param([S, S], False, id="with a service twice"),
        pytest.param([S, ("cpr", 4, "09:20", "09:40")], False, id="at a counter that does not give it"),
        pytest.param([S, ("cpr", 9, "09:20", "09:40")], False, id="at a counter that does not exist"),
        pytest.param([S, ("cpr", 1, "09:20", "09:35")], False, id="shorter than it takes"),
        pytest.param([S, ("cpr", 1, "09:20", "09:45")], False, id="longer than it takes"),
        pytest.param([("siri", 3, "08:55", "09:10"), C], False, id="before the counter opens"),
        pytest.param([], False, id="nothing at all"),
    ],
)
def test_a_visit_is_booked_only_as_the_search_could_offer_it(steps, booked):
    table = house({3: "9:00-12:00", 1: "9:00-12:00", 2: "9:00-12:00", 4: "9:00-12:00"})
    assert may_book([SIRI, CPR], visit(*steps), table, max_gap=2) is booked


def test_what_was_offered_is_refused_once_it_is_taken():
    table = house({1: "9:00-10:00"})
    (found, *_) = itineraries([CPR], MONDAY, table)
    assert may_book([CPR], found, table)
    taken = CounterDays(1, table.counters[0].open, full=ticks("9:15-9:20"))
    assert not may_book([CPR], found, Timetable(table.horizon, (taken,), LONG_AGO))


def test_a_time_off_the_grid_too_soon_or_outside_the_horizon_is_refused():
    wanted = visit(("cpr", 1, "09:20", "09:40"))
    assert may_book([CPR], wanted, house({1: "9:00-10:00"}))
    assert not may_book([CPR], wanted, house({1: "9:00-10:00"}, grid=Grid(3)))
    assert not may_book([CPR], wanted, house({1: "9:00-10:00"}, earliest=at("09:21")))
    assert not may_book([CPR], wanted, house({1: {TUESDAY: "9:00-10:00"}}, first=TUESDAY))
    assert not may_book([CPR], wanted, house({1: {date(2026, 9, 6): "9:00-10:00"}}, first=date(2026, 9, 6)))


def test_a_free_order_is_booked_in_either_order_but_a_prerequisite_holds():
    table = house({3: "9:00-12:00", 1: "9:00-12:00"})
    wanted = visit(("cpr", 1, "09:00", "09:20"), ("siri", 3, "09:20", "09:35"))
    assert may_book([SIRI, CPR], wanted, table, before=ANY_ORDER)
    assert not may_book([SIRI, CPR], wanted, table, before=IN_ORDER)
    assert not may_book([SIRI, CPR], wanted, table, before={("siri", "cpr")})


def test_a_chosen_start_gets_its_itinerary_or_none():
    table = house({3: "9:00-9:20", 1: "9:15-9:40"})
    for found in itineraries([SIRI, CPR], MONDAY, table, max_gap=2):
        assert itinerary_at([SIRI, CPR], found.steps[0].start_tick, table, max_gap=2) == found
    for clock_ in ("08:55", "09:10"):
        assert itinerary_at([SIRI, CPR], utc_tick(at(clock_)), table, max_gap=2) is None
    assert itinerary_at([SIRI, CPR], utc_tick(at("09:00", TUESDAY)), table) is None
