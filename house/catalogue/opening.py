"""When something is open: weekly rules, days that differ, holidays and closings become spans of time.

Everything comes in as arguments; nothing here knows a place, a counter or today. Rules speak in wall-clock
time, answers are UTC. Which holidays there are is in `danish_days.py`; bitmaps are the intake wing's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)


Languages = tuple[tuple[str, str], ...]
"""What differs from the languages of a counter: (tag, level) pairs, sorted; "none" for not spoken."""


class Span(NamedTuple):
    """A half-open interval [start, end) of aware UTC instants, never empty."""

    start: datetime
    end: datetime


class Shift(NamedTuple):
    """An open span with who is there: how many lanes (None: all), and what languages differ."""

    start: datetime
    end: datetime
    lanes: int | None = None
    languages: Languages = ()


@dataclass(frozen=True)
class OpeningRule:
    """Open on a weekday (0 = Monday) from `opens` to `closes` on the wall clock; 00:00 is the day's end.

    Both valid dates are inclusive. Every n-th week counts from the week of `valid_from`, without one from the
    week of Monday 1 January of year 1. ValueError unless it opens before it closes.
    """

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_to: date | None = None
    every_weeks: int = 1
    lanes: int | None = None
    languages: Languages = ()

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError("A weekday is 0 (Monday) to 6 (Sunday).")
        if self.every_weeks < 1:
            raise ValueError("A rule comes back every week or every few weeks.")
        _must_follow(self.opens, self.closes)

    def holds_on(self, day: date) -> bool:
        if day.weekday() != self.weekday:
            return False
        if (self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to):
            return False
        weeks = _week(day) - (_week(self.valid_from) if self.valid_from else 0)
        return weeks % self.every_weeks == 0


@dataclass(frozen=True)
class DayException:
    """A day that differs: closed (no times) or open at these hours instead; `reason` is a code.

    It replaces the rules and the holiday of its day. Several with times add up; one without closes all day.
    """

    day: date
    opens: time | None = None
    closes: time | None = None
    reason: str = ""
    lanes: int | None = None
    languages: Languages = ()

    def __post_init__(self) -> None:
        if (self.opens is None) != (self.closes is None):
            raise ValueError("Other hours need both an opening and a closing time.")
        if self.opens is not None and self.closes is not None:
            _must_follow(self.opens, self.closes)


def open_spans(
    rules: Iterable[OpeningRule],
    exceptions: Iterable[DayException],
    holidays: Collection[date],
    day: date,
    tz: ZoneInfo,
    shut: Iterable[Span] = (),
) -> tuple[Span, ...]:
    """The open spans of a local day, but for what is `shut`: sorted, merged where they touch, or none."""
    open_ = (Shift(shift.start, shift.end) for shift in shifts(rules, exceptions, holidays, day, tz, shut))
    return tuple(Span(one.start, one.end) for one in _merged(sorted(open_, key=_begins_and_ends)))


def shifts(
    rules: Iterable[OpeningRule],
    exceptions: Iterable[DayException],
    holidays: Collection[date],
    day: date,
    tz: ZoneInfo,
    shut: Iterable[Span] = (),
) -> tuple[Shift, ...]:
    """The same with who is there: shifts that touch are one where they are alike in lanes and languages."""
    found = (
        Shift(_instant(day, one.opens, tz, fold=0), _closing(day, one.closes, tz), one.lanes, one.languages)
        for one in _hours(rules, exceptions, holidays, day)
        if one.opens is not None and one.closes is not None
    )
    # A whole opening may lie in the hour the clock leaps over.
    there = (shift for shift in found if shift.start < shift.end)
    merged = _merged(sorted(there, key=_begins_and_ends))
    for span in shut:
        merged = [part for shift in merged for part in _without(shift, span)]
    return tuple(merged)


def closed_span(first: date, last: date, begins: time | None, ends: time | None, tz: ZoneInfo) -> Span:
    """A closing from one moment on the wall to another as UTC; without times whole days."""
    return Span(_instant(first, begins or MIDNIGHT, tz, fold=0), _closing(last, ends or MIDNIGHT, tz))


def closes_the_rest(first: date, last: date, begins: time | None, ends: time | None, wall: datetime) -> bool:
    """Whether a closing has begun at this moment on the wall and holds to the end of its day."""
    begun = first < wall.date() or begins is None or begins <= wall.time()
    return first <= wall.date() <= last and begun and (last > wall.date() or ends is None)


def is_open(
    rules: Iterable[OpeningRule],
    exceptions: Iterable[DayException],
    holidays: Collection[date],
    instant: datetime,
    tz: ZoneInfo,
    shut: Collection[Span] = (),
) -> bool:
    """Whether it is open at an aware instant; the closing instant itself is closed."""
    day = instant.astimezone(tz).date()
    moment = instant.astimezone(UTC)
    return any(start <= moment < end for start, end in open_spans(rules, exceptions, holidays, day, tz, shut))


def next_open_day(
    after: date,
    rules: Collection[OpeningRule],
    exceptions: Collection[DayException],
    holidays: Collection[date],
    tz: ZoneInfo,
    limit_days: int = 366,
    shut: Collection[Span] = (),
) -> date | None:
    """The first open day strictly after a date, looking at `limit_days` days; None when there is none."""
    days = (after + timedelta(days=n) for n in range(1, limit_days + 1))
    return next((day for day in days if open_spans(rules, exceptions, holidays, day, tz, shut)), None)


def last_open_day(
    on_or_before: date,
    rules: Collection[OpeningRule],
    exceptions: Collection[DayException],
    holidays: Collection[date],
    tz: ZoneInfo,
    limit_days: int = 366,
    shut: Collection[Span] = (),
) -> date | None:
    """The last open day up to and including a date, looking at `limit_days` days; None when there is none."""
    days = (on_or_before - timedelta(days=n) for n in range(limit_days))
    return next((day for day in days if open_spans(rules, exceptions, holidays, day, tz, shut)), None)


def _hours(
    rules: Iterable[OpeningRule], exceptions: Iterable[DayException], holidays: Collection[date], day: date
) -> Iterable[OpeningRule | DayException]:
    """What a day's hours come from: its exceptions if there are any, else its rules off holidays."""
    differs = [exception for exception in exceptions if exception.day == day]
    if any(exception.opens is None for exception in differs):
        return []
    if differs or day in holidays:
        return differs
    return (rule for rule in rules if rule.holds_on(day))


