"""What booking asks of the catalogue: the order of services, whom the house serves, and what each brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from house.catalogue import residence
from house.catalogue.language_tree import Said
from house.catalogue.prerequisites import order_of
from house.catalogue.shelf import AuthorityView, ServiceView, Shelf, shelf
from house.catalogue.subjects import is_paper


class Paper(NamedTuple):
    """Something to bring, and under which condition of the rule language; None for what everybody brings."""

    said: Said
    when: Mapping[str, Any] | None


def before(session: Session) -> frozenset[tuple[int, int]]:
    """Which service is passed before which in one visit, as pairs of keys."""
    return _before(shelf(session))


@lru_cache(maxsize=36)
def _before(shelf: Shelf) -> frozenset[tuple[int, int]]:
    """Remembered for each edition of the catalogue and language."""
    known = shelf.by_slug
    pairs = order_of(service.record for service in shelf.services)
    return frozenset((known[a].id, known[b].id) for a, b in pairs if a in known and b in known)


def papers(service: ServiceView) -> list[Paper]:
    """What to bring for a service; notes about papers are not brought."""
    listed = zip(service.record.get("documents") or (), service.papers, strict=True)
    return [Paper(said, document.get("when")) for document, said in listed if is_paper(document)]


def authority_of(session: Session, service: ServiceView) -> AuthorityView:
    """Whose service it is."""
    return shelf(session).authorities[service.authority_id]


def asks_where(services: Iterable[ServiceView]) -> bool:
    """Whether it matters for any of these services where the visitor lives."""
    return residence.asks_where(service.record for service in services)


def done_here(session: Session, service: ServiceView, municipality: str | None) -> bool:
    """Whether the house does this for somebody who lives there; None when that is not known."""
    return residence.done_here(service.record, _meta(session), municipality)


def served(session: Session, services: Iterable[ServiceView]) -> list[str]:
    """The municipalities whose people can get all of these services here; empty where all can."""
    return residence.served([service.record for service in services], _meta(session))


def municipalities(session: Session) -> list[str]:
    """The municipalities to choose from."""
    return residence.municipalities(_meta(session))


def _meta(session: Session) -> dict[str, Any]:
    return shelf(session).sections.get("meta") or {}
