"""What the page of one authority says: what it does, where it is met, and who says so.

All of it is taken from the catalogue's entries; what they do not say is not said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from house.catalogue.checking import ASSUMED
from house.catalogue.describing import Source, source, sources_in
from house.catalogue.shelf import AuthorityView, ServiceView, Shelf

CONTACT = "x_contact"
"""Where an entry holds the authority's own telephone and address, with the sources."""


@dataclass(frozen=True)
class Introduction:
    """One authority as its page tells it."""

    authority: AuthorityView
    does: tuple[ServiceView, ...]
    takes_part_in: tuple[ServiceView, ...]
    phone: str | None
    address: str | None
    sources: tuple[Source, ...]
    assumed: bool
    confirmed_on: date | None


def introduce(shelf: Shelf, authority: AuthorityView) -> Introduction:
    """Everything the page of an authority needs, from what is already in memory."""
    record, sources = authority.record, sources_in(authority.record)
    contact = record.get(CONTACT) or {}
    confirmed = record.get("confirmed_on")
    return Introduction(
        authority=authority,
        does=tuple(one for one in shelf.services if one.authority_id == authority.id),
        takes_part_in=tuple(
            one for one in shelf.services if authority.slug in one.record.get("other_authorities", ())
        ),
        phone=contact.get("phone"),
        address=contact.get("address"),
        sources=tuple(source(shelf, id_) for id_ in sources if id_ != ASSUMED),
        assumed=ASSUMED in sources,
        confirmed_on=date.fromisoformat(confirmed) if confirmed else None,
    )


def read_on(shelf: Shelf) -> date | None:
    """The day on which the catalogue's sources were read."""
    compiled = (shelf.sections.get("meta") or {}).get("compiled")
    return date.fromisoformat(compiled) if compiled else None
