"""Whom conditions let in, as terms one can filter by, and the ages they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Condition = Mapping[str, Any]
FACTS = ("citizenship", "purpose")
"""What persons are sorted by; companies are only companies."""
ACTOR = "actor"


def admitted(groups: Iterable[Condition], facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every (fact, code) that at least one of the groups lets in, in the order of the facts' own lists.

    A group that does not name who acts speaks of persons; one that names only companies lets no person in.
    """
    several = list(groups)
    for code in codes_of(facts, ACTOR):
        if any(code in group.get(ACTOR, ["person"]) for group in several):
            yield ACTOR, code
    of_persons = [group for group in several if "person" in group.get(ACTOR, ["person"])]
    for fact in FACTS:
        for code in codes_of(facts, fact):
            if any(_lets_in(group, fact, code) for group in of_persons):
                yield fact, code


def codes_of(facts: Mapping[str, Any], fact: str) -> Sequence[str]:
    """The codes of a fact, where the catalogue lists them."""
    listed = facts.get(fact)
    return listed if isinstance(listed, list) else ()


def _lets_in(group: Condition, fact: str, code: str) -> bool:
    wanted, unwanted = group.get(fact), group.get(f"{fact}_not", ())
    return (wanted is None or code in wanted) and code not in unwanted


def ages(groups: Iterable[Condition]) -> tuple[int | None, int | None]:
    """The lowest and the highest age in whole years at which any of the groups lets one in, where limited."""
    lowest, highest = [], []
    for group in groups:
        lowest.append(_most(group.get("age_gte"), group.get("age_gt"), +1))
        highest.append(_most(group.get("age_lte"), group.get("age_lt"), -1))
    youngest = None if None in lowest else min((one for one in lowest if one is not None), default=None)
    oldest = None if None in highest else max((one for one in highest if one is not None), default=None)
    return youngest, oldest


def _most(included: int | None, excluded: int | None, step: int) -> int | None:
    """The stricter of a bound that belongs to the range and one that lies just outside it."""
    bounds = [one for one in (included, None if excluded is None else excluded + step) if one is not None]
    if not bounds:
        return None
    return max(bounds) if step > 0 else min(bounds)
