"""When schedules are open on given days: rows and holidays go through the pure room, in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from house import clock
from house.catalogue import opening
from house.catalogue.danish_days import house_holidays
from house.catalogue.opening import Shift, Span
from house.catalogue.places import place
from house.catalogue.schedule_rules import Rules, Told, Whose, rules_told, told

Days = dict[date, tuple[Span, ...]]
Key = TypeVar("Key")

@dataclass(frozen=True, eq=False)
class ShiftDays:
    """The shifts of the open days of a span of days. Equal rules give the very same object."""

    days: Mapping[date, tuple[Shift, ...]]


def open_spans(
    session: Session, schedule_ids: Iterable[int], first_day: date, last_day: date, tz: ZoneInfo
) -> dict[int, Days]:
    """For each schedule its open days from the first to the last inclusive; closed days are absent."""
    rules = rules_of(session, set(schedule_ids), first_day, last_day)
    return {id_: dict(open_days(one, first_day, last_day, tz)) for id_, one in rules.items()}


def shifts_of(
    session: Session, whose: Mapping[Key, Whose], first_day: date, last_day: date, tz: ZoneInfo
) -> Mapping[Key, ShiftDays]:
    """For each of these the shifts of its open days, closed where its schedule, authority or house is.

    One statement. The answer is shared by all who ask the same: nobody changes it.
    """
    rows = told(session, whose.values(), first_day, last_day)
    return _shifts(rows, tuple(whose.items()), first_day, last_day, tz)


@lru_cache(maxsize=64)
def _shifts(
    rows: Told, whose: tuple[tuple[Any, Whose], ...], first_day: date, last_day: date, tz: ZoneInfo
) -> Mapping[Any, ShiftDays]:
    rules = rules_told(rows, whose)
    return {key: shift_days(one, first_day, last_day, tz) for key, one in rules.items()}


def today_hours(session: Session) -> list[tuple[time, time]]:
    """When the house is open today, on the clock on its wall; empty when it is closed all day."""
    here = place(session)
    tz, today = clock.zone(here.timezone), clock.today(here.timezone)
    spans = open_spans(session, [here.schedule_id], today, today, tz)[here.schedule_id]
    return wall_times(spans.get(today, ()), tz)


def wall_times(spans: Iterable[Span], tz: ZoneInfo) -> list[tuple[time, time]]:
    """Spans as times on the clock on the wall."""
    return [(start.astimezone(tz).time(), end.astimezone(tz).time()) for start, end in spans]


def rules_of(
    session: Session, schedule_ids: Collection[int], first_day: date, last_day: date
) -> dict[int, Rules]:
    """The rules of schedules and what differs on these days; one that is not there never opens.

    They close with the house, but for its telephone.
    """
    if not schedule_ids:
        return {}
    here = place(session)
    whose = {
        id_: Whose(id_, None, here.id if id_ != here.phone_schedule_id else None) for id_ in schedule_ids
    }
    return rules_for(session, whose, first_day, last_day)


def rules_for(
    session: Session, whose: Mapping[Key, Whose], first_day: date, last_day: date
) -> dict[Key, Rules]:
    """The same for counters and others that close with an authority or a house; one statement."""
    return dict(rules_told(told(session, whose.values(), first_day, last_day), tuple(whose.items())))


@lru_cache(maxsize=512)
def open_days(rules: Rules, first_day: date, last_day: date, tz: ZoneInfo) -> Days:
    """Remembered by what the rows say, so that no process ever shows hours that were changed in another."""
    closed = holidays_between(first_day, last_day) if rules.keeps_holidays else {}
    shut = rules.shut(tz)
    spans = {
        day: opening.open_spans(rules.openings, rules.exceptions, closed, day, tz, shut)
        for day in _days(first_day, last_day)
    }
    return {day: found for day, found in spans.items() if found}


@lru_cache(maxsize=512)
def shift_days(rules: Rules, first_day: date, last_day: date, tz: ZoneInfo) -> ShiftDays:
    """The shifts that rules make on these days; remembered in the same way."""
    closed = holidays_between(first_day, last_day) if rules.keeps_holidays else {}
    shut = rules.shut(tz)
    found = {
        day: opening.shifts(rules.openings, rules.exceptions, closed, day, tz, shut)
        for day in _days(first_day, last_day)
    }
    return ShiftDays({day: shifts for day, shifts in found.items() if shifts})


def _days(first_day: date, last_day: date) -> Iterator[date]:
    return (first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1))


def holidays_between(first_day: date, last_day: date) -> dict[date, str]:
    """The days a house is closed, with their codes, of all years that these days touch."""
    years = range(first_day.year, last_day.year + 1)
    return {day: code for year in years for day, code in house_holidays(year).items()}
