"""One run of the waiting room: a counter that becomes free takes its next one, as the queue's rule says.

Minutes from now. Runs are many and somebody waits for them, so nobody is sorted twice: each counter's people
stand in lines in which the order never changes, and only the heads of the lines are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import inf
from typing import NamedTuple, Protocol

Key = tuple[int, int, float, bool, int, int]
Place = Callable[[int, float], Key]
"""The queue's key of somebody, by number, at a minute."""


class Person(Protocol):
    """Who waits or is to come; `planned` is None without a booking."""

    @property
    def arrived(self) -> float: ...
    @property
    def planned(self) -> float | None: ...
    @property
    def priority(self) -> int: ...


class Line(NamedTuple):
    """People by number, whoever is called first ahead; `steady` when they also arrive in that order."""

    people: list[int]
    steady: bool


@dataclass
class Lines:
    """Whom one counter can take: the lines of each priority, the highest first."""

    levels: list[list[Line]]
    place: Place
    heads: list[list[int]] = field(default_factory=list)

    def begin(self) -> None:
        """Everybody stands in line again."""
        self.heads = [[0] * len(level) for level in self.levels]


def lines(people: Sequence[Person], mine: Sequence[int], place: Place) -> Lines:
    """The lines of one counter: who has no booking, who is here with one, who is still to come."""
    levels: dict[int, list[list[int]]] = {}
    # Long ago nobody's time had come, so that the key of then is the order within a line at any time.
    for one in sorted(mine, key=lambda one: place(one, -inf)):
        person = people[one]
        which = 0 if person.planned is None else 1 + (person.arrived > 0)
        levels.setdefault(person.priority, [[], [], []])[which].append(one)
    return Lines(
        [[_line(people, line) for line in levels[one] if line] for one in sorted(levels, reverse=True)], place
    )


def _line(people: Sequence[Person], line: list[int]) -> Line:
    arrivals = (people[one].arrived for one in line)
    return Line(line, all(first <= second for first, second in pairwise(arrivals)))


def play(
    arrived: Sequence[float], there: bytearray, counters: Sequence[Lines], free_in: Sequence[float],
    takes: Callable[[int], float],
) -> dict[int, float]:  # fmt: skip
    """How long everybody waited, by number: from now, or from the arrival still to come.

    `there` marks who comes in this run, and is used up; `takes` tells how long somebody will stay.
    """
    free = [(minutes, number) for number, minutes in enumerate(free_in)]
    heapify(free)
    for counter in counters:
        counter.begin()
    found: dict[int, float] = {}
    while free:
        now, number = heappop(free)
        one, later = _next(counters[number], arrived, there, now)
        if one is None:
            if later < inf:
                heappush(free, (later, number))
            continue
        there[one] = 0
        found[one] = now - max(arrived[one], 0.0)
        heappush(free, (now + takes(one), number))
    return found


def _next(counter: Lines, arrived: Sequence[float], there: bytearray, now: float) -> tuple[int | None, float]:
    """Whom a counter takes now; with nobody, when the next one arrives whom it could take.

    The heads of all levels are compared: who waits very long goes before those of a higher priority.
    """
    best, later = [], inf
    for level, heads in zip(counter.levels, counter.heads, strict=True):
        for which, (line, steady) in enumerate(level):
            head, end = heads[which], len(line)
            while head < end and not there[line[head]]:
                head += 1
            heads[which] = head
            for one in line[head:] if not steady else line[head : head + 1]:
                if there[one]:
                    if arrived[one] <= now:
                        best.append(one)
                        break
                    later = min(later, arrived[one])
    if len(best) < 2:
        return (best[0] if best else None), later
    return min(best, key=lambda one: counter.place(one, now)), later
