"""Registering by an act that has a name of its own: sent again, it gives the same ticket and nothing more."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from house.intake import registration
from house.intake.models import Ticket, Visit, VisitState
from house.intake.registration import Given, WalkIn
from house.people import face as people
from house.problems import Moved
from house.seals import keyring


def register_once(
    session: Session, walk_in: WalkIn, actor: str, act: str, given: Given | None = None
) -> Ticket:
    """Register a walk-in; `act` is a random name that whoever asks keeps until it is answered.

    What a desk without the net did already comes as `given`. Name and work are one transaction, so what
    failed can be sent again. Raises `Taken("number_taken")` when another visit has the number, and `Moved`
    for an act that is known and has no ticket.
    """
    mark = keyring().mark("once", act)
    if not people.first_time(session, f"registered {act}"):
        known = session.scalar(select(Ticket).where(Ticket.pressed == mark))
        if known is None:
            raise Moved()
        return known
    ticket = registration.register_walk_in(session, walk_in, actor, given)
    ticket.pressed = mark
    return ticket


def check_in_once(session: Session, visit: Visit, actor: str, given: Given | None = None) -> Ticket:
    """Check in a booking; one that is checked in already keeps its ticket. Raises what `check_in` raises."""
    if visit.state is VisitState.ARRIVED and visit.ticket is not None:
        return visit.ticket
    return registration.check_in(session, visit, actor, given)
