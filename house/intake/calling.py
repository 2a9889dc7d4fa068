"""Calling the next person to a counter, calling again, beginning to serve, sending back to the queue."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from house import audit, clock
from house.intake import periods
from house.intake.models import Counter, PeriodKind, Step, StepState, Ticket, Visit
from house.intake.queue import Desk, Waiting, in_order
from house.problems import Moved, NotHere

BUSY = (StepState.CALLED, StepState.SERVING)


def desk_of(counter: Counter) -> Desk:
    """What a counter can serve, for the queue."""
    return Desk(
        services=frozenset(one.service_id for one in counter.services),
        languages=frozenset(one.language for one in counter.languages),
    )


def counter(session: Session, counter_id: int | None) -> Counter:
    """An open counter with what it can serve; raises `NotHere`."""
    wanted = select(Counter).where(Counter.id == counter_id, Counter.active)
    found = session.scalar(wanted.options(selectinload(Counter.services), selectinload(Counter.languages)))
    if found is None:
        raise NotHere()
    return found


def counters_at(session: Session, place_id: int) -> list[Counter]:
    """The open counters of a place with what they can serve; three queries whatever their number."""
    wanted = select(Counter).where(Counter.place_id == place_id, Counter.active).order_by(Counter.id)
    both = (selectinload(Counter.services), selectinload(Counter.languages))
    return list(session.scalars(wanted.options(*both)))


def waiting_in(session: Session, place_id: int, day: date) -> list[Waiting]:
    """Every step that waits at a place today, unordered; one query."""
    rows = session.execute(
        select(
            Step.id, Ticket.letter, Ticket.number, Visit.arrived_at, Step.starts_at, Visit.channel,
            Visit.language, Step.service_id,
        )
        .join(Visit, Step.visit_id == Visit.id)
        .join(Ticket, Ticket.visit_id == Visit.id)
        .where(Visit.place_id == place_id, Visit.day == day, Step.state == StepState.WAITING)
    )  # fmt: skip
    return [
        Waiting(step, number, arrived, planned, channel.value, language, service)
        for step, _letter, number, arrived, planned, channel, language, service in rows
        if arrived is not None
    ]


def call_next(session: Session, at: Counter, day: date, actor: str) -> Step | None:
    """Call the next person this counter can serve, or None when nobody waits.

    Each try is one UPDATE that takes the step only while it still waits, so two counters never call one
    person; who was faster just leaves the next one. Raises `Moved` while this counter has somebody.
    """
    # The counter's own row is the lock against two presses of the button.
    session.execute(select(Counter.id).where(Counter.id == at.id).with_for_update(key_share=True))
    busy = select(Step.id).where(Step.counter_id == at.id, Step.state.in_(BUSY)).limit(1)
    if session.scalar(busy) is not None:
        raise Moved("busy")
    now = clock.now()
    for waiting in in_order(waiting_in(session, at.place_id, day), desk_of(at), now):
        taken = session.scalar(
            update(Step)
            .where(Step.id == waiting.step_id, Step.state == StepState.WAITING)
            .values(state=StepState.CALLED, counter_id=at.id, calls=1)
            .returning(Step.id)
            .execution_options(synchronize_session=False)
        )
        if taken is not None:
            step = session.get_one(Step, taken, populate_existing=True)
            periods.begin(session, step, PeriodKind.CALLED, now)
            audit.record(session, actor, "called", f"step {step.id}", counter=at.id)
            return step
    return None


def step_at(session: Session, at: Counter, step_id: int) -> Step:
    """A step that this counter has, locked; never by its bare key.

    Raises `NotHere` when there is none in this place, and `Moved` when it is not at this counter any more.
    """
    step = session.scalar(
        select(Step)
        .join(Step.visit)
        .where(Step.id == step_id, Visit.place_id == at.place_id)
        .options(selectinload(Step.periods), selectinload(Step.visit).selectinload(Visit.steps))
        .with_for_update(of=Step)
    )
    if step is None:
        raise NotHere()
    if step.counter_id != at.id:
        raise Moved()
    return step


def call_again(session: Session, step: Step, actor: str) -> None:
    """Call somebody once more who was called and did not come yet."""
    if step.state is not StepState.CALLED:
        raise Moved()
    step.calls += 1
    audit.record(session, actor, "called_again", f"step {step.id}", calls=step.calls)


def start(session: Session, step: Step, actor: str) -> None:
    """The person is here: serving begins."""
    if step.state is not StepState.CALLED:
        raise Moved()
    step.state = StepState.SERVING
    periods.begin(session, step, PeriodKind.SERVING, clock.now())
    audit.record(session, actor, "started", f"step {step.id}")


def back_to_queue(session: Session, step: Step, actor: str) -> None:
    """Send somebody back to wait, with the place in the queue that was theirs: called by mistake."""
    if step.state not in BUSY:
        raise Moved()
    step.state, step.counter_id = StepState.WAITING, None
    periods.begin(session, step, PeriodKind.WAITING, clock.now())
    audit.record(session, actor, "sent_back", f"step {step.id}")
