"""Which services are for whom: what a visitor ticks of herself, and what she could ever need by the rules.

Pure: the rulebook comes in. Only what was ticked is taken for known, so nothing is left out that an answer
might still bring. Within a group one tick or another fits, between groups both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Any

from house.catalogue.asking import could_apply
from house.catalogue.rulebook import Rulebook

Facts = Mapping[str, Any]
CHOICES: dict[str, dict[str, Facts]] = {
    "citizenship": {
        "nordic": {"citizenship": "nordic"},
        "eu": {"citizenship": "eu_eea_ch"},
        "other": {"citizenship": "third_country"},
    },
    "purpose": {
        "worker": {"purpose": "worker"},
        "self_employed": {"purpose": "self_employed"},
        "student": {"purpose": "student"},
        "researcher": {"purpose": "researcher"},
        "partner": {"purpose": "accompanying_partner"},
        "child": {"purpose": "accompanying_child"},
        "job_seeker": {"purpose": "job_seeker"},
        "au_pair": {"purpose": "au_pair"},
        "commuter": {"purpose": "cross_border_commuter"},
        "posted": {"purpose": "posted_worker"},
        "company": {"actor": "company"},
    },
    "phase": {
        "arriving": {"phase": "arriving"},
        "settled": {"phase": "settled"},
        "leaving": {"phase": "leaving"},
    },
}
"""What can be ticked in each group, and what is known by it."""
ALL = tuple(choice for group in CHOICES.values() for choice in group)
Ticked = frozenset[str]


class ForWhom:
    """The services that fit what was ticked, worked out once for each combination."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.known: dict[tuple[str, ...], frozenset[str]] = {}

    def fitting(self, ticked: Collection[str]) -> frozenset[str]:
        """The services that somebody of whom this was ticked could need."""
        if not any(choice in ALL for choice in ticked):
            return frozenset(self.book.by_service)
        ways = product(*(_ticked_in(group, ticked) or ("",) for group in CHOICES.values()))
        return frozenset().union(*(self._of(way) for way in ways))

    def counts(self, ticked: Collection[str], among: Collection[str]) -> Iterator[tuple[str, int]]:
        """For each choice how many of these services it would show, the other groups left as they are."""
        for group in CHOICES.values():
            others = {choice for choice in ticked if choice not in group}
            for choice in group:
                yield choice, len(self.fitting({*others, choice}).intersection(among))

    def _of(self, way: tuple[str, ...]) -> frozenset[str]:
        found = self.known.get(way)
        if found is None:
            facts: dict[str, Any] = {"actor": "person"}
            for group, choice in zip(CHOICES.values(), way, strict=True):
                facts |= group.get(choice, {})
            services = (one for one in self.book.by_service if could_apply(self.book, one, facts))
            found = self.known[way] = frozenset(services)
        return found


def _ticked_in(group: Collection[str], ticked: Collection[str]) -> tuple[str, ...]:
    return tuple(choice for choice in group if choice in ticked)
