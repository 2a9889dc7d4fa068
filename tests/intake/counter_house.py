"""The managers' side of the small house of `booking_house.py`: closings, hours, and what was booked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue import face as catalogue
from house.catalogue.face import ClosedFor, Rules
from house.intake import closings, counter_hours, counters
from house.intake import face as intake
from house.intake.closings import Closing, Scope
from house.intake.models import Counter, Visit
from house.intake.worklist import Misfit, worklist
from house.people import face as people
from tests.intake.booking_house import CPR, FRIDAY, THURSDAY, Set, at

THE_THURSDAY, THE_FRIDAY = date.fromisoformat(THURSDAY), date.fromisoformat(FRIDAY)
MANAGER = "staff 1"
EVERYTHING = people.Reach(house=True)


def booked(session: Session, wall: str = "10:00", day: str = THURSDAY, **more: Any) -> Visit:
    """Somebody booked: always another one, for each has a share of visits only."""
    email = more.pop("email", f"ada-{day}-{wall.replace(':', '')}@example.dk")
    service, party = more.pop("service", CPR), more.pop("party", 1)
    name, language = more.pop("name", "Ada"), more.pop("language", "en")
    return intake.book(session, service, party, at(day, wall), language, name, email, **more)


def a_closing(scope: Scope | None = None, **more: Any) -> Closing:
    """Thursday, all day, the house."""
    facts: dict[str, Any] = {
        "first": THE_THURSDAY, "last": more.get("first", THE_THURSDAY), "begins": None, "ends": None,
        "reason": ClosedFor.STAFF, "told": None, **more,
    }  # fmt: skip
    return Closing(scope or Scope(), **facts)


def close(session: Session, closing: Closing | None = None) -> int:
    """Close as a manager does who looked first; answers how many visits it met."""
    closing = closing or a_closing()
    everywhere = counters.all_counters(session)
    met = {step.visit for step in closings.met_by(session, closing, everywhere)}
    closings.close(session, closing, everywhere, len(met), MANAGER)
    session.flush()
    return len(met)


def on_the_list(session: Session) -> list[Misfit]:
    session.flush()
    return worklist(session, counters.all_counters(session))


def the_counter(session: Session, house: Set, number: int = 0) -> Counter:
    return session.get_one(Counter, house.counter_ids[number])


def hours_of(session: Session, house: Set, number: int = 0) -> Rules:
    return counter_hours.hours_of(session, the_counter(session, house, number))


def give_hours(session: Session, house: Set, rules: Rules, number: int = 0) -> None:
    """A manager saves other hours."""
    counter = the_counter(session, house, number)
    counter_hours.change_hours(session, counter, rules, counter.revision, MANAGER)


def rule(weekday: int, opens: str, closes: str, **more: Any) -> catalogue.OpeningRule:
    return catalogue.OpeningRule(weekday, time.fromisoformat(opens), time.fromisoformat(closes), **more)


def offered(session: Session, day: str, service: str = CPR) -> list[str]:
    """The times on offer on a day, as they stand on the wall."""
    session.flush()
    first = date.fromisoformat(day)
    times = intake.find_times(session, service, 1, "en", first, 1).times(first)
    return [f"{time.starts_at:%H:%M}" for time in times]


def states(session: Session) -> list[str]:
    session.flush()
    return [one.value for one in session.scalars(select(Visit.state).order_by(Visit.id))]


def in_days(number: int, since: date = THE_THURSDAY) -> date:
    return since + timedelta(days=number)


def moment(day: date, wall: str) -> datetime:
    return at(day.isoformat(), wall)
