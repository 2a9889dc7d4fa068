"""The waiting estimate: the same order as the queue, honest ranges, and a back-test on half a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bench.estimate import measure
from house.intake import estimating
from house.intake.estimating import (
    CAUTIOUS,
    FEWEST,
    Guest,
    Open,
    Range,
    expected,
    median,
    place,
    ratio,
)
from house.intake.queue import Desk, Waiting, in_order

NOW = datetime(2027, 1, 13, 10, tzinfo=UTC)
TIMES = {"cpr": [10.0, 12.0, 20.0], "tax": [5.0, 6.0]}
CPR = Open(frozenset({"cpr"}), frozenset({"en"}))


def waits(
    guests: Sequence[Guest],
    counters: Sequence[Open],
    times: dict[str, list[float]],
    seed: int = 0,
    runs: int = 60,
) -> dict[int, list[float]]:
    return estimating.waits(guests, counters, times, Random(seed), runs)


def guest(step: int, arrived: float = -1, **more: object) -> Guest:
    return Guest(step, "cpr", "en", arrived, ticket=step, **more)  # type: ignore[arg-type]


@given(
    some.lists(
        some.tuples(
            some.integers(-200, 0), some.none() | some.integers(-200, 60), some.sampled_from(("en", "pl")),
            some.integers(0, 1), some.just(0) | some.integers(0, 200),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_the_order_is_that_of_the_queue(people: list[tuple[int, int | None, str, int, int]]) -> None:
    waiting, guests = [], []
    for number, (arrived, planned, language, priority, later) in enumerate(people):
        at = None if planned is None else NOW + timedelta(minutes=planned)
        since = min(arrived + later, 0)
        came, began = NOW + timedelta(minutes=arrived), NOW + timedelta(minutes=since)
        waiting.append(Waiting(number, number, came, began, at, "", language, "cpr", priority))
        told = since if later else None
        guests.append(Guest(number, "cpr", language, arrived, planned, priority, number, since=told))
    desk = Desk(frozenset({"cpr"}), frozenset({"en"}))
    ours = sorted(guests, key=lambda one: place(one, desk.languages, 0))
    assert [one.step for one in ours] == [one.step_id for one in in_order(waiting, desk, NOW)]


def test_an_empty_counter_takes_the_next_one_at_once() -> None:
    assert set(waits([guest(1)], [CPR], TIMES)[1]) == {0.0}


def test_each_person_before_me_takes_a_measured_time() -> None:
    found = waits([guest(1, -3), guest(2, -2), guest(3, -1)], [CPR], TIMES)
    assert set(found[2]) <= set(TIMES["cpr"])
    assert min(found[3]) >= 20 and max(found[3]) <= 40
    assert median(found[2]) < median(found[3])


def test_a_second_counter_shortens_the_wait() -> None:
    three = [guest(1, -3), guest(2, -2), guest(3, -1)]
    assert median(waits(three, [CPR, CPR], TIMES)[3]) < median(waits(three, [CPR], TIMES)[3])


def test_whom_nobody_can_serve_is_told_nothing() -> None:
    found = waits([guest(1)], [Open(frozenset({"tax"}), frozenset())], TIMES)
    assert found == {}
    assert waits([guest(1)], [], TIMES) == {}


def test_somebody_at_the_counter_stays_as_long_as_others_who_stayed_so_long() -> None:
    def busy(since: float) -> Open:
        return Open(CPR.services, CPR.languages, "cpr", since)

    assert set(waits([guest(1)], [busy(11)], TIMES)[1]) == {1.0, 9.0}
    assert set(waits([guest(1)], [busy(500)], TIMES)[1]) == {2.0}


def test_a_counter_in_a_break_is_waited_for() -> None:
    found = waits([guest(1)], [Open(CPR.services, CPR.languages, opens_in=15)], TIMES)
    assert set(found[1]) == {15.0}


def test_a_booking_to_come_is_before_me_when_its_time_has_come_and_she_comes() -> None:
    me = guest(9, -1)
    surely = waits([me, guest(1, 0, planned=-1)], [CPR], TIMES)[9]
    perhaps = waits([me, guest(1, 0, planned=-1, comes=0.5)], [CPR], TIMES, runs=200)[9]
    assert min(surely) >= 10
    assert 0.0 in perhaps and 10.0 in perhaps


def test_who_was_sent_to_one_counter_is_called_by_another_when_that_is_over() -> None:
    long = {**TIMES, "tax": [500.0]}
    busy = Open(frozenset({"cpr", "tax"}), CPR.languages, "tax", 0, counter=1)
    free = Open(CPR.services, CPR.languages, counter=2)
    mine, until = guest(1, sent_to=1), guest(1, sent_to=1, sent_until=10.0)
    assert set(waits([mine], [busy, free], long)[1]) == {500.0}
    assert set(waits([until], [busy, free], long)[1]) == {10.0}
    assert set(waits([until], [free], long)[1]) == {10.0}
    assert waits([mine], [free], long) == {}


def test_who_was_served_elsewhere_before_does_not_count_it_as_waiting() -> None:
    preferred = guest(2, -100, priority=1)
    assert set(waits([guest(1, -130), preferred], [CPR], TIMES)[1]) == {0.0}
    assert set(waits([guest(1, -130, since=-5.0), preferred], [CPR], TIMES)[2]) == {0.0}


def test_the_same_room_gives_the_same_answer_to_everybody_who_asks() -> None:
    room = [guest(n, -n, comes=0.8) for n in range(1, 8)]
    assert waits(room, [CPR], TIMES, seed=5) == waits(room, [CPR], TIMES, seed=5)
    assert waits(room, [CPR], TIMES, seed=5) != waits(room, [CPR], TIMES, seed=6)


@given(
    some.lists(some.floats(0, 300), min_size=1, max_size=40),
    some.lists(some.floats(0.05, 8), max_size=80),
)
def test_a_range_is_whole_minutes_never_negative_never_upside_down(
    waited: list[float], ratios: list[float]
) -> None:
    least, most = expected(sorted(waited), sorted(ratios))
    assert 0 <= least < most


def test_few_memories_make_a_cautious_range() -> None:
    cautious = expected([20.0], [1.0] * (FEWEST - 1))
    sure = expected([20.0], [1.0] * FEWEST)
    assert sure == Range(20, 21)
    assert cautious == Range(int(25 * CAUTIOUS[0] - 5), int(25 * CAUTIOUS[1] - 5))


def test_a_ratio_of_one_is_just_as_expected() -> None:
    assert ratio(12, 12) == ratio(0, 0) == 1
    assert ratio(0, 10) < 1 < ratio(10, 0)


@pytest.mark.parametrize("weeks", [pytest.param(26, marks=pytest.mark.full), 12])
def test_the_range_holds_for_four_in_five_and_is_narrower_than_a_fixed_average(weeks: int) -> None:
    """The days have drift, breaks, illness and no-shows that the estimator is not told of."""
    found = measure(weeks, runs=40 if weeks == 26 else 12)
    assert found["waits"] > 700
    assert found["holds"] >= 0.8, found
    assert found["width"] < 0.85 * found["fixed_width"], found
