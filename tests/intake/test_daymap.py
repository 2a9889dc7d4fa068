"""A day as an integer: ticks, spans, lanes, packing and the nights the clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from house.intake.daymap import DayFrame, bits, erode, full_from_ticks, mask, tick_begins, utc_tick
from house.intake.slots import Need, pack, ticks_for, unpack
from tests.intake.slots_by_hand import COPENHAGEN, FALL_BACK, LEAP_FORWARD, MONDAY, at, clock


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
