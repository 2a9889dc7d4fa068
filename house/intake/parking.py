"""Pauses: of a person, who keeps the place in the queue, and of a counter, which calls nobody meanwhile."""

from __future__ import annotations

from sqlalchemy.orm import Session

from house import audit, clock
from house.intake import deeds, periods, turns
from house.intake.calling import is_busy
from house.intake.deeds import BUSY
from house.intake.models import Counter, PeriodKind, Step, StepState, Visit, VisitState
from house.problems import Moved

CAN_PARK = (StepState.WAITING, *BUSY)


def park(session: Session, step: Step, actor: str) -> None:
    """Somebody does something else for a while, such as filling in a form: nobody calls them."""
    if step.state not in CAN_PARK:
        raise Moved()
    with deeds.doing(session, "parked", actor, step.visit):
        step.state, step.counter_id = StepState.PARKED, None
        periods.begin(session, step, PeriodKind.PAUSED, clock.now())
        audit.record(session, actor, "parked", f"step {step.id}")


def unpark(session: Session, step: Step, actor: str) -> None:
    """They wait again, at the place that was theirs."""
    if step.state is not StepState.PARKED:
        raise Moved()
    with deeds.doing(session, "unparked", actor, step.visit):
        step.state = StepState.WAITING
        periods.begin(session, step, PeriodKind.WAITING, clock.now())
        audit.record(session, actor, "unparked", f"step {step.id}")


def has_arrived(visit: Visit) -> Visit:
    """The visit, when somebody is here for it; else raises `Moved`."""
    if visit.state is not VisitState.ARRIVED:
        raise Moved()
    return visit


def pause_counter(session: Session, at: Counter, actor: str) -> None:
    """A break: this counter calls nobody until it is over, or the day is. Raises `Moved` while it is busy."""
    _alone(session, at)
    if is_busy(session, at):
        raise Moved("busy")
    at.paused_at = clock.now()
    audit.record(session, actor, "break_began", f"counter {at.id}")


def resume_counter(session: Session, at: Counter, actor: str) -> None:
    """The break is over; again is harmless."""
    _alone(session, at)
    if at.paused_at is None:
        return
    at.paused_at = None
    audit.record(session, actor, "break_ended", f"counter {at.id}")


def _alone(session: Session, at: Counter) -> None:
    turns.take_seats(session, [at.id])
    session.refresh(at, ["paused_at"])
