"""How long the search for free times takes: 60 days × 20 counters, 85 % full, chains of 1, 3 and 4.

    .venv/bin/python -m bench.search --out bench/results

Alone, and with its reading in a busy house; beside each figure stands what reading the bitmaps of the same
counters and days takes in the same run: machines differ. Counted is the CPU of the thread: neighbours take
none of it. What whole pages cost is in `bench.pages`.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bench import houses
from house import clock as house_clock
from house.catalogue import face as catalogue
from house.catalogue.opening import OpeningRule, open_spans
from house.db import db, writing
from house.intake.daymap import bits, mask, pack
from house.intake.models import CounterDay, CounterService, Occupancy
from house.intake.offering import find_times
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
ORDERS = {"fixed": None, "free": ()}
SERVICES = ("eu_residence_document", "cpr_registration", "tax_card", "mitid")
BITMAPS = "reading the bitmaps of counter_day"
AIM = "a fixed chain of four 0.5 ms, every order 10 ms"
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


def timed(act: Callable[[], Any], rounds: int) -> list[float]:
    """Milliseconds of this thread's CPU for each call, the first left out."""
    act()
    taken = []
    for _ in range(rounds):
        began = time.thread_time()
        act()
        taken.append((time.thread_time() - began) * 1000)
    return taken


def pure_works() -> Iterator[tuple[str, Callable[[], Any], str]]:
    """The search alone: what it is called, the call, and what it finds."""
    horizon, hours, blobs = a_house()
    yield "a schedule's rules to open ticks", lambda: opening_hours(Horizon(FIRST, DAYS, COPENHAGEN)), ""
    yield "blobs to a timetable", lambda: assemble(horizon, hours, blobs, Grid()), ""
    for name, grid in {"every 5 min": Grid(), "every 15 min of an opening": Grid(3, Since.OPENING)}.items():
        table = assemble(horizon, hours, blobs, grid)
        for steps in (1, 3, 4):
            for order, before in ORDERS.items():
                if steps > 1 or before is None:
                    how = {"max_gap": 12, "before": before}
                    yield from _of_chain(f"chain of {steps}, {order} order, {name}", needs(steps), table, how)


def _of_chain(
    label: str, chain: tuple[Need, ...], table: Timetable, how: dict[str, Any]
) -> Iterator[tuple[str, Callable[[], Any], str]]:
    offer = starts(chain, table, **how)
    found = sum(bitmap.bit_count() for bitmap in offer.values())
    yield label, lambda: starts(chain, fresh(table), **how), f"{found} starts"
    day = max(offer, key=lambda one: offer[one].bit_count())
    count = f"{offer[day].bit_count()} itineraries"
    yield f"{label}: its fullest day", lambda: itineraries(chain, day, fresh(table), **how), count
    if best := itineraries(chain, day, table, limit=1, **how):
        yield f"{label}: may it be booked?", lambda: may_book(chain, best[0], fresh(table), **how), ""


def stored_works(session: Session) -> Iterator[tuple[str, Callable[[], Any], str]]:
    """The search with its reading, in a busy house; before it the reading of the same rows alone."""
    place, day, lane = catalogue.place(session), CounterDay.__table__, Occupancy.__table__
    first = house_clock.today(place.timezone)
    bitmaps = select(day.c.counter_id, day.c.day, day.c.full).where(day.c.day >= first)
    ticks = select(lane.c.counter_id, lane.c.tick, lane.c.lane)
    connection = session.connection()
    yield BITMAPS, lambda: connection.execute(bitmaps).all(), f"{len(connection.execute(bitmaps).all())} rows"
    yield "reading the rows of occupancy", lambda: connection.execute(ticks).all(), (
        f"{len(connection.execute(ticks).all())} rows"
    )
    for count in (1, 3, 4):
        slugs = SERVICES[:count]
        offer = find_times(session, slugs, 1, "pl")
        found = sum(bitmap.bit_count() for bitmap in offer.starts.values())
        sent = statements(session, lambda slugs=slugs: find_times(session, slugs, 1, "pl").starts)
        yield f"{count} services in one visit, from the database", (
            lambda slugs=slugs: find_times(session, slugs, 1, "pl").starts
        ), f"{found} starts, {sent} statements"


def statements(session: Session, act: Callable[[], Any]) -> int:
    """How many SQL statements are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)
    return len(sent)


@contextmanager
def busy_house() -> Iterator[Session]:
    """Twenty counters, 85 % full, each giving one of four services."""
    with tempfile.TemporaryDirectory(prefix="house-bench-") as folder:
        houses.build_busy(Path(folder))
        app = houses.open_house(Path(folder))
        with app.app_context():
            with writing(db.session()) as session:
                keys = [catalogue.service(session, slug).id for slug in SERVICES]
                for number, given in enumerate(session.scalars(select(CounterService)).all()):
                    given.service_id = keys[number % len(keys)]
            yield db.session()
            db.session.remove()


def measure(rounds: int) -> dict[str, Any]:
    """Every figure in milliseconds, and as multiples of reading the bitmaps of the same counters and days."""
    rows = [_row(label, timed(act, rounds), found) for label, act, found in pure_works()]
    with busy_house() as session:
        rows += [_row(label, timed(act, rounds), found) for label, act, found in stored_works(session)]
    yardstick = next(row["median_ms"] for row in rows if row["name"] == BITMAPS)
    for row in rows:
        row["ratio"] = round(row["median_ms"] / yardstick, 2)
    return {"made_at": datetime.now(UTC).isoformat(timespec="seconds"), "rounds": rounds, "rows": rows}


def _row(label: str, taken: list[float], found: str) -> dict[str, Any]:
    p95 = statistics.quantiles(taken, n=20)[-1]
    return {
        "name": label, "median_ms": round(statistics.median(taken), 4), "p95_ms": round(p95, 4),
        "found": found,
    }  # fmt: skip


def table_of(results: dict[str, Any]) -> str:
    lines = ["| what | p50, ms | p95, ms | × reading the bitmaps | found |", "|---|--:|--:|--:|---|"]
    lines += [
        f"| {row['name']} | {row['median_ms']:.3f} | {row['p95_ms']:.3f} | {row['ratio']} | {row['found']} |"
        for row in results["rows"]
    ]
    said = f"{DAYS} days × {COUNTERS} counters, {FULL:.0%} full. Aims at p95: {AIM}."
    return "\n".join(lines) + f"\n\n{said} Measured {results['made_at'][:10]}.\n"


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(words)
    results = measure(asked.rounds)
    print(table_of(results))
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / "search.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        (asked.out / "search.md").write_text(table_of(results), encoding="utf-8")


if __name__ == "__main__":
    main()
