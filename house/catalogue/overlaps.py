"""Which opening rules, or which days that differ, are open at the same time: nobody can mean both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time
from itertools import combinations
from math import lcm

from house.catalogue.opening import MIDNIGHT, DayException, OpeningRule


def overlapping_rules(rules: Sequence[OpeningRule]) -> Iterator[tuple[int, int]]:
    """The pairs of rules, by number, that on some day are both open at one time; the earlier number first."""
    for (one, first), (two, second) in combinations(enumerate(rules), 2):
        if first.weekday == second.weekday and _meet(first, second) and _hold_together(first, second):
            yield one, two


def overlapping_days(days: Sequence[DayException]) -> Iterator[tuple[int, int]]:
    """The same for days that differ; a day that is closed and also has hours is such a pair too."""
    for (one, first), (two, second) in combinations(enumerate(days), 2):
        if first.day == second.day and (None in (first.opens, second.opens) or _meet(first, second)):
            yield one, two


def _meet(one: OpeningRule | DayException, two: OpeningRule | DayException) -> bool:
    return _minute(one.opens) < _end(two.closes) and _minute(two.opens) < _end(one.closes)


def _minute(at: time | None) -> int:
    return at.hour * 60 + at.minute if at else 0


def _end(at: time | None) -> int:
    return 24 * 60 if at in (None, MIDNIGHT) else _minute(at)


def _hold_together(one: OpeningRule, two: OpeningRule) -> bool:
    """Whether there is a day on which both hold: within their common multiple of weeks all come round."""
    first = max(one.valid_from or date.min, two.valid_from or date.min).toordinal()
    last = min(one.valid_to or date.max, two.valid_to or date.max).toordinal()
    weeks = lcm(one.every_weeks, two.every_weeks)
    days = map(date.fromordinal, range(first, min(last + 1, first + 7 * weeks)))
    return any(one.holds_on(day) and two.holds_on(day) for day in days)
