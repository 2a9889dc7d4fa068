"""Places and schedules: setting them up, and the house's own. What they mean on a day is in `hours.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import audit
from house.catalogue.models import ClosedTime, Closure, Opening, Place, Schedule
from house.catalogue.opening import OpeningRule
from house.catalogue.searching import fold
from house.db import fresh_code
from house.problems import NotHere

Hours = Mapping[int, Iterable[tuple[str | time, str | time]]]
"""Opening and closing times of each weekday (0 = Monday); weekdays that are not named are closed."""

_OWN = "catalogue.place"
_FIRST = select(Place).order_by(Place.id).limit(1)


def place(session: Session) -> Place:
    """The house's first place; NotHere before it is set up. Asked twice, it is read once."""
    known = session.info.get(_OWN)
    found = session.get(Place, known[0]) if known else None
    found = found or session.scalar(_FIRST)
    if found is None:
        raise NotHere()
    session.info[_OWN] = (found.id, found)  # held, or the session would let go of it and read it again
    return found


def set_up_place(
    session: Session,
    name: str,
    address: str,
    phone: str | None,
    timezone: str,
    hours: Hours,
    phone_hours: Hours | None = None,
) -> Place:
    """Open a place with the hours of its door and, where it has one, of its telephone."""
    stem = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:40] or "house"
    numbers = iter(range(2, 100))
    taken = session.scalar(select(Place.id).where(Place.slug == stem)) is not None
    slug = fresh_code(session, Place.slug, lambda: f"{stem}-{next(numbers)}") if taken else stem
    made = Place(
        slug=slug, name=name, address=address, phone=phone, timezone=timezone,
        schedule=add_schedule(session, name, hours),
        phone_schedule=add_schedule(session, name, phone_hours) if phone_hours else None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(session, "house", "place_set_up", f"place {made.id}")
    return made


def add_schedule(session: Session, name: str, hours: Hours, keeps_holidays: bool = True) -> Schedule:
    """Add a weekly schedule; ValueError where it would close before it opens."""
    rules = [
        OpeningRule(weekday, _time(opens), _time(closes))
        for weekday, spans in sorted(hours.items())
        for opens, closes in spans
    ]
    made = Schedule(
        name=name,
        keeps_holidays=keeps_holidays,
        openings=[Opening(weekday=rule.weekday, opens=rule.opens, closes=rule.closes) for rule in rules],
    )
    session.add(made)
    session.flush()
    return made


def _time(written: str | time) -> time:
    return written if isinstance(written, time) else time.fromisoformat(written)


def copy_schedule(session: Session, schedule_id: int, name: str) -> int:
    """A schedule of one's own that says the same as another, closings too; its key."""
    old = session.get_one(Schedule, schedule_id)
    opening, closure, closed = (
        [column.key for column in table.__table__.columns if column.key not in ("id", "schedule_id")]
        for table in (Opening, Closure, ClosedTime)
    )
    made = Schedule(
        name=name,
        keeps_holidays=old.keeps_holidays,
        openings=[Opening(**{key: getattr(one, key) for key in opening}) for one in old.openings],
        closures=[Closure(**{key: getattr(one, key) for key in closure}) for one in old.closures],
    )
    session.add(made)
    session.flush()
    for one in session.scalars(select(ClosedTime).where(ClosedTime.schedule_id == schedule_id)).all():
        session.add(ClosedTime(**{key: getattr(one, key) for key in closed}, schedule_id=made.id))
    session.flush()
    return made.id
