"""Searching the times of one appointment: where a counter is free, on its grid and when the clock changes."""

from datetime import UTC, date, datetime, time

import pytest

from house.intake.daymap import DayFrame, mask
from house.intake.slots import (
    CounterDays,
    Grid,
    Horizon,
    Need,
    Since,
    Timetable,
    itineraries,
    may_book,
    pack,
    starts,
)
from tests.intake.slots_by_hand import (
    COPENHAGEN,
    CPR,
    FALL_BACK,
    LEAP_FORWARD,
    LONG_AGO,
    MONDAY,
    TUESDAY,
    at,
    house,
    offered,
    ticks,
    told,
)

# --- one appointment


@pytest.mark.parametrize(
    ("counters", "expected"),
    [
        pytest.param({1: "9:00-9:20"}, ["09:00"], id="just long enough"),
        pytest.param({1: "9:00-9:15"}, [], id="too short"),
        pytest.param({1: "9:00-9:30"}, ["09:00", "09:05", "09:10"], id="every five minutes"),
        pytest.param({1: "9:00-9:20", 2: "10:00-10:20"}, ["09:00", "10:00"], id="either counter"),
        pytest.param({1: "9:00-9:10", 2: "9:10-9:20"}, [], id="not half at one and half at another"),
        pytest.param({3: "9:00-9:20"}, [], id="a counter that does not give the service"),
        pytest.param({1: ""}, [], id="closed"),
    ],
)
def test_a_time_is_offered_where_one_counter_is_free_long_enough(counters, expected):
    assert offered([CPR], house(counters)) == expected


def test_a_taken_time_is_not_offered():
    table = house({1: "9:00-10:00"})
    (row,) = table.counters
    taken = CounterDays(1, row.open, full=ticks("9:20-9:40"))
    assert offered([CPR], Timetable(table.horizon, (taken,), LONG_AGO)) == ["09:00", "09:40"]


def test_what_is_full_while_closed_does_no_harm():
    table = house({1: "9:00-9:20"})
    (row,) = table.counters
    taken = CounterDays(1, row.open, full=ticks("7:00-9:00 9:20-23:00"))
    assert offered([CPR], Timetable(table.horizon, (taken,), LONG_AGO)) == ["09:00"]


@pytest.mark.parametrize(
    ("earliest", "expected"),
    [("09:00", ["09:00", "09:05"]), ("09:00:01", ["09:05"]), ("09:05", ["09:05"]), ("09:06", [])],
)
def test_nothing_starts_before_the_lead_time_has_passed(earliest, expected):
    assert offered([CPR], house({1: "9:00-9:25"}, earliest=at(earliest))) == expected


def test_days_before_the_lead_time_are_empty_and_days_after_it_are_whole():
    table = house({1: {MONDAY: "9:00-9:20", TUESDAY: "9:00-9:20"}}, days=2, earliest=at("23:59"))
    assert offered([CPR], table) == []
    assert offered([CPR], table, TUESDAY) == ["09:00"]
    late = house({1: {MONDAY: "9:00-9:20"}}, earliest=at("00:00", date(2027, 1, 1)))
    assert offered([CPR], late) == []


def test_each_day_of_the_horizon_is_answered_in_order_and_no_other():
    table = house({1: {TUESDAY: "9:00-9:20"}}, days=3)
    offer = starts([CPR], table)
    assert list(offer) == [MONDAY, TUESDAY, date(2026, 9, 9)]
    assert [bitmap.bit_count() for bitmap in offer.values()] == [0, 1, 0]
    assert itineraries([CPR], date(2026, 9, 10), table) == []


def test_an_appointment_does_not_reach_over_midnight():
    table = house({1: {MONDAY: "23:00-23:59", TUESDAY: "0:00-1:00"}}, days=2)
    assert offered([Need("cpr", 13, (1,))], table) == []
    assert offered([Need("cpr", 12, (1,))], table, TUESDAY) == ["00:00"]


