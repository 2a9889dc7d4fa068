"""How long the slot search takes: 60 days × 20 counters, 85 % full, chains of 1, 3 and 4.

Run: python bench/search.py
"""

import random
import statistics
import time
from datetime import UTC, date, datetime
from datetime import time as clock_time
from pathlib import Path
from sys import path
from zoneinfo import ZoneInfo

path.insert(0, str(Path(__file__).resolve().parents[1]))

from house.catalogue.opening import OpeningRule, open_spans
from house.intake.daymap import bits, mask, pack
from house.intake.slots import (
    CounterDays,
    Grid,
    Horizon,
    Need,
    Since,
    Timetable,
    itineraries,
    may_book,
    starts,
)

DAYS, COUNTERS, FULL, ROUNDS = 60, 20, 0.85, 400
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
FIRST = date(2026, 9, 1)
EARLIEST = datetime(2026, 9, 1, 7, tzinfo=UTC)
RULES = tuple(OpeningRule(weekday, clock_time(8, 30), clock_time(15, 30)) for weekday in range(5))


def a_house(seed=1):
    """Open ticks by day, and the blobs of `counter_day`: bookings of 15-30 minutes until 85 % are full."""
    chance = random.Random(seed)
    horizon = Horizon(FIRST, DAYS, COPENHAGEN)
    hours = opening_hours(horizon)
    blobs = {}
    for counter in range(COUNTERS):
        blobs[counter] = {}
        for frame in horizon.frames:
            open_ = hours.get(frame.day, 0)
            full = 0
            while open_ and full.bit_count() < FULL * open_.bit_count():
                start, ticks = chance.choice(list(bits(open_))), chance.choice((3, 4, 5, 6))
                full |= ((1 << ticks) - 1) << start & open_
            blobs[counter][frame.day] = pack(full, frame.n)
    return horizon, hours, blobs


def opening_hours(horizon):
    return {f.day: mask(open_spans(RULES, (), (), f.day, COPENHAGEN), f) for f in horizon.frames}


def assemble(horizon, hours, blobs, grid):
    open_ = horizon.join(hours)
    return Timetable(
        horizon,
        tuple(CounterDays(n, open_, horizon.join_packed(days), grid) for n, days in blobs.items()),
        EARLIEST,
    )


def fresh(timetable):
    """The same house without what a search remembered."""
    return Timetable(timetable.horizon, timetable.counters, timetable.earliest)


def needs(steps):
    """Each service is given by every counter for a chain of one, else by a share of them."""
    if steps == 1:
        return (Need(0, 4, tuple(range(COUNTERS))),)
    share = COUNTERS // steps
    return tuple(Need(n, 3 + n, tuple(range(n * share, (n + 1) * share))) for n in range(steps))


def clock(act):
    act()
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def row(label, act, found=""):
    median, p95 = clock(act)
    print(f"{label:<58}{median:>9.3f}{p95:>9.3f}  {found}")


def main():
    horizon, hours, blobs = a_house()
    print(f"{DAYS} days × {COUNTERS} counters, {FULL:.0%} full{'':<26}{'p50 ms':>11}{'p95 ms':>9}  found")
    row("a schedule's rules to open ticks, 60 days", lambda: opening_hours(Horizon(FIRST, DAYS, COPENHAGEN)))
    row("blobs to a timetable", lambda: assemble(horizon, hours, blobs, Grid()))
    for name, grid in {"every 5 min": Grid(), "every 15 min of an opening": Grid(3, Since.OPENING)}.items():
        table = assemble(horizon, hours, blobs, grid)
        for steps in (1, 3, 4):
            chain = needs(steps)
            for order, before in {"fixed": None, "free": ()}.items():
                if steps == 1 and before is not None:
                    continue
                how = {"max_gap": 12, "before": before}
                offer = starts(chain, table, **how)
                found = sum(bitmap.bit_count() for bitmap in offer.values())
                label = f"chain of {steps}, {order} order, {name}"
                row(label, lambda c=chain, h=how, t=table: starts(c, fresh(t), **h), f"{found} starts")
                day = max(offer, key=lambda d: offer[d].bit_count())
                row(
                    "   its best itineraries on the day with most starts",
                    lambda c=chain, h=how, t=table, d=day: itineraries(c, d, fresh(t), **h),
                    f"{offer[day].bit_count()} itineraries",
                )
                if best := itineraries(chain, day, table, limit=1, **how):
                    row(
                        "   may one of them be booked?",
                        lambda c=chain, h=how, t=table, b=best[0]: may_book(c, b, fresh(t), **h),
                    )


if __name__ == "__main__":
    main()
