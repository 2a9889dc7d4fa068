"""What one visit needs and what it may get: needs, the orders they may be passed in, itineraries.

A chain is what one visit needs, one `Need` a step; a chain of one is a plain appointment. When there is time
for it is in `slots.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from house.intake.daymap import TICK, bits, tick_begins

ServiceId = int | str
Before = Collection[tuple[ServiceId, ServiceId]] | None
"""Which service must be passed before which; None stands for the order in which a chain is given."""


@dataclass(frozen=True)
class Need:
    """One step of a chain: a service, how many ticks it takes this party, and the counters that can give it.

    `ranks` says for each counter how well it suits (0 is best: the visitor's language); without them all suit
    alike. Of counters that suit alike the first is taken.
    """

    service: ServiceId
    ticks: int
    counters: tuple[int, ...]
    ranks: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.ticks < 1:
            raise ValueError("A step takes at least one tick.")
        if self.ranks and len(self.ranks) != len(self.counters):
            raise ValueError("Each counter needs its rank.")

    @cached_property
    def by_preference(self) -> tuple[tuple[int, int], ...]:
        """(rank, counter), best first; the given order where ranks are equal."""
        ranked = zip(self.ranks or (0,) * len(self.counters), self.counters, strict=True)
        return tuple(sorted(ranked, key=lambda pair: pair[0]))


@dataclass(frozen=True)
class StepTime:
    """A service at a counter in the half-open [start_tick, end_tick): UTC ticks as in `occupancy`."""

    service: ServiceId
    counter: int
    start_tick: int
    end_tick: int

    @property
    def starts_at(self) -> datetime:
        return tick_begins(self.start_tick)

    @property
    def ends_at(self) -> datetime:
        return tick_begins(self.end_tick)


@dataclass(frozen=True)
class Itinerary:
    """The steps of one visit in the order of time, at least one."""

    steps: tuple[StepTime, ...]

    @property
    def waiting(self) -> int:
        """Ticks between the steps."""
        total = self.steps[-1].end_tick - self.steps[0].start_tick
        return total - sum(step.end_tick - step.start_tick for step in self.steps)


def ticks_for(first: int, further: int = 0, people: int = 1, buffer: int = 0) -> int:
    """Ticks a party takes, from minutes: the first person and each further one, rounded up, then a buffer."""
    tick = int(TICK.total_seconds()) // 60
    return -(-(first + further * (people - 1)) // tick) - (-buffer // tick)


def held_by(needs: Sequence[Need], before: Before) -> tuple[int, ...]:
    """For each need a bitmap of the needs that must be passed before it, directly or through others.

    Services of `before` that no need asks for still pass their order on; a circle holds up needs that are
    in it together. ValueError when two needs ask for one service.
    """
    number = {need.service: n for n, need in enumerate(needs)}
    if len(number) < len(needs):
        raise ValueError("A chain asks for each service once.")
    if before is None:
        return tuple((1 << n) - 1 for n in range(len(needs)))
    held = []
    for need in needs:
        earlier: set[ServiceId] = set()
        look: list[ServiceId] = [need.service]
        while look:
            service = look.pop()
            found = {first for first, then in before if then == service} - earlier
            earlier |= found
            look.extend(found)
        others = (number[service] for service in earlier if service in number and service != need.service)
        held.append(sum(1 << n for n in others))
    return tuple(held)


def orders(needs: Sequence[Need], before: Before = ()) -> Iterator[tuple[Need, ...]]:
    """Every order the needs may be passed in, beginning with the given one if allowed; none in a circle."""
    held = held_by(needs, before)

    def rest(left: int) -> Iterator[tuple[Need, ...]]:
        if not left:
            yield ()
        for n in bits(left):
            if not held[n] & left:
                yield from ((needs[n], *tail) for tail in rest(left ^ 1 << n))

    return rest((1 << len(needs)) - 1)
