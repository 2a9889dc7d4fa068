"""Extending a hold: another quarter of an hour for who needs longer to answer, a few times."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue import face as catalogue
from house.intake import claiming
from house.intake.booking import begins, places
from house.intake.holding import HOLD
from house.intake.models import Occupancy, Visit, VisitState
from house.problems import Gone, Problem, Taken

MOST_EXTENSIONS = 3


def extend(session: Session, visit: Visit) -> Visit:
    """Hold a visit for another quarter of an hour from now.

    A hold that ran out is still good while nobody took its places; after that it is `Taken`. `Gone` when it
    is not held any more or its time has come, `Problem("no_more_time")` after `MOST_EXTENSIONS`.
    """
    claiming.lock_visit(session, visit)
    if visit.state is not VisitState.HELD:
        raise Gone()
    if visit.extensions >= MOST_EXTENSIONS:
        raise Problem("no_more_time")
    claiming.lock_days(session, claiming.days_of(session, [visit.id], catalogue.place(session).timezone))
    now = clock.now()
    if now >= begins(visit):
        raise Gone("hold_over")
    mine = Occupancy.visit_id == visit.id
    if (session.scalar(select(func.count()).where(mine)) or 0) < places(visit):
        raise Taken("hold_over")
    visit.held_until, visit.extensions = now + HOLD, visit.extensions + 1
    session.execute(update(Occupancy).where(mine).values(expires_at=visit.held_until))
    audit.record(session, "visitor", "hold_extended", f"visit {visit.id}")
    session.flush()
    return visit
