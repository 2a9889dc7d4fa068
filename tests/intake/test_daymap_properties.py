"""The arithmetic on a day's bitmap against loops over every tick, also where the clock changes."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from house.intake.daymap import DayFrame, bits, erode, full_from_ticks, has, marks, reach_back
from house.intake.slots import pack, unpack
from tests.intake.trying_everything import COPENHAGEN, NIGHTS, since_opening

bitmaps = st.integers(0, (1 << 80) - 1)


@given(bitmaps, st.integers(1, 90))
def test_eroding_leaves_the_starts_of_runs_that_are_long_enough(free, k):
    assert set(bits(erode(free, k))) == {t for t in range(80) if all(has(free, t + n) for n in range(k))}


@given(bitmaps, st.integers(0, 90))
def test_reaching_back_finds_every_tick_from_which_one_is_near(bitmap, gap):
    assert set(bits(reach_back(bitmap, gap))) == {
        t for t in range(80) if any(has(bitmap, t + n) for n in range(gap + 1))
    }


@given(bitmaps, st.integers(1, 30))
def test_marks_stand_every_so_many_ticks_of_a_run(open_, every):
    assert set(bits(marks(open_, every))) == {
        t for t in bits(open_) if since_opening(t, set(bits(open_))) % every == 0
    }


@given(st.sampled_from([*NIGHTS, date(2026, 9, 7)]), st.data())
def test_packing_and_counting_lanes_lose_nothing(day, data):
    frame = DayFrame(day, COPENHAGEN)
    full = data.draw(st.sets(st.integers(0, frame.n - 1), max_size=20))
    rows = [frame.first + tick for tick in full for _ in range(2)] + [frame.first + 3]
    bitmap = full_from_ticks(rows, frame, capacity=2)
    assert set(bits(bitmap)) == full
    assert unpack(pack(bitmap, frame.n)) == bitmap


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_days_follow_each_other_without_a_gap_and_each_tick_comes_back(day):
    frame, following = DayFrame(day, COPENHAGEN), DayFrame(day + timedelta(days=1), COPENHAGEN)
    assert frame.first + frame.n == following.first
    assert all(frame.tick_of(frame.instant_of(tick)) == tick for tick in range(frame.n))
    locals_ = {frame.instant_of(tick).astimezone(COPENHAGEN).date() for tick in range(frame.n)}
    assert locals_ == {day}
