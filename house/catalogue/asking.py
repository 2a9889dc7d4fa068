"""What to ask: the facts whose answer can still change a list, and whom a service could ever be for.

Pure: the rulebook and what is known come in. How a question is worded and asked is the pages' own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from house.catalogue.conditions import any_holds, holds, open_in
from house.catalogue.rulebook import Rulebook


def open_facts(book: Rulebook, facts: Mapping[str, Any], unknown: frozenset[str] = frozenset()) -> list[str]:
    """The facts whose answer can still change the list, the most deciding first.

    Only what was answered is taken for known here, no default. What decides whether a service is on the list
    weighs more than what changes a paper or the office that does it.
    """
    known = {fact: value for fact, value in facts.items() if fact not in unknown}
    if any(route.whole and holds(route.when, known) for route in book.routes):
        return []
    weights: Counter[str] = Counter()
    for rule in book.rules:
        applies = any_holds(rule.applies, known)
        if applies is False:
            continue
        for clauses in rule.applies if applies is None else ():
            for fact in {*open_in(clauses, known)}:
                weights[fact] += 100
        for case in rule.cases():
            for fact in {*open_in(case.when, known)}:
                weights[fact] += 1
        if rule.scope and "municipality" not in known:
            weights["municipality"] += 1
    asked = list(book.facts)
    return sorted(
        (fact for fact in weights if fact in asked and fact not in unknown),
        key=lambda fact: (-weights[fact], asked.index(fact)),
    )


def could_apply(book: Rulebook, service: str, facts: Mapping[str, Any]) -> bool:
    """Whether somebody of whom only these facts are known may ever need a service."""
    return any_holds(book.by_service[service].applies, facts) is not False
