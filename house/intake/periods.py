"""The log of a step's time: what it waits, is called and served is a row each, one after the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from house.intake.models import Period, PeriodKind, Step


def begin(session: Session, step: Step, kind: PeriodKind, at: datetime) -> None:
    """End the step's open interval and begin one of this kind."""
    session.add(Period(step_id=step.id, kind=kind, began_at=end(step, at) or at))
    session.flush()
    session.expire(step, ["periods"])


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
