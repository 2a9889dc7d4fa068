"""The two houses that are measured: the demo, and a busy one with 20 counters booked for 60 days."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bench.servers import ROOT
from house import clock, create_app
from house.catalogue import face as catalogue
from house.config import from_environment
from house.db import db, fresh_code, writing
from house.intake import face as intake
from house.intake.claiming import lock_days, refresh
from house.intake.daymap import utc_tick
from house.intake.models import Occupancy, Step, StepState, Visit, VisitState
from house.intake.offering import HORIZON
from house.seals import new_reference

COUNTERS, FULL, SEED = 20, 0.85, 9000
TO_COME = 24
SERVICE = "cpr_registration"
PLACE = "international-house-north-denmark"
SEAT = 3
"""Which of the demo's counters gives that service, counted from 0."""
HOURS = {day: [("08:30", "15:30")] for day in range(5)}
TONGUES = ("pl", "ro", "uk", "ar", "lt", "bg", "de", "es", "tr", "fa")


def environment(folder: Path) -> dict[str, str]:
    """What a demo house in a folder is told."""
    own = {"HOUSE_DEMO": "1", "HOUSE_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    return {**{key: value for key, value in os.environ.items() if not key.startswith("HOUSE_")}, **own}


def house(folder: Path, *arguments: str) -> None:
    """Call the `house` command on the house in a folder."""
    command = [sys.executable, "-m", "house.cli", *arguments]
    done = subprocess.run(command, env=environment(folder), cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"house {' '.join(arguments)}:\n{done.stdout}{done.stderr}")


def build_demo(folder: Path) -> None:
    """The house to walk through, with a desk that is as busy on a Sunday as on a Monday.

    It takes its time; whoever has just built a demo names its database in $BENCH_DEMO.
    """
    if ready := os.environ.get("BENCH_DEMO"):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ready, folder / "house.db")
    else:
        house(folder, "init")
        house(folder, "demo")
    app = open_house(folder)
    with app.app_context(), writing(db.session()) as session:
        _expect(session)


def build_busy(folder: Path) -> None:
    """Twenty counters that all give one service, 85 % of their time booked over the whole horizon."""
    house(folder, "init")
    app = open_house(folder)
    with app.app_context(), writing(db.session()) as session:
        _book(session, furnish(session))


def open_house(folder: Path) -> Flask:
    """The house of a folder, in this process; it logs no requests."""
    return create_app(replace(from_environment(environment(folder)), testing=True))


def copy(folder: Path, to: Path) -> None:
    """Copy the database of a house that is being served."""
    with closing(sqlite3.connect(folder / "house.db")) as connection:
        connection.execute("VACUUM INTO ?", (str(to / "house.db"),))


def _expect(session: Session) -> None:
    """Bookings of today that did not come yet, as straight rows: as many as a full morning has."""
    place, now = catalogue.place(session), clock.now()
    today = clock.local(now, place.timezone).date()
    service = catalogue.service(session, SERVICE)
    booked = select(func.count(Visit.id)).where(Visit.day == today, Visit.state == VisitState.BOOKED)
    for number in range(session.scalar(booked) or 0, TO_COME):
        starts = now + number * timedelta(minutes=10)
        visit = Visit(
            reference=fresh_code(session, Visit.reference, new_reference), place_id=place.id, day=today,
            channel=intake.Channel.BOOKED, state=VisitState.BOOKED, language=TONGUES[number % len(TONGUES)],
            name=f"Newcomer {number}", made_at=now,
        )  # fmt: skip
        session.add(visit)
        session.flush()
        session.add(
            Step(
                visit_id=visit.id, position=0, service_id=service.id, state=StepState.PLANNED,
                starts_at=starts, ends_at=starts + timedelta(minutes=15),
            )
        )  # fmt: skip


def furnish(session: Session) -> list[intake.Counter]:
    place = catalogue.place(session)
    service = catalogue.service(session, SERVICE)
    schedules = [catalogue.add_schedule(session, f"Counters {name}", HOURS) for name in "ABCD"]
    return [
        intake.add_counter(
            session, place, service.authority_id, str(number + 1), schedules[number % 4].id, [service.id],
            ("da", "en", TONGUES[number % len(TONGUES)]),
        )
        for number in range(COUNTERS)
    ]  # fmt: skip


def _book(session: Session, counters: list[intake.Counter]) -> None:
    """Bookings of 15 to 30 minutes as straight rows, then the bitmaps, which the house makes of them."""
    chance = random.Random(SEED)
    zone = clock.zone(catalogue.place(session).timezone)
    first = clock.local(clock.now(), zone.key).date()
    schedules = {counter.schedule_id for counter in counters}
    spans = catalogue.open_spans(session, schedules, first, first + timedelta(days=HORIZON), zone)
    booked: list[tuple[int, date]] = []
    for counter in counters:
        for day, opened in spans[counter.schedule_id].items():
            booked.append((counter.id, day))
            ticks = [{"counter_id": counter.id, "tick": tick, "lane": 0} for tick in _taken(opened, chance)]
            session.execute(insert(Occupancy), ticks)
    lock_days(session, booked)
    refresh(session, booked)


def _taken(opened: tuple[tuple[datetime, datetime], ...], chance: random.Random) -> Iterator[int]:
    """The ticks of a day that are booked."""
    for opens, closes in opened:
        first, last = utc_tick(opens), utc_tick(closes)
        taken: set[int] = set()
        while len(taken) < FULL * (last - first):
            start = chance.randrange(first, last)
            taken.update(range(start, min(start + chance.choice((3, 4, 5, 6)), last)))
        yield from sorted(taken)
