"""How many visits a second are booked by eight processes, beside what the engine itself can insert.

    .venv/bin/python -m bench.booking --out bench/results      about a minute, SQLite and PostgreSQL

A booking is `house.intake.booking.book`: search, hold, contact, confirmation and letter in one transaction.
The yardstick are bare transactions of as many rows, without house or SQLAlchemy, before and after it in the
same run. Both engines write to disk before they say that it is done. A booking is some eighteen round trips,
so that other work on the machine slows PostgreSQL down most: measure when it is quiet.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from flask import Flask
from sqlalchemy import func, select, text

from bench import houses
from house import clock
from house.catalogue import face as catalogue
from house.config import Config, from_environment
from house.db import Model, db, writing
from house.intake import booking
from house.intake.daymap import DayFrame, tick_begins
from house.problems import Taken
from tests import postgres
from tests.houses import lay_schema, race

PROCESSES, SECONDS, DAYS = 8, 4.0, 50
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
BARE = "CREATE TABLE bare (a INTEGER, b INTEGER, c INTEGER, d INTEGER, e INTEGER, PRIMARY KEY (a, b, c))"
PRAGMAS = ("journal_mode=WAL", "busy_timeout=30000", "synchronous=FULL")


@contextmanager
def furnished(engine: str, folder: Path) -> Iterator[Config]:
    """Twenty counters with nothing booked, on an engine."""
    folder.mkdir()
    found = replace(from_environment(houses.environment(folder)), testing=True)
    if engine == "postgresql":
        server = postgres.start(os.getpid(), **DURABLE)
        found = replace(found, database_url=postgres.url(server, "postgres"))
    app = houses.create_app(found)
    lay_schema(app)
    with app.app_context(), writing(db.session()) as session:
        catalogue.import_catalogue(session, catalogue.bundled_catalogue())
        catalogue.set_up_place(
            session, "House", "Street 1", "+45 99 30 00 00", "Europe/Copenhagen", houses.HOURS, houses.HOURS
        )
        houses.furnish(session)
        session.execute(text(BARE))
    with app.app_context():
        db.engine.dispose()
    yield found


# --- booking ----------------------------------------------------------------------------------------------


def book_on(seconds: float, warm: Barrier, app: Flask, number: int) -> tuple[int, int, float]:
    """Book at random until the time is over: how many were booked, how many times taken already, CPU seconds.

    Before it begins each process has booked one, and with that read the catalogue.
    """
    chance, found = random.Random(number), {True: 0, False: 0}
    with app.app_context():
        zone = clock.zone("Europe/Copenhagen")
        while not _book_one(chance, zone):
            pass
        warm.wait()
        until, used = time.perf_counter() + seconds, time.process_time()
        while time.perf_counter() < until:
            found[_book_one(chance, zone)] += 1
        used = time.process_time() - used
    return found[True], found[False], used


def _book_one(chance: random.Random, zone: ZoneInfo) -> bool:
    """Whether one booking came about; else somebody has that time already."""
    start = _some_time(chance, clock.today(zone.key), zone)
    try:
        with writing(db.session()) as session:
            booking.book(session, houses.SERVICE, 1, start, "en", "Ada", f"{chance.random()}@example.org")
    except Taken:
        return False
    return True


def _some_time(chance: random.Random, today: date, zone: ZoneInfo) -> datetime:
    """A time within the counters' hours on a working day to come."""
    day = today + timedelta(days=chance.randrange(1, DAYS))
    while day.weekday() not in houses.HOURS:
        day -= timedelta(days=1)
    day = max(day, today + timedelta(days=1))
    return tick_begins(DayFrame(day, zone).first + chance.randrange(9 * 12, 15 * 12, 6))


def rows_in(config: Config) -> int:
    """How many rows all tables of the house have."""
    app = houses.create_app(config)
    with app.app_context():
        counts = (select(func.count()).select_from(one) for one in Model.metadata.tables.values())
        found = sum(db.session.scalar(one) or 0 for one in counts)
        db.session.remove()
        db.engine.dispose()
    return found


