"""What a company sees of its employees: those it signed up, by name, and whether they come.

Here stands the wall between employer and employee. Everything is loaded by the company's key, and of an
employee a company sees the name it wrote and whether the person comes: not the language, not the address, not
whether the person was there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import clock
from house.events.attendees import is_reference
from house.events.models import Attendee, AttendeeState, Event, Signup
from house.events.programme import RECENT
from house.problems import NotHere


@dataclass(frozen=True)
class Employee:
    """Somebody the company signed up: the name, and whether the person comes."""

    reference: str
    signup: str
    event_id: int
    name: str | None = field(repr=False)
    comes: bool


def of_company(session: Session, company_id: int) -> list[Employee]:
    """Everybody this company signed up for events to come and of the last thirty days."""
    since = clock.now() - RECENT
    return _employees(session, company_id, Event.ends_at > since)


def of_signup(session: Session, company_id: int, reference: str) -> tuple[int, list[Employee]]:
    """One sign-up of this company: the event and the people; raises `NotHere`, also for another company's."""
    found = _employees(session, company_id, Signup.reference == reference) if is_reference(reference) else []
    if not found:
        raise NotHere()
    return found[0].event_id, found


def to_withdraw(session: Session, company_id: int, signup: str, reference: str) -> Attendee:
    """An employee of one of this company's sign-ups, to be taken back; raises `NotHere`."""
    if not (is_reference(signup) and is_reference(reference)):
        raise NotHere()
    attendee = session.scalar(
        select(Attendee)
        .join(Signup)
        .where(
            Signup.company_id == company_id, Signup.reference == signup, Attendee.reference == reference
        )
    )  # fmt: skip
    if attendee is None:
        raise NotHere()
    return attendee


def _employees(session: Session, company_id: int, *where: object) -> list[Employee]:
    rows = session.execute(
        select(Attendee.reference, Signup.reference, Attendee.event_id, Attendee.name, Attendee.state)
        .join(Signup, Signup.id == Attendee.signup_id)
        .join(Event, Event.id == Attendee.event_id)
        .where(Signup.company_id == company_id, *where)  # type: ignore[arg-type]
        .order_by(Event.starts_at, Attendee.id)
    )
    return [
        Employee(reference, signup, event_id, name, state is not AttendeeState.CANCELLED)
        for reference, signup, event_id, name, state in rows
    ]
