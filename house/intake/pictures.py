"""A visit as the desk's acts see it, before and after one of them; and making it again what it was.

A picture is JSON: states, numbers and times of a visit, its steps and their intervals, no words. Cancelled
steps are not in it: a step that was taken back is as if it had never been.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, select, update
from sqlalchemy.orm import Session, aliased

from house.intake.models import Outcome, Period, PeriodKind, Priority, Step, StepState, Visit, VisitState
from house.intake.note_models import Note

Picture = dict[str, Any]
_VISIT = {
    "state": VisitState, "arrived_at": datetime, "priority": Priority, "party": int, "cancelled_by": str,
}  # fmt: skip
_STEP = {
    "position": int, "state": StepState, "counter_id": int, "outcome": Outcome, "calls": int, "sent_to": int,
    "missing": str, "tell_at": datetime,
}  # fmt: skip
_PERIOD = {"kind": PeriodKind, "began_at": datetime, "ended_at": datetime}


def _statement() -> Select[Any]:
    columns = [
        Visit.id.label("visit"), *(getattr(Visit, name).label(f"visit_{name}") for name in _VISIT),
        Step.id.label("step"), *(getattr(Step, name).label(f"step_{name}") for name in _STEP),
        Period.id.label("period"), *(getattr(Period, name).label(f"period_{name}") for name in _PERIOD),
    ]  # fmt: skip
    there = and_(Step.visit_id == Visit.id, Step.state != StepState.CANCELLED)
    joined = select(*columns).outerjoin(Step, there).outerjoin(Period, Period.step_id == Step.id)
    return joined.order_by(Step.id, Period.id)


_one = aliased(Step)
_OF_VISIT = _statement().where(Visit.id == bindparam("visit"))
_OF_STEP = _statement().where(
    Visit.id == select(_one.visit_id).where(_one.id == bindparam("step")).scalar_subquery()
)


def of_visit(session: Session, visit_id: int) -> Picture:
    """The visit as it is stored now; what is not flushed yet is flushed first."""
    session.flush()
    return _picture(session.execute(_OF_VISIT, {"visit": visit_id}).all())


def of_step(session: Session, step_id: int) -> Picture:
    """The visit that a step belongs to."""
    session.flush()
    return _picture(session.execute(_OF_STEP, {"step": step_id}).all())


def _picture(rows: Any) -> Picture:
    first = rows[0]
    steps: dict[str, Picture] = {}
    for row in rows:
        if row.step is None:
            continue
        step = steps.setdefault(str(row.step), {**_told(row, "step", _STEP), "periods": {}})
        if row.period is not None:
            step["periods"][str(row.period)] = _told(row, "period", _PERIOD)
    return {**_told(first, "visit", _VISIT), "steps": steps}


def _told(row: Any, prefix: str, columns: dict[str, type]) -> Picture:
    return {name: _plain(getattr(row, f"{prefix}_{name}")) for name in columns}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def restore(session: Session, visit_id: int, now: Picture, before: Picture) -> None:
    """Make a visit what it was; the caller has locked it. Steps that came since are cancelled.

    Intervals that came since never were: the one before them is open again, so that no gap is left.
    """
    steps = before.get("steps", {})
    since = [int(step) for step in now["steps"] if step not in steps]
    session.execute(
        update(Visit).where(Visit.id == visit_id).values(**_values(before, _VISIT)).execution_options(
            synchronize_session=False
        )
    )
    kept = [int(period) for step in steps.values() for period in step["periods"]]
    mine = select(Step.id).where(Step.visit_id == visit_id)
    gone = delete(Period).where(Period.step_id.in_(mine), Period.id.not_in(kept))
    session.execute(gone.execution_options(synchronize_session=False))
    for step_id, step in steps.items():
        _write(session, Step, int(step_id), _values(step, _STEP))
        for period_id, period in step["periods"].items():
            _write(session, Period, int(period_id), _values(period, _PERIOD))
    for step_id in since:
        _write(session, Step, step_id, {"state": StepState.CANCELLED, "outcome": None, "tell_at": None})
    session.expire_all()


def unmake(session: Session, visit_id: int) -> None:
    """A visit that was registered by mistake: it is cancelled, nobody waited, name and notes are gone."""
    mine = select(Step.id).where(Step.visit_id == visit_id)
    untouched = {"synchronize_session": False}
    session.execute(delete(Period).where(Period.step_id.in_(mine)).execution_options(**untouched))
    off = {"state": StepState.CANCELLED, "outcome": None, "counter_id": None, "tell_at": None}
    session.execute(update(Step).where(Step.visit_id == visit_id).values(off).execution_options(**untouched))
    session.execute(delete(Note).where(Note.visit_id == visit_id).execution_options(**untouched))
    gone = {"state": VisitState.CANCELLED, "cancelled_by": "staff", "name": None, "priority": None}
    session.execute(update(Visit).where(Visit.id == visit_id).values(gone).execution_options(**untouched))
    session.expire_all()


def _values(picture: Picture, columns: dict[str, type]) -> dict[str, Any]:
    return {name: _read(picture[name], kind) for name, kind in columns.items()}


def _read(value: Any, kind: type) -> Any:
    if value is None:
        return None
    return datetime.fromisoformat(value) if kind is datetime else kind(value)


def _write(session: Session, table: type[Step | Period], key: int, values: dict[str, Any]) -> None:
    changed = update(table).where(table.id == key).values(**values)
    session.execute(changed.execution_options(synchronize_session=False))


def has(picture: Picture, *states: StepState) -> bool:
    """Whether a step is in one of these states."""
    return any(step["state"] in states for step in picture.get("steps", {}).values())


