"""Calling the next person to a counter, calling again, beginning to serve, sending back to the queue.

An act on a step begins with `step_at` or `step_here`, which lock the visit; a call is one UPDATE.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session, selectinload

from house import audit, clock
from house.catalogue import face as catalogue
from house.db import UtcMoment, nobody_else_writes
from house.intake import deeds, periods, pictures, turns
from house.intake.deeds import BUSY as BUSY
from house.intake.models import (
    Counter,
    CounterService,
    PeriodKind,
    Step,
    StepState,
    Ticket,
    Visit,
)
from house.intake.queue import PATIENCE, Desk, Waiting, appointment, in_order
from house.problems import Moved, NotHere


def desk_of(counter: Counter) -> Desk:
    """What a counter can serve, for the queue."""
    return Desk(
        services=frozenset(one.service_id for one in counter.services),
        languages=frozenset(one.language for one in counter.languages),
        counter=counter.id,
    )


def counter(session: Session, counter_id: int | None) -> Counter:
    """An open counter with what it can serve; raises `NotHere`."""
    found = session.scalar(_COUNTER, {"counter": counter_id})
    if found is None:
        raise NotHere()
    return found


def counters_at(session: Session, place_id: int) -> list[Counter]:
    """The open counters of a place with what they can serve; three queries whatever their number."""
    wanted = select(Counter).where(Counter.place_id == place_id, Counter.active).order_by(Counter.id)
    return list(session.scalars(wanted.options(*_BOTH)))


def waiting_in(session: Session, place_id: int, day: date) -> list[Waiting]:
    """Every step that waits at a place today, unordered; one query."""
    asked = {"place": place_id, "day": day, "sent_since": clock.now() - PATIENCE}
    rows = session.execute(_WAITING, asked)
    return [
        Waiting(
            step, number, arrived, since, appointment(planned, arrived), channel.value, language, service,
            int(bool(first)), sent_to, again + PATIENCE if sent_to else None,
        )
        for step, number, arrived, since, again, planned, channel, language, service, first, sent_to in rows
        if arrived is not None
    ]  # fmt: skip


def sent_to_open() -> ColumnElement[bool]:
    """The counter that a step was sent to, while that one calls and gives the service; else every counter may
    have the person. So it is too when the step waits since before `sent_since`: that one has gone home. A
    pause does not count, nor the time at a counter; who has a pause stays sent.
    """
    gives = select(CounterService.counter_id).where(
        CounterService.counter_id == Step.sent_to, CounterService.service_id == Step.service_id
    )
    lately = bindparam("sent_since", type_=UtcMoment()) <= periods.WAITS_AGAIN
    return and_(
        Counter.id == Step.sent_to, Counter.active, Counter.paused_at.is_(None), gives.exists(),
        or_(Step.state == StepState.PARKED, lately),
    )  # fmt: skip


# --- statements, written once: building them anew costs more than running them -----------------------------

_BOTH = (selectinload(Counter.services), selectinload(Counter.languages))
_COUNTER = select(Counter).where(Counter.id == bindparam("counter"), Counter.active).options(*_BOTH)
_BUSY_AT = select(Step.id).where(Step.counter_id == bindparam("counter"), Step.state.in_(BUSY)).limit(1)
_PAUSED = select(Counter.paused_at).where(Counter.id == bindparam("counter"))
_WAITING = (
    select(
        Step.id, Ticket.number, Visit.arrived_at, periods.BEGAN, periods.WAITS_AGAIN, Step.starts_at,
        Visit.channel, func.coalesce(Visit.speaks, Visit.language), Step.service_id, Visit.priority,
        Counter.id,
    )
    .join(Visit, Step.visit_id == Visit.id)
    .join(Ticket, Ticket.visit_id == Visit.id)
    .outerjoin(Counter, sent_to_open())
    .where(
        Visit.place_id == bindparam("place"), Visit.day == bindparam("day"),
        Step.state == StepState.WAITING,
    )
)  # fmt: skip


def has_break(at: Counter, timezone: str) -> bool:
    """Whether somebody has a break at this counter; a break ends with its day."""
    return at.paused_at is not None and clock.local(at.paused_at, timezone).date() == clock.today(timezone)


def is_busy(session: Session, at: Counter) -> bool:
    """Whether somebody is called to, or served at, a counter."""
    return session.scalar(_BUSY_AT, {"counter": at.id}) is not None


def call_next(session: Session, at: Counter, day: date, actor: str) -> Step | None:
    """Call the next person this counter can serve, or None when nobody waits.

    Each try is one UPDATE that takes the step only while it still waits, so two counters never call one
    person; who was faster just leaves the next one. Raises `Moved` while this counter has somebody, and while
    somebody has a break there.
    """
    turns.take_seats(session, [at.id])  # against two presses of the button
    alone = nobody_else_writes(session)
    paused_at = at.paused_at if alone else session.scalar(_PAUSED, {"counter": at.id})
    if is_busy(session, at):
        raise Moved("busy")
    if paused_at is not None and has_break(at, catalogue.place(session).timezone):
        raise Moved("on_break")
    now = clock.now()
    for waiting in in_order(waiting_in(session, at.place_id, day), desk_of(at), now):
        before = pictures.of_step(session, waiting.step_id)
        step = session.scalar(
            update(Step)
            .where(Step.id == waiting.step_id, Step.state == StepState.WAITING)
            .values(state=StepState.CALLED, counter_id=at.id, calls=1, called_at=now)
            .returning(Step)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        if step is not None:
            with deeds.doing(session, "called", actor) as act:
                act.visit_id, act.step_id, act.before = step.visit_id, step.id, before
                periods.begin(session, step, PeriodKind.CALLED, clock.now())
                audit.record(session, actor, "called", f"step {step.id}", counter=at.id)
            return step
    return None


def step_at(session: Session, at: Counter, step_id: int) -> Step:
    """A step that this counter has, with its visit locked; never by its bare key.

    Raises `NotHere` when there is none in this place, and `Moved` when it is not at this counter any more.
    """
    step = step_here(session, at.place_id, step_id)
    if step.counter_id != at.id or step.state not in BUSY:
        raise Moved()
    return step


def step_here(session: Session, place_id: int, step_id: int) -> Step:
    """A step of somebody who is, or was, here today, with its visit locked; raises `NotHere`."""
    found = select(Step.visit_id).join(Visit, Visit.id == Step.visit_id)
    visit_id = session.scalar(found.where(Step.id == step_id, Visit.place_id == place_id))
    if visit_id is None:
        raise NotHere()
    deeds.lock(session, visit_id)
    return session.get_one(Step, step_id)


def call_again(session: Session, step: Step, actor: str) -> None:
    """Call somebody once more who was called and did not come yet."""
    if step.state is not StepState.CALLED:
        raise Moved()
    with deeds.doing(session, "called_again", actor, step.visit):
        step.calls, step.called_at = step.calls + 1, clock.now()
        audit.record(session, actor, "called_again", f"step {step.id}", calls=step.calls)


def first_called(step: Step) -> datetime:
    """When somebody who is called now was called first."""
    return step.periods[-1].began_at


def start(session: Session, step: Step, actor: str) -> None:
    """The person is here: serving begins."""
    if step.state is not StepState.CALLED:
        raise Moved()
    with deeds.doing(session, "started", actor, step.visit):
        step.state = StepState.SERVING
        periods.begin(session, step, PeriodKind.SERVING, clock.now())
        audit.record(session, actor, "started", f"step {step.id}")


def back_to_queue(session: Session, step: Step, actor: str) -> None:
    """Send somebody back to wait, with the place in the queue that was theirs: called by mistake."""
    if step.state not in BUSY:
        raise Moved()
    with deeds.doing(session, "sent_back", actor, step.visit):
        step.state, step.counter_id = StepState.WAITING, None
        periods.begin(session, step, PeriodKind.WAITING, clock.now())
        audit.record(session, actor, "sent_back", f"step {step.id}")
