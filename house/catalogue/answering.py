"""What other wings ask of the catalogue: services and authorities, in the language of the moment."""

from __future__ import annotations

from sqlalchemy.orm import Session

from house.catalogue import subjects
from house.catalogue.language_tree import Said
from house.catalogue.shelf import AuthorityView, ServiceView, shelf
from house.problems import NotHere


def services(session: Session) -> tuple[ServiceView, ...]:
    """Every service in the catalogue's order, named in the language of the moment."""
    return shelf(session).services


def service(session: Session, slug: str) -> ServiceView:
    """The service with this slug; raises NotHere."""
    found = shelf(session).by_slug.get(slug)
    if found is None:
        raise NotHere()
    return found


def service_by_id(session: Session, id_: int) -> ServiceView:
    """The service with this key; raises NotHere."""
    found = shelf(session).by_id.get(id_)
    if found is None:
        raise NotHere()
    return found


def authorities(session: Session) -> dict[int, AuthorityView]:
    """All authorities by key, named in the language of the moment."""
    return shelf(session).authorities


def authority_names(session: Session) -> dict[int, str]:
    """The names of all authorities by key, in the language of the moment where there is one."""
    return {id_: authority.name.text for id_, authority in shelf(session).authorities.items()}


def minutes(service: ServiceView, party: int) -> int:
    """Minutes at the counter for a party.

    Where the catalogue does not say what each further person takes, each takes as long as the first.
    """
    return service.minutes_first + service.minutes_each * (max(party, 1) - 1)


def documents(service: ServiceView) -> list[Said]:
    """What to bring, each text with the language it is in; notes about papers are not brought."""
    listed = zip(service.record.get("documents") or (), service.papers, strict=True)
    return [paper for document, paper in listed if subjects.is_paper(document)]
