"""When schedules are open on given days: rows and holidays go through the pure room, in two statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, BindParameter, Select, bindparam, cast, literal, null, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import opening
from house.catalogue.danish_days import house_holidays
from house.catalogue.models import ClosedTime, Closure, Opening, Schedule
from house.catalogue.opening import DayException, Languages, OpeningRule, Shift, Span
from house.catalogue.places import place

Days = dict[date, tuple[Span, ...]]
Key = TypeVar("Key")

# Made once: putting a statement together takes as long as asking it, and every page with hours asks these.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_WEEKLY: Select[*tuple[Any, ...]] = (
    select(
        Schedule.id, Schedule.keeps_holidays, Opening.weekday, Opening.opens, Opening.closes,
        Opening.valid_from, Opening.valid_to, Opening.every_weeks, Opening.lanes, Opening.languages,
    )
    .outerjoin(Opening, Opening.schedule_id == Schedule.id)
    .where(Schedule.id.in_(_IDS))
    .order_by(Schedule.id, Opening.id)
)  # fmt: skip
_DAYS: Select[*tuple[Any, ...]] = select(
    literal(0).label("closing"), Closure.id, Closure.schedule_id, null().label("authority_id"),
    null().label("place_id"), Closure.day, Closure.day.label("last_day"), Closure.opens, Closure.closes,
    Closure.reason, Closure.lanes, Closure.languages,
).where(
    Closure.schedule_id.in_(_IDS), Closure.day.between(bindparam("first"), bindparam("last"))
)  # fmt: skip
_CLOSINGS: Select[*tuple[Any, ...]] = select(
    literal(1), ClosedTime.id, ClosedTime.schedule_id, ClosedTime.authority_id, ClosedTime.place_id,
    ClosedTime.first_day, ClosedTime.last_day, ClosedTime.begins, ClosedTime.ends, ClosedTime.told,
    null(), cast(null(), JSON),
).where(ClosedTime.last_day >= bindparam("first"), ClosedTime.first_day <= bindparam("last"))  # fmt: skip
_DIFFERING = _DAYS.union_all(_CLOSINGS).order_by("closing", "id")
"""Days that differ, of these schedules, and closings of everything: there are never many of those."""


class Closing(NamedTuple):
    """Closed from one moment on the wall to another; whose it is says what is closed. `told` is a code."""

    first: date
    last: date
    begins: time | None = None
    ends: time | None = None
    told: str = ""
    id: int = 0


class Whose(NamedTuple):
    """Whose hours these are: the schedule, and the authority and the house they close with."""

    schedule_id: int
    authority_id: int | None = None
    place_id: int | None = None


class Rules(NamedTuple):
    """What a schedule says, as plain values: it is the key under which computed days are remembered."""

    keeps_holidays: bool
    openings: tuple[OpeningRule, ...] = ()
    exceptions: tuple[DayException, ...] = ()
    closings: tuple[Closing, ...] = ()

    def shut(self, tz: ZoneInfo) -> tuple[Span, ...]:
        """The closings as spans."""
        return tuple(opening.closed_span(*closing[:4], tz) for closing in self.closings)


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
) -> dict[Key, ShiftDays]:
    """For each of these the shifts of its open days, closed where its schedule, authority or house is."""
    rules = rules_for(session, whose, first_day, last_day)
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
    """The same for counters and others that close with an authority or a house; two statements."""
    ids = list({one.schedule_id for one in whose.values()})
    asked = {"ids": ids, "first": first_day, "last": last_day}
    keeps: dict[int, bool] = {}
    openings: dict[int, list[OpeningRule]] = defaultdict(list)
    for row in session.execute(_WEEKLY, asked):
        keeps[row.id] = row.keeps_holidays
        if row.weekday is not None:
            rule = (row.weekday, row.opens, row.closes, row.valid_from, row.valid_to, row.every_weeks)
            openings[row.id].append(OpeningRule(*rule, row.lanes, as_pairs(row.languages)))
    differing: dict[int, list[DayException]] = defaultdict(list)
    closings: dict[Whose, list[Closing]] = defaultdict(list)
    for closing, id_, *scope, first, last, begins, ends, told, lanes, languages in session.execute(
        _DIFFERING, asked
    ):
        if closing:
            closings[Whose(*scope)].append(Closing(first, last, begins, ends, told or "", id_))
        else:
            differing[scope[0]].append(DayException(first, begins, ends, told, lanes, as_pairs(languages)))
    return {
        key: Rules(
            keeps.get(one.schedule_id, True), tuple(openings[one.schedule_id]),
            tuple(differing[one.schedule_id]), tuple(_closings_of(one, closings)),
        )
        for key, one in whose.items()
    }  # fmt: skip


def as_pairs(languages: Mapping[str, str] | None) -> Languages:
    """What differs from the counter's languages, as the pure room takes it."""
    return tuple(sorted((languages or {}).items()))


def _closings_of(one: Whose, closings: Mapping[Any, list[Closing]]) -> Iterator[Closing]:
    """The closings of its schedule, its authority and its house."""
    scopes = (one.schedule_id, None, None), (None, one.authority_id, None), (None, None, one.place_id)
    for scope in scopes:
        if any(scope):
            yield from closings.get(scope, ())


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
