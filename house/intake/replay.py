"""A day told again from its intervals alone: who waited when, how long all waited and were served.

Everything about time can be had from here, so the live screens can be checked against it. An act that was
taken back is not in it: the log says what was true, the audit what was pressed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

WAITING, CALLED, SERVING, PAUSED = "waiting", "called", "serving", "paused"
_MINUTE = timedelta(minutes=1)


class Interval(NamedTuple):
    """One row of the log, in the order they were written; the last of a visit that is here has no end."""

    visit: int
    step: int
    kind: str
    began: datetime
    ended: datetime | None


@dataclass(frozen=True)
class Figures:
    """What a day comes to: minutes by step, and the house's figures of them; nothing of an empty day."""

    waits: dict[int, float]
    serves: dict[int, float]
    visits: int

    @property
    def served(self) -> int:
        """How many steps were served."""
        return len(self.serves)

    @property
    def median_wait(self) -> float | None:
        """The middle of the waits of those who were served, in minutes."""
        waited = [self.waits.get(step, 0.0) for step in self.serves]
        return median(waited) if waited else None

    @property
    def longest_wait(self) -> float | None:
        return max(self.waits.values(), default=None)


def figures(log: Iterable[Interval], now: datetime) -> Figures:
    """The day so far: intervals that are still open end now. Waits count until they were called for good."""
    waits: dict[int, float] = {}
    serves: dict[int, float] = {}
    visits = set()
    for one in log:
        visits.add(one.visit)
        minutes = max((one.ended or max(now, one.began)) - one.began, timedelta(0)) / _MINUTE
        if one.kind == WAITING:
            waits[one.step] = waits.get(one.step, 0.0) + minutes
        elif one.kind == SERVING:
            serves[one.step] = serves.get(one.step, 0.0) + minutes
    return Figures(waits, serves, len(visits))


def waiting_at(log: Iterable[Interval], moment: datetime) -> dict[int, int]:
    """Who waited at a moment, and how many whole minutes since their step began, as the screen says it."""
    since: dict[int, datetime] = {}
    there: dict[int, int] = {}
    for one in log:
        since.setdefault(one.step, one.began)
        here = one.began <= moment and (one.ended is None or moment < one.ended)
        if here and one.kind == WAITING:
            there[one.step] = (moment - since[one.step]) // _MINUTE
    return there


def faults(log: Iterable[Interval], arrived: dict[int, datetime]) -> list[str]:
    """What is wrong with a log: a visit's intervals follow each other from its arrival on, one at a time."""
    by_visit: dict[int, list[Interval]] = {}
    for one in log:
        by_visit.setdefault(one.visit, []).append(one)
    found = []
    for visit, mine in by_visit.items():
        if mine[0].began != arrived.get(visit):
            found.append(f"visit {visit} does not begin with its arrival")
        for one in mine:
            if one.ended is not None and one.ended < one.began:
                found.append(f"visit {visit} has less than no time")
        for one, following in pairwise(mine):
            if one.ended is None or following.began != one.ended:
                kind = "a gap" if one.ended and one.ended < following.began else "two at once"
                found.append(f"visit {visit} has {kind}")
    return found
