"""The whole screen of the front desk: the queue, my counter and who is at it, what can be registered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake import desk_queue
from house.intake.deeds import BUSY
from house.intake.desk_queue import Queue, Seat, Services
from house.intake.models import Step, StepState, Ticket, Visit


@dataclass(frozen=True)
class Current:
    """Who is called to, or served at, my counter."""

    step_id: int
    ticket: str
    name: str | None = field(repr=False)
    service: str
    language: str
    party: int
    serving: bool
    calls: int
    papers: tuple[tuple[str, str], ...]
    further: tuple[str, ...]


@dataclass(frozen=True)
class Screen:
    """What is there to see, and to choose from."""

    mine: Seat | None
    seats: list[Seat]
    served: list[tuple[str, str]]
    queue: Queue
    current: Current | None


_AT_COUNTER = (
    select(
        Step.id, Step.visit_id, Step.position, Step.service_id, Step.state, Step.calls, Visit.name,
        Visit.language, Visit.party, Ticket.letter, Ticket.number,
    )
    .join(Visit, Step.visit_id == Visit.id)
    .join(Ticket, Ticket.visit_id == Visit.id)
    .where(Step.counter_id == bindparam("counter"), Step.state.in_(BUSY))
    .order_by(Step.id)
    .limit(1)
)  # fmt: skip
_LATER = (
    select(Step.service_id)
    .where(Step.visit_id == bindparam("visit"), Step.position > bindparam("position"))
    .order_by(Step.position)
)


def today(session: Session) -> date:
    """The date on the wall of the house."""
    return clock.today(catalogue.place(session).timezone)


def load(session: Session, counter_id: int | None) -> Screen:
    """The screen for a counter; for the first one while none was chosen."""
    place, services = catalogue.place(session), _services(session)
    seats = desk_queue.seats_at(session, place.id)
    mine = _mine(seats, counter_id)
    return Screen(
        mine=mine,
        seats=seats,
        served=_served(seats, services),
        queue=desk_queue.load(session, place, services, mine),
        current=_current(session, mine.id, services) if mine else None,
    )


def load_queue(session: Session, counter_id: int | None) -> Queue:
    """The part of the screen that keeps itself fresh."""
    place = catalogue.place(session)
    mine = _mine(desk_queue.seats_at(session, place.id), counter_id)
    return desk_queue.load(session, place, _services(session), mine)


def service_choices(session: Session) -> list[tuple[str, str]]:
    """What somebody can be registered for: the services of the open counters."""
    return _served(desk_queue.seats_at(session, catalogue.place(session).id), _services(session))


def counter_choices(seats: list[Seat]) -> list[tuple[int, str]]:
    """Where one can sit down."""
    return [(seat.id, seat.label) for seat in seats]


def _services(session: Session) -> Services:
    return {service.id: service for service in catalogue.services(session)}


def _served(seats: list[Seat], services: Services) -> list[tuple[str, str]]:
    """What most counters give comes first, and so is chosen already: it is what most people come for."""
    given = Counter(service_id for seat in seats for service_id in seat.desk.services)
    served = [one for one in services.values() if given[one.id]]
    return [(one.slug, one.name) for one in sorted(served, key=lambda one: -given[one.id])]


def _mine(seats: list[Seat], counter_id: int | None) -> Seat | None:
    return next((seat for seat in seats if seat.id == counter_id), seats[0] if seats else None)


def _current(session: Session, counter_id: int, services: Services) -> Current | None:
    """Who is at this counter, with papers to check and what comes after."""
    step = session.execute(_AT_COUNTER, {"counter": counter_id}).first()
    if step is None:
        return None
    later = session.scalars(_LATER, {"visit": step.visit_id, "position": step.position})
    service = services[step.service_id]
    return Current(
        step_id=step.id, ticket=f"{step.letter}{step.number}", name=step.name, service=service.name,
        language=step.language, party=step.party, serving=step.state is StepState.SERVING, calls=step.calls,
        papers=tuple((paper.text, paper.lang) for paper in catalogue.documents(service)),
        further=tuple(services[service_id].name for service_id in later),
    )  # fmt: skip
