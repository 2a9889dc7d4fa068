"""Seats, pure: numbers for a group, and what happens above a lowered capacity."""

from hypothesis import given
from hypothesis import strategies as st

from house.events.seats import claim, left, moves

numbers = st.frozensets(st.integers(1, 30), max_size=30)
capacities = st.integers(1, 30)


def test_a_group_gets_the_lowest_free_numbers() -> None:
    assert claim({1, 3, 4}, 10, 3) == (2, 5, 6)


def test_a_group_that_does_not_fit_gets_nothing() -> None:
    assert claim({1, 2}, 4, 3) == ()
    assert claim({1, 2}, 4, 2) == (3, 4)


def test_nobody_is_no_group() -> None:
    assert claim(set(), 4, 0) == ()


def test_while_somebody_sits_above_a_lowered_capacity_nothing_is_claimed() -> None:
    assert claim({1, 9}, 5, 1) == ()
    assert left({1, 9}, 5) == 0


def test_a_freed_low_number_is_filled_from_the_top() -> None:
    assert moves({1, 3, 4, 5, 6, 7}, 5) == [(7, 2)]


def test_nobody_moves_while_everybody_sits_within_the_capacity() -> None:
    assert moves({1, 5}, 5) == []


@given(numbers, capacities, st.integers(0, 31))
def test_who_gets_a_number_takes_no_elses_and_none_above_the_capacity(
    taken: frozenset[int], capacity: int, wanted: int
) -> None:
    got = claim(taken, capacity, wanted)
    assert len(got) in (0, wanted)
    assert not set(got) & taken
    assert all(1 <= number <= capacity for number in got)
    assert bool(got) == (0 < wanted <= left(taken, capacity))


@given(numbers, capacities)
def test_after_the_moves_nobody_is_lost_and_no_hole_stays_while_somebody_sits_above(
    taken: frozenset[int], capacity: int
) -> None:
    seated = set(taken)
    for number, lower in moves(taken, capacity):
        assert number > capacity >= lower
        seated.remove(number)
        assert lower not in seated
        seated.add(lower)
    assert len(seated) == len(taken)
    above = {number for number in seated if number > capacity}
    assert not above or set(range(1, capacity + 1)) <= seated
