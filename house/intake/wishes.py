"""What a party wants in one visit, and which counters can give it. When they can is in `offering.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.chains import Fixed
from house.intake.daymap import TICK, DayFrame, utc_tick, utc_tick_after
from house.intake.household import LARGEST_PARTY, MOST_SERVICES
from house.intake.models import Counter, CounterLanguage, CounterService, Level
from house.intake.slots import ticks_for
from house.intake.timetable import LONGEST_WAIT, Grid
from house.problems import NotHere

__all__ = ["LARGEST_PARTY", "CounterFacts", "OtherTime", "Wish", "bookable_services", "make_wish"]

ON_THE_WAY = timedelta(minutes=30)
"""How long it takes from an authority that is not in the house."""
NOT_SPOKEN = "none"
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
    person, each further one), None where the catalogue's hold. `levels` say how well it speaks a language.
    """

    id: int
    schedule_id: int
    capacity: int
    grid: Grid
    authority_id: int
    place_id: int
    levels: Mapping[str, str] = field(default_factory=dict, compare=False)
    minutes: Mapping[int, tuple[int | None, int | None]] = field(default_factory=dict, compare=False)
    buffer: int = 0
    """In ticks."""
    lead: timedelta = timedelta(minutes=60)
    horizon_days: int = 60
    revision: int = 0

    @property
    def whose(self) -> catalogue.Whose:
        """Whose hours it keeps."""
        return catalogue.Whose(self.schedule_id, self.authority_id, self.place_id)

    def levels_in(self, shift: catalogue.Languages) -> dict[str, str]:
        """The languages in a shift that differs in some of them."""
        spoken = {**self.levels, **dict(shift)}
        return {tag: level for tag, level in spoken.items() if level != NOT_SPOKEN}

    def spoken(self, shifts: Iterable[tuple[catalogue.Languages, Any]]) -> set[str]:
        """Every language that is spoken here at some time."""
        return set(self.levels_in(())).union(*(self.levels_in(languages) for languages, _spans in shifts))


