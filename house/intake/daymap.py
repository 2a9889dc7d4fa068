"""A local day as one integer: bit i is the i-th five-minute tick of elapsed time since local midnight.

Here are the day's frame and the arithmetic on such bitmaps; which counter is free is in `timetable.py`, what
may be booked in `slots.py`. A day has 288 ticks, 276 or 300 when the clock changes by an hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

TICK = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NONE: Mapping[int, int] = {}


def utc_tick(instant: datetime) -> int:
    """The tick an aware instant falls in, unix seconds // 300 (`occupancy.tick`). TypeError if naive."""
    return (instant - EPOCH) // TICK


def utc_tick_after(instant: datetime) -> int:
    """The first tick that begins at an aware instant or later."""
    return -((EPOCH - instant) // TICK)


def tick_begins(tick: int) -> datetime:
    """The aware UTC instant at which a UTC tick begins."""
    return EPOCH + tick * TICK


@lru_cache(maxsize=4096)
def _midnight(day: date, tz: ZoneInfo) -> int:
    """The UTC tick with which a local day begins, also where the clock leaps over midnight."""
    start = datetime.combine(day, time(0), tz).astimezone(UTC)
    while (start - TICK).astimezone(tz).date() >= day:
        start -= TICK
    return utc_tick(start)


@dataclass(frozen=True)
class DayFrame:
    """A local day laid on ticks: it begins with UTC tick `first` and has `n` of them."""

    day: date
    tz: ZoneInfo
    first: int = field(init=False, repr=False)
    n: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", _midnight(self.day, self.tz))
        object.__setattr__(self, "n", _midnight(self.day + timedelta(days=1), self.tz) - self.first)

    def tick_of(self, instant: datetime) -> int:
        """Ticks since local midnight; below 0 or from `n` on when the instant is of another day."""
        return utc_tick(instant) - self.first

    def instant_of(self, tick: int) -> datetime:
        """The aware UTC instant at which a tick of this day begins; tick `n` is the day's end."""
        return tick_begins(self.first + tick)


def mask(spans: Iterable[tuple[datetime, datetime]], frame: DayFrame) -> int:
    """The ticks of a day that lie wholly inside half-open spans of aware instants."""
    return ticks_in(((utc_tick_after(start), utc_tick(end)) for start, end in spans), frame)


def ticks_in(spans: Iterable[tuple[int, int]], frame: DayFrame) -> int:
    """The ticks of a day that lie inside half-open spans of UTC ticks."""
    bitmap = 0
    for start, end in spans:
        low, high = max(start - frame.first, 0), min(end - frame.first, frame.n)
        if low < high:
            bitmap |= (1 << high) - (1 << low)
    return bitmap


def full_from_ticks(
    ticks: Iterable[int], frame: DayFrame, capacity: int = 1, fewer: Mapping[int, int] = NONE
) -> int:
    """The full ticks of a day from UTC ticks, one for each lane taken; other days' ticks are passed over.

    `fewer` says in which ticks of the day there are not `capacity` lanes, but so many.
    """
    taken = Counter(tick - frame.first for tick in ticks)
    full = sum(1 << tick for tick, lanes in taken.items() if lanes >= capacity and 0 <= tick < frame.n)
    for tick, lanes in fewer.items():
        if taken[tick] >= lanes and 0 <= tick < frame.n:
            full |= 1 << tick
    return full


def pack(bitmap: int, n: int) -> bytes:
    """A bitmap of `n` ticks as bytes, lowest tick first (`counter_day.full`). ValueError beyond `n`."""
    if bitmap < 0 or bitmap >> n:
        raise ValueError(f"The bitmap does not fit into {n} ticks.")
    return bitmap.to_bytes((n + 7) // 8, "little")


def unpack(blob: bytes) -> int:
    """The bitmap that `pack` made."""
    return int.from_bytes(blob, "little")


def bits(bitmap: int) -> Iterator[int]:
    """The numbers of the set bits, lowest first."""
    while bitmap:
        low = bitmap & -bitmap
        yield low.bit_length() - 1
        bitmap ^= low


def has(bitmap: int, tick: int) -> bool:
    """Whether a tick is set; one before the day is not."""
    return tick >= 0 and bool(bitmap >> tick & 1)


def erode(free: int, k: int) -> int:
    """The ticks from which `k` ≥ 1 ticks in a row are free, by doubling shifts."""
    if k < 1:
        raise ValueError("A step takes at least one tick.")
    have = 1
    while have * 2 <= k:
        free &= free >> have
        have *= 2
    return free & (free >> (k - have))


def reach_back(bitmap: int, gap: int) -> int:
    """The ticks from which a set tick can be reached by waiting 0 to `gap` ticks."""
    have = 1
    while have * 2 <= gap + 1:
        bitmap |= bitmap >> have
        have *= 2
    return bitmap | (bitmap >> (gap + 1 - have))


def marks(open_: int, every: int) -> int:
    """Every n-th tick of each unbroken run of open ticks, counted from where the run begins."""
    found = open_ & ~(open_ << 1)
    joined = erode(open_, every + 1)  # ticks whose run still goes on `every` ticks later
    while joined:
        found |= (found & joined) << every
        joined &= joined >> every
        every *= 2
    return found
