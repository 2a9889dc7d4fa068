"""A small house for tests of booking: a place and counters, open Thursdays and Fridays from ten to noon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from house.catalogue import face as catalogue
from house.db import db
from house.intake import face as intake
from house.intake.daymap import utc_tick
from house.problems import NotHere

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
WEDNESDAY = "2027-01-06 12:00"
THURSDAY, FRIDAY = "2027-01-07", "2027-01-08"
CPR, DRIVING = "cpr_registration", "driving_licence_exchange"
"""20 minutes, each further person 8; and 15 minutes."""
HOURS = {3: [("10:00", "12:00")], 4: [("10:00", "12:00")]}


@pytest.fixture(scope="session")
def house_template(catalogue_template: Path) -> Path:
    """A house with the catalogue, for all tests of a module that imports this fixture."""
    return catalogue_template


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@dataclass
class Set:
    """What was set up."""

    place_id: int
    counter_ids: list[int]
    clock: Any = None


def set_up(
    session: Session,
    counters: int = 1,
    services: Iterable[str] = (CPR,),
    languages: Iterable[str] = ("en", "da"),
    capacity: int = 1,
    hours: dict[int, list[tuple[str, str]]] | None = None,
) -> Set:
    """The catalogue, a place and counters that all give the same services."""
    if not catalogue.services(session):
        catalogue.import_catalogue(session, catalogue.bundled_catalogue())
    try:
        place = catalogue.place(session)
    except NotHere:
        place = catalogue.set_up_place(
            session, "International House", "Rantzausgade 4, 9000 Aalborg", "+45 99 30 00 00",
            "Europe/Copenhagen", hours or HOURS, hours or HOURS,
        )  # fmt: skip
    schedule = catalogue.add_schedule(session, "counters", hours or HOURS)
    found = [catalogue.service(session, slug) for slug in services]
    made = [
        intake.add_counter(
            session, place, found[0].authority_id, f"Counter {number}", schedule.id,
            [service.id for service in found], languages, capacity=capacity,
        )
        for number in range(1, counters + 1)
    ]  # fmt: skip
    return Set(place.id, [counter.id for counter in made])


def at(day: str, wall: str) -> datetime:
    """A moment on the wall in Copenhagen."""
    return datetime.fromisoformat(f"{day} {wall}").replace(tzinfo=COPENHAGEN)


def tick(day: str, wall: str) -> int:
    """The same as a tick."""
    return utc_tick(at(day, wall))
