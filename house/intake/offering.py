"""What times can be offered: reads the facts of counters and days; the pure search in `slots.py` decides.

The number of queries is the same for one counter and one day as for twenty counters and sixty days. Booking
(`holding.py`) asks the same search about the same kind of timetable, but with the truth of the tick rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache

from sqlalchemy import Text, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.chains import Itinerary
from house.intake.daymap import bits, mask, tick_begins
from house.intake.models import CounterDay, Occupancy
from house.intake.slots import itineraries, itinerary_at, starts
from house.intake.timetable import BLOCK, STRIDE, CounterDays, Horizon, Timetable
from house.intake.wishes import CounterFacts, Wish, make_wish

HORIZON = 60
"""So many days are looked at, today among them, unless a counter plans further ahead or less far."""
LONGEST_WAIT = 6
"""The longest wait between two steps of a visit, in ticks."""
GRACE = timedelta(minutes=1)
"""So long after its end a hold is still its holder's, for clocks and slow lines."""

_day, _place = CounterDay.__table__, Occupancy.__table__
_FULL = select(_day.c.counter_id, type_coerce(_day.c.day, Text), type_coerce(_day.c.full, Text)).where(
    _day.c.counter_id.in_(bindparam("counters", expanding=True)),
    _day.c.day.between(bindparam("first"), bindparam("last")),
)
_RUN_OUT = select(_place.c.counter_id, _place.c.tick).where(
    _place.c.expires_at < bindparam("limit"),
    _place.c.tick.between(bindparam("first"), bindparam("last")),
)
"""Built once, of tables, and read as the driver gives it: twelve hundred days must take a millisecond.

Which counters is asked in Python: in SQL it would tempt SQLite to walk their forty thousand ticks by the key,
instead of the few rows that the index of `expires_at` holds below the limit.
"""


@dataclass(frozen=True)
class Time:
    """One time on offer: the whole visit, and the languages that its counters have in common."""

    start: int
    """The UTC tick, `occupancy.tick`: what a form sends back."""
    starts_at: datetime
    """On the wall of the place."""
    itinerary: Itinerary
    languages: frozenset[str]


@dataclass(frozen=True)
class Offer:
    """Every time on offer for a wish over a horizon."""

    wish: Wish
    timetable: Timetable

    @cached_property
    def starts(self) -> dict[date, int]:
        """For each day a bitmap of the ticks at which the visit can begin."""
        if not self.wish.chain:
            return {}
        return starts(self.wish.chain, self.timetable, max_gap=LONGEST_WAIT)

    def days(self, since: date) -> list[tuple[date, int]]:
        """The days from a date on that have times, each with their number."""
        return [(day, found.bit_count()) for day, found in self.starts.items() if found and day >= since]

    def times(self, day: date) -> list[Time]:
        """The times of one day, earliest first."""
        if not self.wish.chain:
            return []
        found = itineraries(self.wish.chain, day, self.timetable, max_gap=LONGEST_WAIT)
        return [self._time(itinerary) for itinerary in found]

    def at(self, start: int) -> Itinerary | None:
        """The visit that begins at a UTC tick; None when that is not on offer."""
        if not self.wish.chain:
            return None
        return itinerary_at(self.wish.chain, start, self.timetable, max_gap=LONGEST_WAIT)

    def nearest(self, start: int, count: int = 3) -> list[Time]:
        """The times nearest to a UTC tick, earliest first."""
        frames = ((self.wish.frame(day), found) for day, found in self.starts.items() if found)
        ticks = (frame.first + bit for frame, found in frames for bit in bits(found))
        near = sorted(sorted(ticks, key=lambda tick: abs(tick - start))[:count])
        found = (self.at(tick) for tick in near)
        return [self._time(itinerary) for itinerary in found if itinerary]

    def _time(self, itinerary: Itinerary) -> Time:
        start = itinerary.steps[0].start_tick
        spoken = [self.wish.counters[step.counter].languages for step in itinerary.steps]
        starts_at = clock.local(tick_begins(start), self.wish.timezone)
        return Time(start, starts_at, itinerary, frozenset.intersection(*spoken))


def find_times(
    session: Session,
    slugs: str | Sequence[str],
    party: int,
    language: str,
    first_day: date | None = None,
    days: int | None = None,
) -> Offer:
    """Every time on offer for one service, or several in one visit; never beyond the horizon."""
    wish = make_wish(session, [slugs] if isinstance(slugs, str) else slugs, party, language)
    return search(session, wish, first_day, days)


