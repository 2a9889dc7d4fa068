"""Whose lists a changed rule changes, and how: the lists of the same people by two rulebooks, compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from house.catalogue.cases import Case, lists_of
from house.catalogue.deadlines import IsOpen
from house.catalogue.plan import Plan
from house.catalogue.rulebook import Rulebook


class Moved(NamedTuple):
    """A step that is done at another place in the list."""

    service: str
    before: int
    after: int


class Dated(NamedTuple):
    """A step with another date; None where there is none."""

    service: str
    before: date | None
    after: date | None


class Told(NamedTuple):
    """A step of which something else is said: its authority, its obligation, or what comes before it."""

    service: str
    what: str
    before: Any
    after: Any


@dataclass(frozen=True)
class ListChange:
    """What changes in the list of one person of one case."""

    case: str
    who: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[Moved, ...]
    dated: tuple[Dated, ...]
    told: tuple[Told, ...]
    handed_on: tuple[bool, bool]
    """Whether this person is handed on to another office instead of getting a list: before, after."""

    def __bool__(self) -> bool:
        differs = self.added or self.removed or self.moved or self.dated or self.told
        return bool(differs) or self.handed_on[0] != self.handed_on[1]


@dataclass(frozen=True)
class Foreseen:
    """The lists that change, of so many people that were tried; `failed` cases could not be."""

    changes: tuple[ListChange, ...]
    people: int
    failed: tuple[str, ...] = ()


def foresee(before: Rulebook, after: Rulebook, cases: Iterable[Case], is_open: IsOpen) -> Foreseen:
    """Try every case by both rulebooks."""
    people, found, failed = 0, [], []
    for number, case in enumerate(cases, start=1):
        name = str(case.get("id") or number)
        try:
            pairs = list(zip(*(lists_of(book, case, is_open) for book in (before, after)), strict=True))
        except (TypeError, ValueError, AttributeError, KeyError):  # a fact that is no fact of a person
            failed.append(name)
            continue
        people += len(pairs)
        found += [change for old, new in pairs if (change := compare(name, old, new))]
    return Foreseen(tuple(found), people, tuple(failed))


def compare(case: str, old: Plan, new: Plan) -> ListChange:
    """What differs between two lists of one person."""
    was, now = ({item.service: item for item in one.items} for one in (old, new))
    both = [service for service in now if service in was]
    pairs = [(was[service], now[service]) for service in both]
    return ListChange(
        case, new.who,
        added=tuple(service for service in now if service not in was),
        removed=tuple(service for service in was if service not in now),
        moved=tuple(_moved([one for one in was if one in now], both)),
        dated=tuple(Dated(a.service, a.due, b.due) for a, b in pairs if a.due != b.due),
        told=tuple(
            Told(a.service, what, getattr(a, what), getattr(b, what))
            for a, b in pairs
            for what in ("authority", "obligation", "after")
            if getattr(a, what) != getattr(b, what)
        ),
        handed_on=(old.handed_on, new.handed_on),
    )  # fmt: skip


def _moved(before: list[str], after: list[str]) -> Iterator[Moved]:
    """Steps whose place among those that stay is another one; places count from 1."""
    for place, service in enumerate(after, start=1):
        was = before.index(service) + 1
        if was != place:
            yield Moved(service, was, place)
