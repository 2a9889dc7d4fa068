"""What a party wants in one visit, and which counters can give it. When they can is in `offering.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.chains import Need
from house.intake.daymap import DayFrame
from house.intake.models import Counter, CounterLanguage, CounterService
from house.intake.slots import ticks_for
from house.intake.timetable import Grid
from house.problems import NotHere

LARGEST_PARTY = 8
_counter, _gives, _speaks = Counter.__table__, CounterService.__table__, CounterLanguage.__table__
_COUNTERS = (
    select(
        _counter.c.id, _counter.c.schedule_id, _counter.c.capacity, _counter.c.every,
        _gives.c.service_id, _speaks.c.language,
    )
    .join(_gives, _gives.c.counter_id == _counter.c.id)
    .outerjoin(_speaks, _speaks.c.counter_id == _counter.c.id)
    .where(
        _counter.c.active, _counter.c.place_id == bindparam("place"), _gives.c.bookable,
        _gives.c.service_id.in_(bindparam("services", expanding=True)),
    )
    .order_by(_counter.c.id)
)  # fmt: skip
"""Built once, and of tables: a page of times must stay cheap."""


@dataclass(frozen=True)
class CounterFacts:
    """What the search and the pages need to know of a counter."""

    id: int
    schedule_id: int
    capacity: int
    grid: Grid
    languages: frozenset[str]


@dataclass(frozen=True)
class Wish:
    """What a party wants in one visit, and which counters give it; no chain means not booked here."""

    services: tuple[catalogue.ServiceView, ...]
    party: int
    language: str
    place: catalogue.Place
    counters: dict[int, CounterFacts]
    chain: tuple[Need, ...]

    @property
    def timezone(self) -> str:
        return self.place.timezone

    @property
    def slugs(self) -> list[str]:
        return [service.slug for service in self.services]

    def frame(self, day: date) -> DayFrame:
        return DayFrame(day, clock.zone(self.timezone))


def bookable_services(session: Session) -> tuple[catalogue.ServiceView, ...]:
    """The services that at least one counter takes bookings for, in the catalogue's order."""
    booked = (
        select(CounterService.service_id)
        .join(Counter, Counter.id == CounterService.counter_id)
        .where(Counter.active, CounterService.bookable)
        .distinct()
    )
    ids = set(session.scalars(booked))
    return tuple(service for service in catalogue.services(session) if service.id in ids)


def make_wish(session: Session, slugs: Sequence[str], party: int, language: str) -> Wish:
    """What the party wants, in the order given; raises `NotHere` for an unknown service or party."""
    if not 1 <= party <= LARGEST_PARTY or not slugs or len(set(slugs)) < len(slugs):
        raise NotHere()
    services = tuple(catalogue.service(session, slug) for slug in slugs)
    place = catalogue.place(session)
    wanted = {"place": place.id, "services": [service.id for service in services]}
    rows = session.connection().execute(_COUNTERS, wanted).all()
    spoken: dict[int, set[str]] = defaultdict(set)
    gives: dict[int, dict[int, None]] = defaultdict(dict)
    for row in rows:
        spoken[row.id].add(row.language)
        gives[row.service_id][row.id] = None
    counters = {
        id_: CounterFacts(id_, schedule_id, capacity, Grid(every), frozenset(spoken[id_] - {None}))
        for id_, schedule_id, capacity, every, _service, _language in rows
    }
    chain: tuple[Need, ...] = ()
    if all(gives[service.id] for service in services):
        chain = tuple(_need(service, party, language, gives[service.id], counters) for service in services)
    return Wish(services, party, language, place, counters, chain)


def _need(
    service: catalogue.ServiceView,
    party: int,
    language: str,
    ids: Collection[int],
    facts: dict[int, CounterFacts],
) -> Need:
    """One step: counters that speak the visitor's language suit best, then English, then any."""
    ranks = tuple(_rank(facts[counter_id].languages, language) for counter_id in ids)
    return Need(service.id, max(1, ticks_for(catalogue.minutes(service, party))), tuple(ids), ranks)


def _rank(spoken: frozenset[str], language: str) -> int:
    return 0 if language in spoken else 1 if "en" in spoken else 2
