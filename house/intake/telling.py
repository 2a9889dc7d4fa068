"""Telling how a step ended: reporting as an anonymous contact, and the wings above, when it is final.

As long as an act can be taken back nothing is told, so what left the house is never untrue.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue import face as catalogue
from house.intake import hooks, periods
from house.intake.models import Outcome, PeriodKind, Step, StepState
from house.intake.reaching import recipient
from house.reporting import face as reporting

FAILURES = {
    Outcome.PAPERS_MISSING: "paper_missing",
    Outcome.WRONG_AUTHORITY: "wrong_authority",
    Outcome.LEFT: "left",
}
SERVED = (StepState.DONE, StepState.FAILED)


def tell_ended(session: Session, now: datetime) -> bool:
    """Tell of one step that can no longer be taken back; False if there is none. For the worker."""
    due = select(Step).where(Step.tell_at <= now).order_by(Step.id).limit(1)
    step = session.scalar(due.with_for_update(skip_locked=True, of=Step))
    if step is None:
        return False
    tell(session, step)
    return True


def tell(session: Session, step: Step) -> None:
    """Tell of a step at once, and never again."""
    step.tell_at = None
    _record(session, step)
    if step.state in SERVED:
        for told in hooks.step_ended:
            told(session, step)


def _record(session: Session, step: Step) -> None:
    """The anonymous contact of a step: codes only."""
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
    reporting.record_contact(session, at=_ended(step), person=recipient(visit) or None, **codes)


def _ended(step: Step) -> datetime:
    """When a step ended; one that nobody came to, with its visit or its plan."""
    if step.periods and step.periods[-1].ended_at is not None:
        return step.periods[-1].ended_at
    return periods.last_moment(step.visit) or step.ends_at or step.visit.made_at
