"""Cancelling a booked visit: its places are free again at once."""

from __future__ import annotations

from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue import face as catalogue
from house.intake import claiming
from house.intake.booking import tell
from house.intake.models import StepState, Visit, VisitState
from house.problems import Moved


def cancel(session: Session, visit: Visit, actor: str = "visitor") -> Visit:
    """Cancel a booked visit that has not begun and write the letter; again is harmless.

    Raises `Moved` for a visit that is not booked any more, or whose time has come.
    """
    claiming.lock_visit(session, visit)
    if visit.state is VisitState.CANCELLED:
        return visit
    if visit.state is not VisitState.BOOKED:
        raise Moved()
    days = claiming.days_of(session, [visit.id], catalogue.place(session).timezone)
    claiming.lock_days(session, days)
    if any(step.starts_at and step.starts_at <= clock.now() for step in visit.steps):
        raise Moved("visit_began")
    claiming.release(session, visit.id)
    for step in visit.steps:
        step.state = StepState.CANCELLED
    visit.state, visit.cancelled_by = VisitState.CANCELLED, actor.partition(" ")[0]
    visit.revision += 1
    session.flush()
    claiming.refresh(session, days)
    audit.record(session, actor, "visit_cancelled", f"visit {visit.id}")
    tell(session, "visit_cancelled", visit)
    return visit
