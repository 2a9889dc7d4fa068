"""The door of the house at this moment: open or not, when it opens next, closed for the rest of today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue.hours import Days, open_days, rules_of
from house.catalogue.models import ClosedTime, Place
from house.catalogue.opening import Span, closes_the_rest
from house.catalogue.places import place
from house.catalogue.schedule_rules import Closing, Rules
from house.problems import NotHere

LOOK_AHEAD = 120
"""Days: who opens no sooner does not say when."""


@dataclass(frozen=True)
class Door:
    """When people can come in: the spans of today, and when it opens after this moment.

    `closed` is the closing that holds now until the end of today, where there is one.
    """

    now: datetime
    today: tuple[Span, ...]
    opens_next: datetime | None
    closed: Closing | None

    @property
    def is_open(self) -> bool:
        """Whether it is open now; the moment of closing is closed already."""
        return any(start <= self.now < end for start, end in self.today)

    def opens_within(self, time: timedelta) -> bool:
        """Whether it is open now, or will be so soon today."""
        return self.is_open or any(self.now < start <= self.now + time for start, _end in self.today)


def door(session: Session) -> Door:
    """The door now, in one statement; NotHere before the place is set up."""
    here, now = place(session), clock.now()
    tz = clock.zone(here.timezone)
    today = now.astimezone(tz).date()
    last = today + timedelta(days=LOOK_AHEAD)
    rules = rules_of(session, {here.schedule_id}, today, last)[here.schedule_id]
    days = open_days(rules, today, last, tz)
    return Door(now, days.get(today, ()), opens_next(days, now), closing_now(rules, now, tz))


def opens_next(days: Days, now: datetime) -> datetime | None:
    """When the first span of these days begins that is still to come."""
    return next((span.start for span in _in_order(days) if span.start > now), None)


def _in_order(days: Days) -> Iterator[Span]:
    for day in sorted(days):
        yield from days[day]


def closing_now(rules: Rules, now: datetime, tz: ZoneInfo) -> Closing | None:
    """The closing among these rules that holds now until the end of today; the newest of several."""
    wall = now.astimezone(tz)
    return next((one for one in reversed(rules.closings) if closes_the_rest(*one[:4], wall)), None)


_CLOSED = (
    select(ClosedTime)
    .where(
        ClosedTime.place_id == bindparam("place"), ClosedTime.first_day <= bindparam("today"),
        ClosedTime.last_day >= bindparam("today"),
    )
    .order_by(ClosedTime.id.desc())
)  # fmt: skip


def closed_now(session: Session, here: Place | None = None) -> ClosedTime | None:
    """The closing of the whole house that holds now until the end of today: its row, by one small statement.

    None too before there is a place.
    """
    try:
        here = here or place(session)
    except NotHere:
        return None
    wall = clock.local(clock.now(), here.timezone)
    rows = session.scalars(_CLOSED, {"place": here.id, "today": wall.date()})
    for one in rows:
        if closes_the_rest(one.first_day, one.last_day, one.begins, one.ends, wall):
            return one
    return None
