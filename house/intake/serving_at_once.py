"""A quick question: registered, called and served at my counter in one act."""

from __future__ import annotations

from sqlalchemy.orm import Session

from house import audit, clock
from house.intake import calling, closing, deeds, periods, registration, turns
from house.intake.models import Counter, Outcome, PeriodKind, Step, StepState
from house.intake.registration import WalkIn
from house.problems import Moved


def quick_serve(
    session: Session, at: Counter, walk_in: WalkIn, actor: str, outcome: Outcome | None = None
) -> Step:
    """Register somebody and serve them at once; with an outcome that is all, without one they stay.

    Nobody measured how long a question took that is over when it is written down: its intervals are empty,
    and measured service times leave them out. Raises `Moved` when somebody else is to stay at this counter.
    """
    if outcome is None:
        turns.take_seats(session, [at.id])
        if calling.is_busy(session, at):
            raise Moved("busy")
    with deeds.doing(session, "served_at_once", actor):
        visit = registration.register_walk_in(session, walk_in, actor).visit
        step = visit.steps[0]
        step.state, step.counter_id, step.calls = StepState.SERVING, at.id, 1
        periods.begin(session, step, PeriodKind.SERVING, clock.now())
        audit.record(session, actor, "started", f"step {step.id}", counter=at.id)
        if outcome is not None:
            closing.finish(session, step, outcome, actor)
    return step
