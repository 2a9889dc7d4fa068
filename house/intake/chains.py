"""What one visit needs and what it may get: needs, the orders they may be passed in, itineraries.

A chain is what one visit needs, one `Need` a step; a chain of one is a plain appointment. When there is time
for it is in `slots.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, reduce

from house.intake.daymap import TICK, bits, tick_begins

MINUTE = timedelta(minutes=1)
ServiceId = int | str
Before = Collection[tuple[ServiceId, ServiceId]] | None
"""Which service must be passed before which; None stands for the order in which a chain is given."""


Spans = tuple[tuple[int, int], ...]
"""Half-open spans of UTC ticks."""

ALWAYS: Spans = ((-(1 << 62), 1 << 62),)


@dataclass(frozen=True)
class Choice:
    """One way to take a step: at a counter, for so many ticks, inside one of the spans `within`.

    `rank` says how well it suits, 0 is best. One counter may be several choices: with other advisers at other
    times it speaks other languages.
    """

    counter: int
    ticks: int
    rank: int = 0
    within: Spans = ALWAYS

    def __post_init__(self) -> None:
        if self.ticks < 1:
            raise ValueError("A step takes at least one tick.")


@dataclass(frozen=True)
class Need:
    """One step of a chain: a service, how many ticks it takes this party, and the counters that can give it.

    `ranks` says for each counter how well it suits (0 is best: the visitor's language); without them all suit
    alike. Of counters that suit alike the first is taken. Where counters differ in more, `options` says all
    and stands for `counters` and `ranks`. The step lies inside one of the spans `within`.
    """

    service: ServiceId
    ticks: int
    counters: tuple[int, ...] = ()
    ranks: tuple[int, ...] = ()
    options: tuple[Choice, ...] = ()
    within: Spans = ALWAYS

    def __post_init__(self) -> None:
        if self.ticks < 1:
            raise ValueError("A step takes at least one tick.")
        if self.ranks and len(self.ranks) != len(self.counters):
            raise ValueError("Each counter needs its rank.")

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """The ways to take the step, best first; the given order where ranks are equal."""
        ranked = zip(self.counters, self.ranks or (0,) * len(self.counters), strict=True)
        plain = (Choice(counter, self.ticks, rank) for counter, rank in ranked)
        return tuple(sorted(self.options or plain, key=lambda choice: choice.rank))


@dataclass(frozen=True)
class Fixed:
    """A step of the visit that somebody else booked, in the half-open [start_tick, end_tick)."""

    service: ServiceId
    start_tick: int
    end_tick: int


@dataclass(frozen=True)
class StepTime:
    """A service at a counter in the half-open [start_tick, end_tick): UTC ticks as in `occupancy`.

    After it the counter is kept for `buffer` more ticks, the visitor is not.
    """

    service: ServiceId
    counter: int
    start_tick: int
    end_tick: int
    buffer: int = field(default=0, compare=False)

    @property
    def taken(self) -> range:
        """The ticks in which the counter is kept."""
        return range(self.start_tick, self.end_tick + self.buffer)

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
    def minutes(self) -> int:
        """From the first step's beginning to the last one's end."""
        return (self.steps[-1].ends_at - self.steps[0].starts_at) // MINUTE

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
        earlier = earlier_than(need.service, before)
        others = (number[service] for service in earlier if service in number and service != need.service)
        held.append(sum(1 << n for n in others))
    return tuple(held)


def earlier_than(service: ServiceId, before: Collection[tuple[ServiceId, ServiceId]]) -> set[ServiceId]:
    """What must be passed before a service, directly or through others; itself where it is in a circle."""
    earlier: set[ServiceId] = set()
    look = [service]
    while look:
        then = look.pop()
        found = {first for first, second in before if second == then} - earlier
        earlier |= found
        look.extend(found)
    return earlier


def plan_around(needs: Sequence[Need], fixed: Collection[Fixed], before: Before) -> tuple[Need, ...]:
    """The needs, kept clear of what somebody else booked: after it, before it or beside it as `before` says.

    Steps with no order to it may lie on either side, for it is the same person who goes there.
    """
    pairs = before or ()
    return tuple(reduce(lambda need, one: _clear_of(need, one, pairs), fixed, need) for need in needs)


def _clear_of(need: Need, fixed: Fixed, before: Collection[tuple[ServiceId, ServiceId]]) -> Need:
    (first, _), (_, last) = ALWAYS[0], ALWAYS[0]
    sides = [(first, fixed.start_tick), (fixed.end_tick, last)]
    if fixed.service in earlier_than(need.service, before):
        sides = sides[1:]
    elif need.service in earlier_than(fixed.service, before):
        sides = sides[:1]
    return replace(need, within=both(need.within, tuple(sides)))


def both(one: Spans, other: Spans) -> Spans:
    """The parts that lie in a span of one and in a span of the other."""
    parts = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return tuple((start, end) for start, end in parts if start < end)


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
