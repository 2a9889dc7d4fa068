"""Objects as entries of lists: each in its shapes, with what it is found and filtered by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from house.catalogue.hsds.dataset import BASIC, FULL, FULL_SERVICE, MINIMAL, Entry
from house.catalogue.hsds.fields import THINGS
from house.catalogue.hsds.ids import id_of
from house.catalogue.hsds.terms import Term, with_parents
from house.catalogue.hsds.voice import without_gaps
from house.catalogue.searching import fold

Record = dict[str, Any]
Entries = dict[str, Entry]


@dataclass(frozen=True)
class Located:
    """A service at a location: where, when, and what is spoken."""

    id: str
    location: Record
    opening: Record
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Offered:
    """A service with everything that belongs to it, still in parts."""

    basic: Record
    detail: Record
    at: tuple[Located, ...]
    used: tuple[Term, ...]
    changed: datetime
    found_by: str

    @property
    def id(self) -> str:
        return str(self.basic["id"])

    @property
    def short(self) -> Record:
        """What an organization tells of it."""
        return {key: self.basic[key] for key in ("id", "name", "status")}


@dataclass(frozen=True)
class Giver:
    """An authority with the services it gives."""

    record: Record
    offered: tuple[Offered, ...]
    changed: datetime
    names: str


def of_services(offered: Iterable[Offered]) -> Entries:
    """Every service."""
    return _by_id(_of_service(one) for one in offered)


def _of_service(one: Offered) -> Entry:
    minimal = {"id": one.id, "modified_date": one.basic["last_modified"]}
    shapes = {BASIC: one.basic, FULL: _in_full(one), MINIMAL: minimal}
    return Entry(one.id, shapes, one.found_by, **_filtered(one))


def _filtered(one: Offered) -> dict[str, Any]:
    """What services, and services at locations, are filtered by."""
    return {
        "changed": one.changed, "terms": with_parents(one.used), "service": one.id,
        "taxonomies": frozenset(id_of("taxonomy", term[0]) for term in one.used),
        "organization": one.basic["organization_id"],
    }  # fmt: skip


def _in_full(one: Offered) -> Record:
    """A service with its places inside it, and what is the same at all of them beside its own lines."""
    at = [_at(one, located) for located in one.at]
    own = {
        "phones": _each(located.location.get("phones", ()) for located in one.at),
        "contacts": _each(located.location.get("contacts", ()) for located in one.at),
        "schedules": _each(located.opening["schedules"] for located in one.at),
        "service_at_locations": at,
        "languages": _languages(one),
    }  # fmt: skip
    return {**one.basic, **one.detail, **without_gaps(own)}


def _languages(one: Offered) -> list[Record]:
    """What is spoken where a service is given."""
    names = {
        tag["code"]: tag["name"] for located in one.at for tag in located.location.get("languages", ())
    }
    spoken = sorted({tag for located in one.at for tag in located.languages})
    return [
        {"id": id_of("language", one.id, tag), "service_id": one.id, "name": names[tag], "code": tag}
        for tag in spoken
    ]


def _each(several: Iterable[Iterable[Record]]) -> list[Record]:
    """Every object once."""
    return list({one["id"]: one for listed in several for one in listed}.values())


def _at(one: Offered, located: Located) -> Record:
    """A service at a location, without the service."""
    place = located.location
    found = {
        "id": located.id, "service_id": one.id, "location_id": place["id"],
        "description": f"{one.basic['name']} – {place['name']}", "location": place,
        "contacts": place.get("contacts"), "phones": place.get("phones"), **located.opening,
        "name": one.basic["name"], "status": one.basic["status"],
    }  # fmt: skip
    return without_gaps(found)


def of_services_at_locations(offered: Iterable[Offered]) -> Entries:
    """Every service at every location where it is given."""
    return _by_id(_of_service_at(one, located) for one in offered for located in one.at)


def _of_service_at(one: Offered, located: Located) -> Entry:
    full = {**_at(one, located), "service": {**one.basic, **one.detail}}
    basic = {key: value for key, value in full.items() if not isinstance(value, list | dict)}
    basic |= {"location": _lines(located.location, "location"), "service": one.basic}
    postcodes = frozenset(address["postal_code"] for address in located.location.get("addresses", ()))
    shapes = {BASIC: basic, FULL: full}
    return Entry(located.id, shapes, one.found_by, postcodes=postcodes, **_filtered(one))


def _lines(record: Record, thing: str) -> Record:
    """An object without the objects inside it."""
    inside = {field.name for field in THINGS[thing].fields if field.holds}
    return {key: value for key, value in record.items() if key not in inside}


def of_organizations(givers: Iterable[Giver]) -> Entries:
    """Every authority."""
    return _by_id(_of_organization(one) for one in givers)


def _of_organization(one: Giver) -> Entry:
    locations = _each([located.location] for service in one.offered for located in service.at)
    full = without_gaps({
        **one.record, "locations": locations, "services": [service.short for service in one.offered],
    })  # fmt: skip
    services = [
        {key: value for key, value in _in_full(service).items() if key != "organization"}
        for service in one.offered
    ]
    told = {**full, "services": services} if services else full
    changed = max([one.changed, *(service.changed for service in one.offered)])
    used = [term for service in one.offered for term in service.used]
    return Entry(
        one.record["id"], {BASIC: one.record, FULL: full, FULL_SERVICE: told},
        fold(f"{one.record['name']} {one.names}"), changed=changed, terms=with_parents(used),
        taxonomies=frozenset(id_of("taxonomy", term[0]) for term in used), organization=one.record["id"],
    )  # fmt: skip


def of_taxonomies(records: Iterable[Record]) -> Entries:
    """Every list of terms."""
    return _by_id(
        Entry(one["id"], {BASIC: one}, _words(one), taxonomies=frozenset({one["id"]})) for one in records
    )


def of_terms(records: Iterable[Record]) -> Entries:
    """Every term."""
    return _by_id(
        Entry(
            one["id"], {BASIC: one}, _words(one), parent=one.get("parent_id"),
            taxonomies=frozenset({one["taxonomy_id"]}),
        )
        for one in records
    )  # fmt: skip


def _words(record: Record) -> str:
    return fold(" ".join(record.get(key, "") for key in ("name", "description", "code")))


def _by_id(several: Iterable[Entry]) -> Entries:
    return {one.id: one for one in several}
