"""What times can be offered: reads the facts of counters and days; the pure search in `slots.py` decides.

The number of queries is the same for one counter and one day as for twenty counters and sixty days. Booking
(`holding.py`) asks the same search about the same kind of timetable, but with the truth of the tick rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.chains import Itinerary, Need, plan_around
from house.intake.daymap import TICK, bits, tick_begins
from house.intake.full_days import GRACE, full_ticks
from house.intake.partly import largest_parts
from house.intake.shifts import Tongues, open_ticks, spoken_at, tongues_of, ways
from house.intake.slots import itineraries, itinerary_at, starts
from house.intake.timetable import STRIDE, CounterDays, Horizon, Timetable
from house.intake.wishes import OtherTime, Wish, make_wish

__all__ = [
    "GRACE", "HORIZON", "Offer", "Time", "chain_of", "find_times", "horizon_of", "nearest", "offer", "search",
]  # fmt: skip

HORIZON = 60
"""So many days are looked at, today among them, unless a counter plans further ahead or less far."""

Shifts = Mapping[int, catalogue.ShiftDays]
"""The shifts of counters by key."""
NEAR = timedelta(days=5)
A_LEAP = 12
"""A day may be an hour short, in ticks."""


@dataclass(frozen=True)
class Time:
    """One time on offer: the whole visit, and the languages spoken at each step."""

    start: int
    """The UTC tick, `occupancy.tick`: what a form sends back."""
    starts_at: datetime
    """On the wall of the place."""
    itinerary: Itinerary
    spoken: tuple[frozenset[str], ...]

    @property
    def languages(self) -> frozenset[str]:
        """The languages that its counters have in common."""
        return frozenset.intersection(*self.spoken)


@dataclass(frozen=True)
class Offer:
    """Every time on offer for a wish over a horizon; without a chain nothing can be booked here."""

    wish: Wish
    timetable: Timetable
    chain: tuple[Need, ...] = ()
    tongues: Mapping[int, Tongues] = field(default_factory=dict)

    @property
    def how(self) -> dict[str, Any]:
        """The rules of the search: how long one may wait, and what comes first."""
        return {"max_gap": self.wish.longest_wait, "before": self.wish.before}

    @cached_property
    def starts(self) -> dict[date, int]:
        """For each day a bitmap of the ticks at which the visit can begin."""
        return starts(self.chain, self.timetable, **self.how) if self.chain else {}

    def days(self, since: date) -> list[tuple[date, int]]:
        """The days from a date on that have times, each with their number."""
        return [(day, found.bit_count()) for day, found in self.starts.items() if found and day >= since]

    def times(self, day: date, limit: int | None = None) -> list[Time]:
        """The times of one day, earliest first."""
        if not self.chain:
            return []
        found = itineraries(self.chain, day, self.timetable, limit=limit, **self.how)
        return [self._time(itinerary) for itinerary in found]

    def at(self, start: int) -> Itinerary | None:
        """The visit that begins at a UTC tick; None when that is not on offer."""
        return itinerary_at(self.chain, start, self.timetable, **self.how) if self.chain else None

    def first(self) -> Time | None:
        """The earliest time of all."""
        day = next((day for day, found in self.starts.items() if found), None)
        return self.times(day, 1)[0] if day else None

    def speak(self, language: str) -> bool:
        """Whether every step can be taken at a counter that speaks a language, at some time."""
        given = (self.wish.gives[service.id] for service in self.wish.here)
        return all(any(language in self._spoken(id_) for id_ in counters) for counters in given)

    def _spoken(self, counter_id: int) -> set[str]:
        return self.wish.counters[counter_id].spoken(self.tongues.get(counter_id, ()))

    def in_own_language(self) -> Offer:
        """What of it is at counters that speak the visitor's language."""
        wish = replace(self.wish, own_language=True)
        return replace(self, wish=wish, chain=chain_of(wish, self.tongues) if self.chain else ())

    def nearest(self, start: int, count: int = 3) -> list[Time]:
        """The times nearest to a UTC tick, earliest first."""
        frames = ((self.wish.frame(day), found) for day, found in self.starts.items() if found)
        ticks = (frame.first + bit for frame, found in frames for bit in bits(found))
        near = sorted(sorted(ticks, key=lambda tick: abs(tick - start))[:count])
        found = (self.at(tick) for tick in near)
        return [self._time(itinerary) for itinerary in found if itinerary]

    def parts(self) -> list[tuple[str, ...]]:
        """The largest parts of the visit that can be booked, as slugs, the one that can be first on top."""
        slug = {service.id: service.slug for service in self.wish.services}
        parts = largest_parts(self.chain, self.timetable, **self.how) if self.chain else []
        return [tuple(slug[int(need.service)] for need in part) for part in parts]

    def _time(self, itinerary: Itinerary) -> Time:
        start = itinerary.steps[0].start_tick
        spoken = tuple(
            spoken_at(self.wish.counters[step.counter], self.tongues.get(step.counter, ()), step.start_tick)
            for step in itinerary.steps
        )
        starts_at = clock.local(tick_begins(start), self.wish.timezone)
        return Time(start, starts_at, itinerary, spoken)


