"""The waiting room played through: the quick way of two lines a counter gives what the plain rule gives."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from random import Random

from hypothesis import given
from hypothesis import strategies as some

from house.intake.estimating import Guest, Open, place
from house.intake.playing import lines, play

SERVICES = ("cpr", "tax", "job")
guests_ = some.lists(
    some.builds(
        Guest,
        step=some.just(0),
        service=some.sampled_from(SERVICES),
        language=some.sampled_from(("en", "pl")),
        arrived=some.integers(-200, 0).map(float),
        planned=some.none() | some.integers(-200, 60).map(float),
        priority=some.integers(0, 2),
        ticket=some.integers(1, 5),
        sent_to=some.none() | some.integers(0, 2),
    )
    | some.integers(1, 90).map(float).map(lambda at: Guest(0, "cpr", "en", at, at)),
    max_size=14,
)
counters_ = some.lists(
    some.tuples(some.sets(some.sampled_from(SERVICES), min_size=1), some.booleans(), some.integers(0, 40)),
    max_size=3,
)


def plainly(guests: Sequence[Guest], counters: Sequence[Open], stays: Sequence[float]) -> dict[int, float]:
    """The rule word for word: of all who are here and whom the counter serves, the least by the key."""
    left = dict(enumerate(guests))
    free = [(counter.opens_in, number) for number, counter in enumerate(counters)]
    heapify(free)
    found: dict[int, float] = {}
    while free and left:
        now, number = heappop(free)
        counter = counters[number]
        mine = [one for one, guest in left.items() if counter.serves(guest)]
        here = [one for one in mine if guests[one].arrived <= now]
        if here:
            one = min(here, key=lambda one: place(guests[one], counter.languages, now))
            del left[one]
            found[one] = now - max(guests[one].arrived, 0.0)
            heappush(free, (now + stays[one], number))
        elif mine:
            heappush(free, (min(guests[one].arrived for one in mine), number))
    return found


@given(guests_, counters_, some.integers(0, 1000))
def test_two_lines_a_counter_call_as_the_rule_does(
    people: list[Guest], desks: list[tuple[set[str], bool, int]], seed: int
) -> None:
    guests = [Guest(**{**vars(guest), "step": number}) for number, guest in enumerate(people)]
    counters = [
        Open(frozenset(gives), frozenset({"pl"} if polish else {"en"}), opens_in=float(opens), counter=number)
        for number, (gives, polish, opens) in enumerate(desks)
    ]
    stays = [Random(seed + number).uniform(1, 60) for number in range(len(guests))]
    mine = [
        lines(
            guests,
            [number for number, guest in enumerate(guests) if counter.serves(guest)],
            lambda one, now, counter=counter: place(guests[one], counter.languages, now),  # type: ignore[misc]
        )
        for counter in counters
    ]
    for _again in range(2):  # the lines are used for every run
        found = play(
            [guest.arrived for guest in guests], bytearray(b"\1" * len(guests)), mine,
            [counter.opens_in for counter in counters], lambda one: stays[one],
        )  # fmt: skip
        assert found == plainly(guests, counters, stays)
