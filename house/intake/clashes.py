"""Which booked steps do not fit the hours and lanes of their counters, and why.

Everything comes in as arguments; when a counter is open is in `timetable.py`'s and the catalogue's hands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from house.intake.daymap import utc_tick, utc_tick_after

CLOSING, HOURS, LANES, INACTIVE, SERVICE = "closing", "hours", "lanes", "inactive", "service"
"""Closed for a while; outside the weekly hours; too many at a time; the counter or its service is gone."""


@dataclass(frozen=True)
class Planned:
    """A booked step: at a counter, in [start, end) of aware instants; `order` says who booked first."""

    visit: int
    step: int
    counter: int
    service: int
    start: datetime
    end: datetime
    order: tuple[datetime, int]


@dataclass(frozen=True)
class Openness:
    """A counter on the days that are looked at.

    `usual` are its open spans as if nothing were closed for a while, with the lanes there are in them; the
    spans follow one another. `closings` are (key, start, end).
    """

    active: bool
    services: frozenset[int]
    usual: Sequence[tuple[datetime, datetime, int]]
    closings: Sequence[tuple[int, datetime, datetime]] = ()


def clashes(steps: Iterable[Planned], counters: dict[int, Openness]) -> dict[int, tuple[str, ...]]:
    """The steps that do not fit, by key, each with its reasons: codes, a closing's with its key.

    Of too many at a time those that were booked last do not fit.
    """
    found: dict[int, tuple[str, ...]] = {}
    taken: Counter[tuple[int, int]] = Counter()
    for step in sorted(steps, key=lambda one: one.order):
        at = counters[step.counter]
        reasons = tuple(_reasons(step, at))
        ticks = range(utc_tick(step.start), utc_tick_after(step.end))
        if not reasons and any(taken[step.counter, tick] >= _lanes(at, step) for tick in ticks):
            reasons = (LANES,)
        if reasons:
            found[step.step] = reasons
            continue
        taken.update((step.counter, tick) for tick in ticks)
    return found


def _reasons(step: Planned, at: Openness) -> Iterator[str]:
    if not at.active:
        yield INACTIVE
    if step.service not in at.services:
        yield SERVICE
    for key, start, end in at.closings:
        if start < step.end and step.start < end:
            yield f"{CLOSING} {key}"
    if not covered(step.start, step.end, at.usual):
        yield HOURS


def covered(start: datetime, end: datetime, spans: Iterable[tuple[datetime, datetime, int]]) -> bool:
    """Whether sorted spans, which may touch or overlap, leave no gap between two instants."""
    reached = start
    for opens, closes, _lanes in spans:
        if opens <= reached < closes:
            reached = closes
    return reached >= end


def _lanes(at: Openness, step: Planned) -> int:
    """The lanes there are during a step: the fewest of the spans that it lies in."""
    return min((lanes for start, end, lanes in at.usual if start < step.end and step.start < end), default=0)
