"""The catalogue as pages and other wings read it, in the language of the moment.

It is put together once per edition, language and process. Every change of the catalogue writes a new edition
in its own transaction, and every reader asks for the edition first, so no process shows an old catalogue.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue import subjects
from house.catalogue.for_whom import ForWhom
from house.catalogue.language_tree import ENGLISH, LanguageTree, Said
from house.catalogue.models import Authority, CatalogueSection, Service
from house.catalogue.rulebook import Rulebook
from house.catalogue.stored_texts import translations
from house.db import remembered
from house.languages import current

EDITION = "edition"
MOST_KEPT = 36
Record = dict[str, Any]
_shelves: dict[tuple[str, str], Shelf] = {}
_ASKED = "catalogue.edition"
_section = CatalogueSection.__table__
_ASK = select(_section.c.record).where(_section.c.name == EDITION)
"""Of the table: every page asks it."""


@dataclass(frozen=True)
class AuthorityView:
    """An authority with its name in the language of the moment."""

    id: int
    slug: str
    name: Said
    record: Record = field(repr=False, compare=False)


@dataclass(frozen=True)
class ServiceView:
    """A service with its name in the language of the moment; `name_lang` says which one it really is."""

    id: int
    slug: str
    name: str
    name_lang: str
    kind: str
    authority_id: int
    authority_slug: str
    minutes_first: int
    minutes_each: int
    record: Record = field(repr=False, compare=False)
    papers: tuple[Said, ...] = field(repr=False, compare=False)
    """The texts of the record's documents, notes included, in the same order."""


@dataclass(frozen=True, eq=False)
class Shelf:
    """One edition of the catalogue in one language, shared by all readers: nobody changes what stands on it.

    `pages` is where a view keeps what it made of this edition, by whatever else it was made of, and `finds`
    where it keeps what it made of what somebody found.
    """

    services: tuple[ServiceView, ...]
    authorities: dict[int, AuthorityView]
    sections: dict[str, Any] = field(repr=False)
    tree: LanguageTree = field(repr=False)
    language: str = ENGLISH
    pages: dict[object, str] = field(default_factory=dict, repr=False)
    finds: dict[object, str] = field(default_factory=dict, repr=False)

    def say(self, subject: str, source: str) -> Said:
        """A text of the catalogue in the shelf's language, else as near as there is."""
        return self.tree.say(self.language, subject, source)

    @cached_property
    def by_slug(self) -> dict[str, ServiceView]:
        return {service.slug: service for service in self.services}

    @cached_property
    def by_id(self) -> dict[int, ServiceView]:
        return {service.id: service for service in self.services}

    @cached_property
    def authority_by_slug(self) -> dict[str, AuthorityView]:
        return {authority.slug: authority for authority in self.authorities.values()}

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules of this edition, ready for the plan."""
        services = [service.record for service in self.services]
        return Rulebook.of({**self.sections, "services": services})

    @cached_property
    def for_whom(self) -> ForWhom:
        """Which of its services are for whom."""
        return ForWhom(self.rulebook)


def shelf(session: Session) -> Shelf:
    """The catalogue as it stands for this transaction, in the language of the moment."""
    tag, edition = current().tag, _edition(session)
    found = _shelves.get((edition, tag))
    while found is None:
        found = _put_together(session, tag)
        remembered(session).pop(_ASKED, None)
        seen, edition = edition, _edition(session)
        if not edition:
            return found  # nothing was ever imported: nothing is remembered
        if edition != seen:
            found = None  # it changed while we read
    _keep((edition, tag), found)
    return found


def new_edition(session: Session) -> int:
    """Mark the catalogue as changed, in the transaction that changes it; returns the edition's number.

    The mark is random beside its number: what is remembered never fits another house or a rolled-back change.
    """
    row = session.get(CatalogueSection, EDITION, with_for_update=True)
    if row is None:
        row = CatalogueSection(name=EDITION, record={"number": 0})
        session.add(row)
    number = int(row.record["number"]) + 1
    row.record = {"number": number, "mark": secrets.token_hex(8)}
    session.flush()
    remembered(session).pop(_ASKED, None)
    return number


def edition_mark(session: Session) -> str:
    """The mark of the edition that stands, for who must know later whether it still does."""
    return _edition(session)


def _edition(session: Session) -> str:
    """The mark of the edition, read once per transaction; empty when there is none."""
    known: str | None = remembered(session).get(_ASKED)
    if known is None:
        session.flush()
        row = session.connection().scalar(_ASK)
        known = remembered(session)[_ASKED] = str(row["mark"]) if row else ""
    return known


def _keep(key: tuple[str, str], one: Shelf) -> None:
    while len(_shelves) >= MOST_KEPT and key not in _shelves:
        _shelves.pop(next(iter(_shelves)), None)
    _shelves[key] = one


def _put_together(session: Session, tag: str) -> Shelf:
    named = select(CatalogueSection.name, CatalogueSection.record)
    sections: Record = dict(session.execute(named).all())
    language = subjects.record_language(sections)
    tree = LanguageTree(language, *translations(session, {tag, ENGLISH} - {language}))
    rows = session.execute(
        select(Authority.id, Authority.slug, Authority.record).order_by(Authority.position)
    )
    authorities = {}
    for id_, slug, record in rows:
        words, own = subjects.authority_name(record, language), subjects.authority_names_in(record, language)
        name = tree.say(tag, f"authority/{slug}/name", words, own)
        authorities[id_] = AuthorityView(id_, slug, name, record)
    services = session.execute(  # one statement: an import that is just ending must not tear the two apart
        select(Authority.slug, Service.id, Service.slug, Service.kind, Service.authority_id, Service.record)
        .join(Authority, Authority.id == Service.authority_id)
        .order_by(Service.position)
    )
    return Shelf(tuple(_view(tree, tag, *row) for row in services), authorities, sections, tree, tag)


def _view(
    tree: LanguageTree, tag: str, authority: str, id_: int, slug: str, kind: str, of: int, record: Record
) -> ServiceView:
    language = tree.record_language
    own = subjects.service_names_in(record, language)
    name = tree.say(tag, f"service/{slug}/name", subjects.service_name(record, language), own)
    minutes = record.get("counter_minutes") or {}
    first = int(minutes.get("first", 0))
    listed, texts = record.get("documents") or (), subjects.document_texts(record, language)
    papers = tuple(
        tree.say(tag, f"service/{slug}/document/{number}", words, subjects.paper_words_in(paper, language))
        for number, (paper, words) in enumerate(zip(listed, texts, strict=True), start=1)
    )
    return ServiceView(
        id_, slug, name.text, name.lang, kind, of, authority,
        first, int(minutes.get("each_further_person", first)), record, papers,
    )  # fmt: skip
