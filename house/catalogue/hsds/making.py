"""Putting the open data together from the catalogue and from how the house stands; kept while both stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue.describing import describe
from house.catalogue.hooks import AtCounter
from house.catalogue.hsds import entries, of_places
from house.catalogue.hsds.dataset import Dataset
from house.catalogue.hsds.entries import Located, Offered
from house.catalogue.hsds.hours import Hours, together
from house.catalogue.hsds.ids import id_of
from house.catalogue.hsds.of_services import Telling, basics, details, organization
from house.catalogue.hsds.standing import Here, Standing, hours_of, standing
from house.catalogue.hsds.terms import Term, describing, taxonomies, terms
from house.catalogue.hsds.voice import Voice
from house.catalogue.models import Authority, Service
from house.catalogue.schedule_rules import Whose
from house.catalogue.searching import fold
from house.catalogue.shelf import ServiceView, Shelf, shelf

AT_THE_HOUSE = frozenset({"counter", "guidance", "company"})
"""Kinds of services that an authority in the house gives there, where no counter says so itself."""
Record = dict[str, Any]
_made: WeakKeyDictionary[Shelf, tuple[Standing, Dataset]] = WeakKeyDictionary()


def dataset(session: Session, voice: Voice) -> Dataset:
    """The open data as the house stands now; the language of the moment must be the voice's."""
    catalogue, now = shelf(session), standing(session)
    known = _made.get(catalogue)
    if known is None or known[0] != now:
        known = _made[catalogue] = (now, _Making(session, catalogue, now, voice).dataset())
    return known[1]


class _Making:
    """One edition in one language on its way to becoming open data."""

    def __init__(self, session: Session, catalogue: Shelf, now: Standing, voice: Voice) -> None:
        self.session, self.catalogue, self.now, self.voice = session, catalogue, now, voice
        self.facts: Mapping[str, Any] = (catalogue.sections.get("meta") or {}).get("person_facts") or {}

    def dataset(self) -> Dataset:
        offered = [self._offered(one, changed) for one, changed in self._services()]
        lists = {
            "services": entries.of_services(offered),
            "service_at_locations": entries.of_services_at_locations(offered),
            "organizations": entries.of_organizations(self._organizations(offered)),
            "taxonomies": entries.of_taxonomies(self._taxonomies),
            "taxonomy_terms": entries.of_terms(self._terms.values()),
        }
        return Dataset(lists, tuple(self._locations.values()), self.voice.tag)

    # --- places -------------------------------------------------------------------------------------------

    @cached_property
    def _hours(self) -> dict[Whose, Hours]:
        """The hours of everything that has any, in the time of the house it belongs to."""
        zones: dict[int | None, ZoneInfo] = {one.id: clock.zone(one.timezone) for one in self.now.places}
        if self.now.places:  # a telephone is of no house
            zones[None] = zones[self.now.places[0].id]
        return {
            whose: hours_of(rules, self.now.today, zones[whose.place_id])
            for whose, rules in self.now.rules.items()
        }

    @cached_property
    def _locations(self) -> dict[int, Record]:
        return {place.id: self._location(place) for place in self.now.places}

    def _location(self, place: Here) -> Record:
        house = of_places.House(
            place.slug, place.name, place.address, place.phone,
            self._hours[place.door], self._hours[place.telephone] if place.telephone else None,
        )  # fmt: skip
        return of_places.location(house, self.voice, _spoken(self.now.counters, place))

    def _at(self, service: ServiceView) -> Iterator[Located]:
        """The places where a service is given, with the hours of its counters there, or of the door."""
        given = [one for one in self.now.counters if one.service == service.slug]
        authority = self.catalogue.authorities[service.authority_id]
        by_the_door = authority.record.get("at_house") is True and service.kind in AT_THE_HOUSE
        for number, place in enumerate(self.now.places):
            counters = [one for one in given if one.place_id == place.id]
            if counters or (by_the_door and not given and number == 0):
                several = [one.whose for one in counters] or [place.door]
                hours = together(self._hours[one] for one in dict.fromkeys(several))
                yield self._located(service, place, hours)

    def _located(self, service: ServiceView, place: Here, hours: Hours) -> Located:
        id_ = id_of("service_at_location", service.slug, place.slug)
        opening = of_places.opening(hours, self.voice, {"service_at_location_id": id_})
        spoken = _spoken(self.now.counters, place, service.slug)
        return Located(id_, self._locations[place.id], opening, spoken)

    # --- services -----------------------------------------------------------------------------------------

    def _services(self) -> list[tuple[ServiceView, Any]]:
        changed = dict(self.session.execute(select(Service.id, Service.modified_at)).tuples().all())
        return [(one, changed[one.id]) for one in self.catalogue.services]

    def _offered(self, service: ServiceView, changed: Any) -> Offered:
        about, bookable = describe(self.catalogue, service), service.slug in self.now.bookable
        used = describing(service.kind, (duty for duty, _ in about.obligations), about.applies, self.facts)
        tell = Telling(self.voice, self.facts, self._terms)
        basic = basics(about, tell, bookable, changed, self._givers[service.authority_id])
        detail = details(about, tell, bookable, used)
        found_by = fold(" ".join(self._names(service)))
        return Offered(basic, detail, tuple(self._at(service)), tuple(used), changed, found_by)

    def _names(self, service: ServiceView) -> Iterator[str]:
        """The names of a service and of its authority: here, in English and in Danish."""
        authority = self.catalogue.authorities[service.authority_id]
        yield from (service.name, authority.name.text, service.slug.replace("_", " "))
        yield from service.record["name"].values()
        yield from (text for key, text in authority.record.items() if key.startswith("name_"))

    @cached_property
    def _givers(self) -> dict[int, Record]:
        return {
            authority.id: organization(
                authority,
                self.voice,
                [one for one in self.catalogue.services if one.authority_id == authority.id],
            )
            for authority in self.catalogue.authorities.values()
        }

    def _organizations(self, offered: Iterable[Offered]) -> Iterator[entries.Giver]:
        changed = dict(self.session.execute(select(Authority.id, Authority.modified_at)).tuples().all())
        listed = list(offered)
        for id_, record in self._givers.items():
            own = tuple(one for one in listed if one.basic["organization_id"] == record["id"])
            names = " ".join(
                text for key, text in self.catalogue.authorities[id_].record.items() if "name" in key
            )
            yield entries.Giver(record, own, changed[id_], names)

    # --- terms --------------------------------------------------------------------------------------------

    @cached_property
    def _taxonomies(self) -> list[Record]:
        return taxonomies(self.voice)

    @cached_property
    def _terms(self) -> dict[Term, Record]:
        return terms(self.voice, self._taxonomies, self.facts)


def _spoken(given: Iterable[AtCounter], place: Here, service: str | None = None) -> tuple[str, ...]:
    """The languages spoken at a place, or there for one service; sorted."""
    return tuple(sorted({
        tag
        for one in given
        if one.place_id == place.id and service in (None, one.service)
        for tag in one.languages
    }))  # fmt: skip
