"""Ending a step, and with the last one the visit; how it ended is told by `telling.py` when it is final."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from house import audit, clock
from house.catalogue import face as catalogue
from house.intake import deeds, periods, places, telling
from house.intake.calling import first_called
from house.intake.deeds import BUSY
from house.intake.models import Counter, Outcome, PeriodKind, Step, StepState, Visit, VisitState
from house.intake.queue import may_be_missed
from house.intake.telling import FAILURES
from house.problems import Moved

HERE = (StepState.WAITING, StepState.PARKED, *BUSY)
OPEN = (StepState.PLANNED, *HERE)
LAST_MINUTE = time(23, 59)


def finish(
    session: Session, step: Step, outcome: Outcome, actor: str,
    then: Step | None = None, missing: Sequence[int] = (),
) -> Step | None:  # fmt: skip
    """Finish a step that is being served. The visit's next step begins to wait, or the one chosen as `then`;
    returns it. After the last the visit is done.

    Where papers are missing (by their numbers) and nothing was chosen, the later steps cannot be either: they
    are cancelled and give back their places.
    """
    if step.state is not StepState.SERVING:
        raise Moved()
    if then is not None and (then.visit_id != step.visit_id or then.state is not StepState.PLANNED):
        raise Moved()
    now = clock.now()
    with deeds.doing(session, "finished", actor, step.visit) as act:
        step.outcome = outcome
        if outcome is Outcome.PAPERS_MISSING:
            step.missing = " ".join(map(str, missing)) or None
        tonight = _tonight(session)
        _end(step, StepState.FAILED if outcome in FAILURES else StepState.DONE, now, tonight)
        facts = {"outcome": outcome.value, "missing": step.missing}
        audit.record(session, actor, "finished", f"step {step.id}", **facts)
        if outcome is Outcome.LEFT:
            _abandon(step.visit, now, tonight)
        elif outcome is Outcome.PAPERS_MISSING and then is None:
            act.places += _cannot_be(session, step.visit, now)
        return _go_on(session, step.visit, now, then)


def did_not_come(session: Session, step: Step, actor: str) -> None:
    """Somebody was called and did not come: the step is missed, and the rest of the visit with it.

    They may still come back, as long as the day is not over. Raises `Moved("too_soon")` before they were
    called often and long enough.
    """
    if step.state is not StepState.CALLED:
        raise Moved()
    now = clock.now()
    if not may_be_missed(step.calls, first_called(step), now):
        raise Moved("too_soon")
    with deeds.doing(session, "did_not_come", actor, step.visit):
        tonight = _tonight(session)
        _end(step, StepState.MISSED, now, tonight)
        audit.record(session, actor, "did_not_come", f"step {step.id}", calls=step.calls)
        _abandon(step.visit, now, tonight)
        _go_on(session, step.visit, now)


def came_back(session: Session, visit: Visit, actor: str) -> Step:
    """Somebody who was missed today is here after all: they wait again, and first arrival counts as before.

    Raises `Moved` for whom nobody missed, and when the day was told already.
    """
    missed = [step for step in visit.steps if step.state is StepState.MISSED]
    here = any(step.state in HERE for step in visit.steps)
    if not missed or here or visit.arrived_at is None:
        raise Moved()
    if any(step.tell_at is None for step in missed) or visit.day != _today(session):
        raise Moved("day_over")
    with deeds.doing(session, "came_back", actor, visit):
        for step in missed:
            step.state, step.tell_at, step.calls = StepState.PLANNED, None, 0
        missed[0].state, missed[0].counter_id, visit.state = StepState.WAITING, None, VisitState.ARRIVED
        periods.go_on(session, missed[0], PeriodKind.WAITING, clock.now())
        audit.record(session, actor, "came_back", f"visit {visit.id}")
    return missed[0]


def _cannot_be(session: Session, visit: Visit, now: datetime) -> list[places.Place]:
    later = [step for step in visit.steps if step.state is StepState.PLANNED]
    for step in later:
        step.state = StepState.CANCELLED
    return places.give_back(session, visit, later, now)


def _go_on(session: Session, visit: Visit, now: datetime, then: Step | None = None) -> Step | None:
    """The next planned step begins to wait; when there is none, the visit ends."""
    if any(step.state in HERE for step in visit.steps):
        return None
    following = then or next((step for step in visit.steps if step.state is StepState.PLANNED), None)
    if following is not None:
        following.state = StepState.WAITING
        last = periods.last_moment(visit)
        periods.begin(session, following, PeriodKind.WAITING, last or now)
        return following
    served = any(step.state in telling.SERVED for step in visit.steps)
    visit.state = VisitState.DONE if served else VisitState.MISSED
    return None


def _abandon(visit: Visit, now: datetime, tell_at: datetime) -> None:
    for step in visit.steps:
        if step.state in OPEN:
            _end(step, StepState.MISSED, now, tell_at)


def _end(step: Step, state: StepState, at: datetime, tell_at: datetime) -> None:
    """Every end of a step goes through here, and is told once."""
    step.state, step.tell_at = state, tell_at
    periods.end(step, at)


def _tonight(session: Session) -> datetime:
    """When it is told how a step ended today: at midnight, when that can no longer be taken back."""
    timezone = catalogue.place(session).timezone
    return clock.midnight(clock.today(timezone) + timedelta(days=1), timezone)


def _today(session: Session) -> date:
    return clock.today(catalogue.place(session).timezone)


def _evening(session: Session, visit: Visit) -> datetime:
    return datetime.combine(visit.day, LAST_MINUTE, clock.zone(catalogue.place(session).timezone))


def close_days_before(session: Session, today: date) -> int:
    """Close what earlier days left open, breaks too; returns how many visits it closed.

    Who never came, or left unserved, was missed; whoever was being served was served, and only the button was
    forgotten. All of it is told of the day it belongs to, at once.
    """
    _end_breaks(session, clock.midnight(today, catalogue.place(session).timezone))
    left = _left_open(session, today)
    for visit in left:
        _close(session, visit)
    return len(left)


def _end_breaks(session: Session, midnight: datetime) -> None:
    """Who closes counters locks them by their key, so it is so here."""
    older = select(Counter.id).where(Counter.paused_at < midnight).order_by(Counter.id)
    ids = session.scalars(older.with_for_update(key_share=True)).all()
    session.execute(update(Counter).where(Counter.id.in_(ids)).values(paused_at=None))


def _left_open(session: Session, today: date) -> Sequence[Visit]:
    """The visits that earlier days left open, for this transaction alone, whoever is busy with one left out.

    Steps too, and read after that: one of them may be told how it ended at this very moment.
    """
    open_ = select(Visit.id).where(
        Visit.day < today, Visit.state.in_([VisitState.BOOKED, VisitState.ARRIVED])
    )
    ids = session.scalars(open_.order_by(Visit.id).with_for_update(skip_locked=True, key_share=True)).all()
    steps = select(Step.id).where(Step.visit_id.in_(ids)).order_by(Step.visit_id, Step.id)
    session.execute(steps.with_for_update()).all()
    whole = select(Visit).where(Visit.id.in_(ids)).order_by(Visit.id)
    anew = whole.execution_options(populate_existing=True)
    return session.scalars(anew.options(selectinload(Visit.steps).selectinload(Step.periods))).all()


def _close(session: Session, visit: Visit) -> None:
    evening, now = _evening(session, visit), clock.now()
    for step in visit.steps:
        if step.state is StepState.SERVING:
            _end(step, StepState.DONE, evening, now)
    _abandon(visit, evening, now)
    _go_on(session, visit, evening)
    for step in visit.steps:
        if step.tell_at is not None:
            telling.tell(session, step)
    audit.record(session, "worker", "closed", f"visit {visit.id}", state=visit.state.value)
