"""A person's plan: from what is known of her, the ordered list of what to do, where, by when, and why.

Nothing here knows the database, a language or today: the rulebook, the person and which days are open come
in. A fact that is not known never chooses silently: what hangs on it stands under `uncertain`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

from house.catalogue.conditions import any_holds, failing, holds
from house.catalogue.deadlines import IsOpen
from house.catalogue.rulebook import ELSEWHERE, Rulebook
from house.catalogue.steps import Item, Person, StepMaker

__all__ = ["Item", "NotForYou", "Person", "Plan", "household", "plan"]
ACCOMPANYING = frozenset({"accompanying_partner", "accompanying_child"})


class NotForYou(NamedTuple):
    """A service that is not this person's, and what keeps her from it."""

    service: str
    why: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """A person's list. `routes` are numbers into the catalogue's `routes_out`; a whole one ends the list."""

    who: str
    items: tuple[Item, ...]
    uncertain: tuple[Item, ...]
    not_for_you: tuple[NotForYou, ...]
    routes: tuple[int, ...]
    handed_on: bool


def plan(
    book: Rulebook, person: Person, is_open: IsOpen, sponsor_done: frozenset[str] | None = None
) -> Plan:
    """The list of one person; the same facts give the same list. Without a sponsor's plan, what the sponsor
    must do first counts as not done."""
    facts = person.known()
    routes = [route for route in book.routes if route.whole and holds(route.when, facts)]
    if routes:
        return Plan(person.who, (), (), (), tuple(route.number for route in routes), handed_on=True)
    answers = {rule.service: any_holds(rule.applies, facts) for rule in book.rules}
    sure = [rule for rule in book.rules if answers[rule.service]]
    maybe = [rule for rule in book.rules if answers[rule.service] is None]
    make = StepMaker(book, person, facts, is_open, frozenset(rule.service for rule in sure), sponsor_done)
    items = [make.item(rule) for rule in sure]
    return Plan(
        who=person.who,
        items=tuple(replace(item, n=n) for n, item in enumerate(_ordered(book, items), start=1)),
        uncertain=tuple(make.item(rule) for rule in sorted(maybe, key=lambda rule: rule.order)),
        not_for_you=tuple(_not_for(book, answers, facts)),
        routes=tuple(_moved_elsewhere(book, facts, items)),
        handed_on=False,
    )


def household(book: Rulebook, people: Sequence[Person], is_open: IsOpen) -> tuple[Plan, ...]:
    """A list for each person of a household; steps that several take at one authority say with whom."""
    sponsor = next((one for one in people if one.facts.get("purpose") not in ACCOMPANYING), None)
    plans = [
        plan(book, one, is_open, sponsor.done if sponsor and one is not sponsor else None) for one in people
    ]
    takers: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(plans):
        for item in one.items:
            takers.setdefault((item.service, item.authority), []).append(number)

    def shared(number: int, item: Item) -> Item:
        others = [other for other in takers[item.service, item.authority] if other != number]
        return replace(item, shared_with=tuple(plans[other].who for other in others))

    return tuple(
        replace(one, items=tuple(shared(number, item) for item in one.items))
        for number, one in enumerate(plans)
    )


def _ordered(book: Rulebook, items: Sequence[Item]) -> Iterator[Item]:
    """By the catalogue's order, but nothing before what it comes after."""
    by_service = {item.service: item for item in items}
    waits = {item.service: set(item.after) for item in items}
    ready = [(book.by_service[one].order, one) for one, before in waits.items() if not before]
    heapify(ready)
    while ready:
        _, service = heappop(ready)
        yield by_service[service]
        for other, before in waits.items():
            if service in before:
                before.discard(service)
                if not before:
                    heappush(ready, (book.by_service[other].order, other))


def _not_for(
    book: Rulebook, answers: Mapping[str, bool | None], facts: Mapping[str, Any]
) -> Iterator[NotForYou]:
    for rule in book.rules:
        if answers[rule.service] is False:
            yield NotForYou(rule.service, failing(rule.applies, facts))


def _moved_elsewhere(book: Rulebook, facts: Mapping[str, Any], items: Iterable[Item]) -> Iterator[int]:
    """The routes that move single steps to the municipality where the person lives."""
    if any(item.authority == ELSEWHERE for item in items) and facts.get("municipality") not in book.covered:
        yield from (route.number for route in book.routes if not route.whole)
