"""Putting an event into the calendar, changing how many fit in, calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue import face as catalogue
from house.events import attendees, seating
from house.events.models import (
    Attendee,
    AttendeeState,
    Audience,
    Event,
    EventKind,
    EventState,
    EventText,
    OpenTo,
)
from house.events.programme import LONGEST_SLUG, SLUG
from house.languages import BY_TAG
from house.problems import Moved, Problem

LARGEST = 2000


def add_event(
    session: Session,
    slug: str,
    kind: EventKind,
    texts: Mapping[str, tuple[str, str]],
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    *,
    audience: Audience = Audience.EVERYBODY,
    open_to: OpenTo = OpenTo.EVERYBODY,
    place: str | None = None,
    address: str | None = None,
    sign_up_until: datetime | None = None,
    actor: str = "house",
) -> Event:
    """Publish an event. `texts` has (title, summary) by language, always in English.

    Without a place it is in the house. One can sign up until it begins, or until `sign_up_until`. Refuses a
    slug that is taken and times that cannot be.
    """
    until = sign_up_until or starts_at
    _must_make_sense(slug, texts, starts_at, ends_at, until, capacity)
    if session.scalar(select(Event.id).where(Event.slug == slug)) is not None:
        raise Moved("event_exists")
    if place is None or address is None:
        house = catalogue.place(session)
        place, address = place or house.name, address or house.address
    event = Event(
        slug=slug, kind=kind, audience=audience, open_to=open_to, state=EventState.PUBLISHED, place=place,
        address=address, starts_at=starts_at, ends_at=ends_at, sign_up_until=until, capacity=capacity,
        revision=0, changed_at=clock.now(),
    )  # fmt: skip
    event.texts = [EventText(language=tag, title=one, summary=two) for tag, (one, two) in texts.items()]
    session.add(event)
    session.flush()
    audit.record(session, actor, "event_added", f"event {event.id}", kind=kind.value)
    return event


def change_capacity(session: Session, event_id: int, capacity: int, actor: str) -> None:
    """Let more or fewer in. Nobody loses a seat; while too many have one, nobody else gets one."""
    event = seating.lock(session, event_id)
    if not 1 <= capacity <= LARGEST:
        raise Problem("wrong_capacity")
    event.capacity, event.changed_at = capacity, clock.now()
    session.flush()
    seating.settle(session, event)
    audit.record(session, actor, "capacity_changed", f"event {event.id}", capacity=capacity)


def call_off(session: Session, event_id: int, actor: str) -> None:
    """Call an event off and tell everybody who wanted to come; again is harmless. Not when it is over."""
    event = seating.lock(session, event_id)
    if event.state is EventState.CANCELLED:
        return
    if clock.now() >= event.ends_at:
        raise Moved("event_over")
    event.state, event.changed_at = EventState.CANCELLED, clock.now()
    event.revision += 1
    coming = select(Attendee).where(Attendee.event_id == event.id, Attendee.state == AttendeeState.COMING)
    for attendee in session.scalars(coming):
        attendees.tell(session, "event_called_off", attendee, event)
    audit.record(session, actor, "event_called_off", f"event {event.id}")


def _must_make_sense(
    slug: str, texts: Mapping[str, tuple[str, str]], starts_at: datetime, ends_at: datetime,
    until: datetime, capacity: int,
) -> None:  # fmt: skip
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Problem("wrong_slug")
    written = all(title and summary for title, summary in texts.values())
    if "en" not in texts or not texts.keys() <= BY_TAG.keys() or not written:
        raise Problem("wrong_texts")
    if not starts_at < ends_at or until > ends_at:
        raise Problem("wrong_times")
    if not 1 <= capacity <= LARGEST:
        raise Problem("wrong_capacity")
