"""Which entries a question asks for, in which order and shape."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from house.catalogue.hsds.dataset import BASIC, FULL, FULL_SERVICE, MINIMAL, Entry
from house.catalogue.hsds.ids import id_of
from house.catalogue.looking import look
from house.catalogue.searching import finds
from house.catalogue.shelf import Shelf

Asked = Mapping[str, Any]


def meant(catalogue: Shelf, words: str) -> list[str]:
    """What the directory's own search finds by these words: identifiers, best first."""
    found = look(catalogue, words)
    services = (id_of("service", slug) for slug in found.services)
    return [*services, *(id_of("organization", slug) for slug in found.authorities)]


def answer(entries: Iterable[Entry], asked: Asked, best: Sequence[str] = ()) -> list[Entry]:
    """The entries that everything asked for holds for, in the catalogue's order.

    Where words are looked for, `best` are found and come first; then what has all the words in its name.
    """
    left = [one for one in entries if _holds(one, asked)]
    words = asked.get("search")
    if not words:
        return left
    rank = {id_: number for number, id_ in enumerate(best)}
    found = [one for one in left if one.known_as in rank or finds(words, one.found_by)]
    return sorted(found, key=lambda one: rank.get(one.known_as, len(rank)))


def _holds(one: Entry, asked: Asked) -> bool:
    """Whether every filter lets an entry through: they add up."""
    after = asked.get("modified_after")
    return (
        (after is None or (one.changed is not None and one.changed >= after))
        and one.terms.issuperset(asked.get("taxonomy_term_id", ()))
        and _named(asked.get("taxonomy_id"), one.taxonomies)
        and _named(asked.get("organization_id"), (one.organization,))
        and _named(asked.get("postcode"), one.postcodes)
        and _named(asked.get("parent_id"), (one.parent,))
        and not (asked.get("top_only") and one.parent)
    )


def _named(wanted: str | None, has: Collection[str | None]) -> bool:
    return wanted is None or wanted in has


def shape(asked: Asked) -> str:
    """The shape of the entries of a list."""
    shapes = {"minimal": MINIMAL, "full_service": FULL_SERVICE, "full": FULL}
    return next((shape for name, shape in shapes.items() if asked.get(name)), BASIC)
