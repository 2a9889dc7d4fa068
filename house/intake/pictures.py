"""A visit as the desk's acts see it, before and after one of them; `restoring.py` makes it again what it was.

A picture is JSON: states, numbers, codes and times of a visit, its steps and their intervals, no words: a
name that an act changed rests sealed beside it (`Deed.name_was`). Cancelled steps are not in it: a step that
was taken back is as if it had never been.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from house.intake.models import Outcome, Period, PeriodKind, Priority, Step, StepState, Visit, VisitState

Picture = dict[str, Any]
VISIT = {
    "state": VisitState, "arrived_at": datetime, "priority": Priority, "party": int, "cancelled_by": str,
    "language": str, "speaks": str,
}  # fmt: skip
STEP = {
    "position": int, "state": StepState, "counter_id": int, "outcome": Outcome, "calls": int,
    "called_at": datetime, "sent_to": int, "missing": str, "tell_at": datetime,
}  # fmt: skip
PERIOD = {"kind": PeriodKind, "began_at": datetime, "ended_at": datetime}


def _statement() -> Select[Any]:
    columns = [
        Visit.id.label("visit"), *(getattr(Visit, name).label(f"visit_{name}") for name in VISIT),
        Step.id.label("step"), *(getattr(Step, name).label(f"step_{name}") for name in STEP),
        Period.id.label("period"), *(getattr(Period, name).label(f"period_{name}") for name in PERIOD),
    ]  # fmt: skip
    there = and_(Step.visit_id == Visit.id, Step.state != StepState.CANCELLED)
    joined = select(*columns).outerjoin(Step, there).outerjoin(Period, Period.step_id == Step.id)
    return joined.order_by(Step.id, Period.id)


_one = aliased(Step)
_OF_VISIT = _statement().where(Visit.id == bindparam("visit"))
_OF_VISITS = _statement().where(Visit.id.in_(bindparam("visits", expanding=True)))
_OF_STEP = _statement().where(
    Visit.id == select(_one.visit_id).where(_one.id == bindparam("step")).scalar_subquery()
)


def of_visit(session: Session, visit_id: int) -> Picture:
    """The visit as it is stored now; what is not flushed yet is flushed first."""
    session.flush()
    return _picture(session.execute(_OF_VISIT, {"visit": visit_id}).all())


def of_visits(session: Session, visit_ids: Collection[int]) -> dict[int, Picture]:
    """The same of several visits; one query."""
    by_visit: dict[int, list[Any]] = {}
    for row in session.execute(_OF_VISITS, {"visits": visit_ids}):
        by_visit.setdefault(row.visit, []).append(row)
    return {visit_id: _picture(rows) for visit_id, rows in by_visit.items()}


def of_step(session: Session, step_id: int) -> Picture:
    """The visit that a step belongs to."""
    session.flush()
    return _picture(session.execute(_OF_STEP, {"step": step_id}).all())


def as_now(picture: Picture) -> Picture:
    """A picture as it is taken today: what is told of a step may be more than before an update."""
    steps = {id_: dict.fromkeys(STEP) | step for id_, step in picture.get("steps", {}).items()}
    return {**picture, "steps": steps} if steps else picture


def _picture(rows: Any) -> Picture:
    first = rows[0]
    steps: dict[str, Picture] = {}
    for row in rows:
        if row.step is None:
            continue
        step = steps.setdefault(str(row.step), {**_told(row, "step", STEP), "periods": {}})
        if row.period is not None:
            step["periods"][str(row.period)] = _told(row, "period", PERIOD)
    return {**_told(first, "visit", VISIT), "steps": steps}


def _told(row: Any, prefix: str, columns: dict[str, type]) -> Picture:
    return {name: _plain(getattr(row, f"{prefix}_{name}")) for name in columns}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value
