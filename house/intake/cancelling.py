"""Cancelling a booked visit: its places are free again at once or cool off; staff can take it back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from house import audit, clock, post
from house.catalogue import face as catalogue
from house.intake import claiming, freeing, offers
from house.intake.booking import begins, keep_places, take_back_reminders, tell
from house.intake.cards import about
from house.intake.change_models import OfferState
from house.intake.hooks import visit_changed
from house.intake.models import StepState, Visit, VisitState
from house.intake.reaching import recipient
from house.problems import Moved, Taken

UNDO = timedelta(minutes=1)
"""So long staff can take a cancelling back: nothing is sent, and nobody gets the places."""


def cancel(session: Session, visit: Visit, actor: str = "visitor") -> Visit:
    """Cancel a booked visit that has not begun and write the letter; again is harmless.

    What staff cancel is told a minute later, so that it can be taken back. Raises `Moved` for a visit that is
    not booked any more, or whose time has come.
    """
    claiming.lock_visit(session, visit)
    if visit.state is VisitState.CANCELLED:
        return visit
    if visit.state is not VisitState.BOOKED:
        raise Moved()
    offer = offers.lock_offer(session, visit)
    days = claiming.days_in(visit, catalogue.place(session).timezone) | offers.days_held(session, offer)
    claiming.lock_days(session, days)
    now = clock.now()
    if begins(visit) <= now:
        raise Moved("visit_began")
    who = actor.partition(" ")[0]
    visit.undo_until = now + UNDO if who == "staff" else None
    freeing.give_back(session, visit, now, kept=UNDO if visit.undo_until else timedelta(0))
    if offer is not None:
        offers.close(session, offer, OfferState.OVER, now)
    for step in visit.steps:
        step.state = StepState.CANCELLED
    visit.state, visit.cancelled_by = VisitState.CANCELLED, who
    visit.revision += 1
    take_back_reminders(session, visit)
    session.flush()
    claiming.refresh(session, days)
    audit.record(session, actor, "visit_cancelled", f"visit {visit.id}")
    tell(session, "visit_cancelled", visit, due_at=visit.undo_until)
    return visit


def can_undo(visit: Visit) -> bool:
    """Whether the cancelling of a visit can still be taken back."""
    return bool(visit.state is VisitState.CANCELLED and visit.undo_until and clock.now() < visit.undo_until)


def undo_cancel(session: Session, visit: Visit, actor: str) -> Visit:
    """Take a cancelling of staff back within its minute: nobody hears of it; again is harmless.

    Raises `Moved` when the minute is over or the letter has left, and `Taken` when a place is gone.
    """
    claiming.lock_visit(session, visit)
    if visit.state is VisitState.BOOKED and visit.undo_until:
        return visit
    if not can_undo(visit):
        raise Moved("too_late")
    days = claiming.days_of(session, [visit.id], catalogue.place(session).timezone)
    claiming.lock_days(session, days)
    if recipient(visit) and not post.withdraw(session, about(visit), "visit_cancelled", unseen=True):
        raise Moved("too_late")
    if not keep_places(session, visit):
        raise Taken()
    for step in visit.steps:
        step.state = StepState.PLANNED
    visit.state, visit.cancelled_by = VisitState.BOOKED, None
    visit.revision += 1
    session.flush()
    claiming.refresh(session, days)
    audit.record(session, actor, "visit_kept", f"visit {visit.id}")
    for told in visit_changed:
        told(session, visit)
    return visit
