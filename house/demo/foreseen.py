"""What those who came to an invented day would have been told of their wait: of that moment and before it.

Demo and bench share it. Nothing is known here of the day's breaks, of who is quick, or of who will not come.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from house.demo.half_year import COUNTERS, DayLog, Stay, is_away
from house.intake.face import Guest, Open, waits

OVERDUE = 10
"""Minutes: who is later than this for a booking is not counted on any more."""


class Foreseen(NamedTuple):
    """One person on arrival: who and which counters were there, and the sorted waits of the simulation."""

    stay: Stay
    guests: list[Guest]
    counters: list[Open]
    waits: list[float]


def foresee(
    log: DayLog, times: Mapping[int | str, Sequence[float]], comes: float, runs: int
) -> Iterator[Foreseen]:
    """Everybody of a day who was served, from service times of before and how often who is booked comes."""
    for stay in log.stays:
        if stay.called is None:
            continue
        now = stay.arrives
        guests = [_guest(one, now, comes) for one in log.stays if _matters(one, now)]
        here = [number for number in range(len(COUNTERS)) if not is_away(log, number, now)]
        counters = [_counter(log, number, now) for number in here]
        chance = random.Random(stay.number)  # noqa: S311 - the same day is foreseen alike every time
        found = waits(guests, counters, times, chance, runs).get(stay.number)
        if found is not None:
            yield Foreseen(stay, guests, counters, found)


def times_of(days: Sequence[DayLog]) -> dict[int | str, list[float]]:
    """How long visits took on these days, by service, sorted."""
    found: dict[int | str, list[float]] = defaultdict(list)
    for log in days:
        for stay in log.stays:
            if stay.called is not None and stay.ended is not None:
                found[stay.service].append(stay.ended - stay.called)
    return {service: sorted(taken) for service, taken in found.items()}


def share_that_comes(days: Sequence[DayLog]) -> float:
    """How many of those booked on these days came; ZeroDivisionError where nobody was."""
    booked = [stay.comes for log in days for stay in log.stays if stay.planned is not None]
    return sum(booked) / len(booked)


def _matters(stay: Stay, now: float) -> bool:
    """Whether somebody waits now, or is booked and not here yet and not long overdue."""
    if stay.comes and stay.arrives <= now:
        return stay.called is None or stay.called > now
    return stay.planned is not None and stay.planned > now - OVERDUE


def _guest(stay: Stay, now: float, comes: float) -> Guest:
    here = stay.comes and stay.arrives <= now
    planned = None if stay.planned is None else stay.planned - now
    arrives = stay.arrives - now if here else max(planned or 0.0, 0.1)
    return Guest(
        stay.number, stay.service, stay.language, arrives, planned, 0, stay.number, 1.0 if here else comes
    )


def _counter(log: DayLog, number: int, now: float) -> Open:
    services, languages = COUNTERS[number]
    mine = (one for one in log.stays if one.counter == number)
    at = next((one for one in mine if (one.called or 1e9) <= now < (one.ended or 0)), None)
    if at is None or at.called is None:
        return Open(services, languages)
    return Open(services, languages, at.service, now - at.called)
