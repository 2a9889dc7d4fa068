"""Which times can be offered, and may this one be booked? One search answers both: no list offers in vain.

The search goes backwards: a step can start where a counter is free long enough and the rest of the chain can
start after it within the longest wait. It works on the integers of `timetable.py`; needs, orders and
itineraries are in `chains.py`, a day's bitmaps in `daymap.py`. Who is called next that day is in `queue.py`.

Everywhere: `max_gap` is the longest wait between two steps in ticks, 0 to `LONGEST_WAIT`; `before` says which
services come before which as pairs, None for a chain passed in the order given, empty for any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from house.intake.chains import (
    ALWAYS,
    Before,
    Choice,
    Itinerary,
    Need,
    StepTime,
    held_by,
    orders,
    ticks_for,
)
from house.intake.daymap import bits, erode, has, pack, reach_back, unpack
from house.intake.timetable import LONGEST_WAIT, CounterDays, Grid, Horizon, Since, Timetable

__all__ = [
    "CounterDays", "Grid", "Horizon", "Itinerary", "Need", "Search", "Since", "StepTime", "Timetable",
    "itineraries", "itinerary_at", "may_book", "orders", "pack", "starts", "ticks_for", "unpack",
]  # fmt: skip


def starts(
    chain: Sequence[Need], timetable: Timetable, *, max_gap: int = 0, before: Before = None
) -> dict[date, int]:
    """For each day of the horizon a bitmap of the ticks at which the whole chain can start; 0 where none."""
    search = Search(chain, timetable, max_gap, before)
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
    search = Search(chain, timetable.on(day), max_gap, before)
    found = list(bits(search.offer(search.everything)))[:limit]
    return [search.itinerary(start) for start in found]


def itinerary_at(
    chain: Sequence[Need], start_tick: int, timetable: Timetable, *, max_gap: int = 0, before: Before = None
) -> Itinerary | None:
    """The one that `itineraries` gives for a start (UTC tick); None when that start is not offered."""
    frame = timetable.horizon.frame_of(start_tick)
    if frame is None:
        return None
    search = Search(chain, timetable.on(frame.day), max_gap, before)
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
    search = Search(chain, timetable.on(frame.day), max_gap, before)
    number = {need.service: n for n, need in enumerate(chain)}
    left, window = search.everything, search.offer(search.everything)
    for step in itinerary.steps:
        n, start, end = number.get(step.service), step.start_tick - frame.first, step.end_tick - frame.first
        if n is None or n not in search.openers(left) or not has(window, start):
            return False
        if not search.can_take(n, step.counter, start, end - start):
            return False
        left, window = left ^ 1 << n, search.wait << end
    return True


_Way = tuple[int, int, tuple[tuple[int, int, int], ...]]
"""A way through the rest of a chain, the better one is less: ticks waited, sum of ranks, and for each step
the number of the need, its choice among the counters by preference, and the start."""


class Search:
    """One search, remembering what it found for each rest of the chain (`left`, a bitmap of needs)."""

    def __init__(self, chain: Sequence[Need], timetable: Timetable, max_gap: int, before: Before) -> None:
        if not chain:
            raise ValueError("A chain has at least one step.")
        if not 0 <= max_gap <= LONGEST_WAIT:
            raise ValueError(f"The longest wait is 0 to {LONGEST_WAIT} ticks.")
        self.chain, self.horizon, self.max_gap = chain, timetable.horizon, max_gap
        self.buffers = timetable.buffers
        self.held_by = held_by(chain, before)
        self.everything = (1 << len(chain)) - 1
        self.wait = (2 << max_gap) - 1
        self.at = [_starts_by_choice(need, timetable) for need in chain]
        self.anywhere = [_starts_by_length(*pair) for pair in zip(chain, self.at, strict=True)]
        self.offers: dict[int, int] = {}
        self.reaches: dict[int, int] = {}
        self.ways: dict[tuple[int, int], _Way] = {}

    def openers(self, left: int) -> list[int]:
        """The needs that may come first of those left."""
        return [n for n in bits(left) if not self.held_by[n] & left]

    def offer(self, left: int) -> int:
        """The ticks at which what is left can start, in any order that is allowed."""
        if left not in self.offers:
            offer = 0
            for n in self.openers(left):
                rest = left ^ 1 << n
                for ticks, step in self.anywhere[n].items():
                    offer |= step & self._reach(rest) >> ticks if rest else step
            self.offers[left] = offer
        return self.offers[left]

    def _reach(self, left: int) -> int:
        """The ticks from which what is left can be started without waiting too long."""
        if left not in self.reaches:
            self.reaches[left] = reach_back(self.offer(left), self.max_gap)
        return self.reaches[left]

    def can_take(self, n: int, counter: int, start: int, ticks: int) -> bool:
        """Whether need `n` can be taken at a counter from a tick on, for so many ticks."""
        choices = zip(self.chain[n].choices, self.at[n], strict=True)
        return any((one.counter, one.ticks) == (counter, ticks) and has(at, start) for one, at in choices)

    def way(self, left: int, start: int) -> _Way:
        """The best way through what is left from a tick that `offer(left)` holds."""
        if (left, start) not in self.ways:
            found = (way for n in self.openers(left) for way in self._ways_with(n, left, start))
            self.ways[left, start] = min(found)
        return self.ways[left, start]

    def _ways_with(self, n: int, left: int, start: int) -> Iterator[_Way]:
        """The ways that begin with need `n`: none where it cannot start, else among them the best."""
        rest = left ^ 1 << n
        for choice in self._choices(n, start):
            rank, end = self.chain[n].choices[choice].rank, start + self.chain[n].choices[choice].ticks
            step = (n, choice, start)
            if not rest:
                yield 0, rank, (step,)
                continue
            shortest = self.max_gap
            for gap in bits(self.offer(rest) >> end & self.wait):
                if gap > shortest:
                    break
                waited, ranks, path = self.way(rest, end + gap)
                shortest = min(shortest, gap + waited)
                yield gap + waited, rank + ranks, (step, *path)

    def _choices(self, n: int, start: int) -> Iterator[int]:
        """Of each length the most preferred choice with which a need can start."""
        lengths: set[int] = set()
        for number, choice in enumerate(self.chain[n].choices):
            if choice.ticks not in lengths and has(self.at[n][number], start):
                lengths.add(choice.ticks)
                yield number

    def itinerary(self, start: int) -> Itinerary:
        """The best itinerary from a tick of the first day that `offer` holds."""
        first = self.horizon.frames[0].first
        steps = []
        for n, number, begins in self.way(self.everything, start)[2]:
            choice = self.chain[n].choices[number]
            ends = first + begins + choice.ticks
            buffer = self.buffers.get(choice.counter, 0)
            steps.append(
                StepTime(self.chain[n].service, choice.counter, first + begins, ends, buffer)
            )
        return Itinerary(tuple(steps))


def _starts_by_choice(need: Need, timetable: Timetable) -> list[int]:
    """With each choice where a need can start: free for as long as it takes, and on the counter's grid."""
    return [_starts(choice, need, timetable) for choice in need.choices]


def _starts(choice: Choice, need: Need, timetable: Timetable) -> int:
    free, counter = timetable.free.get(choice.counter, 0), choice.counter
    if not free:
        return 0
    for spans in (need.within, choice.within):
        if spans is not ALWAYS:
            free &= timetable.horizon.within(spans)
    starts = erode(free, choice.ticks) & timetable.on_grid[counter]
    if buffer := timetable.buffers[counter]:
        starts &= erode(timetable.untaken[counter], choice.ticks + buffer)
    return starts


def _starts_by_length(need: Need, at: Sequence[int]) -> dict[int, int]:
    """Where a need can start at any counter, by how many ticks it takes there."""
    anywhere: dict[int, int] = defaultdict(int)
    for choice, starts in zip(need.choices, at, strict=True):
        if starts:
            anywhere[choice.ticks] |= starts
    return anywhere
