"""The first day of a house: the place with the hours of the catalogue's own entry, and the catalogue."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from house import audit
from house.catalogue import face as catalogue
from house.config import Config
from house.people import face as people
from house.problems import NotHere

HOURS = {0: [("08:30", "15:00")], 2: [("08:30", "15:00")], 3: [("08:30", "16:00")], 4: [("08:30", "13:00")]}
PHONE = {day: [("08:30", "17:00" if day == 3 else "15:00")] for day in range(5)}


def shut_files(config: Config) -> None:
    """Make the data folder and SQLite's file, or take them over; nobody else on the machine reads it."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    where = config.database_url.removeprefix("sqlite:///")
    if where == config.database_url or not Path(where).is_absolute():
        return
    Path(where).touch(mode=0o600)  # its log and its index get the same mode from SQLite
    for end in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(where + end).chmod(0o600)


def first_day(session: Session) -> list[str]:
    """Set up what is missing; returns what was done, a sentence each."""
    config = current_app.extensions["house-config"]
    done = []
    people.house_body(session)
    if not catalogue.services(session):
        catalogue.import_catalogue(session, catalogue.bundled_catalogue())
        done.append(f"Took over the bundled catalogue: {len(catalogue.services(session))} services.")
    try:
        here = catalogue.place(session)
    except NotHere:
        address = "Rantzausgade 4, 1., 9000 Aalborg"
        catalogue.set_up_place(
            session, config.house_name, address, config.phone, config.timezone, HOURS, PHONE
        )
        done.append(f"Opened {config.house_name} with its usual hours.")
    else:
        if config.phone and here.phone != config.phone:
            here.phone = config.phone
            audit.record(session, "house", "phone_changed", f"place {here.id}")
            done.append(f"The house is phoned at {config.phone} now.")
    return done
