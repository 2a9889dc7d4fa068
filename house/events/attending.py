"""Checking people in at an event, by the list of names; who came is reported as an anonymous contact."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import audit, clock
from house.events.attendees import is_reference
from house.events.models import Attendee, AttendeeState, Event, EventState
from house.events.seating import lock
from house.problems import Moved, NotHere
from house.reporting import face as reporting

DOORS_OPEN = timedelta(hours=2)
"""How long before an event people can be checked in."""


@dataclass(frozen=True)
class OnList:
    """A name on the list at the door."""

    reference: str
    name: str | None = field(repr=False)
    state: AttendeeState


def mark_attended(session: Session, attendee: Attendee, actor: str) -> None:
    """The person came; reported once, so it stands. Again is harmless.

    Raises `Moved` before the doors open, and for somebody who does not come any more.
    """
    event = _at_the_door(session, attendee)
    if attendee.state is AttendeeState.ATTENDED:
        return
    attendee.state = AttendeeState.ATTENDED
    audit.record(session, actor, "attended", f"attendee {attendee.id}", event=event.id)
    reporting.record_contact(
        session, at=event.starts_at, person=attendee.email, event_type=event.kind.value,
        audience=event.audience.value, channel="event", outcome="served",
    )  # fmt: skip


def mark_absent(session: Session, attendee: Attendee, actor: str) -> None:
    """The person did not come; who turns up late after all can still be checked in."""
    event = _at_the_door(session, attendee)
    if attendee.state is AttendeeState.ATTENDED:
        raise Moved("came_already")
    attendee.state = AttendeeState.ABSENT
    audit.record(session, actor, "absent", f"attendee {attendee.id}", event=event.id)


def by_reference(session: Session, slug: str, reference: str) -> Attendee:
    """Somebody on the list of this event; raises `NotHere`."""
    if not is_reference(reference):
        raise NotHere()
    found = select(Attendee).join(Event, Event.id == Attendee.event_id)
    attendee = session.scalar(found.where(Event.slug == slug, Attendee.reference == reference))
    if attendee is None:
        raise NotHere()
    return attendee


def list_of(session: Session, event_id: int) -> list[OnList]:
    """Everybody who has a seat at an event, in the order of the names."""
    rows = session.execute(
        select(Attendee.reference, Attendee.name, Attendee.state).where(
            Attendee.event_id == event_id, Attendee.state != AttendeeState.CANCELLED
        )
    )
    everybody = [OnList(reference, name, state) for reference, name, state in rows]
    return sorted(everybody, key=lambda one: (one.name or "").casefold())


def _at_the_door(session: Session, attendee: Attendee) -> Event:
    event = lock(session, attendee.event_id)
    session.refresh(attendee)
    if attendee.state is AttendeeState.CANCELLED or event.state is EventState.CANCELLED:
        raise Moved("does_not_come")
    if clock.now() < event.starts_at - DOORS_OPEN:
        raise Moved("too_early")
    return event