def _begins_and_ends(shift: Shift) -> tuple[datetime, datetime]:
    return shift.start, shift.end


def _merged(sorted_shifts: Iterable[Shift]) -> list[Shift]:
    merged: list[Shift] = []
    for shift in sorted_shifts:
        before = merged[-1] if merged else None
        if before and shift.start <= before.end and before[2:] == shift[2:]:
            merged[-1] = before._replace(end=max(before.end, shift.end))
        else:
            merged.append(shift)
    return merged


def _without(shift: Shift, shut: Span) -> Iterator[Shift]:
    """What is left of a shift."""
    if shut.end <= shift.start or shift.end <= shut.start:
        yield shift
        return
    if shift.start < shut.start:
        yield shift._replace(end=shut.start)
    if shut.end < shift.end:
        yield shift._replace(start=shut.end)


def _instant(day: date, at: time, tz: ZoneInfo, fold: int) -> datetime:
    """A wall-clock time as UTC. One the clock leaps over is the leap; if shown twice, `fold` says which."""
    wall = datetime.combine(day, at, tz).replace(fold=fold)
    instant = wall.astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    before, after = wall.replace(fold=1).astimezone(UTC), wall.replace(fold=0).astimezone(UTC)
    old_offset = before.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(tz).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _closing(day: date, at: time, tz: ZoneInfo) -> datetime:
    """A closing time as UTC: the second one of an hour shown twice; 00:00 is where the next day begins."""
    if at == MIDNIGHT:
        return _instant(day + timedelta(days=1), at, tz, fold=0)
    return _instant(day, at, tz, fold=1)


def _must_follow(opens: time, closes: time) -> None:
    if closes != MIDNIGHT and closes <= opens:
        raise ValueError("It must open before it closes.")


def _week(day: date) -> int:
    """Weeks from Monday since year 1."""
    return (day.toordinal() - 1) // 7
