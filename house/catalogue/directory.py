"""Reading the catalogue in the language of the moment: names and papers, remembered per edition.

Every import writes a new edition number in its own transaction; a process that remembers an older edition
reads anew. So several processes agree after one cheap query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from house.catalogue.models import Authority, CatalogueSection, Place, Service, Text
from house.languages import current
from house.problems import NotHere

EDITION = "edition"


@dataclass(frozen=True)
class ServiceView:
    """A service as a page shows it; `name_lang` is not the page's language where a text is missing."""

    id: int
    slug: str
    name: str
    name_lang: str
    kind: str
    position: int
    authority_id: int
    authority_slug: str
    minutes_first: int
    minutes_each: int
    confirmed_on: date | None
    papers: tuple[tuple[str, str], ...]
    record: Mapping[str, Any] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Directory:
    """The whole catalogue of one edition in one language."""

    services: tuple[ServiceView, ...]
    by_id: Mapping[int, ServiceView]
    by_slug: Mapping[str, ServiceView]
    authorities: Mapping[int, str]
    texts: Mapping[str, tuple[str, str]]


_remembered: dict[tuple[str, str, str], Directory] = {}


def edition(session: Session) -> str:
    """The number of the catalogue's edition; "0" before the first import."""
    found = session.scalar(select(CatalogueSection.record).where(CatalogueSection.name == EDITION))
    return str(found or "0")


def directory(session: Session) -> Directory:
    """The catalogue in the language of the moment: one query when this edition is remembered."""
    key = (str(session.get_bind().engine.url), edition(session), current().tag)  # type: ignore[union-attr]
    if key not in _remembered:
        if len(_remembered) > 64:
            _remembered.clear()
        _remembered[key] = _read(session, current().tag)
    return _remembered[key]


def _read(session: Session, tag: str) -> Directory:
    rows = session.scalars(
        select(Service).options(joinedload(Service.authority)).order_by(Service.position, Service.id)
    ).all()
    authorities = session.scalars(select(Authority).order_by(Authority.position)).all()
    texts = {text.subject: (text.en, text.text) for text in session.scalars(
        select(Text).where(Text.language == tag))}  # fmt: skip
    services = tuple(_view(service, texts, tag) for service in rows)
    names = {
        authority.id: _say(texts, f"authority/{authority.slug}/name", authority.record["name_en"], tag)[0]
        for authority in authorities
    }
    return Directory(
        services, {one.id: one for one in services}, {one.slug: one for one in services}, names, texts
    )


def _say(texts: Mapping[str, tuple[str, str]], subject: str, english: str, tag: str) -> tuple[str, str]:
    """A text and its language: the translation where it was made of this very English."""
    made_of, text = texts.get(subject, ("", ""))
    return (text, tag) if text and made_of == english else (english, "en")


def _view(service: Service, texts: Mapping[str, tuple[str, str]], tag: str) -> ServiceView:
    name, name_lang = _say(texts, f"service/{service.slug}/name", service.record["name"]["en"], tag)
    minutes = service.record.get("counter_minutes", {})
    return ServiceView(
        id=service.id, slug=service.slug, name=name, name_lang=name_lang, kind=service.kind,
        position=service.position, authority_id=service.authority_id, authority_slug=service.authority.slug,
        minutes_first=int(minutes.get("first", 0)), minutes_each=int(minutes.get("each_further_person", 0)),
        confirmed_on=service.confirmed_on, papers=_papers(service, texts, tag), record=service.record,
    )  # fmt: skip


def services(session: Session) -> tuple[ServiceView, ...]:
    """Every service, in the catalogue's order."""
    return directory(session).services


def service(session: Session, slug: str) -> ServiceView:
    """A service by its slug; raises `NotHere`."""
    found = directory(session).by_slug.get(slug)
    if found is None:
        raise NotHere()
    return found


def service_by_id(session: Session, service_id: int) -> ServiceView:
    """A service by its key; raises `NotHere`."""
    found = directory(session).by_id.get(service_id)
    if found is None:
        raise NotHere()
    return found


def authority_names(session: Session) -> Mapping[int, str]:
    """Names of authorities by key."""
    return directory(session).authorities


def documents(view: ServiceView) -> list[tuple[str, str]]:
    """What to bring: each paper's words and their language."""
    return list(view.papers)


def _papers(service: Service, texts: Mapping[str, tuple[str, str]], tag: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        _say(texts, f"service/{service.slug}/document/{number}", str(paper.get("en") or paper["note"]), tag)
        for number, paper in enumerate(service.record.get("documents", []), start=1)
    )


def minutes(view: ServiceView, party: int) -> int:
    """Minutes at the counter for so many people: the first and each further one.

    Where the catalogue knows no further-person time, each one takes as long as the first.
    """
    each = view.minutes_each or view.minutes_first
    return view.minutes_first + each * (party - 1)


def place(session: Session) -> Place:
    """The house; raises `NotHere` before it was set up."""
    found = session.scalar(select(Place).order_by(Place.id).limit(1))
    if found is None:
        raise NotHere()
    return found


