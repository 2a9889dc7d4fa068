"""What events forget: who came, 30 days after the event."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from house.events.models import Attendee, Event, Signup

KEPT = timedelta(days=30)


def forget(session: Session, now: datetime) -> int:
    """Blank names, addresses and marks 30 days after an event ended; the links to the seats die with them."""
    ended = select(Event.id).where(Event.ends_at < now - KEPT)
    known = or_(Attendee.name.is_not(None), Attendee.email.is_not(None), Attendee.mark.is_not(None))
    blanked = session.execute(
        update(Attendee)
        .where(Attendee.event_id.in_(ended), known)
        .values(name=None, email=None, mark=None, generation=Attendee.generation + 1)
    )
    marks = session.execute(
        update(Signup).where(Signup.event_id.in_(ended), Signup.once.is_not(None)).values(once=None)
    )
    return blanked.rowcount + marks.rowcount  # type: ignore[attr-defined, no-any-return]
