"""What a party wants in one visit, and which counters can give it. When they can is in `offering.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.chains import Need
from house.intake.daymap import DayFrame
from house.intake.models import Counter, CounterLanguage, CounterService, Level
from house.intake.slots import ticks_for
from house.intake.timetable import Grid
from house.problems import NotHere

LARGEST_PARTY = 8
_counter, _gives, _speaks = Counter.__table__, CounterService.__table__, CounterLanguage.__table__
_COUNTERS = (
    select(
        _counter.c.id, _counter.c.schedule_id, _counter.c.authority_id, _counter.c.place_id,
        _counter.c.capacity, _counter.c.every, _counter.c.since, _counter.c.buffer_minutes,
        _counter.c.lead_minutes, _counter.c.horizon_days, _counter.c.revision,
        _gives.c.service_id, _gives.c.minutes_first, _gives.c.minutes_each,
        _speaks.c.language, _speaks.c.level,
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
    """What the search and the pages need to know of a counter.

    Times are offered from `lead` on, on `horizon_days` days; `minutes` are its own for a service, (first
    person, each further one), None where the catalogue's hold.
    """

    id: int
    schedule_id: int
    capacity: int
    grid: Grid
    languages: frozenset[str]
    authority_id: int = 0
    place_id: int = 0
    levels: Mapping[str, Level] = field(default_factory=dict, compare=False)
    minutes: Mapping[int, tuple[int | None, int | None]] = field(default_factory=dict, compare=False)
    buffer_minutes: int = 0
    lead: timedelta = timedelta(minutes=60)
    horizon_days: int = 60
    revision: int = 0

    @property
    def whose(self) -> catalogue.Whose:
        """Whose hours it keeps."""
        return catalogue.Whose(self.schedule_id, self.authority_id, self.place_id)


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

    @property
    def reach(self) -> int:
        """On how many days, today among them, the counter that plans furthest ahead has times."""
        return max((counter.horizon_days for counter in self.counters.values()), default=0)

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
    gives: dict[int, dict[int, None]] = defaultdict(dict)
    of: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        gives[row.service_id][row.id] = None
        of[row.id].append(row)
    counters = {id_: _facts(found) for id_, found in of.items()}
    chain: tuple[Need, ...] = ()
    if all(gives[service.id] for service in services):
        chain = tuple(_need(service, party, language, gives[service.id], counters) for service in services)
    return Wish(services, party, language, place, counters, chain)


def _facts(rows: Sequence[Any]) -> CounterFacts:
    """A counter from its rows: one for each service it gives and language it speaks."""
    one = rows[0]
    levels = {row.language: row.level for row in rows if row.language is not None}
    return CounterFacts(
        one.id, one.schedule_id, one.capacity, Grid(one.every, one.since), frozenset(levels),
        one.authority_id, one.place_id, levels,
        {row.service_id: (row.minutes_first, row.minutes_each) for row in rows},
        one.buffer_minutes, timedelta(minutes=one.lead_minutes), one.horizon_days, one.revision,
    )  # fmt: skip


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
