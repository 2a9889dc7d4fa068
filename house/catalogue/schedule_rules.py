"""What schedules say: their weekly rules, days that differ and closings, read in one statement.

Which spans of time that makes is in `hours.py`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    Boolean,
    Date,
    Integer,
    Text,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from house.catalogue import opening
from house.catalogue.models import ClosedTime, Closure, Opening, Schedule
from house.catalogue.opening import DayException, Languages, OpeningRule, Span

Told = tuple[tuple[Any, ...], ...]
"""What the rows say, as it came: by it the rules are remembered."""
_week, _opens = Schedule.__table__, Opening.__table__
_differs, _shuts = Closure.__table__, ClosedTime.__table__
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_FIRST, _LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
_NO_NUMBER, _NO_TEXT = cast(null(), Integer), cast(null(), Text)
_SHUT, _DIFFERS, _WEEKLY = range(3)
_CLOSINGS = select(
    literal(_SHUT, Integer).label("kind"), _shuts.c.id, _shuts.c.schedule_id, _shuts.c.authority_id,
    _shuts.c.place_id, _shuts.c.first_day, _shuts.c.last_day, _shuts.c.begins, _shuts.c.ends,
    cast(_shuts.c.told, Text), _NO_NUMBER, _NO_TEXT, _NO_NUMBER, _NO_NUMBER, cast(null(), Boolean),
).where(_shuts.c.last_day >= _FIRST, _shuts.c.first_day <= _LAST)  # fmt: skip
_DAYS = select(
    literal(_DIFFERS, Integer), _differs.c.id, _differs.c.schedule_id, null(), null(), _differs.c.day,
    _differs.c.day, _differs.c.opens, _differs.c.closes, cast(_differs.c.reason, Text), _differs.c.lanes,
    cast(_differs.c.languages, Text), null(), null(), null(),
).where(_differs.c.schedule_id.in_(_IDS), _differs.c.day.between(_FIRST, _LAST))  # fmt: skip
_RULES = (
    select(
        literal(_WEEKLY, Integer), _opens.c.id, _week.c.id, null(), null(), _opens.c.valid_from,
        _opens.c.valid_to, _opens.c.opens, _opens.c.closes, null(), _opens.c.lanes,
        cast(_opens.c.languages, Text), _opens.c.weekday, _opens.c.every_weeks, _week.c.keeps_holidays,
    )
    .outerjoin_from(_week, _opens, _opens.c.schedule_id == _week.c.id)
    .where(_week.c.id.in_(_IDS))
)  # fmt: skip
_HOURS = union_all(_CLOSINGS, _DAYS, _RULES).order_by("kind", "id")
"""Closings of everything (there are never many), and days that differ and weekly rules of these schedules.

Made once, and of tables: putting a statement together takes as long as asking it, and every page with hours
asks it. The kind that knows every column's type comes first, for PostgreSQL.
"""


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


def told(session: Session, whose: Iterable[Whose], first_day: date, last_day: date) -> Told:
    """What the rows say, as it came."""
    ids = sorted({one.schedule_id for one in whose})
    asked = {"ids": ids, "first": first_day, "last": last_day}
    session.flush()
    return tuple(tuple(row) for row in session.connection().execute(_HOURS, asked).all())


@lru_cache(maxsize=128)
def rules_told(rows: Told, whose: tuple[tuple[Any, Whose], ...]) -> Mapping[Any, Rules]:
    """The rules that the rows make; remembered by what they say, for they say the same all day."""
    keeps: dict[int, bool] = {}
    openings: dict[int, list[OpeningRule]] = defaultdict(list)
    differing: dict[int, list[DayException]] = defaultdict(list)
    closings: dict[Whose, list[Closing]] = defaultdict(list)
    for row in rows:
        kind, id_, schedule_id, *scope, first, last, begins, ends, why, lanes, spoken = row[:12]
        weekday, weeks, keep = row[12:]
        languages = as_pairs(json.loads(spoken)) if spoken else ()
        if kind == _SHUT:
            closings[Whose(schedule_id, *scope)].append(Closing(first, last, begins, ends, why or "", id_))
        elif kind == _DIFFERS:
            differing[schedule_id].append(DayException(first, begins, ends, why, lanes, languages))
        else:
            keeps[schedule_id] = keep
            if weekday is not None:
                rule = OpeningRule(weekday, begins, ends, first, last, weeks, lanes, languages)
                openings[schedule_id].append(rule)
    return {
        key: Rules(
            keeps.get(one.schedule_id, True), tuple(openings[one.schedule_id]),
            tuple(differing[one.schedule_id]), tuple(_closings_of(one, closings)),
        )
        for key, one in whose
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
