"""When a visitor is reminded: the day before at the same time on the wall, and two hours before, but no text
message makes a noise at night (`nights.py`).

Pure: the clock changes between the two days now and then, and the wall is what people look at.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from house.intake.nights import EVENING, MORNING, is_night

A_DAY, TWO_HOURS = timedelta(days=1), timedelta(hours=2)
QUIET = timedelta(hours=2)
"""So soon after the times were agreed nobody is reminded: that letter has only just arrived."""
IN_TIME = timedelta(minutes=30)
"""Later than so long before the visit a reminder in the morning helps nobody."""


class Due(NamedTuple):
    """A reminder of a kind, to be written in the half-open [at, until) of aware UTC instants."""

    kind: str
    at: datetime
    until: datetime


def reminders(
    starts_at: datetime, agreed_at: datetime, tz: ZoneInfo, by_text: bool = False
) -> tuple[Due, ...]:
    """The reminders of a visit whose times were agreed then; one that comes too soon after is left out.

    A time of the day before that the clock leaps over is taken as if it had not leapt; of one shown twice the
    first is meant. A reminder is late, not lost: one until the other is due, that until the visit begins.
    `by_text` there is none at night: it waits for the morning, or is sent in the evening before.
    """
    start, wall = starts_at.astimezone(UTC), starts_at.astimezone(tz)
    day_before = datetime.combine(wall.date() - A_DAY, wall.time().replace(fold=0), tz)
    soon: datetime | None = start - TWO_HOURS
    if by_text:
        soon = _soon_by_day(starts_at, tz)
        if soon is None or is_night(day_before):
            day_before = datetime.combine(wall.date() - A_DAY, EVENING, tz)
    both = [Due("visit_tomorrow", day_before.astimezone(UTC), soon or start)]
    if soon is not None:
        both.append(Due("visit_soon", soon, start))
    return tuple(due for due in both if due.at >= agreed_at + QUIET)


def _soon_by_day(starts_at: datetime, tz: ZoneInfo) -> datetime | None:
    """Two hours before, or what is next to it that day and not at night; None where there is nothing."""
    start, wall = starts_at.astimezone(UTC), starts_at.astimezone(tz)
    two_before = (start - TWO_HOURS).astimezone(tz)
    if is_night(two_before):
        early = two_before.time() < MORNING
        two_before = datetime.combine(two_before.date(), MORNING if early else EVENING, tz)
    soon = two_before.astimezone(UTC)
    return soon if two_before.date() == wall.date() and start - soon >= IN_TIME else None
