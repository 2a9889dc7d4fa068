"""What there is to tell about one entry of the catalogue, in the language of the moment, by what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from house.catalogue import subjects
from house.catalogue.advising import About, Advice, Line, Topic
from house.catalogue.describing import applies_when
from house.catalogue.entries import Kind
from house.catalogue.hooks import bookable_slugs
from house.catalogue.language_tree import Said
from house.catalogue.shelf import Record, ServiceView, Shelf, shelf
from house.problems import NotHere

_TOPICS = {
    "document": Topic.BRING, "requires_held": Topic.FIRST, "requires_note": Topic.FIRST,
    "requires_waiver": Topic.FIRST, "deadline": Topic.BY_WHEN, "sub_deadlines": Topic.BY_WHEN,
    "earliest": Topic.BY_WHEN, "rut": Topic.BY_WHEN, "channels": Topic.HOW, "alternatives": Topic.HOW,
    "nordic_rule": Topic.HOW, "personal_appearance": Topic.HOW, "family_must_attend": Topic.HOW,
    "processing": Topic.HOW, "place_rule": Topic.HOW, "fee": Topic.COST, "x_cautions": Topic.OTHERS,
}  # fmt: skip
"""Where the texts of a service belong; what stands under another name says whom it is for."""
_LISTS = {"document": "documents"}
_BY_ITSELF = "name"


def can_be_asked(session: Session) -> dict[About, Said]:
    """Every service, offer and way out with its name, in the catalogue's order."""
    found = shelf(session)
    services = {About(Kind.SERVICE, one.slug): Said(one.name, one.name_lang) for one in found.services}
    offers = {
        About(Kind.OFFER, one["id"]): found.say(f"offer/{one['id']}/name", one["name"])
        for one in found.sections.get("offers") or ()
    }
    routes = {
        About(Kind.ROUTES, str(number)): found.say(f"route/{number}/to", one["to"])
        for number, one in enumerate(found.sections.get("routes_out") or (), start=1)
    }
    return {**services, **offers, **routes}


def advice(session: Session, about: About) -> Advice:
    """What there is to tell about an entry; raises `NotHere`."""
    name = can_be_asked(session).get(about)
    if name is None:
        raise NotHere()
    found = shelf(session)
    if about.kind is Kind.SERVICE:
        return _of_service(session, found, found.by_slug[about.slug])
    if about.kind is Kind.ROUTES:
        return Advice(about, Line(name, f"route/{about.slug}/to"), None, {})
    record = next(one for one in found.sections["offers"] if one["id"] == about.slug)
    path = f"offer/{about.slug}/rule"
    rule = (Line(found.say(path, record["rule"]), path),) if record.get("rule") else ()
    topics = {Topic.HOW: rule} if rule else {}
    return Advice(about, Line(name, f"offer/{about.slug}/name"), None, topics)


def _of_service(session: Session, found: Shelf, service: ServiceView) -> Advice:
    record, authority = service.record, found.authorities[service.authority_id]
    told: dict[Topic, list[Line]] = {topic: [] for topic in Topic}
    told[Topic.FOR_WHOM] += _whom(found, record)
    told[Topic.FIRST] += _first(found, record)
    told[Topic.HOW].append(_way(session, service))
    told[Topic.COST] += _price(record)
    for path, text in subjects.of_service(record, found.tree.record_language):
        part = path.split("/")[2]
        if part != _BY_ITSELF:
            topic = _TOPICS.get(part, Topic.FOR_WHOM)
            told[topic].append(_line(found, service, path, text))
    told[Topic.OTHERS] += _helpers(found, record)
    return Advice(
        About(Kind.SERVICE, service.slug),
        Line(Said(service.name, service.name_lang), f"service/{service.slug}/name"),
        Line(authority.name, f"authority/{authority.slug}/name"),
        {topic: tuple(lines) for topic, lines in told.items() if lines},
        record.get("link"),
    )


def _line(found: Shelf, service: ServiceView, path: str, text: str) -> Line:
    """A text of the service; a paper says itself what it is called in other languages."""
    parts = path.split("/")
    entry = _entry(service.record, parts[2:])
    paper = parts[2] == "document" and len(parts) == len(("service", "slug", "document", "1"))
    said = service.papers[int(parts[3]) - 1] if paper else found.say(path, text)
    asked = found.authority_by_slug.get(entry.get("ask", ""))
    return Line(said, path, entry.get("when"), asked.name if asked else None)


def _entry(record: Record, parts: list[str]) -> Record:
    """The entry of a service that a path leads to; empty for a plain text."""
    entry: Any = record.get(_LISTS.get(parts[0], parts[0]))
    if isinstance(entry, list) and len(parts) > 1 and parts[1].isdecimal():
        entry = entry[int(parts[1]) - 1]
    return entry if isinstance(entry, dict) else {}


def _coded(kind: str, value: Any = None) -> Line:
    return Line(None, code=(kind, value))


def _whom(found: Shelf, record: Record) -> list[Line]:
    groups = [dict(group) for group in applies_when(found, record)]
    return [_coded("whom", groups)] if groups else []


def _first(found: Shelf, record: Record) -> Iterator[Line]:
    for group in record.get("requires") or ():
        for slug in group["all_of"]:
            before = found.by_slug[slug]
            yield Line(Said(before.name, before.name_lang), f"service/{slug}/name", group.get("when"))


def _way(session: Session, service: ServiceView) -> Line:
    here = service.slug in bookable_slugs(session)
    return _coded("here") if here else _coded("mode", service.record["booking"]["mode"])


def _price(record: Record) -> list[Line]:
    fee = record.get("fee")
    return [_coded("fee", fee.get("dkk") or 0)] if fee is not None else []


def _helpers(found: Shelf, record: Record) -> Iterator[Line]:
    for slug in record.get("other_authorities") or ():
        if helper := found.authority_by_slug.get(slug):
            yield Line(helper.name, f"authority/{slug}/name")