def test_packed_days_are_read_as_they_were_written():
    horizon = Horizon(LEAP_FORWARD, 3, COPENHAGEN)
    days = {frame.day: (1 << frame.n - 1) | 1 << number for number, frame in enumerate(horizon.frames)}
    blobs = {frame.day: pack(days[frame.day], frame.n) for frame in horizon.frames}
    assert horizon.join_packed(blobs) == horizon.join(days)
    assert horizon.split(horizon.join(days)) == days
    assert horizon.split(horizon.join_packed({})) == dict.fromkeys(days, 0)


# --- a grid


@pytest.mark.parametrize(
    ("grid", "free", "expected"),
    [
        (Grid(3), "9:10-10:05", ["09:10", "09:25", "09:40"]),
        (Grid(3), "9:00-9:40 12:05-12:45", ["09:00", "09:15", "12:05", "12:20"]),
        (Grid(8), "9:00-11:00", ["09:00", "09:40", "10:20"]),
        (Grid(3, Since.HOUR), "9:10-10:05", ["09:15", "09:30", "09:45"]),
        (Grid(12, Since.HOUR), "8:30-11:00", ["09:00", "10:00"]),
    ],
)
def test_a_counter_starts_only_on_its_grid(grid, free, expected):
    assert offered([CPR], house({1: free}, grid=grid)) == expected


def test_a_grid_is_counted_from_the_opening_not_from_what_is_left_of_it():
    table = house({1: "9:00-10:00"}, grid=Grid(3), earliest=at("09:05"))
    (row,) = table.counters
    taken = CounterDays(1, row.open, ticks("9:00-9:10"), row.grid)
    assert offered([CPR], Timetable(table.horizon, (taken,), at("09:05"))) == ["09:15", "09:30"]


@pytest.mark.parametrize("day", [LEAP_FORWARD, FALL_BACK])
def test_a_grid_from_the_hour_holds_when_the_clock_changes(day):
    table = house({1: "8:10-9:10"}, grid=Grid(6, Since.HOUR), first=day)
    assert offered([CPR], table, day) == ["08:30"]


@pytest.mark.parametrize("make", [lambda: Grid(0), lambda: Grid(5, Since.HOUR), lambda: Grid(24, Since.HOUR)])
def test_a_grid_that_makes_no_sense_is_refused(make):
    with pytest.raises(ValueError):
        make()


# --- the nights the clock changes


def night(day, first, last):
    """A counter open all night; instants in UTC."""
    frame = DayFrame(day, COPENHAGEN)
    horizon = Horizon(day, 1, COPENHAGEN)
    open_ = horizon.join({day: mask([(first, last)], frame)})
    return Timetable(horizon, (CounterDays(1, open_),), LONG_AGO)


def test_both_half_past_twos_are_offered_and_booked_apart():
    table = night(
        FALL_BACK, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 35, tzinfo=UTC)
    )
    chain = [Need("cpr", 1, (1,))]
    at_half_past_two = [i for i in itineraries(chain, FALL_BACK, table) if told(i) == "cpr@1 02:30"]
    assert [found.steps[0].starts_at.hour for found in at_half_past_two] == [0, 1]
    first, second = at_half_past_two
    assert first.steps[0].start_tick + 12 == second.steps[0].start_tick
    taken = CounterDays(1, table.counters[0].open, full=1 << 30)
    after = Timetable(table.horizon, (taken,), LONG_AGO)
    assert not may_book(chain, first, after)
    assert may_book(chain, second, after)


@pytest.mark.parametrize("day", [LEAP_FORWARD, date(2027, 3, 28)])
def test_a_time_that_does_not_exist_is_not_offered_and_the_hours_around_it_touch(day):
    table = night(day, datetime.combine(day, time(0), UTC), datetime.combine(day, time(2), UTC))
    shown = [told(found) for found in itineraries([Need("cpr", 6, (1,))], day, table)]
    assert shown[0] == "cpr@1 01:00"
    assert "cpr@1 01:45" in shown
    assert "cpr@1 03:00" in shown
    assert not any("02:" in line for line in shown)
