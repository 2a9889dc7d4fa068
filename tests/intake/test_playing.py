"""The waiting room played through: the quick way of a few lines a counter gives what the plain rule gives."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from math import inf
from random import Random

from hypothesis import example, given
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
        since=some.none() | some.integers(-200, 0).map(float),
        sent_to=some.none() | some.integers(0, 2),
        sent_until=some.integers(0, 90).map(float) | some.just(inf),
    )
    | some.integers(1, 90).map(float).map(lambda at: Guest(0, "cpr", "en", at, at)),
    max_size=14,
)
long_ = some.lists(
    some.builds(
        lambda arrived, later, planned, priority: Guest(
            0, "cpr", "en", arrived, planned and planned + arrived, priority, since=min(arrived + later, 0.0)
        ),
        some.integers(-200, 0).map(float),
        some.just(0.0) | some.integers(0, 200).map(float),
        some.none() | some.integers(-200, 90).map(float),
        some.integers(0, 1),
    ),
    min_size=2,
    max_size=14,
)
"""A house in which people wait for hours: who came late, or was elsewhere before, is overtaken."""
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
        gives = counter.services
        mine = {one: _from(guest, counter) for one, guest in left.items() if guest.service in gives}
        here = [one for one, minute in mine.items() if minute <= now]
        if here:
            one = min(here, key=lambda one: place(guests[one], counter.languages, now))
            del left[one]
            found[one] = now - max(guests[one].arrived, 0.0)
            heappush(free, (now + stays[one], number))
        elif min(mine.values(), default=inf) < inf:
            heappush(free, (min(mine.values()), number))
    return found


def _from(guest: Guest, counter: Open) -> float:
    """Somebody sent to another counter is called here when that is over."""
    if guest.sent_to is None or guest.sent_to == counter.counter:
        return guest.arrived
    return max(guest.sent_until, guest.arrived)


SENT = Guest(0, "cpr", "en", -9, sent_to=1, sent_until=9.0)


@example([SENT, Guest(0, "cpr", "en", -5)], [0.0])
@example([Guest(0, "cpr", "en", -9, since=-1), Guest(0, "cpr", "en", -5)], [117.0])
@given(guests_ | long_, some.lists(some.integers(0, 200).map(float), min_size=1, max_size=8))
def test_nobody_overtakes_within_a_line(people: list[Guest], minutes: list[float]) -> None:
    def key(one: int, now: float) -> tuple[int, int, float, bool, int, int]:
        return place(people[one], frozenset(), now)

    calls_from = [Open(frozenset(SERVICES), frozenset(), counter=0).calls_from(guest) for guest in people]
    found = lines(people, calls_from, key).lines
    assert sorted(one for line in found for one in line) == [n for n, at in enumerate(calls_from) if at < inf]
    for line in found:
        there = [max(calls_from[one], 0) for one in line]
        assert there == sorted(there), "who is behind is there no earlier"
    for now in minutes:
        for line in found:
            assert sorted(line, key=lambda one: key(one, now)) == line


def test_one_line_is_enough_for_those_who_came_one_after_the_other() -> None:
    people = [Guest(n, "cpr", "en", -n, ticket=n) for n in range(9)]
    mine = [guest.arrived for guest in people]
    assert len(lines(people, mine, lambda one, now: place(people[one], frozenset(), now)).lines) == 1


@given(guests_ | long_, counters_, some.integers(0, 1000))
def test_the_lines_of_a_counter_call_as_the_rule_does(
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
            [counter.calls_from(guest) for guest in guests],
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
