"""What the open data is made of beside the catalogue, as plain values: places, hours, counters, bookings.

Read with every question: while it is the same, so is the data, and nothing is put together again.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import opening
from house.catalogue.hooks import AtCounter, bookable_slugs, counters_here
from house.catalogue.hours import holidays_between, rules_for
from house.catalogue.hsds.hours import Hours
from house.catalogue.models import Place
from house.catalogue.schedule_rules import Rules, Whose

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

    @property
    def door(self) -> Whose:
        return Whose(self.schedule_id, None, self.id)

    @property
    def telephone(self) -> Whose | None:
        """Answered also when the door is closed for a while."""
        return Whose(self.phone_schedule_id) if self.phone_schedule_id else None


class Standing(NamedTuple):
    """How the house stands today; comparable, so that one sees whether anything changed."""

    today: date
    places: tuple[Here, ...]
    bookable: frozenset[str]
    counters: tuple[AtCounter, ...]
    rules: dict[Whose, Rules]


def standing(session: Session) -> Standing:
    """How the house stands now; without a place there are no hours and no counters."""
    places = tuple(Here(*row) for row in session.execute(_PLACES))
    bookable = bookable_slugs(session)
    if not places:
        return Standing(date.min, (), bookable, (), {})
    known = {place.id for place in places}
    counters = tuple(one for one in counters_here(session) if one.place_id in known)
    asked = {place.door for place in places} | {one.whose for one in counters}
    asked |= {place.telephone for place in places if place.telephone}
    today = clock.today(places[0].timezone)
    rules = rules_for(session, {one: one for one in asked}, today, today + timedelta(days=LOOK_AHEAD))
    return Standing(today, places, bookable, counters, rules)


def hours_of(rules: Rules, today: date, tz: ZoneInfo) -> Hours:
    """What rules say from today on: the week, and the days as they really are."""
    last = today + timedelta(days=LOOK_AHEAD)
    closed = holidays_between(today, last) if rules.keeps_holidays else {}
    shut, days = rules.shut(tz), [today + timedelta(days=n) for n in range(LOOK_AHEAD + 1)]
    spans = {
        day: opening.open_spans(rules.openings, rules.exceptions, closed, day, tz, shut) for day in days
    }
    reasons = closed | {exception.day: exception.reason for exception in rules.exceptions}
    for closing in rules.closings:
        reasons |= {day: closing.told for day in days if closing.first <= day <= closing.last}
    opened = {day: found for day, found in spans.items() if found}
    return Hours(rules.openings, opened, reasons, today, last, tz)