def find_times(
    session: Session,
    slugs: str | Sequence[str],
    party: int,
    language: str,
    first_day: date | None = None,
    days: int | None = None,
    *,
    own_language: bool = False,
    others: Sequence[OtherTime] = (),
) -> Offer:
    """Every time on offer for one service, or several in one visit; never beyond the horizon."""
    wanted = [slugs] if isinstance(slugs, str) else slugs
    wish = make_wish(session, wanted, party, language, own_language=own_language, others=others)
    return search(session, wish, first_day, days)


def search(session: Session, wish: Wish, first_day: date | None = None, days: int | None = None) -> Offer:
    """Every time on offer for a wish from a day on, never beyond the horizon; three statements."""
    now = clock.now()
    today = clock.local(now, wish.timezone).date()
    end = today + timedelta(days=wish.reach)
    wanted = min(first_day or today, end)
    first, end = max(wanted, today), min(wanted + timedelta(days=days or wish.reach), end)
    horizon = horizon_of(first, max((end - first).days, 0), wish.timezone)
    if not wish.here or not horizon.days:
        return Offer(wish, Timetable(horizon, (), now))
    full = full_ticks(session, wish.counters, horizon, now)
    return offer(wish, horizon, shifts_of(session, wish, horizon), full, now)


def nearest(session: Session, wish: Wish, around: int | date, count: int = 3) -> list[Time]:
    """The times nearest to a UTC tick or a day's beginning, earliest first.

    First a few days around are looked at: nothing can be nearer than what was found inside `NEAR`.
    """
    frames = horizon_of(clock.today(wish.timezone), max(wish.reach, 1), wish.timezone).frames
    if isinstance(around, date):
        around = wish.frame(min(max(around, frames[0].day), frames[-1].day)).first
    start = min(max(around, frames[0].first), frames[-1].first + frames[-1].n)
    day = clock.local(tick_begins(start), wish.timezone).date()
    found = search(session, wish, day - NEAR, 2 * NEAR.days + 1).nearest(start, count)
    far = NEAR // TICK - A_LEAP
    if len(found) == count and all(abs(time.start - start) <= far for time in found):
        return found
    return search(session, wish).nearest(start, count)


def shifts_of(session: Session, wish: Wish, horizon: Horizon) -> Shifts:
    """When the counters of a wish are open, and with whom."""
    last = horizon.first + timedelta(days=horizon.days - 1)
    whose = {counter.id: counter.whose for counter in wish.counters.values()}
    return catalogue.shifts_of(session, whose, horizon.first, last, horizon.tz)


def offer(wish: Wish, horizon: Horizon, shifts: Shifts, full: Mapping[int, int], now: datetime) -> Offer:
    """What the search makes of a wish, from when its counters are open, and their full ticks as given."""
    tongues = {id_: tongues_of(one) for id_, one in shifts.items()}
    shut = _shut(wish, horizon, now)
    counters = tuple(
        CounterDays(
            counter.id, open_ticks(horizon, shifts[counter.id]), full.get(counter.id, 0), counter.grid,
            counter.buffer, shut[counter.lead, counter.horizon_days],
        )
        for counter in wish.counters.values()
    )  # fmt: skip
    return Offer(wish, Timetable(horizon, counters, now), chain_of(wish, tongues), tongues)


def chain_of(wish: Wish, tongues: Mapping[int, Tongues]) -> tuple[Need, ...]:
    """The steps of a wish as the search takes them, kept clear of what is booked somewhere else."""
    needs = [_need(wish, service.id, tongues) for service in wish.here]
    return plan_around(needs, wish.fixed, wish.before)


def _need(wish: Wish, service: int, tongues: Mapping[int, Tongues]) -> Need:
    """One step: counters that speak the visitor's language suit best, then English, then any."""
    given = wish.gives.get(service, {})
    options = tuple(
        way
        for id_, ticks in given.items()
        for way in ways(wish.counters[id_], ticks, tongues[id_], wish.language, wish.own_language)
    )
    return Need(service, min(given.values(), default=1), options=options)


def _shut(wish: Wish, horizon: Horizon, now: datetime) -> dict[tuple[timedelta, int], int]:
    """The ticks that come too soon, or lie further ahead than planned, by lead time and horizon."""
    rules = {(counter.lead, counter.horizon_days) for counter in wish.counters.values()}
    return {(lead, days): _not_yet(lead, days, horizon, now) for lead, days in rules}


def _not_yet(lead: timedelta, horizon_days: int, horizon: Horizon, now: datetime) -> int:
    today = clock.local(now, horizon.tz.key).date()
    days = (today - horizon.first).days + horizon_days
    planned = (1 << max(days, 0) * STRIDE) - 1
    return horizon.inside & ~(horizon.since(now + lead) & planned)


@lru_cache(maxsize=64)
def horizon_of(first: date, days: int, timezone: str) -> Horizon:
    """Remembered, because every search of a day looks at the same days."""
    return Horizon(first, days, clock.zone(timezone))
