"""What is free at the counters of a house, over one day or many: each counter one integer for them all.

Days stand side by side, `STRIDE` bits apart; the bits between the end of one and the next are always closed,
so that no step and no wait reaches over a night. What can be booked in this is the work of `slots.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from house.intake.daymap import DayFrame, marks, ticks_in, utc_tick_after

STRIDE = 384
BLOCK = STRIDE // 8
LONGEST_WAIT = 83
"""The longest wait between two steps, in ticks: below the closed bits that remain after a day of 25 hours."""


class Since(StrEnum):
    """Where a grid is counted from."""

    OPENING = "opening"
    HOUR = "hour"


@dataclass(frozen=True)
class Grid:
    """A counter's starts come only every `ticks`, from each opening's start or from the full hour.

    From the hour, `ticks` must divide 12, so that it holds on days when the clock changes too (ValueError).
    """

    ticks: int = 1
    since: Since = Since.OPENING

    def __post_init__(self) -> None:
        if self.ticks < 1:
            raise ValueError("A grid needs at least one tick.")
        if self.since is Since.HOUR and 12 % self.ticks:
            raise ValueError("A grid from the hour must divide the hour.")


@dataclass(frozen=True)
class Horizon:
    """The local days in which times are offered: `days` of them from `first`."""

    first: date
    days: int
    tz: ZoneInfo

    @cached_property
    def frames(self) -> tuple[DayFrame, ...]:
        return tuple(DayFrame(self.first + timedelta(days=n), self.tz) for n in range(self.days))

    @cached_property
    def inside(self) -> int:
        """All ticks of all days; what lies between the days is closed."""
        return self.join({frame.day: (1 << frame.n) - 1 for frame in self.frames})

    def __contains__(self, day: date) -> bool:
        return 0 <= (day - self.first).days < self.days

    def frame_of(self, tick: int) -> DayFrame | None:
        """The day a UTC tick belongs to; None outside the horizon."""
        return next((frame for frame in self.frames if 0 <= tick - frame.first < frame.n), None)

    def since(self, instant: datetime) -> int:
        """All ticks that begin at an aware instant or later."""
        tick = utc_tick_after(instant)
        for number, frame in enumerate(self.frames):
            if tick < frame.first + frame.n:
                shut = number * STRIDE + max(tick - frame.first, 0)
                return self.inside >> shut << shut
        return 0

    def within(self, spans: Iterable[tuple[int, int]]) -> int:
        """All ticks of these days that lie in half-open spans of UTC ticks."""
        wanted = list(spans)
        return self.join({frame.day: ticks_in(wanted, frame) for frame in self.frames})

    def join(self, bitmaps: Mapping[date, int]) -> int:
        """Bitmaps by day as one integer; a day that is missing is empty, a day outside is passed over."""
        blocks = (bitmaps.get(frame.day, 0).to_bytes(BLOCK, "little") for frame in self.frames)
        return int.from_bytes(b"".join(blocks), "little")

    def join_packed(self, blobs: Mapping[date, bytes]) -> int:
        """The same from the blobs of `counter_day.full`."""
        blocks = [blobs.get(frame.day, b"").ljust(BLOCK, b"\0") for frame in self.frames]
        return int.from_bytes(b"".join(blocks), "little")

    def split(self, joined: int) -> dict[date, int]:
        """One integer back to a bitmap for each day, in order, the empty ones too."""
        raw = joined.to_bytes(BLOCK * self.days, "little")
        return {
            frame.day: int.from_bytes(raw[number * BLOCK : (number + 1) * BLOCK], "little")
            for number, frame in enumerate(self.frames)
        }


@dataclass(frozen=True)
class CounterDays:
    """One counter over a horizon: its open and its full ticks, both as `Horizon.join` makes them.

    In the ticks that are `shut` it is open, but nothing is booked: they are too near or too far away. After a
    step it is kept for `buffer` more ticks, be they open or not.
    """

    counter: int
    open: int
    full: int = 0
    grid: Grid = field(default_factory=Grid)
    buffer: int = 0
    shut: int = 0


@dataclass(frozen=True)
class Timetable:
    """The counters of a house over a horizon; nothing starts before `earliest` (aware: now + lead time)."""

    horizon: Horizon
    counters: tuple[CounterDays, ...]
    earliest: datetime

    @cached_property
    def free(self) -> dict[int, int]:
        """Free ticks by counter: open, not full, in the horizon, not too soon."""
        offered = self.horizon.since(self.earliest)
        return {days.counter: days.open & offered & ~(days.full | days.shut) for days in self.counters}

    @cached_property
    def untaken(self) -> dict[int, int]:
        """The ticks by counter, open or not, in which it has a lane left."""
        return {days.counter: self.horizon.inside & ~days.full for days in self.counters}

    @cached_property
    def buffers(self) -> dict[int, int]:
        """How many ticks each counter is kept for after a step."""
        return {days.counter: days.buffer for days in self.counters}

    @cached_property
    def on_grid(self) -> dict[int, int]:
        """The ticks by counter at which its grid lets a step start."""
        return {days.counter: _on_grid(days.open, days.grid, self.horizon.days) for days in self.counters}

    def on(self, day: date) -> Timetable:
        """The same house on one day only; ValueError for a day outside the horizon."""
        if day not in self.horizon:
            raise ValueError(f"{day} is outside the horizon.")
        block, shift = (1 << STRIDE) - 1, (day - self.horizon.first).days * STRIDE
        counters = tuple(
            replace(
                days, open=days.open >> shift & block, full=days.full >> shift & block,
                shut=days.shut >> shift & block,
            )
            for days in self.counters
        )  # fmt: skip
        return Timetable(Horizon(day, 1, self.horizon.tz), counters, self.earliest)


@lru_cache(maxsize=256)
def _on_grid(open_: int, grid: Grid, days: int) -> int:
    """Remembered, because counters share schedules and schedules seldom change."""
    if grid.ticks == 1:
        return open_
    if grid.since is Since.OPENING:
        return marks(open_, grid.ticks)
    return open_ & _every(grid.ticks, days * STRIDE)


@lru_cache(maxsize=64)
def _every(ticks: int, n: int) -> int:
    """Every n-th bit from bit 0 on; a stride is a whole number of hours, so this is each day's full hour."""
    return sum(1 << tick for tick in range(0, n, ticks))
