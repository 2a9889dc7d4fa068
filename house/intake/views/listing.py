"""Days and times as the pages of changing list them, for a visitor and for staff alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from house import formats
from house.intake.offering import Time
from house.problems import NotHere

NOON = 12
DAYS_SHOWN = 10
Address = Callable[[date], str]
"""The page of a day's times."""


@dataclass(frozen=True)
class DayLine:
    """A day to choose, as the macro `day_list` wants it."""

    url: str
    date: str
    words: str
    note: str


@dataclass(frozen=True)
class NearLine:
    """One of the nearest times: a button of its own, for it may lie on another day."""

    url: str
    start: int
    words: str


def day_lines(days: Iterable[tuple[date, int]], address: Address) -> list[DayLine]:
    """Days that have times, each with their number."""
    return [
        DayLine(address(day), day.isoformat(), formats.day(day), ngettext("One time", "%(num)s times", count))
        for day, count in days
    ]


def near_lines(times: Iterable[Time], address: Address) -> list[NearLine]:
    """Times of any day, each with its day in words."""
    return [
        NearLine(
            address(time.starts_at.date()), time.start,
            f"{formats.short_day(time.starts_at.date())}, {formats.wall(time.starts_at)}",
        )
        for time in times
    ]  # fmt: skip


def halves(times: Iterable[Time]) -> list[tuple[str, list[tuple[int, str, str]]]]:
    """The times of one day by morning and afternoon, as the macro `time_grid` wants them."""
    shown = [(time.starts_at.hour < NOON, (time.start, formats.wall(time.starts_at), "")) for time in times]
    return [
        (_("Morning"), [one for morning, one in shown if morning]),
        (_("Afternoon"), [one for morning, one in shown if not morning]),
    ]


def day_in(text: str) -> date:
    """The day an address names; raises `NotHere` for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotHere() from None
