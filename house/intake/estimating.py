"""How long somebody will wait, as a range: the waiting room is played through many times with measured times.

Minutes from now throughout. The people who wait, the counters that are open and qualified, and how long such
visits took in the last weeks come in; which of them are read, and where the answer is shown, is not here. The
order is that of `queue.py`; a test holds the two together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple, Protocol

from house.intake.playing import Lines, lines, play
from house.intake.queue import BEFORE_ALL, LONGEST, PATIENCE

RUNS = 60
SMALL = 5.0
"""Minutes added on both sides of a ratio, so that a wait of nothing has one too."""
FEWEST = 30
"""So many remembered waits make a range of their own; below that a cautious one is used."""
CAUTIOUS = (0.5, 1.8)
LEVEL = (0.08, 0.92)
_PATIENCE, _LONGEST = PATIENCE.total_seconds() / 60, LONGEST.total_seconds() / 60
Service = int | str


class Chance(Protocol):
    """What is needed of `random.Random`: the caller brings one, seeded for one picture of the room."""

    def random(self) -> float: ...
    def randrange(self, start: int, stop: int, /) -> int: ...
    def choice(self, seq: Sequence[float], /) -> float: ...


class Range(NamedTuple):
    """Between how many minutes the wait will be, most likely; whole minutes, the first below the last."""

    least: int
    most: int


@dataclass(frozen=True)
class Guest:
    """Somebody who waits, or is booked and still to come with the chance `comes`.

    `arrived` and `planned` are minutes from now, negative ones past; `planned` is None without a booking. The
    wait for this step began at `since`: None is upon the arrival. Who was `sent_to` one counter is called by
    that one alone until the minute `sent_until`.
    """

    step: int
    service: Service
    language: str
    arrived: float
    planned: float | None = None
    priority: int = 0
    ticket: int = 0
    comes: float = 1.0
    since: float | None = None
    sent_to: int | None = None
    sent_until: float = inf

    @property
    def begins(self) -> float:
        """From when the wait counts, as in `queue.py`: who comes late, or was served before, did not wait."""
        since = self.arrived if self.since is None else self.since
        return since if self.planned is None else max(self.planned, since)


@dataclass(frozen=True)
class Open:
    """A counter that is open: what it can serve, and what it is at, for how long already."""

    services: frozenset[Service]
    languages: frozenset[str]
    serving: Service | None = None
    since: float = 0.0
    opens_in: float = 0.0
    """Minutes until it takes somebody again: after a break."""
    counter: int | None = None
    """Which one it is, for those who were sent to one."""

    def calls_from(self, guest: Guest) -> float:
        """From which minute on somebody can be called here: on arrival, or when no longer sent elsewhere."""
        if guest.service not in self.services:
            return inf
        elsewhere = guest.sent_to not in (None, self.counter)
        return max(guest.arrived, guest.sent_until) if elsewhere else guest.arrived


Times = Mapping[Service, Sequence[float]]
"""How long visits of a service took lately, from the call to the end, in minutes, sorted; never empty."""


def waits(
    guests: Sequence[Guest], counters: Sequence[Open], times: Times, chance: Chance, runs: int = RUNS
) -> dict[int, list[float]]:
    """For each guest the waits of all runs, sorted: minutes from now, or from the arrival still to come.

    Whom no open counter can serve has none. The same input and chance give the same answer.
    """
    counted = [_lines(guests, counter) for counter in counters]
    arrived = [guest.arrived for guest in guests]
    found: list[list[float]] = [[] for _ in guests]

    def takes(one: int) -> float:
        return chance.choice(times[guests[one].service])

    for _ in range(runs):
        there = bytearray(one.comes >= 1 or chance.random() < one.comes for one in guests)
        free_in = [_free_in(counter, times, chance) for counter in counters]
        for one, waited in play(arrived, there, counted, free_in, takes).items():
            found[one].append(waited)
    return {guest.step: sorted(several) for guest, several in zip(guests, found, strict=True) if several}


def _lines(guests: Sequence[Guest], counter: Open) -> Lines:
    calls_from = [counter.calls_from(guest) for guest in guests]
    return lines(guests, calls_from, lambda one, now: place(guests[one], counter.languages, now))


def median(waited: Sequence[float]) -> float:
    """The middle of sorted waits."""
    return waited[len(waited) // 2]


def expected(waited: Sequence[float], ratios: Sequence[float]) -> Range:
    """The range for sorted waits of a simulation, by how earlier expectations turned out (`ratio`), sorted.

    The simulation knows nothing of breaks, drift and those who leave; the remembered ratios do.
    """
    middle = median(waited) + SMALL
    low, high = (_quantile(ratios, level) for level in LEVEL) if len(ratios) >= FEWEST else CAUTIOUS
    least, most = max(middle * low - SMALL, 0.0), max(middle * high - SMALL, 1.0)
    return Range(int(least), max(int(-(-most // 1)), int(least) + 1))


def rounded(span: Range) -> Range:
    """The range as people are told it, in whole fives of minutes; it only grows by that."""
    return Range(span.least // 5 * 5, max(-(-span.most // 5) * 5, span.least // 5 * 5 + 5))


def ratio(waited: float, expected_median: float) -> float:
    """How a wait turned out against what was expected: 1 is just as expected."""
    return (waited + SMALL) / (expected_median + SMALL)


def _quantile(ordered: Sequence[float], level: float) -> float:
    """Between neighbours, so that one odd wait does not move the range by itself."""
    place = level * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def place(guest: Guest, languages: frozenset[str], now: float) -> tuple[int, int, float, bool, int, int]:
    """The sort key of `queue.py`, in minutes."""
    if guest.planned is not None:
        kind, counts = (0 if guest.planned <= now else 2), guest.planned
    elif now - guest.arrived > _PATIENCE:
        kind, counts = 0, guest.arrived + _PATIENCE
    else:
        kind, counts = 1, guest.arrived
    first = BEFORE_ALL if now - guest.begins > _LONGEST else guest.priority
    return -first, kind, counts, guest.language not in languages, guest.ticket, guest.step


def _free_in(counter: Open, times: Times, chance: Chance) -> float:
    """When a counter takes the next one: whoever sits there stays as long as others who stayed so long."""
    if counter.serving is None:
        return counter.opens_in
    taken = times[counter.serving]
    longer = bisect_right(taken, counter.since)
    if longer == len(taken):  # longer than anybody before: it cannot be long now
        return counter.opens_in + taken[-1] * 0.1
    return counter.opens_in + taken[chance.randrange(longer, len(taken))] - counter.since
