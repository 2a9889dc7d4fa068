"""One run of the waiting room: a counter that becomes free takes its next one, as the queue's rule says.

Minutes from now. Runs are many and somebody waits for them, so nobody is sorted twice: each counter's people
stand in lines in which the order never changes, and only the heads of the lines are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from math import inf
from typing import Protocol

Key = tuple[int, int, float, bool, int, int]
Place = Callable[[int, float], Key]
"""The queue's key of somebody, by number, at a minute."""


class Person(Protocol):
    """Who waits or is to come; `planned` is None without a booking. The wait counts from when it `begins`."""

    @property
    def planned(self) -> float | None: ...
    @property
    def priority(self) -> int: ...
    @property
    def begins(self) -> float: ...


@dataclass
class Lines:
    """Whom one counter can take, by number and in lines, and from which minute on everybody can be called."""

    lines: list[list[int]]
    calls_from: Sequence[float]
    place: Place
    heads: list[int] = field(default_factory=list)

    def begin(self) -> None:
        """Everybody stands in line again."""
        self.heads = [0] * len(self.lines)


def lines(people: Sequence[Person], calls_from: Sequence[float], place: Place) -> Lines:
    """The lines of one counter, as few as it takes.

    Within a line nobody overtakes: all have the same priority and a booking or none, and stand as the key
    orders them; who is behind can be called no earlier, and has waited very long no earlier.
    """
    mine = [one for one, minute in enumerate(calls_from) if minute < inf]
    found: dict[tuple[int, bool], list[list[int]]] = {}
    # Long ago nobody's time had come, so that the key of then is the order within a line at any time.
    for one in sorted(mine, key=lambda one: place(one, -inf)):
        person = people[one]
        several = found.setdefault((person.priority, person.planned is None), [])
        for line in several:
            last = line[-1]
            as_soon = max(calls_from[last], 0.0) <= max(calls_from[one], 0.0)
            if as_soon and people[last].begins <= person.begins:
                line.append(one)
                break
        else:
            several.append([one])
    return Lines([line for several in found.values() for line in several], calls_from, place)


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
        one, later = _next(counters[number], there, now)
        if one is None:
            if later < inf:
                heappush(free, (later, number))
            continue
        there[one] = 0
        found[one] = now - max(arrived[one], 0.0)
        heappush(free, (now + takes(one), number))
    return found


def _next(counter: Lines, there: bytearray, now: float) -> tuple[int | None, float]:
    """Whom a counter takes now; with nobody, when there is the next one whom it could take."""
    best, later = [], inf
    heads, calls_from = counter.heads, counter.calls_from
    for which, line in enumerate(counter.lines):
        head, end = heads[which], len(line)
        while head < end and not there[line[head]]:
            head += 1
        heads[which] = head
        if head < end:
            one = line[head]
            if calls_from[one] <= now:
                best.append(one)
            else:
                later = min(later, calls_from[one])
    if len(best) < 2:
        return (best[0] if best else None), later
    return min(best, key=lambda one: counter.place(one, now)), later
