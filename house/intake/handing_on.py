"""Handing over: to a chosen next step of the visit, a further service, a certain counter, an authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import audit
from house.catalogue import face as catalogue
from house.intake import closing, deeds, hooks
from house.intake.models import Counter, CounterService, Outcome, Step, StepState, Visit
from house.problems import Moved, NotHere, Problem

MOST_STEPS = 12


@dataclass(frozen=True)
class Next:
    """What comes next: a planned step of the visit, or a further service; at one counter if told."""

    step_id: int | None = None
    service: str | None = None
    counter_id: int | None = None


def hand_over(
    session: Session, step: Step, outcome: Outcome, actor: str, to: Next, missing: Sequence[int] = ()
) -> Step | None:
    """Finish a step and let the visit go on with what was chosen; arrival and order stay. Returns what waits.

    Who left is handed on to nobody, whatever was chosen. Raises `Moved` when the chosen step is not to come
    any more, `Problem` when the counter does not give it.
    """
    with deeds.doing(session, "handed_over", actor, step.visit):
        if step.state is not StepState.SERVING:
            raise Moved()
        if outcome is Outcome.LEFT:
            to = Next()
        then = add_step(session, step.visit, to.service, actor) if to.service else None
        then = then or _chosen(step.visit, to.step_id)
        following = closing.finish(session, step, outcome, actor, then=then, missing=missing)
        if following is not None and to.counter_id is not None:
            _send_to(session, following, to.counter_id)
        if following is not None:
            audit.record(session, actor, "handed_over", f"step {following.id}", counter=to.counter_id)
    return following


def hand_outside(
    session: Session, step: Step, service: str, ground: str, matter: str | None, actor: str,
    authority_id: int | None = None,
) -> str:  # fmt: skip
    """Finish a step and hand the person over to the authority of a service outside; returns the hand-over.

    The wing above that the hook names takes the hand-over. It leaves the house, so it cannot be undone.
    Raises `NotHere` where nobody takes it, and whatever that wing refuses.
    """
    if not hooks.handed_outside:
        raise NotHere()
    if step.state is not StepState.SERVING:
        raise Moved()
    with deeds.doing(session, "handed_outside", actor, step.visit):
        wanted_id = catalogue.service(session, service).id
        wanted = hooks.Outside(step.visit, wanted_id, ground, matter, actor, authority_id)
        [reference] = [take(session, wanted) for take in hooks.handed_outside]
        closing.finish(session, step, Outcome.WRONG_AUTHORITY, actor)
        audit.record(session, actor, "handed_outside", f"step {step.id}", service=service)
    return reference


def add_step(session: Session, visit: Visit, service: str, actor: str) -> Step:
    """One more service in a visit that is here, after the others. Raises `Problem` for too many."""
    if len(visit.steps) >= MOST_STEPS:
        raise Problem("too_many_steps")
    with deeds.doing(session, "added", actor, visit):
        position = max(step.position for step in visit.steps) + 1
        service_id = catalogue.service(session, service).id
        step = Step(
            visit_id=visit.id, position=position, service_id=service_id, state=StepState.PLANNED,
            calls=0, buffer=0,
        )  # fmt: skip
        session.add(step)
        session.flush()
        session.expire(visit, ["steps"])
        audit.record(session, actor, "step_added", f"visit {visit.id}", service=service)
    return step


def _chosen(visit: Visit, step_id: int | None) -> Step | None:
    if step_id is None:
        return None
    step = next((step for step in visit.steps if step.id == step_id), None)
    if step is None or step.state is not StepState.PLANNED:
        raise Moved()
    return step


def _send_to(session: Session, step: Step, counter_id: int) -> None:
    """Let only this counter call a step, as long as it is open and has no break."""
    gives = select(Counter.id).join(CounterService, CounterService.counter_id == Counter.id)
    here = Counter.place_id == step.visit.place_id
    wanted = gives.where(Counter.id == counter_id, CounterService.service_id == step.service_id, here)
    if session.scalar(wanted.where(Counter.active)) is None:
        raise Problem("not_given_there")
    step.sent_to = counter_id
