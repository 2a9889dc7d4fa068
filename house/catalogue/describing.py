"""What the page of one service says: the record's facts with their sources, in the order in which people ask.

No words of our own are made here. What the catalogue says only in English stays English and is marked so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from house.catalogue.checking import ASSUMED
from house.catalogue.shelf import AuthorityView, Record, ServiceView, Shelf
from house.catalogue.translating import Said

Condition = Mapping[str, Any]
GOOD_TO_KNOW = (
    "facts", "rules", "channels", "alternatives", "checklist", "duty_when", "nordic_rule", "requires_waiver",
)  # fmt: skip


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
    municipalities: tuple[str, ...]
    sources: tuple[Source, ...]
    assumed: bool
    confirmed_on: date | None

    @property
    def in_english(self) -> bool:
        """Whether any of it is told in English, be it for want of a translation."""
        single = (self.appearance, self.family, self.processing, self.outcome)
        several = (*self.held, *self.papers, *self.paper_notes, *self.deadlines, *self.expected)
        facts = (one for one in (*single, *several, *self.good_to_know) if one)
        spoken = {self.service.name_lang, self.authority.name.lang, *(one.said.lang for one in facts)}
        return "en" in spoken


def describe(shelf: Shelf, service: ServiceView) -> Description:
    """Everything the page of a service needs, from what is already in memory."""
    record = service.record
    dates = _deadlines(record)
    sources = list(dict.fromkeys(_sources(record)))
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
        held=tuple(_fact(one, "item") for one in record.get("requires_held", ())),
        papers=tuple(_papers(service, "en")),
        paper_notes=tuple(_papers(service, "note")),
        deadlines=tuple(_fact(one, "rule") for one in dates if one.get("type") != "expected_event"),
        expected=tuple(_fact(one, "rule") for one in dates if one.get("type") == "expected_event"),
        unresolved=(record.get("deadline") or {}).get("status") == "unresolved",
        appearance=_maybe(record.get("personal_appearance"), "value"),
        family=_maybe(record.get("family_must_attend"), "value"),
        processing=_maybe(record.get("processing"), "text"),
        outcome=_outcome(record),
        good_to_know=tuple(_good_to_know(record)),
        fee=record.get("fee"),
        municipalities=_municipalities(shelf, record),
        sources=tuple(_source(shelf, id_) for id_ in sources if id_ != ASSUMED),
        assumed=ASSUMED in sources,
        confirmed_on=date.fromisoformat(confirmed) if confirmed else None,
    )


def applies_when(shelf: Shelf, record: Record) -> Iterator[Condition]:
    """Whom a service is for, alternatives each; followed to the service it shares its people with."""
    like, also = record, record.get("applies_also") or {}
    while "applies_when" not in like:
        like = shelf.by_slug[like["applies_when_same_as"]].record
        also = {**(like.get("applies_also") or {}), **also}
    yield from ({**group, **also} for group in like["applies_when"])


def _obligations(obligation: Any) -> tuple[tuple[str, Condition | None], ...]:
    if isinstance(obligation, str):
        return ((obligation, None),)
    return tuple((one["value"], one.get("when")) for one in obligation)


def _first(shelf: Shelf, groups: Iterable[Record] | None) -> tuple[First, ...]:
    return tuple(
        First(tuple(shelf.by_slug[slug] for slug in group["all_of"]), group.get("when"))
        for group in groups or ()
    )


def _deadlines(record: Record) -> list[Record]:
    """The deadlines that can be told: where the sources disagree none is, for it would be believed."""
    found = [record.get("deadline"), *record.get("sub_deadlines", ()), record.get("earliest")]
    return [one for one in found if one and one.get("status") != "unresolved"]


def _fact(record: Record | str, key: str) -> Fact:
    if isinstance(record, str):
        return Fact(Said(record, "en"), assumed=False)
    note = record.get("note")
    return Fact(
        Said(str(record[key]), "en"),
        ASSUMED in record.get("src", ()),
        record.get("when"),
        Said(note, "en") if note and key != "note" else None,
    )


def _maybe(record: Record | None, key: str) -> Fact | None:
    return _fact(record, key) if record else None


def _outcome(record: Record) -> Fact | None:
    if not record.get("outcome"):
        return None
    return Fact(Said(record["outcome"], "en"), ASSUMED in record.get("outcome_src", ()))


def _papers(service: ServiceView, kind: str) -> Iterator[Fact]:
    """The documents of one kind, in the language they are in."""
    for document, said in zip(service.record.get("documents") or (), service.papers, strict=True):
        if ("en" if "en" in document else "note") == kind:
            note = document.get("note") if kind == "en" else None
            assumed = ASSUMED in document.get("src", ())
            yield Fact(said, assumed, document.get("when"), Said(note, "en") if note else None)


def _good_to_know(record: Record) -> Iterator[Fact]:
    for name in GOOD_TO_KNOW:
        found = record.get(name) or ()
        yield from (_fact(one, "text") for one in ([found] if isinstance(found, dict) else found))
    if posting := record.get("rut"):
        rule = _fact(posting["deadline"], "rule")
        yield from (replace(rule, when=group) for group in posting["applies_when"])


def _municipalities(shelf: Shelf, record: Record) -> tuple[str, ...]:
    if record.get("municipal_scope") != "ics_north":
        return ()
    served = (shelf.sections.get("meta") or {}).get("ics_north_municipalities") or {}
    return tuple(served.get("list", ()))


def _sources(value: Any) -> Iterator[str]:
    """The sources named anywhere in a record, in order."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in below:
        if isinstance(key, str) and (key == "src" or key.endswith("_src")):
            yield from one
        else:
            yield from _sources(one)


def _source(shelf: Shelf, id_: str) -> Source:
    record = shelf.sections["sources"][id_]
    return Source(id_, record["title"], record["url"], record.get("note"))
