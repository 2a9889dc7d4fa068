"""What the open data is made of beside the catalogue, as plain values: places, hours, counters, bookings.

Read with every question: while it is the same, so is the data, and nothing is put together again.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue.hooks import AtCounter, bookable_slugs, counters_here
from house.catalogue.hours import Rules, holidays_between, open_spans, rules_of
from house.catalogue.hsds.hours import Hours
from house.catalogue.models import Place

LOOK_AHEAD = 120
_PLACES = select(
    Place.id, Place.slug, Place.name, Place.address, Place.phone, Place.timezone,
    Place.schedule_id, Place.phone_schedule_id,
).order_by(Place.id)  # fmt: skip


class Here(NamedTuple):
    """A place as its row says it."""

    id: int
    slug: str
    name: str
    address: str
    phone: str | None
    timezone: str
    schedule_id: int
    phone_schedule_id: int | None


class Standing(NamedTuple):
    """How the house stands today; comparable, so that one sees whether anything changed."""

    today: date
    places: tuple[Here, ...]
    bookable: frozenset[str]
    given: tuple[AtCounter, ...]
    rules: tuple[tuple[int, Rules], ...]


def standing(session: Session) -> Standing:
    """How the house stands now; without a place there are no hours and no counters."""
    places = tuple(Here(*row) for row in session.execute(_PLACES))
    bookable = bookable_slugs(session)
    if not places:
        return Standing(date.min, (), bookable, (), ())
    known = {place.id for place in places}
    given = tuple(one for one in counters_here(session) if one.place_id in known)
    today = clock.today(places[0].timezone)
    asked = {place.schedule_id for place in places} | {one.schedule_id for one in given}
    asked |= {place.phone_schedule_id for place in places if place.phone_schedule_id}
    rules = rules_of(session, sorted(asked), today, today + timedelta(days=LOOK_AHEAD))
    return Standing(today, places, bookable, given, tuple(rules.items()))


def hours_of(session: Session, now: Standing, schedule_id: int, timezone: str) -> Hours:
    """What one schedule says from today on, in the time of its place."""
    tz, last = clock.zone(timezone), now.today + timedelta(days=LOOK_AHEAD)
    rules = dict(now.rules)[schedule_id]
    days = open_spans(session, [schedule_id], now.today, last, tz)[schedule_id]
    closed = holidays_between(now.today, last) if rules.keeps_holidays else {}
    reasons = closed | {exception.day: exception.reason for exception in rules.exceptions}
    return Hours(rules.openings, days, reasons, now.today, last, tz)