@dataclass(frozen=True)
class OtherTime:
    """A time that another system gave for a service of the visit, as the visitor tells it."""

    slug: str
    starts_at: datetime
    reference: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Wish:
    """What a party wants in one visit, and which counters give it.

    `gives` says for each service how many ticks it takes at which counter. `language` is the one spoken at
    the counters; with `own_language` only counters that speak it count. `others` are booked somewhere else.
    """

    services: tuple[catalogue.ServiceView, ...]
    party: int
    language: str
    place: catalogue.Place
    counters: Mapping[int, CounterFacts]
    gives: Mapping[int, Mapping[int, int]]
    before: frozenset[tuple[int, int]]
    own_language: bool = False
    others: tuple[OtherTime, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    """The same as the search takes them, with the way from there."""

    @property
    def timezone(self) -> str:
        return self.place.timezone

    @property
    def slugs(self) -> list[str]:
        return [service.slug for service in self.services]

    @property
    def here(self) -> tuple[catalogue.ServiceView, ...]:
        """The services that are to be booked here."""
        booked = {other.slug for other in self.others}
        return tuple(service for service in self.services if service.slug not in booked)

    @property
    def nowhere(self) -> tuple[catalogue.ServiceView, ...]:
        """Those of them that no counter takes bookings for."""
        return tuple(service for service in self.here if not self.gives.get(service.id))

    @property
    def bookable(self) -> bool:
        """Whether counters take bookings for every step that is left to book."""
        return bool(self.here) and not self.nowhere

    @property
    def longest_wait(self) -> int:
        """The longest wait between two steps, in ticks."""
        return min(timedelta(minutes=self.place.longest_wait) // TICK, LONGEST_WAIT)

    @property
    def reach(self) -> int:
        """On how many days, today among them, the counter that plans furthest ahead has times."""
        return max((counter.horizon_days for counter in self.counters.values()), default=0)

    @property
    def revisions(self) -> dict[int, int]:
        """Its counters as they were read."""
        return {counter.id: counter.revision for counter in self.counters.values()}

    def frame(self, day: date) -> DayFrame:
        return DayFrame(day, clock.zone(self.timezone))


_BOOKED = (
    select(_gives.c.service_id)
    .join(_counter, _counter.c.id == _gives.c.counter_id)
    .where(_counter.c.active, _gives.c.bookable)
    .distinct()
)


def bookable_services(session: Session) -> tuple[catalogue.ServiceView, ...]:
    """The services that at least one counter takes bookings for, in the catalogue's order."""
    session.flush()
    ids = set(session.connection().scalars(_BOOKED))
    return tuple(service for service in catalogue.services(session) if service.id in ids)


def make_wish(
    session: Session,
    slugs: Sequence[str],
    party: int,
    language: str,
    *,
    own_language: bool = False,
    others: Sequence[OtherTime] = (),
) -> Wish:
    """What the party wants; raises `NotHere` for an unknown or repeated service, too many, or an odd party.

    `language` is what they speak at the counters. Steps come in any order that the catalogue allows.
    """
    fits = 1 <= party <= LARGEST_PARTY and 1 <= len(slugs) <= MOST_SERVICES
    if not fits or len(set(slugs)) < len(slugs):
        raise NotHere()
    services = tuple(catalogue.service(session, slug) for slug in slugs)
    place = catalogue.place(session)
    wanted = {"place": place.id, "services": [service.id for service in services]}
    session.flush()
    counters = _counters(tuple(session.connection().execute(_COUNTERS, wanted).all()))
    gives = {service.id: _given(service, party, counters) for service in services}
    known = tuple(other for other in others if other.slug in slugs)
    fixed = tuple(_fixed(session, catalogue.service(session, one.slug), one, party) for one in known)
    return Wish(
        services, party, language, place, counters, gives, catalogue.before(session), own_language, known,
        fixed,
    )  # fmt: skip


def ends(other: OtherTime, service: catalogue.ServiceView, party: int) -> datetime:
    """When a time somewhere else is over, as far as we know."""
    return other.starts_at + max(timedelta(minutes=catalogue.minutes(service, party)), TICK)


def _fixed(session: Session, service: catalogue.ServiceView, other: OtherTime, party: int) -> Fixed:
    at_house = catalogue.authority_of(session, service).record.get("at_house") is True
    over = ends(other, service, party) + (timedelta(0) if at_house else ON_THE_WAY)
    return Fixed(service.id, utc_tick(other.starts_at), utc_tick_after(over))


@lru_cache(maxsize=128)
def _counters(rows: tuple[Any, ...]) -> Mapping[int, CounterFacts]:
    """The counters by key; remembered by what the rows say, so that nobody is shown an old one."""
    of: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        of[row.id].append(row)
    return {id_: _facts(found) for id_, found in of.items()}


def _facts(rows: Sequence[Any]) -> CounterFacts:
    """A counter from its rows: one for each service it gives and language it speaks."""
    one = rows[0]
    levels = {row.language: str(row.level or Level.GOOD) for row in rows if row.language is not None}
    return CounterFacts(
        one.id, one.schedule_id, one.capacity, Grid(one.every, one.since), one.authority_id, one.place_id,
        levels, {row.service_id: (row.minutes_first, row.minutes_each) for row in rows},
        -(-timedelta(minutes=one.buffer_minutes) // TICK), timedelta(minutes=one.lead_minutes),
        one.horizon_days, one.revision,
    )  # fmt: skip


def _given(
    service: catalogue.ServiceView, party: int, counters: Mapping[int, CounterFacts]
) -> dict[int, int]:
    """How many ticks a service takes this party at each counter that gives it."""
    found = {}
    for id_, counter in counters.items():
        if service.id in counter.minutes:
            first, each = counter.minutes[service.id]
            first = service.minutes_first if first is None else first
            each = service.minutes_each if each is None else each
            found[id_] = max(1, ticks_for(first, each, party))
    return found
