"""Ending a step, and with the last one the visit; each end is told to reporting as an anonymous contact."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from house import audit, clock
from house.catalogue import face as catalogue
from house.intake import hooks, periods
from house.intake.calling import BUSY
from house.intake.models import Outcome, PeriodKind, Step, StepState, Visit, VisitState
from house.problems import Moved
from house.reporting import face as reporting

FAILURES = {
    Outcome.PAPERS_MISSING: "paper_missing",
    Outcome.WRONG_AUTHORITY: "wrong_authority",
    Outcome.LEFT: "left",
}
OPEN = (StepState.PLANNED, StepState.WAITING, *BUSY)
LAST_MINUTE = time(23, 59)


def finish(session: Session, step: Step, outcome: Outcome, actor: str) -> None:
    """Finish a step that is being served. The visit's next step begins to wait; after the last the visit is
    done."""
    if step.state is not StepState.SERVING:
        raise Moved()
    now = clock.now()
    step.outcome = outcome
    _end(session, step, StepState.FAILED if outcome in FAILURES else StepState.DONE, now)
    audit.record(session, actor, "finished", f"step {step.id}", outcome=outcome.value)
    for told in hooks.step_ended:
        told(session, step)
    if outcome is Outcome.LEFT:
        _abandon(session, step.visit, now)
    _go_on(session, step.visit, now)


def did_not_come(session: Session, step: Step, actor: str) -> None:
    """Somebody was called and did not come: the step is missed, and the rest of the visit with it."""
    if step.state is not StepState.CALLED:
        raise Moved()
    now = clock.now()
    _end(session, step, StepState.MISSED, now)
    audit.record(session, actor, "did_not_come", f"step {step.id}", calls=step.calls)
    _abandon(session, step.visit, now)
    _go_on(session, step.visit, now)


def _go_on(session: Session, visit: Visit, now: datetime) -> None:
    """The next planned step begins to wait; when there is none, the visit ends."""
    if any(step.state in (StepState.WAITING, *BUSY) for step in visit.steps):
        return
    following = next((step for step in visit.steps if step.state is StepState.PLANNED), None)
    if following is not None:
        following.state = StepState.WAITING
        periods.begin(session, following, PeriodKind.WAITING, now)
        return
    served = any(step.state in (StepState.DONE, StepState.FAILED) for step in visit.steps)
    visit.state = VisitState.DONE if served else VisitState.MISSED


def _abandon(session: Session, visit: Visit, now: datetime) -> None:
    for step in visit.steps:
        if step.state in OPEN:
            _end(session, step, StepState.MISSED, now)


def _end(session: Session, step: Step, state: StepState, at: datetime) -> None:
    """Every end of a step goes through here, and tells reporting once."""
    step.state = state
    periods.end(step, at)
    _tell(session, step, at)


def _tell(session: Session, step: Step, at: datetime) -> None:
    """The anonymous contact of a step: codes only, in the step's own transaction."""
    service, visit = catalogue.service_by_id(session, step.service_id), step.visit
    outcome = {StepState.DONE: "served", StepState.FAILED: "failed"}.get(step.state, "missed")
    codes = {
        "service": service.slug, "authority": service.authority_slug, "channel": visit.channel.value,
        "outcome": outcome, "language": visit.language, "service_group": service.kind,
    }  # fmt: skip
    if outcome == "failed" and step.outcome:
        codes["failure_reason"] = FAILURES[step.outcome]
    if outcome != "missed":
        codes["wait_band"] = reporting.wait_band(periods.minutes(step, PeriodKind.WAITING))
    # Without an address there is nothing to recognise a person by: the visit's own secret stands for one.
    reporting.record_contact(session, at=at, person=visit.email or visit.reference, **codes)


def close_days_before(session: Session, today: date) -> int:
    """Close what earlier days left open; returns how many visits it closed.

    Who never came, or left unserved, was missed; whoever was being served was served, and only the button was
    forgotten. All of it is told of the day it belongs to.
    """
    left = session.scalars(
        select(Visit)
        .where(Visit.day < today, Visit.state.in_([VisitState.BOOKED, VisitState.ARRIVED]))
        .options(selectinload(Visit.steps).selectinload(Step.periods))
        .with_for_update(skip_locked=True)
    ).all()
    zone = clock.zone(catalogue.place(session).timezone)
    for visit in left:
        evening = datetime.combine(visit.day, LAST_MINUTE, zone)
        for step in visit.steps:
            if step.state is StepState.SERVING:
                _end(session, step, StepState.DONE, evening)
        _abandon(session, visit, evening)
        _go_on(session, visit, evening)
        audit.record(session, "worker", "closed", f"visit {visit.id}", state=visit.state.value)
    return len(left)
