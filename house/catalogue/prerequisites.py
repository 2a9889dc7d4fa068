"""In which order services are passed in one visit, read from their prerequisites.

Nothing is known here of the person: a prerequisite with a condition counts as soon as both services are
wanted together. What one person needs first is the plan's work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

Pair = tuple[str, str]


def order_of(records: Iterable[Mapping[str, Any]]) -> frozenset[Pair]:
    """Which service comes before which, as pairs of slugs; what a sponsor needs comes before, too.

    A conditional prerequisite that would close a circle is left out: for nobody do all of them hold.
    """
    firm: set[Pair] = set()
    wished: set[Pair] = set()
    for record in records:
        for entry in record.get("requires") or ():
            (wished if entry.get("when") else firm).update(_pairs(entry, record))
        for entry in record.get("requires_of_sponsor") or ():
            wished.update(_pairs(entry, record))
    every = firm | wished
    return frozenset(firm | {pair for pair in wished if not _leads(every, pair[1], pair[0])})


def _pairs(entry: Mapping[str, Any], record: Mapping[str, Any]) -> set[Pair]:
    return {(first, record["id"]) for first in entry.get("all_of") or ()}


def _leads(pairs: Collection[Pair], start: str, goal: str) -> bool:
    """Whether one comes before the other, directly or through others."""
    seen, look = {start}, [start]
    while look:
        first = look.pop()
        found = {then for earlier, then in pairs if earlier == first} - seen
        seen |= found
        look.extend(found)
    return goal in seen
