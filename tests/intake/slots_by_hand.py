"""Small timetables written by hand for tests of the search, and what it finds told as text; no database."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from house.intake.daymap import DayFrame, bits, mask
from house.intake.slots import CounterDays, Grid, Horizon, Need, Timetable, itineraries, starts

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
LEAP_FORWARD, FALL_BACK = date(2026, 3, 29), date(2026, 10, 25)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
IN_ORDER, ANY_ORDER = None, ()


def at(clock, day=MONDAY, fold=0):
    return datetime.combine(day, time.fromisoformat(clock), COPENHAGEN).replace(fold=fold)


def ticks(text, day=MONDAY):
    """`"9:00-9:30 10:00-10:15"` as a bitmap of the day."""
    frame = DayFrame(day, COPENHAGEN)
    spans = (
        (at(a.zfill(5), day), at(b.zfill(5), day)) for a, b in (pair.split("-") for pair in text.split())
    )
    return mask(spans, frame)


def house(counters, *, earliest=LONG_AGO, grid=None, first=MONDAY, days=1):
    """Counters by number: what is free on Monday as text, or by day as a dict."""
    horizon = Horizon(first, days, COPENHAGEN)
    rows = []
    for number, free in counters.items():
        by_day = free if isinstance(free, dict) else {first: free}
        open_ = horizon.join({day: ticks(text, day) for day, text in by_day.items()})
        rows.append(CounterDays(number, open_, grid=grid or Grid()))
    return Timetable(horizon, tuple(rows), earliest)


def clock(tick, day=MONDAY):
    return f"{DayFrame(day, COPENHAGEN).instant_of(tick).astimezone(COPENHAGEN):%H:%M}"


def offered(chain, timetable, day=MONDAY, **how):
    return [clock(tick, day) for tick in bits(starts(chain, timetable, **how)[day])]


def told(itinerary):
    """`"cpr@1 09:00, tax@2 09:20"`."""
    return ", ".join(
        f"{step.service}@{step.counter} {step.starts_at.astimezone(COPENHAGEN):%H:%M}"
        for step in itinerary.steps
    )


def best(chain, timetable, day=MONDAY, **how):
    return [told(found) for found in itineraries(chain, day, timetable, **how)]


SIRI, TAX = Need("siri", 3, (3,)), Need("tax", 2, (4,))
CPR = Need("cpr", 4, (1, 2))
