"""Following a ticket: where somebody stands in the queue now, by the link that is printed on it.

The link opens nothing but this: who finds a ticket on the floor can neither read nor change a booking.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake import calling, cards, desk_seats, waits
from house.intake.estimating import Range
from house.intake.models import Step, StepState, Ticket, Visit, VisitState
from house.intake.queue import Desk, ahead_of
from house.problems import Gone, NotHere
from house.seals import keyring, read_reference

TICKET = "ticket"
"""The kind of link."""


class Stands(StrEnum):
    """Where somebody is on the way through the house."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    SERVED = "served"
    MISSED = "missed"
    ASK = "ask"
    """Something else, which the desk knows."""


@dataclass(frozen=True)
class Followed:
    """A ticket and what to know of it now; `before` and `wait` only while somebody waits."""

    ticket: str
    stands: Stands
    service: catalogue.ServiceView
    further: tuple[catalogue.ServiceView, ...]
    counter: str | None = None
    before: int | None = None
    wait: Range | None = None


def link_of(visit: Visit) -> str:
    """The capability that is printed on a ticket."""
    return keyring().link(TICKET, visit.reference, visit.generation)


def number_of(ticket: Ticket) -> str:
    """A ticket's number as people read it."""
    return f"{ticket.letter}{ticket.number}"


def visit_by(session: Session, token: str) -> Visit:
    """The visit of a ticket; raises `NotHere`, and `Gone` when its day is over or it was called off."""
    visit = cards.visit_by(session, TICKET, token)
    if visit.ticket is None:
        raise NotHere()
    today = clock.today(catalogue.place(session).timezone)
    if visit.day < today or visit.state is VisitState.CANCELLED:
        raise Gone()
    return visit


def visit_of(session: Session, typed: str) -> Visit:
    """The visit with a reference that has a ticket, for staff; raises `NotHere`."""
    visit = session.scalar(select(Visit).where(Visit.reference == read_reference(typed)))
    if visit is None or visit.ticket is None:
        raise NotHere()
    return visit


def follow(session: Session, visit: Visit) -> Followed:
    """Where a visit with a ticket stands."""
    services = {one.id: one for one in catalogue.services(session)}
    stands, now = _stands(visit)
    ticket = visit.ticket
    assert ticket is not None
    further = tuple(services[one.service_id] for one in visit.steps if one.state is StepState.PLANNED)
    at = now.counter.label if now.counter and stands in (Stands.CALLED, Stands.SERVING) else None
    before, wait = _waits(session, now) if stands is Stands.WAITING else (None, None)
    return Followed(number_of(ticket), stands, services[now.service_id], further, at, before, wait)


def _stands(visit: Visit) -> tuple[Stands, Step]:
    """The state of a visit, and the step that it is at."""
    for state, stands in (
        (StepState.CALLED, Stands.CALLED), (StepState.SERVING, Stands.SERVING),
        (StepState.WAITING, Stands.WAITING), (StepState.PARKED, Stands.PARKED),
    ):  # fmt: skip
        step = next((one for one in visit.steps if one.state is state), None)
        if step is not None:
            return stands, step
    over = {VisitState.DONE: Stands.SERVED, VisitState.MISSED: Stands.MISSED}
    return over.get(visit.state, Stands.ASK), visit.steps[0]


def _waits(session: Session, step: Step) -> tuple[int | None, Range | None]:
    """How many are called before a step that waits, by the counters that give its service, and how long."""
    place = catalogue.place(session)
    today = clock.today(place.timezone)
    waiting = calling.waiting_in(session, place.id, today)
    sent_to = next((one.sent_to for one in waiting if one.step_id == step.id), None)
    desks = [one.desk for one in desk_seats.seats_at(session, place.id)]
    mine = [
        one for one in desks if step.service_id in one.services and sent_to in (None, one.counter)
    ]
    together = Desk(
        frozenset().union(*(one.services for one in mine)),
        frozenset().union(*(one.languages for one in mine)),
        sent_to,
    )
    try:
        before = len(ahead_of(step.id, waiting, together, clock.now()))
    except LookupError:  # no open counter gives it any more
        before = None
    return before, waits.look(session, place, step.id).of_step(step.id)
