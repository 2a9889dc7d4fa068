"""When one can come or phone: the usual week, today, and the next days that differ from the week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from house import clock
from house.catalogue import opening
from house.catalogue.door import closing_now
from house.catalogue.hours import holidays_between, open_days, rules_of, wall_times
from house.catalogue.models import Place
from house.catalogue.opening import Span
from house.catalogue.places import place
from house.catalogue.schedule_rules import Closing, Rules

LOOK_AHEAD, TOLD_AHEAD = 120, 60
"""Days for which what differs is looked for, and for which every day's hours are told."""
MOST_SHOWN = 8
Hours = list[tuple[time, time]]


@dataclass(frozen=True)
class OtherDay:
    """A day that differs from the week: why, and the hours instead; none when it is closed."""

    day: date
    reason: str
    hours: Hours


@dataclass(frozen=True)
class DayHours:
    """One day as it will be: when the door and the telephone are open, and why it differs where it does."""

    day: date
    door: tuple[Span, ...]
    phone: tuple[Span, ...]
    reason: str | None


@dataclass(frozen=True, eq=False)
class Ahead:
    """The days to come. The same rules on the same day give the very same object."""

    week: list[Hours]
    phone_week: list[Hours] | None
    other_days: tuple[OtherDay, ...]
    days: tuple[DayHours, ...]


@dataclass(frozen=True)
class Visiting:
    """What a person wants to know before coming."""

    place: Place
    today: date
    hours_today: Hours
    open_now: bool
    opens_next: date | None
    closed: Closing | None
    """What closes the house from now to the end of today."""
    ahead: Ahead

    @property
    def week(self) -> list[Hours]:
        """The hours of each weekday, Monday first."""
        return self.ahead.week

    @property
    def other_days(self) -> tuple[OtherDay, ...]:
        """The next days that differ from the week."""
        return self.ahead.other_days

    @property
    def days(self) -> tuple[DayHours, ...]:
        """Every day from today on, as booking sees them."""
        return self.ahead.days


def visiting(session: Session) -> Visiting:
    """Everything about coming to the house, in three statements; NotHere before the place is set up."""
    here = place(session)
    tz, now = clock.zone(here.timezone), clock.now()
    today = now.astimezone(tz).date()
    last = today + timedelta(days=LOOK_AHEAD)
    schedules = {here.schedule_id, here.phone_schedule_id or here.schedule_id}
    rules = rules_of(session, schedules, today, last)
    door = rules[here.schedule_id]
    days = open_days(door, today, last, tz)
    hours_today = days.get(today, ())
    phone = rules[here.phone_schedule_id] if here.phone_schedule_id else None
    return Visiting(
        place=here,
        today=today,
        hours_today=wall_times(hours_today, tz),
        open_now=any(start <= now < end for start, end in hours_today),
        opens_next=next((day for day in days if day > today), None),
        closed=closing_now(door, now, tz),
        ahead=_ahead(door, phone, today, tz),
    )


def _holidays(door: Rules, today: date) -> dict[date, str]:
    return holidays_between(today, today + timedelta(days=LOOK_AHEAD)) if door.keeps_holidays else {}


@lru_cache(maxsize=16)
def _ahead(door: Rules, phone: Rules | None, today: date, tz: ZoneInfo) -> Ahead:
    other_days = tuple(_other_days(door, _holidays(door, today), today, tz))
    reasons = {one.day: one.reason for one in other_days}
    return Ahead(
        week=_week(door, today),
        phone_week=_week(phone, today) if phone else None,
        other_days=other_days[:MOST_SHOWN],
        days=_days(door, phone, reasons, today, tz),
    )


def _days(
    door: Rules, phone: Rules | None, reasons: dict[date, str], today: date, tz: ZoneInfo
) -> tuple[DayHours, ...]:
    last = today + timedelta(days=TOLD_AHEAD - 1)
    opened = open_days(door, today, last, tz)
    phoned = open_days(phone, today, last, tz) if phone else {}
    every = (today + timedelta(days=n) for n in range(TOLD_AHEAD))
    return tuple(DayHours(day, opened.get(day, ()), phoned.get(day, ()), reasons.get(day)) for day in every)


def _week(rules: Rules, today: date) -> list[Hours]:
    """The hours of each weekday, Monday first, as the rules say for the next seven days."""
    days = sorted((today + timedelta(days=n) for n in range(7)), key=date.weekday)
    return [
        sorted((rule.opens, rule.closes) for rule in rules.openings if rule.holds_on(day)) for day in days
    ]


def _other_days(rules: Rules, closed: dict[date, str], today: date, tz: ZoneInfo) -> Iterator[OtherDay]:
    """The holidays, exceptions and closings to come on which the hours are not those of the week."""
    last, shut = today + timedelta(days=LOOK_AHEAD), rules.shut(tz)
    reasons = closed | {exception.day: exception.reason for exception in rules.exceptions}
    for closing in rules.closings:
        days = range((min(closing.last, last) - max(closing.first, today)).days + 1)
        reasons |= {max(closing.first, today) + timedelta(days=n): closing.told for n in days}
    for day in sorted(day for day in reasons if today <= day <= last):
        usual = sorted((rule.opens, rule.closes) for rule in rules.openings if rule.holds_on(day))
        hours = wall_times(opening.open_spans(rules.openings, rules.exceptions, closed, day, tz, shut), tz)
        if hours != usual:
            yield OtherDay(day, reasons[day], hours)