def search(session: Session, wish: Wish, first_day: date | None = None, days: int | None = None) -> Offer:
    """Every time on offer for a wish from a day on, never beyond the horizon; four statements."""
    now = clock.now()
    today = clock.local(now, wish.timezone).date()
    end = today + timedelta(days=wish.reach)
    wanted = min(first_day or today, end)
    first, end = max(wanted, today), min(wanted + timedelta(days=days or wish.reach), end)
    horizon = horizon_of(first, max((end - first).days, 0), wish.timezone)
    if not wish.chain or not horizon.days:
        return Offer(wish, Timetable(horizon, (), now))
    full = _stored_full(session, wish, horizon)
    for counter_id, free in _run_out(session, wish, horizon, now).items():
        full[counter_id] = full.get(counter_id, 0) & ~free
    return Offer(wish, timetable(session, wish, horizon, full, now))


def timetable(
    session: Session, wish: Wish, horizon: Horizon, full: dict[int, int], now: datetime
) -> Timetable:
    """What the search works on: when the wish's counters are open, and their full ticks as given."""
    last = horizon.first + timedelta(days=horizon.days - 1)
    whose = {counter.id: counter.whose for counter in wish.counters.values()}
    shifts = catalogue.shifts_of(session, whose, horizon.first, last, horizon.tz)
    counters = tuple(
        CounterDays(
            counter.id, _open(horizon, shifts[counter.id]),
            full.get(counter.id, 0) | _not_yet(counter, horizon, now), counter.grid,
        )
        for counter in wish.counters.values()
    )  # fmt: skip
    return Timetable(horizon, counters, now)


def _not_yet(counter: CounterFacts, horizon: Horizon, now: datetime) -> int:
    """The ticks that come too soon for a counter, or lie further ahead than it plans."""
    today = clock.local(now, horizon.tz.key).date()
    days = (today - horizon.first).days + counter.horizon_days
    planned = (1 << max(days, 0) * STRIDE) - 1
    return horizon.inside & ~(horizon.since(now + counter.lead) & planned)


@lru_cache(maxsize=64)
def horizon_of(first: date, days: int, timezone: str) -> Horizon:
    """Remembered, because every search of a day looks at the same days."""
    return Horizon(first, days, clock.zone(timezone))


@lru_cache(maxsize=256)
def _open(horizon: Horizon, shifts: catalogue.ShiftDays) -> int:
    """Remembered, because counters share hours and hours seldom change."""
    frames = {frame.day: frame for frame in horizon.frames}
    spans = {day: [shift[:2] for shift in found] for day, found in shifts.days.items() if day in frames}
    return horizon.join({day: mask(found, frames[day]) for day, found in spans.items()})


def _stored_full(session: Session, wish: Wish, horizon: Horizon) -> dict[int, int]:
    """The full ticks of the wish's counters by the stored bitmaps, days joined."""
    frames, begins = horizon.frames, _begins(horizon)
    wanted = {"counters": list(wish.counters), "first": frames[0].day, "last": frames[-1].day}
    joined: dict[int, bytearray] = defaultdict(lambda: bytearray(BLOCK * horizon.days))
    for counter_id, day, full in session.connection().execute(_FULL, wanted).all():
        at = begins[day]
        joined[counter_id][at : at + len(full)] = full
    return {counter_id: int.from_bytes(days, "little") for counter_id, days in joined.items()}


@lru_cache(maxsize=64)
def _begins(horizon: Horizon) -> dict[date | str, int]:
    """Where each day begins among the joined days, by the date and by SQLite's text for it."""
    begins: dict[date | str, int] = {}
    for number, frame in enumerate(horizon.frames):
        begins[frame.day] = begins[frame.day.isoformat()] = number * BLOCK
    return begins


def _run_out(session: Session, wish: Wish, horizon: Horizon, now: datetime) -> dict[int, int]:
    """The ticks in which a hold has run out but nobody has cleared it away yet: they are free again."""
    frames = horizon.frames
    wanted = {
        "limit": now - GRACE,
        "first": frames[0].first, "last": frames[-1].first + frames[-1].n - 1,
    }  # fmt: skip
    by_day: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for counter_id, tick in session.connection().execute(_RUN_OUT, wanted):
        frame = horizon.frame_of(tick) if counter_id in wish.counters else None
        if frame:
            by_day[counter_id][frame.day] |= 1 << (tick - frame.first)
    return {counter_id: horizon.join(days) for counter_id, days in by_day.items()}
