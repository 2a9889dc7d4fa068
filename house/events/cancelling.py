"""Giving a seat back: by the attendee's own link, or by the company that signed the attendee up."""

from __future__ import annotations

from sqlalchemy.orm import Session

from house import audit, clock
from house.events import attendees, seating
from house.events.models import Attendee, AttendeeState, Event, EventState
from house.problems import Moved


def cancel(session: Session, attendee: Attendee, actor: str = "visitor") -> None:
    """The attendee does not come: the seat is free at once, and a letter says so; again is harmless.

    Raises `Moved` when the event has begun, is over or is cancelled.
    """
    _leave(session, attendee, actor, "seat_cancelled", None)


def withdraw(session: Session, attendee: Attendee, company: str, actor: str) -> None:
    """The company takes one employee back; the employee is told. Raises as `cancel` does."""
    _leave(session, attendee, actor, "seat_withdrawn", company)


def _leave(session: Session, attendee: Attendee, actor: str, letter: str, company: str | None) -> None:
    event = seating.lock(session, attendee.event_id)
    session.refresh(attendee)
    if attendee.state is AttendeeState.CANCELLED:
        return
    if not may_leave(event, attendee):
        raise Moved("event_began")
    attendee.state, attendee.mark = AttendeeState.CANCELLED, None
    attendee.revision += 1
    session.flush()
    seating.give_back(session, event, attendee)
    audit.record(session, actor, letter, f"attendee {attendee.id}", event=event.id)
    attendees.tell(session, letter, attendee, event, company)


def may_leave(event: Event, attendee: Attendee) -> bool:
    """Whether this seat can still be given back."""
    open_still = event.state is EventState.PUBLISHED and clock.now() < event.starts_at
    return open_still and attendee.state is AttendeeState.COMING
