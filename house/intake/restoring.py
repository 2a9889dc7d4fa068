"""Making a visit again what a picture shows, and unmaking one that was registered by mistake."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from house.intake.models import Period, PeriodKind, Step, StepState, Visit, VisitState
from house.intake.note_models import Note
from house.intake.pictures import PERIOD, STEP, VISIT, Picture
from house.intake.retelling import Retold, retold

_UNTOUCHED = {"synchronize_session": False}


def restore(
    session: Session, visit_id: int, current: Picture, before: Picture, late: bool, now: datetime
) -> None:
    """Make a visit what it was; the caller has locked it. Steps that came since are cancelled.

    How its time is told then, `retelling.py` says: `late` is whether the act lies long back.
    """
    steps = before["steps"]
    _write(session, Visit, visit_id, _values(before, VISIT))
    for step_id, step in steps.items():
        _write(session, Step, int(step_id), _values(step, STEP))
    for step_id in current["steps"].keys() - steps.keys():
        _write(session, Step, int(step_id), {"state": StepState.CANCELLED, "outcome": None, "tell_at": None})
    told = retold(current, before, late, now)
    if told is not None:
        _tell(session, visit_id, told)
    session.expire_all()


def _tell(session: Session, visit_id: int, told: Retold) -> None:
    kept = {int(period_id): one for periods in told.kept.values() for period_id, one in periods.items()}
    mine = select(Step.id).where(Step.visit_id == visit_id)
    gone = delete(Period).where(Period.step_id.in_(mine), Period.id.not_in(kept))
    session.execute(gone.execution_options(**_UNTOUCHED))
    for period_id, period in kept.items():
        _write(session, Period, period_id, _values(period, PERIOD))
    for one in told.new:
        values = {"kind": PeriodKind(one.kind), "began_at": one.began, "ended_at": one.ended}
        session.execute(insert(Period).values(step_id=int(one.step), **values))


def unmake(session: Session, visit_id: int) -> None:
    """A visit that was registered by mistake: it is cancelled, nobody waited, name and notes are gone."""
    mine = select(Step.id).where(Step.visit_id == visit_id)
    session.execute(delete(Period).where(Period.step_id.in_(mine)).execution_options(**_UNTOUCHED))
    off = {"state": StepState.CANCELLED, "outcome": None, "counter_id": None, "tell_at": None}
    session.execute(update(Step).where(Step.visit_id == visit_id).values(off).execution_options(**_UNTOUCHED))
    session.execute(delete(Note).where(Note.visit_id == visit_id).execution_options(**_UNTOUCHED))
    gone = {"state": VisitState.CANCELLED, "cancelled_by": "staff", "name": None, "priority": None}
    _write(session, Visit, visit_id, gone)
    session.expire_all()


def _values(picture: Picture, columns: dict[str, type]) -> dict[str, Any]:
    return {name: _read(picture[name], kind) for name, kind in columns.items()}


def _read(value: Any, kind: type) -> Any:
    if value is None:
        return None
    return datetime.fromisoformat(value) if kind is datetime else kind(value)


def _write(session: Session, table: type[Visit | Step | Period], key: int, values: dict[str, Any]) -> None:
    changed = update(table).where(table.id == key).values(**values)
    session.execute(changed.execution_options(**_UNTOUCHED))
