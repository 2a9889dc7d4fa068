"""When a visitor is reminded: the day before at the same time on the wall, and two hours before.

Pure: the clock changes between the two days now and then, and the wall is what people look at.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

A_DAY, TWO_HOURS = timedelta(days=1), timedelta(hours=2)
QUIET = timedelta(hours=2)
"""So soon after the times were agreed nobody is reminded: that letter has only just arrived."""


class Due(NamedTuple):
    """A reminder of a kind, to be written in the half-open [at, until) of aware UTC instants."""

    kind: str
    at: datetime
    until: datetime


def reminders(starts_at: datetime, agreed_at: datetime, tz: ZoneInfo) -> tuple[Due, ...]:
    """The reminders of a visit whose times were agreed then; one that comes too soon after is left out.

    A time of the day before that the clock leaps over is taken as if it had not leapt; of one shown twice the
    first is meant. A reminder is late, not lost: one until the other is due, that until the visit begins.
    """
    wall = starts_at.astimezone(tz)
    day_before = datetime.combine(wall.date() - A_DAY, wall.time().replace(fold=0), tz).astimezone(UTC)
    soon = starts_at.astimezone(UTC) - TWO_HOURS
    both = (Due("visit_tomorrow", day_before, soon), Due("visit_soon", soon, starts_at.astimezone(UTC)))
    return tuple(due for due in both if due.at >= agreed_at + QUIET)