# --- the yardstick ----------------------------------------------------------------------------------------


def insert_on(seconds: float, rows: int, series: int, url: str, _app: Flask, number: int) -> int:
    """Insert so many rows a transaction until the time is over; how many transactions there were."""
    insert = _postgresql if url.startswith("postgresql") else _sqlite
    with insert(url) as one_transaction:
        done, until = 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            one_transaction([(number + series * 1000, done, row, row, row) for row in range(rows)])
            done += 1
    return done


Insert = Callable[[list[tuple[int, ...]]], None]


@contextmanager
def _sqlite(url: str) -> Iterator[Insert]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

        def insert(rows: list[tuple[int, ...]]) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?)", rows)
            connection.execute("COMMIT")

        yield insert


@contextmanager
def _postgresql(url: str) -> Iterator[Insert]:
    with closing(psycopg.connect(url)) as connection:

        def insert(rows: list[tuple[int, ...]]) -> None:
            with connection.transaction():
                connection.cursor().executemany("INSERT INTO bare VALUES (%s, %s, %s, %s, %s)", rows)

        yield insert


# --- measuring --------------------------------------------------------------------------------------------


def measure(engine: str, processes: int, seconds: float, folder: Path) -> dict[str, Any]:
    """One engine's row of the table."""
    with furnished(engine, folder) as config:
        before = rows_in(config)
        race(config, partial(book_on, 0, _barrier(processes)), processes)  # one each
        each = round((rows_in(config) - before) / processes)
        bare = [_bare(config, processes, seconds / 2, each, 1)]
        found = race(config, partial(book_on, seconds, _barrier(processes)), processes)
        bare.append(_bare(config, processes, seconds / 2, each, 2))
    booked, taken, used = (sum(column) for column in zip(*found, strict=True))
    rate, insert = booked / seconds, sum(bare) / len(bare)
    return {
        "engine": engine, "booked_a_second": round(rate, 1), "refused_a_second": round(taken / seconds, 1),
        "cpu_ms_each": round(1000 * used / max(booked + taken, 1), 1),
        "rows_each": each, "bare_a_second": round(insert, 1), "ratio": round(rate / insert, 3),
    }  # fmt: skip


def _barrier(processes: int) -> Barrier:
    return multiprocessing.get_context("fork").Barrier(processes)


def _bare(config: Config, processes: int, seconds: float, rows: int, series: int) -> float:
    work = partial(insert_on, seconds, rows, series, config.database_url)
    return float(sum(race(config, work, processes))) / seconds


def table_of(results: dict[str, Any]) -> str:
    lines = [
        "| engine | booked a second | refused a second | CPU of ours each, ms | rows each | "
        "bare transactions a second | share |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    columns = ("booked_a_second", "refused_a_second", "cpu_ms_each", "rows_each", "bare_a_second")
    lines += [
        f"| {row['engine']} | {' | '.join(str(row[one]) for one in columns)} | {row['ratio']:.0%} |"
        for row in results["rows"]
    ]
    said = f"{results['processes']} processes on {results['cores']} cores, {results['seconds']:g} s each."
    said += f" The load of the machine before was {results['load_before']}: above 1 the figures say little."
    return "\n".join(lines) + f"\n\n{said} Measured {results['made_at'][:10]}.\n"


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(words)
    engines, load = asked.engine or ["sqlite", "postgresql"], round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory(prefix="house-bench-") as folder:
        rows = [measure(one, asked.processes, asked.seconds, Path(folder) / one) for one in engines]
    results = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": asked.seconds,
        "cores": os.cpu_count(), "processes": asked.processes, "load_before": load, "rows": rows,
    }  # fmt: skip
    print(table_of(results))
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / "booking.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        (asked.out / "booking.md").write_text(table_of(results), encoding="utf-8")


if __name__ == "__main__":
    main()
