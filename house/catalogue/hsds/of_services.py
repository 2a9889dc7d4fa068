"""Services and authorities of the catalogue as HSDS objects; what HSDS has no word for under our prefix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from house.catalogue.describing import DATES, Description, Fact
from house.catalogue.hsds.audience import ages
from house.catalogue.hsds.ids import id_of
from house.catalogue.hsds.terms import Term, attributes
from house.catalogue.hsds.voice import Condition, Voice, without_gaps
from house.catalogue.shelf import AuthorityView, ServiceView
from house.catalogue.subjects import entries, is_told

CURRENCY = "DKK"
_NOT_COUNTED = ("rule", "src", "note", "status")
Record = dict[str, Any]


@dataclass(frozen=True)
class Telling:
    """What every service is told with: the words, the facts of persons, the terms."""

    voice: Voice
    facts: Mapping[str, Any]
    terms: Mapping[Term, Record]


def moment(instant: datetime) -> str:
    """An instant as HSDS writes it, with milliseconds."""
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03}Z"


def organization(authority: AuthorityView, voice: Voice, services: Iterable[ServiceView]) -> Record:
    """An authority, without its services and places."""
    record = authority.record
    found = {
        "id": id_of("organization", authority.slug), "name": authority.name.text,
        "alternate_name": _other_name(authority.name.text, record.get("name_da"), record.get("name_en")),
        "description": voice.authority(record["level"], [one.name for one in services]),
        "website": record.get("url"), "x_house_slug": authority.slug, "x_house_level": record["level"],
        "x_house_language": authority.name.lang,
    }  # fmt: skip
    return without_gaps(found)


def _other_name(name: str, *others: str | None) -> str | None:
    """The first of the names that is another one: the Danish, for it stands on the door; else the English."""
    return next((one for one in others if one and one != name), None)


def basics(about: Description, tell: Telling, bookable: bool, changed: datetime, giver: Record) -> Record:
    """What a service says in one line each."""
    service, record, voice = about.service, about.service.record, tell.voice
    youngest, oldest = ages(about.applies)
    found = {
        "id": id_of("service", service.slug), "organization_id": giver["id"], "name": service.name,
        "alternate_name": _other_name(service.name, record["name"].get("da"), record["name"].get("en")),
        "description": _description(about), "url": voice.page(service.slug), "status": "active",
        "application_process": voice.way(record["booking"]["mode"], bookable),
        "fees_description": _fees(about, voice),
        "eligibility_description": voice.whom(about.applies, tell.facts),
        "minimum_age": youngest, "maximum_age": oldest,
        "assured_date": about.confirmed_on.isoformat() if about.confirmed_on else None,
        "last_modified": moment(changed), "organization": giver,
        "x_house_slug": service.slug, "x_house_language": service.name_lang,
    }  # fmt: skip
    return without_gaps(found)


def _description(about: Description) -> str:
    """What one gets, and what is good to know: a paragraph each."""
    facts = (about.outcome, about.processing, *about.good_to_know)
    return "\n".join(fact.said.text for fact in facts if fact)


def _fees(about: Description, voice: Voice) -> str | None:
    if not about.fee:
        return None
    told = voice.price(about.fee["dkk"])
    return f"{told} ({about.fee_note.text})" if about.fee_note else told


def details(about: Description, tell: Telling, bookable: bool, used: Iterable[Term]) -> Record:
    """What belongs to a service beside its lines: papers, prices, areas, terms, and our own facts."""
    id_ = id_of("service", about.service.slug)
    price: Record = {"id": id_of("cost_option", about.service.slug), "service_id": id_, "currency": CURRENCY}
    found = {
        "service_areas": [
            {"id": id_of("service_area", about.service.slug, name), "service_id": id_, "name": name}
            for name in about.municipalities
        ],
        "cost_options": [_with_amount(price, about)] if about.fee else None,
        "required_documents": [
            _paper(about.service.slug, number, paper, tell) for number, paper in enumerate(about.papers, 1)
        ],
        "attributes": attributes(id_, used, tell.terms),
        **_ours(about, bookable),
    }  # fmt: skip
    return without_gaps(found)


def _with_amount(price: Record, about: Description) -> Record:
    note = {"amount_description": about.fee_note.text} if about.fee_note else {}
    return {**price, "amount": (about.fee or {})["dkk"], **note}


def _paper(slug: str, number: int, paper: Fact, tell: Telling) -> Record:
    found = {
        "id": id_of("required_document", slug, number), "service_id": id_of("service", slug),
        "document": paper.said.text, "x_house_language": paper.said.lang, "x_house_when": paper.when,
        "x_house_only_if": tell.voice.only_if(paper.when, tell.facts) if paper.when else None,
        "x_house_note": paper.note.text if paper.note else None, "x_house_assumed": paper.assumed,
    }  # fmt: skip
    return without_gaps(found)


def _ours(about: Description, bookable: bool) -> Record:
    """What HSDS has no word for: rules, duty, dates, what comes before, scope, booking, sources."""
    record = about.service.record
    return {
        "x_house_obligation": [_when({"value": value}, when) for value, when in about.obligations],
        "x_house_applies_when": [dict(group) for group in about.applies],
        "x_house_requires": _before(about.first),
        "x_house_requires_of_sponsor": _before(about.of_sponsor),
        "x_house_requires_held": [_when({"item": one.said.text}, one.when) for one in about.held],
        "x_house_deadlines": _deadlines(about, record),
        "x_house_municipal_scope": record.get("municipal_scope"),
        "x_house_booking": {"mode": record["booking"]["mode"], "bookable_here": bookable},
        "x_house_minutes": _minutes(record),
        "x_house_link": record.get("link"),
        "x_house_other_organization_ids": [id_of("organization", one.slug) for one in about.helpers],
        "x_house_sources": [
            without_gaps({"id": one.id, "title": one.title, "url": one.url, "note": one.note})
            for one in about.sources
        ],
        "x_house_assumed": about.assumed,
        "x_house_confirmed_on": about.confirmed_on.isoformat() if about.confirmed_on else None,
    }  # fmt: skip


def _when(told: Record, condition: Condition | None) -> Record:
    return {**told, "when": dict(condition)} if condition else told


def _before(groups: Iterable[Any]) -> list[Record]:
    return [
        _when({"service_ids": [id_of("service", one.slug) for one in group.services]}, group.when)
        for group in groups
    ]


def _deadlines(about: Description, record: Record) -> list[Record]:
    """Dates as a machine counts them; where the sources disagree only that they do, never a date."""
    kept, expected = iter(about.deadlines), iter(about.expected)
    found = []
    for kind in DATES:
        for _path, entry in entries(record, kind):
            if not is_told(entry):
                found.append({"kind": kind, "status": entry["status"]})
                continue
            fact = next(expected if entry.get("type") == "expected_event" else kept)
            counted = {key: value for key, value in entry.items() if key not in _NOT_COUNTED}
            said = {"kind": kind, "rule": fact.said.text, "language": fact.said.lang, **counted}
            found.append(said | {"assumed": fact.assumed})
    return found


def _minutes(record: Record) -> Record | None:
    minutes = record.get("counter_minutes") or {}
    return {key: minutes[key] for key in ("first", "each_further_person") if key in minutes} or None
