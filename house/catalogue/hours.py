"""When schedules are open on given days: rows and holidays go through the pure room, in two statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import opening
from house.catalogue.danish_days import house_holidays
from house.catalogue.models import Closure, Opening, Schedule
from house.catalogue.opening import DayException, OpeningRule, Span
from house.catalogue.places import place

Days = dict[date, tuple[Span, ...]]

# Made once: putting a statement together takes as long as asking it, and every page with hours asks these.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_WEEKLY: Select[*tuple[Any, ...]] = (
    select(
        Schedule.id, Schedule.keeps_holidays, Opening.weekday, Opening.opens, Opening.closes,
        Opening.valid_from, Opening.valid_to, Opening.every_weeks,
    )
    .outerjoin(Opening, Opening.schedule_id == Schedule.id)
    .where(Schedule.id.in_(_IDS))
    .order_by(Schedule.id, Opening.id)
)  # fmt: skip
_DIFFERING: Select[*tuple[Any, ...]] = (
    select(Closure.schedule_id, Closure.day, Closure.opens, Closure.closes, Closure.reason)
    .where(Closure.schedule_id.in_(_IDS), Closure.day.between(bindparam("first"), bindparam("last")))
    .order_by(Closure.id)
)


class Rules(NamedTuple):
    """What a schedule says, as plain values: it is the key under which computed days are remembered."""

    keeps_holidays: bool
    openings: tuple[OpeningRule, ...] = ()
    exceptions: tuple[DayException, ...] = ()


def open_spans(
    session: Session, schedule_ids: Iterable[int], first_day: date, last_day: date, tz: ZoneInfo
) -> dict[int, Days]:
    """For each schedule its open days from the first to the last inclusive; closed days are absent."""
    rules = rules_of(session, set(schedule_ids), first_day, last_day)
    return {id_: dict(_open_days(one, first_day, last_day, tz)) for id_, one in rules.items()}


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
    """The rules of schedules and their exceptions on these days; a schedule that is not there never opens."""
    asked = {"ids": list(schedule_ids), "first": first_day, "last": last_day}
    keeps: dict[int, bool] = {}
    openings: dict[int, list[OpeningRule]] = defaultdict(list)
    for id_, keeps_holidays, weekday, *rule in session.execute(_WEEKLY, asked):
        keeps[id_] = keeps_holidays
        if weekday is not None:
            openings[id_].append(OpeningRule(weekday, *rule))
    differing: dict[int, list[DayException]] = defaultdict(list)
    for id_, *exception in session.execute(_DIFFERING, asked):
        differing[id_].append(DayException(*exception))
    return {
        id_: Rules(keeps.get(id_, True), tuple(openings[id_]), tuple(differing[id_])) for id_ in schedule_ids
    }


@lru_cache(maxsize=512)
def _open_days(rules: Rules, first_day: date, last_day: date, tz: ZoneInfo) -> Days:
    """Remembered by what the rows say, so that no process ever shows hours that were changed in another."""
    days = (first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1))
    closed = holidays_between(first_day, last_day) if rules.keeps_holidays else {}
    spans = ((day, opening.open_spans(rules.openings, rules.exceptions, closed, day, tz)) for day in days)
    return {day: found for day, found in spans if found}


def holidays_between(first_day: date, last_day: date) -> dict[date, str]:
    """The days a house is closed, with their codes, of all years that these days touch."""
    years = range(first_day.year, last_day.year + 1)
    return {day: code for year in years for day, code in house_holidays(year).items()}
