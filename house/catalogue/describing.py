"""What the page of one service says: the record's facts with their sources, in the order in which people ask.

No words of our own are made here. Each text knows the language it is in: where a translation is missing or
was made from another text, that is not the reader's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from house.catalogue.checking import ASSUMED
from house.catalogue.language_tree import Said
from house.catalogue.rulebook import alternatives
from house.catalogue.shelf import AuthorityView, Record, ServiceView, Shelf
from house.catalogue.subjects import GOOD_TO_KNOW, entries, is_paper, is_told

Condition = Mapping[str, Any]
DATES = ("deadline", "sub_deadlines", "earliest")


@dataclass(frozen=True)
class Fact:
    """One thing that is said: its text, when it counts, and whether it is only assumed."""

    said: Said
    assumed: bool
    when: Condition | None = None
    note: Said | None = None


@dataclass(frozen=True)
class First:
    """What must be done before: services of the catalogue, and when that counts."""

    services: tuple[ServiceView, ...]
    when: Condition | None


@dataclass(frozen=True)
class Source:
    """Where a fact was read."""

    id: str
    title: str
    url: str
    note: str | None


@dataclass(frozen=True)
class Description:
    """One service as its page tells it."""

    service: ServiceView
    authority: AuthorityView
    helpers: tuple[AuthorityView, ...]
    applies: tuple[Condition, ...]
    obligations: tuple[tuple[str, Condition | None], ...]
    first: tuple[First, ...]
    of_sponsor: tuple[First, ...]
    then: tuple[ServiceView, ...]
    """What may be done once this is: the services that ask for it."""
    held: tuple[Fact, ...]
    papers: tuple[Fact, ...]
    paper_notes: tuple[Fact, ...]
    deadlines: tuple[Fact, ...]
    expected: tuple[Fact, ...]
    unresolved: bool
    appearance: Fact | None
    family: Fact | None
    processing: Fact | None
    outcome: Fact | None
    good_to_know: tuple[Fact, ...]
    fee: Mapping[str, Any] | None
    fee_note: Said | None
    municipalities: tuple[str, ...]
    sources: tuple[Source, ...]
    assumed: bool
    confirmed_on: date | None

    @property
    def languages(self) -> frozenset[str]:
        """The languages that any of it is told in, for want of a translation."""
        single = (self.appearance, self.family, self.processing, self.outcome)
        several = (*self.held, *self.papers, *self.paper_notes, *self.deadlines, *self.expected)
        facts = [one for one in (*single, *several, *self.good_to_know) if one]
        said = [self.authority.name, *(one.name for one in self.helpers), *(one.said for one in facts)]
        said += [note for note in (self.fee_note, *(one.note for one in facts)) if note]
        return frozenset({self.service.name_lang, *(one.lang for one in said)})


_described: WeakKeyDictionary[Shelf, dict[str, Description]] = WeakKeyDictionary()


def describe(shelf: Shelf, service: ServiceView) -> Description:
    """Everything the page of a service needs; made once for each edition and language."""
    known = _described.setdefault(shelf, {})
    found = known.get(service.slug)
    if found is None:
        found = known[service.slug] = _describe(shelf, service)
    return found


def _describe(shelf: Shelf, service: ServiceView) -> Description:
    record = service.record
    tell = _Telling(shelf, record)
    sources = sources_in(record)
    confirmed = record.get("confirmed_on")
    helpers = (shelf.authority_by_slug.get(slug) for slug in record.get("other_authorities", ()))
    return Description(
        service=service,
        authority=shelf.authorities[service.authority_id],
        helpers=tuple(one for one in helpers if one),
        applies=tuple(applies_when(shelf, record)),
        obligations=_obligations(record["obligation"]),
        first=_first(shelf, record.get("requires")),
        of_sponsor=_first(shelf, record.get("requires_of_sponsor")),
        then=tuple(_then(shelf, service)),
        held=tell.all("requires_held", "item"),
        papers=tuple(_papers(shelf, service, papers=True)),
        paper_notes=tuple(_papers(shelf, service, papers=False)),
        deadlines=tell.dates(expected=False),
        expected=tell.dates(expected=True),
        unresolved=not is_told(record.get("deadline")),
        appearance=tell.one("personal_appearance", "value"),
        family=tell.one("family_must_attend", "value"),
        processing=tell.one("processing", "text"),
        outcome=tell.one("outcome", "outcome"),
        good_to_know=tuple(_good_to_know(tell)),
        fee=record.get("fee"),
        fee_note=tell.note("fee"),
        municipalities=_municipalities(shelf, record),
        sources=tuple(source(shelf, id_) for id_ in sources if id_ != ASSUMED),
        assumed=ASSUMED in sources,
        confirmed_on=date.fromisoformat(confirmed) if confirmed else None,
    )


def applies_when(shelf: Shelf, record: Record) -> Iterator[Condition]:
    """Whom a service is for, alternatives each; followed to the service it shares its people with."""
    yield from alternatives(record, {slug: service.record for slug, service in shelf.by_slug.items()})


def _obligations(obligation: Any) -> tuple[tuple[str, Condition | None], ...]:
    if isinstance(obligation, str):
        return ((obligation, None),)
    return tuple((one["value"], one.get("when")) for one in obligation)


def _first(shelf: Shelf, groups: Iterable[Record] | None) -> tuple[First, ...]:
    return tuple(
        First(tuple(shelf.by_slug[slug] for slug in group["all_of"]), group.get("when"))
        for group in groups or ()
    )


def _then(shelf: Shelf, service: ServiceView) -> Iterator[ServiceView]:
    for later in shelf.services:
        if any(service.slug in group["all_of"] for group in later.record.get("requires") or ()):
            yield later


class _Telling:
    """The facts of one service, each in the language it is there in."""

    def __init__(self, shelf: Shelf, record: Record) -> None:
        self.shelf = shelf
        self.record = record

    def all(self, name: str, key: str) -> tuple[Fact, ...]:
        """Every fact under a name of the record that may be told; its text stands under `key`."""
        return tuple(self.fact(path, one, key) for path, one in entries(self.record, name) if is_told(one))

    def one(self, name: str, key: str) -> Fact | None:
        """The only fact under a name of the record."""
        return next(iter(self.all(name, key)), None)

    def dates(self, *, expected: bool) -> tuple[Fact, ...]:
        """The dates to keep, or the ones when something should come."""
        found = [one for name in DATES for one in entries(self.record, name) if is_told(one[1])]
        kept = [one for one in found if (one[1].get("type") == "expected_event") is expected]
        return tuple(self.fact(path, one, "rule") for path, one in kept)

    def fact(self, path: str, entry: Record | str, key: str) -> Fact:
        """One entry; a plain text has its sources beside it, under the same name and `_src`."""
        if isinstance(entry, str):
            return Fact(self.shelf.say(path, entry), ASSUMED in self.record.get(f"{key}_src", ()))
        note = entry.get("note")
        return Fact(
            self.shelf.say(path, str(entry[key])),
            ASSUMED in entry.get("src", ()),
            entry.get("when"),
            self.shelf.say(f"{path}/note", note) if note else None,
        )

    def note(self, name: str) -> Said | None:
        """The note beside an entry that is not told in words."""
        note = (self.record.get(name) or {}).get("note")
        return self.shelf.say(f"service/{self.record['id']}/{name}/note", note) if note else None


def _papers(shelf: Shelf, service: ServiceView, *, papers: bool) -> Iterator[Fact]:
    """The papers to bring, or what stands between them about papers."""
    listed = zip(service.record.get("documents") or (), service.papers, strict=True)
    for number, (document, said) in enumerate(listed, start=1):
        if is_paper(document) is papers:
            note = document.get("note") if papers else None
            told = shelf.say(f"service/{service.slug}/document/{number}/note", note) if note else None
            yield Fact(said, ASSUMED in document.get("src", ()), document.get("when"), told)


def _good_to_know(tell: _Telling) -> Iterator[Fact]:
    for name in GOOD_TO_KNOW:
        yield from tell.all(name, "text")
    yield from tell.all("requires_note", "requires_note")
    if posting := tell.record.get("rut"):
        rule = tell.fact(f"service/{tell.record['id']}/rut/deadline", posting["deadline"], "rule")
        yield from (replace(rule, when=group) for group in posting["applies_when"])


def _municipalities(shelf: Shelf, record: Record) -> tuple[str, ...]:
    if record.get("municipal_scope") != "ics_north":
        return ()
    served = (shelf.sections.get("meta") or {}).get("ics_north_municipalities") or {}
    return tuple(served.get("list", ()))


def sources_in(record: Record) -> list[str]:
    """The sources named anywhere in a record, each once, in order."""
    return list(dict.fromkeys(_sources(record)))


def _sources(value: Any) -> Iterator[str]:
    """The sources named anywhere in a record, in order."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in below:
        if isinstance(key, str) and (key == "src" or key.endswith("_src")):
            yield from one
        else:
            yield from _sources(one)


def source(shelf: Shelf, id_: str) -> Source:
    """A source by its id."""
    record = shelf.sections["sources"][id_]
    return Source(id_, record["title"], record["url"], record.get("note"))
