"""Which entries a question asks for, in which order and shape."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from house.catalogue.hsds.dataset import BASIC, FULL, FULL_SERVICE, MINIMAL, Entry
from house.catalogue.searching import finds

Asked = Mapping[str, Any]


def answer(entries: Iterable[Entry], asked: Asked) -> list[Entry]:
    """The entries that everything asked for holds for, in the catalogue's order."""
    left = [one for one in entries if _holds(one, asked)]
    wanted = asked.get("search")
    return [one for one in left if finds(wanted, one.found_by)] if wanted else left


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
