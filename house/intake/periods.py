"""The log of a step's time: what it waits, is called and served is a row each, one after the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from house.intake.models import Period, PeriodKind, Step, StepState, Visit

_BEGINS = select(func.min(Period.began_at)).where(Period.step_id == Step.id).correlate(Step)
BEGAN = _BEGINS.scalar_subquery()
"""When a step began to wait: its first interval is the one it waited in, whatever was done with it since."""
_WAITS = select(func.max(Period.began_at)).where(Period.step_id == Step.id, Period.kind == PeriodKind.WAITING)
WAITS_AGAIN = _WAITS.correlate(Step).scalar_subquery()
"""When a step began to wait for the last time: after a pause, or back from a counter."""
_LATEST = select(func.max(Period.began_at)).where(Period.step_id == Step.id).correlate(Step)
LATEST = _LATEST.scalar_subquery()
"""When the interval began that a step is in now."""
STILL_PLANNED = cast(Step.state, String) == StepState.PLANNED.value
"""A step that is still to come, among those of one day: by the index of states SQLite would go through every
booking there is."""


def begin(session: Session, step: Step, kind: PeriodKind, at: datetime) -> None:
    """End the step's open interval and begin one of this kind."""
    step.periods.append(Period(kind=kind, began_at=end(step, at) or at))
    session.flush()


def go_on(session: Session, step: Step, kind: PeriodKind, at: datetime) -> None:
    """Begin an interval of a visit that is here: where its last one ended, so that there is no gap.

    What lies between the last one and `at` was a pause: somebody was away.
    """
    last = last_moment(step.visit)
    if last is not None and last < at:
        session.add(Period(step_id=step.id, kind=PeriodKind.PAUSED, began_at=last, ended_at=at))
        session.flush()
    begin(session, step, kind, max(last, at) if last else at)


def last_moment(visit: Visit) -> datetime | None:
    """Until when the time of a visit is told."""
    marks = [period.ended_at or period.began_at for step in visit.steps for period in step.periods]
    return max(marks, default=None)


def end(step: Step, at: datetime) -> datetime | None:
    """End the step's open interval, if there is one; returns when. No interval is negative, whatever the
    clock does."""
    for period in step.periods:
        if period.ended_at is None:
            period.ended_at = max(at, period.began_at)
            return period.ended_at
    return None


def minutes(step: Step, kind: PeriodKind) -> float:
    """Minutes this step has spent in ended intervals of a kind."""
    spent = (
        (period.ended_at - period.began_at).total_seconds()
        for period in step.periods
        if period.kind is kind and period.ended_at is not None
    )
    return sum(spent) / 60
