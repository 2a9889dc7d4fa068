"""Reading the intervals of a day, for `replay.py`."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from house.intake.models import Period, Step, Visit
from house.intake.replay import Interval

_LOG = (
    select(Step.visit_id, Period.step_id, Period.kind, Period.began_at, Period.ended_at)
    .join(Step, Step.id == Period.step_id)
    .join(Visit, Visit.id == Step.visit_id)
    .where(Visit.place_id == bindparam("place"), Visit.day == bindparam("day"))
    .order_by(Period.id)
)


def log_of(session: Session, place_id: int, day: date) -> list[Interval]:
    """Every interval of a day, as they were written; one query."""
    rows = session.execute(_LOG, {"place": place_id, "day": day})
    return [Interval(visit, step, kind.value, began, ended) for visit, step, kind, began, ended in rows]
