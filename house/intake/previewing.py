"""What hours would make: how many times a day, how many people at a time, before anybody saves them.

The number is the search's own: with these rules, and nothing booked, the pages offer exactly so many times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.daymap import DayFrame, bits, erode, mask
from house.intake.models import Counter
from house.intake.slots import CounterDays, Grid, Horizon, Need, Timetable, starts, ticks_for

DAYS = 14
Shifts = Mapping[date, tuple[catalogue.Shift, ...]]


@dataclass(frozen=True)
class Length:
    """Services that take one person equally long at this counter."""

    ticks: int
    services: tuple[str, ...]

    @property
    def minutes(self) -> int:
        return self.ticks * 5


@dataclass(frozen=True)
class PreviewDay:
    """One day: its hours on the wall, the lanes there are in them, and for each length the times on offer.

    `room` is how many visits of that length fit in, one after another in all lanes. `reason` is a code of why
    the day is not like the week; empty when it is.
    """

    day: date
    hours: tuple[tuple[time, time], ...]
    lanes: tuple[int, ...]
    times: tuple[int, ...]
    room: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class Preview:
    """The coming days, from tomorrow on."""

    lengths: tuple[Length, ...]
    days: tuple[PreviewDay, ...]

    def best(self, number: int) -> PreviewDay | None:
        """The day with most times of a length; None when there is none with any."""
        day = max(self.days, key=lambda day: day.times[number], default=None)
        return day if day and day.times[number] else None


def preview(session: Session, counter: Counter, rules: catalogue.Rules, days: int = DAYS) -> Preview:
    """What these rules make of a counter as it is set, on the days from tomorrow on."""
    zone = catalogue.place(session).timezone
    tz, first = clock.zone(zone), clock.today(zone) + timedelta(days=1)
    horizon, last = Horizon(first, days, tz), first + timedelta(days=days - 1)
    shifts = catalogue.shift_days(rules, first, last, tz).days
    lengths = tuple(lengths_of(session, counter))
    found = _starts(counter, horizon, shifts, lengths)
    closed = catalogue.holidays_between(first, last) if rules.keeps_holidays else {}
    return Preview(
        lengths,
        tuple(
            _day(counter, frame, shifts.get(frame.day, ()), lengths, found, _reason(rules, frame.day, closed))
            for frame in horizon.frames
        ),
    )


def _starts(
    counter: Counter, horizon: Horizon, shifts: Shifts, lengths: tuple[Length, ...]
) -> list[dict[date, int]]:
    """For each length the starts that the search offers while nothing is booked."""
    frames = {frame.day: frame for frame in horizon.frames}
    open_ = {day: mask([one[:2] for one in found], frames[day]) for day, found in shifts.items()}
    grid, buffer = Grid(counter.every, counter.since), ticks_for(counter.buffer_minutes)
    days = CounterDays(counter.id, horizon.join(open_), 0, grid, buffer)
    timetable = Timetable(horizon, (days,), horizon.frames[0].instant_of(0))
    return [starts([Need(0, one.ticks, (counter.id,))], timetable) for one in lengths]


def _day(
    counter: Counter,
    frame: DayFrame,
    spans: tuple[catalogue.Shift, ...],
    lengths: tuple[Length, ...],
    found: list[dict[date, int]],
    reason: str,
) -> PreviewDay:
    lanes = [one.lanes or counter.capacity for one in spans]
    offered = [each[frame.day] for each in found]
    buffer = ticks_for(counter.buffer_minutes)
    room = [0 for _ in lengths]
    for lane in range(1, max(lanes, default=0) + 1):
        staffed = mask([one[:2] for one, there in zip(spans, lanes, strict=True) if there >= lane], frame)
        for number, length in enumerate(lengths):
            room[number] += _one_by_one(offered[number] & erode(staffed, length.ticks), length.ticks + buffer)
    return PreviewDay(
        frame.day,
        tuple((one.start.astimezone(frame.tz).time(), one.end.astimezone(frame.tz).time()) for one in spans),
        tuple(sorted(set(lanes))), tuple(each.bit_count() for each in offered), tuple(room), reason,
    )  # fmt: skip


def _one_by_one(starts: int, ticks: int) -> int:
    """How many visits fit into one lane, each as early as can be after the one before."""
    count, free = 0, 0
    for start in bits(starts):
        if start >= free:
            count, free = count + 1, start + ticks
    return count


def _reason(rules: catalogue.Rules, day: date, closed: Mapping[date, str]) -> str:
    """Why a day is not like the week; a closing goes before an exception, that before a holiday."""
    for closing in rules.closings:
        if closing.first <= day <= closing.last:
            return closing.told or "closed"
    for exception in rules.exceptions:
        if exception.day == day:
            return exception.reason or ("open_anyway" if exception.opens else "closed")
    return closed.get(day, "")


def lengths_of(session: Session, counter: Counter) -> list[Length]:
    """The services this counter takes bookings for, by how long one person takes; the shortest first."""
    by_ticks: dict[int, list[str]] = defaultdict(list)
    for one in counter.services:
        if one.bookable:
            service = catalogue.service_by_id(session, one.service_id)
            first = service.minutes_first if one.minutes_first is None else one.minutes_first
            by_ticks[max(1, ticks_for(first))].append(service.name)
    return [Length(ticks, tuple(sorted(names))) for ticks, names in sorted(by_ticks.items())]
