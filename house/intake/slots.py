"""Which times can be offered, and may this one be booked? One search answers both: no list offers in vain.

The search goes backwards: a step can start where a counter is free long enough and the rest of the chain can
start after it within the longest wait. It works on the integers of `timetable.py`; needs, orders and
itineraries are in `chains.py`, a day's bitmaps in `daymap.py`. Who is called next that day is in `queue.py`.

Everywhere: `max_gap` is the longest wait between two steps in ticks, 0 to `LONGEST_WAIT`; `before` says which
services come before which as pairs, None for a chain passed in the order given, empty for any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import reduce
from operator import or_

from house.intake.chains import Before, Itinerary, Need, StepTime, held_by, orders, ticks_for
from house.intake.daymap import bits, erode, has, pack, reach_back, unpack
from house.intake.timetable import LONGEST_WAIT, CounterDays, Grid, Horizon, Since, Timetable

__all__ = [
    "CounterDays", "Grid", "Horizon", "Itinerary", "Need", "Since", "StepTime", "Timetable", "itineraries",
    "itinerary_at", "may_book", "orders", "pack", "starts", "ticks_for", "unpack",
]  # fmt: skip


def starts(
    chain: Sequence[Need], timetable: Timetable, *, max_gap: int = 0, before: Before = None
) -> dict[date, int]:
    """For each day of the horizon a bitmap of the ticks at which the whole chain can start; 0 where none."""
    search = _Search(chain, timetable, max_gap, before)
    return timetable.horizon.split(search.offer(search.everything))


def itineraries(
    chain: Sequence[Need],
    day: date,
    timetable: Timetable,
    *,
    max_gap: int = 0,
    before: Before = None,
    limit: int | None = None,
) -> list[Itinerary]:
    """The best itinerary for each start of a day, earliest first, at most `limit`; none outside the horizon.

    Best is the least waiting, then the lowest sum of ranks, then the order of the chain and of the counters.
    """
    if day not in timetable.horizon:
        return []
    search = _Search(chain, timetable.on(day), max_gap, before)
    found = list(bits(search.offer(search.everything)))[:limit]
    return [search.itinerary(start) for start in found]


def itinerary_at(
    chain: Sequence[Need], start_tick: int, timetable: Timetable, *, max_gap: int = 0, before: Before = None
) -> Itinerary | None:
    """The one that `itineraries` gives for a start (UTC tick); None when that start is not offered."""
    frame = timetable.horizon.frame_of(start_tick)
    if frame is None:
        return None
    search = _Search(chain, timetable.on(frame.day), max_gap, before)
    start = start_tick - frame.first
    return search.itinerary(start) if has(search.offer(search.everything), start) else None


def may_book(
    chain: Sequence[Need],
    itinerary: Itinerary,
    timetable: Timetable,
    *,
    max_gap: int = 0,
    before: Before = None,
) -> bool:
    """Whether the search allows this itinerary: the best of its start, or another that is less good."""
    frame = timetable.horizon.frame_of(itinerary.steps[0].start_tick) if itinerary.steps else None
    if frame is None or len(itinerary.steps) != len(chain):
        return False
    search = _Search(chain, timetable.on(frame.day), max_gap, before)
    number = {need.service: n for n, need in enumerate(chain)}
    left, window = search.everything, search.offer(search.everything)
    for step in itinerary.steps:
        n, start, end = number.get(step.service), step.start_tick - frame.first, step.end_tick - frame.first
        if n is None or n not in search.openers(left) or not has(window, start):
            return False
        if end - start != chain[n].ticks or not has(search.at[n].get(step.counter, 0), start):
            return False
        left, window = left ^ 1 << n, search.wait << end
    return True


_Way = tuple[int, int, tuple[tuple[int, int, int], ...]]
"""A way through the rest of a chain, the better one is less: ticks waited, sum of ranks, and for each step
the number of the need, its choice among the counters by preference, and the start."""


class _Search:
    """One search, remembering what it found for each rest of the chain (`left`, a bitmap of needs)."""

    def __init__(self, chain: Sequence[Need], timetable: Timetable, max_gap: int, before: Before) -> None:
        if not chain:
            raise ValueError("A chain has at least one step.")
        if not 0 <= max_gap <= LONGEST_WAIT:
            raise ValueError(f"The longest wait is 0 to {LONGEST_WAIT} ticks.")
        self.chain, self.horizon, self.max_gap = chain, timetable.horizon, max_gap
        self.held_by = held_by(chain, before)
        self.everything = (1 << len(chain)) - 1
        self.wait = (2 << max_gap) - 1
        self.at = [_starts_by_counter(need, timetable) for need in chain]
        self.anywhere = [reduce(or_, starts.values(), 0) for starts in self.at]
        self.offers: dict[int, int] = {}
        self.ways: dict[tuple[int, int], _Way] = {}

    def openers(self, left: int) -> list[int]:
        """The needs that may come first of those left."""
        return [n for n in bits(left) if not self.held_by[n] & left]

    def offer(self, left: int) -> int:
        """The ticks at which what is left can start, in any order that is allowed."""
        if left not in self.offers:
            offer = 0
            for n in self.openers(left):
                step, rest = self.anywhere[n], left ^ 1 << n
                if step and rest:
                    step &= reach_back(self.offer(rest), self.max_gap) >> self.chain[n].ticks
                offer |= step
            self.offers[left] = offer
        return self.offers[left]

    def way(self, left: int, start: int) -> _Way:
        """The best way through what is left from a tick that `offer(left)` holds."""
        if (left, start) not in self.ways:
            found = (way for n in self.openers(left) for way in self._ways_with(n, left, start))
            self.ways[left, start] = min(found)
        return self.ways[left, start]

    def _ways_with(self, n: int, left: int, start: int) -> Iterator[_Way]:
        """The ways that begin with need `n`: none where it cannot start, else among them the best."""
        choice = self._choice(n, start)
        if choice is None:
            return
        rest, end = left ^ 1 << n, start + self.chain[n].ticks
        step, rank = (n, choice, start), self.chain[n].by_preference[choice][0]
        if not rest:
            yield 0, rank, (step,)
            return
        shortest = self.max_gap
        for gap in bits(self.offer(rest) >> end & self.wait):
            if gap > shortest:
                break
            waited, ranks, path = self.way(rest, end + gap)
            shortest = min(shortest, gap + waited)
            yield gap + waited, rank + ranks, (step, *path)

    def _choice(self, n: int, start: int) -> int | None:
        """The most preferred counter at which a need can start."""
        for choice, (_, counter) in enumerate(self.chain[n].by_preference):
            if has(self.at[n].get(counter, 0), start):
                return choice
        return None

    def itinerary(self, start: int) -> Itinerary:
        """The best itinerary from a tick of the first day that `offer` holds."""
        first = self.horizon.frames[0].first
        steps = []
        for n, choice, begins in self.way(self.everything, start)[2]:
            need = self.chain[n]
            counter = need.by_preference[choice][1]
            steps.append(StepTime(need.service, counter, first + begins, first + begins + need.ticks))
        return Itinerary(tuple(steps))


def _starts_by_counter(need: Need, timetable: Timetable) -> dict[int, int]:
    """Where a need can start: free for as long as it takes, and on the counter's grid."""
    free, grid = timetable.free, timetable.on_grid
    return {
        counter: erode(free[counter], need.ticks) & grid[counter]
        for counter in need.counters
        if counter in free
    }
