"""What can be offered and booked: counters, chains, orders, grids and the nights the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from house.intake.daymap import DayFrame, bits, erode, full_from_ticks, mask, tick_begins, utc_tick
from house.intake.slots import (
    CounterDays,
    Grid,
    Horizon,
    Itinerary,
    Need,
    Since,
    StepTime,
    Timetable,
    itineraries,
    itinerary_at,
    may_book,
    orders,
    pack,
    starts,
    ticks_for,
    unpack,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
LEAP_FORWARD, FALL_BACK = date(2026, 3, 29), date(2026, 10, 25)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
IN_ORDER, ANY_ORDER = None, ()


def at(clock, day=MONDAY, fold=0):
    return datetime.combine(day, time.fromisoformat(clock), COPENHAGEN).replace(fold=fold)


def ticks(text, day=MONDAY):
    """`"9:00-9:30 10:00-10:15"` as a bitmap of the day."""
    frame = DayFrame(day, COPENHAGEN)
    spans = (
        (at(a.zfill(5), day), at(b.zfill(5), day)) for a, b in (pair.split("-") for pair in text.split())
    )
    return mask(spans, frame)


def house(counters, *, earliest=LONG_AGO, grid=None, first=MONDAY, days=1):
    """Counters by number: what is free on Monday as text, or by day as a dict."""
    horizon = Horizon(first, days, COPENHAGEN)
    rows = []
    for number, free in counters.items():
        by_day = free if isinstance(free, dict) else {first: free}
        open_ = horizon.join({day: ticks(text, day) for day, text in by_day.items()})
        rows.append(CounterDays(number, open_, grid=grid or Grid()))
    return Timetable(horizon, tuple(rows), earliest)


def clock(tick, day=MONDAY):
    return f"{DayFrame(day, COPENHAGEN).instant_of(tick).astimezone(COPENHAGEN):%H:%M}"


def offered(chain, timetable, day=MONDAY, **how):
    return [clock(tick, day) for tick in bits(starts(chain, timetable, **how)[day])]


def told(itinerary):
    """`"cpr@1 09:00, tax@2 09:20"`."""
    return ", ".join(
        f"{step.service}@{step.counter} {step.starts_at.astimezone(COPENHAGEN):%H:%M}"
        for step in itinerary.steps
    )


def best(chain, timetable, day=MONDAY, **how):
    return [told(found) for found in itineraries(chain, day, timetable, **how)]


# --- a day as an integer


@pytest.mark.parametrize(
    ("day", "n"), [(MONDAY, 288), (LEAP_FORWARD, 276), (FALL_BACK, 300), (date(2027, 3, 28), 276)]
)
def test_a_day_has_a_bit_for_each_five_minutes_that_pass(day, n):
    frame = DayFrame(day, COPENHAGEN)
    assert frame.n == n
    assert frame.instant_of(0) == at("00:00", day)
    assert frame.instant_of(n) == at("00:00", day + timedelta(days=1))
    assert frame.first == int(at("00:00", day).timestamp()) // 300


def test_the_two_half_past_twos_are_two_ticks():
    frame = DayFrame(FALL_BACK, COPENHAGEN)
    first, second = at("02:30", FALL_BACK), at("02:30", FALL_BACK, fold=1)
    assert first == second, "Python takes them for the same"
    assert (frame.tick_of(first), frame.tick_of(second)) == (30, 42)
    assert frame.instant_of(30) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert frame.instant_of(42) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_after_the_leap_a_tick_is_an_hour_ahead_of_the_wall_clock():
    assert DayFrame(LEAP_FORWARD, COPENHAGEN).tick_of(at("08:00", LEAP_FORWARD)) == 7 * 12


def test_a_midnight_the_clock_leaps_over_begins_the_day_at_the_leap():
    frame = DayFrame(date(2022, 3, 27), ZoneInfo("Asia/Beirut"))
    assert (frame.instant_of(0), frame.n) == (datetime(2022, 3, 26, 22, tzinfo=UTC), 276)


def test_a_leap_that_begins_before_midnight_takes_the_first_minutes_of_the_day():
    toronto = ZoneInfo("America/Toronto")  # 1919-03-30 23:30 became 00:30
    frames = DayFrame(date(1919, 3, 30), toronto), DayFrame(date(1919, 3, 31), toronto)
    assert f"{frames[1].instant_of(0).astimezone(toronto):%d %H:%M}" == "31 00:30"
    assert [frame.n for frame in frames] == [288 - 6, 288 - 6]


def test_a_tick_is_counted_from_the_epoch_and_back():
    moment = datetime(2026, 9, 7, 6, 33, 21, tzinfo=UTC)
    assert utc_tick(moment) == int(moment.timestamp()) // 300
    assert tick_begins(utc_tick(moment)) == datetime(2026, 9, 7, 6, 30, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        utc_tick(datetime(2026, 9, 7))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("09:00", "09:10", ["09:00", "09:05"]),
        ("09:02", "09:13", ["09:05"]),
        ("09:01", "09:04", []),
        ("09:00", "09:00", []),
    ],
)
def test_only_ticks_wholly_inside_a_span_are_open(start, end, expected):
    found = mask([(at(start), at(end))], DayFrame(MONDAY, COPENHAGEN))
    assert [clock(tick) for tick in bits(found)] == expected


def test_a_span_is_cut_at_the_ends_of_the_day():
    frame = DayFrame(MONDAY, COPENHAGEN)
    assert mask([(at("00:00") - timedelta(days=3), at("00:00") + timedelta(days=3))], frame) == (1 << 288) - 1


def test_a_tick_is_full_when_every_lane_is_taken():
    frame = DayFrame(MONDAY, COPENHAGEN)
    rows = [frame.first + tick for tick in (5, 5, 6, 7, 7, 7, -1, -1, 288, 288)]
    assert list(bits(full_from_ticks(rows, frame, capacity=2))) == [5, 7]
    assert list(bits(full_from_ticks(rows, frame))) == [5, 6, 7]


@pytest.mark.parametrize(("n", "size"), [(276, 35), (288, 36), (300, 38)])
def test_a_packed_day_comes_back_the_same(n, size):
    bitmap = 1 << n - 1 | 0b101
    assert len(pack(bitmap, n)) == size
    assert unpack(pack(bitmap, n)) == bitmap
    assert unpack(b"") == 0


@pytest.mark.parametrize("bitmap", [1 << 288, -1])
def test_what_does_not_fit_into_the_day_is_not_packed(bitmap):
    with pytest.raises(ValueError):
        pack(bitmap, 288)


def test_a_step_of_no_ticks_is_refused():
    with pytest.raises(ValueError):
        erode(0b1, 0)
    with pytest.raises(ValueError):
        Need("cpr", 0, (1,))


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ({"first": 20}, 4),
        ({"first": 18}, 4),
        ({"first": 20, "further": 8, "people": 4}, 9),
        ({"first": 18, "further": 18, "people": 4}, 15),
        ({"first": 18, "buffer": 5}, 5),
        ({"first": 18, "buffer": 3}, 5),
    ],
)
def test_a_party_takes_the_first_person_and_each_further_one_rounded_up_and_a_buffer(minutes, expected):
    assert ticks_for(**minutes) == expected


# --- one appointment


CPR = Need("cpr", 4, (1, 2))


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


# --- a visit that passes several counters


SIRI, TAX = Need("siri", 3, (3,)), Need("tax", 2, (4,))


@pytest.mark.parametrize(
    ("counters", "max_gap", "expected"),
    [
        pytest.param({3: "9:00-9:15", 1: "9:15-9:35"}, 0, ["09:00"], id="one after the other"),
        pytest.param({3: "9:00-9:15", 1: "9:20-9:40"}, 0, [], id="no wait allowed"),
        pytest.param({3: "9:00-9:15", 1: "9:20-9:40"}, 1, ["09:00"], id="a wait as long as allowed"),
        pytest.param({3: "9:00-9:15", 1: "9:25-9:45"}, 1, [], id="too long a wait"),
        pytest.param({3: "9:00-9:15", 1: "9:10-9:30"}, 9, [], id="not at two counters at once"),
        pytest.param({3: "9:15-9:30", 1: "9:00-9:20"}, 9, [], id="not in the other order"),
        pytest.param({3: "9:00-9:15"}, 9, [], id="the second step cannot be had"),
    ],
)
def test_a_chain_is_offered_where_each_step_follows_in_time(counters, max_gap, expected):
    assert offered([SIRI, CPR], house(counters), max_gap=max_gap) == expected


def test_the_longest_wait_holds_between_every_two_steps():
    table = house({3: "9:00-9:15", 1: "9:25-9:45", 4: "9:55-10:05"})
    assert offered([SIRI, CPR, TAX], table, max_gap=2) == ["09:00"]
    assert offered([SIRI, CPR, TAX], table, max_gap=1) == []


def test_two_services_may_follow_each_other_at_one_counter():
    chain = [Need("siri", 3, (1,)), Need("cpr", 4, (1,))]
    assert best(chain, house({1: "9:00-9:35"})) == ["siri@1 09:00, cpr@1 09:15"]


def test_a_visit_does_not_wait_over_night():
    table = house({3: {MONDAY: "23:00-23:59"}, 1: {TUESDAY: "0:00-1:00"}}, days=2)
    assert not any(starts([SIRI, CPR], table, max_gap=83).values())


@pytest.mark.parametrize("max_gap", [-1, 84])
def test_a_wait_that_could_reach_the_next_day_is_refused(max_gap):
    with pytest.raises(ValueError):
        starts([SIRI, CPR], house({}), max_gap=max_gap)


def test_a_chain_of_nothing_or_with_a_service_twice_is_refused():
    with pytest.raises(ValueError):
        starts([], house({}))
    with pytest.raises(ValueError):
        starts([CPR, CPR], house({}))


def test_each_start_has_one_itinerary_earliest_first():
    table = house({3: "9:00-9:20", 1: "9:15-9:40"})
    assert best([SIRI, CPR], table, max_gap=2) == ["siri@3 09:00, cpr@1 09:15", "siri@3 09:05, cpr@1 09:20"]
    assert best([SIRI, CPR], table, max_gap=2, limit=1) == ["siri@3 09:00, cpr@1 09:15"]
    assert best([SIRI, CPR], table, max_gap=2, limit=0) == []


def test_the_least_waiting_wins_over_the_better_language():
    chain = [SIRI, Need("cpr", 4, (1, 2), ranks=(0, 1))]
    table = house({3: "9:00-9:15", 1: "9:20-9:40", 2: "9:15-9:35"})
    assert best(chain, table, max_gap=3) == ["siri@3 09:00, cpr@2 09:15"]


def test_the_better_language_wins_where_the_wait_is_the_same():
    table = house({1: "9:00-9:20", 2: "9:00-9:20"})
    assert best([Need("cpr", 4, (1, 2), ranks=(1, 0))], table) == ["cpr@2 09:00"]
    assert best([Need("cpr", 4, (1, 2), ranks=(0, 1))], table) == ["cpr@1 09:00"]


def test_of_counters_that_suit_alike_the_first_named_is_taken():
    table = house({1: "9:00-9:20", 2: "9:00-9:20"})
    assert best([Need("cpr", 4, (2, 1))], table) == ["cpr@2 09:00"]


def test_a_short_wait_now_is_not_bought_with_a_long_one_later():
    chain = [SIRI, Need("cpr", 4, (1,)), Need("tax", 2, (4,))]
    table = house({3: "9:00-9:15", 1: "9:15-10:00", 4: "9:50-10:00"})
    (found,) = itineraries(chain, MONDAY, table, max_gap=6)
    assert told(found) == "siri@3 09:00, cpr@1 09:15, tax@4 09:50"
    assert found.waiting == 3


def test_a_little_later_in_the_better_language_is_taken_when_the_visit_ends_no_later():
    chain = [SIRI, Need("cpr", 4, (1, 2), ranks=(1, 0)), TAX]
    table = house({3: "9:00-9:15", 1: "9:15-9:35", 2: "9:20-9:40", 4: "9:40-9:50"})
    assert best(chain, table, max_gap=1) == ["siri@3 09:00, cpr@2 09:20, tax@4 09:40"]


def test_a_first_wait_is_taken_when_the_whole_visit_waits_less():
    table = house({3: "9:00-9:15", 1: "9:15-9:50", 4: "9:20-9:30 9:55-10:05"})
    found = best([SIRI, CPR, TAX], table, max_gap=4, before={("siri", "cpr"), ("siri", "tax")})
    assert found == ["siri@3 09:00, tax@4 09:20, cpr@1 09:30"]


def test_a_need_must_rank_all_its_counters_or_none():
    with pytest.raises(ValueError):
        Need("cpr", 4, (1, 2), ranks=(0,))


# --- free order


def services(found):
    return ["".join(str(need.service) for need in order) for order in found]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param((), ["abc", "acb", "bac", "bca", "cab", "cba"], id="any order"),
        pytest.param({("a", "b")}, ["abc", "acb", "cab"], id="one before another"),
        pytest.param({("a", "b"), ("b", "c")}, ["abc"], id="a line"),
        pytest.param({("c", "a"), ("c", "b")}, ["cab", "cba"], id="one first"),
        pytest.param(
            {("a", "x"), ("x", "c")}, ["abc", "acb", "bac"], id="through one that is not in the chain"
        ),
        pytest.param(
            {("x", "a"), ("c", "y")}, ["abc", "acb", "bac", "bca", "cab", "cba"], id="others do no harm"
        ),
        pytest.param({("a", "b"), ("b", "a")}, [], id="a circle"),
        pytest.param(None, ["abc"], id="as given"),
    ],
)
def test_the_orders_a_chain_may_be_passed_in(before, expected):
    assert services(orders([Need(name, 1, (1,)) for name in "abc"], before)) == expected


def test_a_free_order_is_offered_where_any_order_is():
    table = house({3: "9:20-9:35", 1: "9:00-9:20"})
    assert offered([SIRI, CPR], table, before=IN_ORDER) == []
    assert offered([SIRI, CPR], table, before=ANY_ORDER) == ["09:00"]
    assert best([SIRI, CPR], table, before=ANY_ORDER) == ["cpr@1 09:00, siri@3 09:20"]
    assert offered([SIRI, CPR], table, before={("siri", "cpr")}) == []


def test_of_two_orders_that_are_as_good_the_given_one_is_taken():
    table = house({1: "9:00-9:30"})
    chain = [Need("a", 3, (1,)), Need("b", 3, (1,))]
    assert best(chain, table, before=ANY_ORDER) == ["a@1 09:00, b@1 09:15"]


def test_a_circle_of_prerequisites_holds_up_those_in_it_but_not_one_alone():
    table = house({1: "9:00-9:30"})
    chain = [Need("a", 3, (1,)), Need("b", 3, (1,))]
    circle = {("a", "b"), ("b", "a")}
    assert offered(chain, table, before=circle) == []
    assert offered(chain[:1], table, before=circle) == ["09:00", "09:05", "09:10", "09:15"]


# --- may this be booked?


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
