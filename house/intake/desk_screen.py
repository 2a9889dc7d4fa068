"""The whole screen of the front desk: the queue, my counter and who is at it, what can be registered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from house import clock
from house.catalogue import face as catalogue
from house.intake import deeds, desk_queue, desk_seats, notes, waits
from house.intake.deeds import BUSY
from house.intake.desk_queue import Queue, Services
from house.intake.desk_seats import Seat
from house.intake.models import Period, Priority, Step, StepState, Ticket, Visit
from house.intake.queue import may_be_missed


@dataclass(frozen=True)
class Stop:
    """One step of the visit of the person at my counter."""

    id: int
    service_id: int
    service: str
    state: StepState
    planned_at: datetime | None


@dataclass(frozen=True)
class Current:
    """Who is called to, or served at, my counter; `missable` when they may be taken for not coming."""

    step_id: int
    visit_id: int
    reference: str
    ticket: str
    name: str | None = field(repr=False)
    service: str
    language: str
    party: int
    interpreter: bool
    priority: Priority | None
    serving: bool
    calls: int
    since: datetime
    missable: bool
    papers: tuple[tuple[str, str], ...]
    stops: tuple[Stop, ...]

    @property
    def later(self) -> list[Stop]:
        """What is still to come in this visit."""
        return [stop for stop in self.stops if stop.state is StepState.PLANNED]


@dataclass(frozen=True)
class Screen:
    """What is there to see, and to choose from."""

    mine: Seat | None
    seats: list[Seat]
    there: dict[int, str]
    """The ticket of whom a counter has now, by the counter's key."""
    served: list[tuple[str, str]]
    queue: Queue
    current: Current | None
    deeds: list[deeds.Undoable]
    notes: list[notes.Line]
    """Those of my counter's authority about who is there."""


_SINCE = select(func.max(Period.began_at)).where(Period.step_id == Step.id).scalar_subquery()
_stop = aliased(Step)
# With all the stops of that visit: a row for each.
_AT_COUNTER = (
    select(
        _stop.id.label("stop"), _stop.service_id.label("stop_service"), _stop.state.label("stop_state"),
        _stop.starts_at.label("stop_at"),
        Step.id, Step.visit_id, Step.service_id, Step.state, Step.calls, _SINCE.label("since"),
        Visit.reference, Visit.name, func.coalesce(Visit.speaks, Visit.language).label("language"),
        Visit.party, Visit.interpreter, Visit.priority, Ticket.letter, Ticket.number,
    )
    .join(Visit, Step.visit_id == Visit.id)
    .join(Ticket, Ticket.visit_id == Visit.id)
    .join(_stop, and_(_stop.visit_id == Step.visit_id, _stop.state != StepState.CANCELLED))
    .where(Step.counter_id == bindparam("counter"), Step.state.in_(BUSY))
    .order_by(Step.id, _stop.position)
)  # fmt: skip


def today(session: Session) -> date:
    """The date on the wall of the house."""
    return clock.today(catalogue.place(session).timezone)


def load(session: Session, counter_id: int | None, actor: str, authorities: Sequence[int] = ()) -> Screen:
    """The screen for a counter, or for somebody who has chosen none yet.

    With `authorities` (their keys) only their counters can be sat at, and only their visitors are seen.
    """
    place, services = catalogue.place(session), _services(session)
    seats = desk_seats.seats_at(session, place.id)
    mine = _mine(_allowed(seats, authorities), counter_id)
    there = desk_seats.there_now(session, place.id)
    current = _current(session, mine.id, services) if mine and mine.id in there else None
    # The last picture, by whoever registered or keeps a page fresh; only where there is none, a new one.
    room = waits.known(session, place) or waits.look(session, place)
    return Screen(
        mine=mine,
        seats=seats,
        there=there,
        served=_served(seats, services),
        queue=desk_queue.load(session, place, services, mine, room, authorities),
        current=current,
        deeds=deeds.mine(session, actor),
        notes=notes.of_visit(session, current.visit_id, mine.authority_id, actor) if mine and current else [],
    )


def choices_at(
    session: Session, step_id: int
) -> tuple[Current | None, list[tuple[str, str]], list[Seat]]:
    """Who is at the counter of a step, what can be done besides, and where: for what comes next."""
    services = _services(session)
    counter_id = session.scalar(select(Step.counter_id).where(Step.id == step_id))
    seats = desk_seats.seats_at(session, catalogue.place(session).id)
    return _current(session, counter_id or 0, services), _served(seats, services), seats


def load_queue(session: Session, counter_id: int | None, authorities: Sequence[int] = ()) -> Queue:
    """The part of the screen that keeps itself fresh."""
    place = catalogue.place(session)
    mine = _mine(_allowed(desk_seats.seats_at(session, place.id), authorities), counter_id)
    return desk_queue.load(session, place, _services(session), mine, waits.look(session, place), authorities)


def seats(session: Session) -> list[Seat]:
    """The open counters of the house."""
    return desk_seats.seats_at(session, catalogue.place(session).id)


def service_choices(session: Session) -> list[tuple[str, str]]:
    """What somebody can be registered for: the services of the open counters."""
    return _served(seats(session), _services(session))


def _services(session: Session) -> Services:
    return {service.id: service for service in catalogue.services(session)}


def _served(seats: list[Seat], services: Services) -> list[tuple[str, str]]:
    """What most counters give comes first, and so is chosen already: it is what most people come for."""
    given = Counter(service_id for seat in seats for service_id in seat.desk.services)
    served = [one for one in services.values() if given[one.id]]
    return [(one.slug, one.name) for one in sorted(served, key=lambda one: -given[one.id])]


def _allowed(seats: list[Seat], authorities: Sequence[int]) -> list[Seat]:
    return [seat for seat in seats if not authorities or seat.authority_id in authorities]


def _mine(seats: list[Seat], counter_id: int | None) -> Seat | None:
    """The counter that was chosen. Nobody is sat down by guess, for a counter shows its authority's notes and
    calls its people; who may sit at one only sits there."""
    chosen = next((seat for seat in seats if seat.id == counter_id), None)
    return seats[0] if chosen is None and len(seats) == 1 else chosen


def _current(session: Session, counter_id: int, services: Services) -> Current | None:
    """Who is at this counter, with papers to check and the way through the visit."""
    rows = session.connection().execute(_AT_COUNTER, {"counter": counter_id}).all()
    if not rows:
        return None
    step, service = rows[0], services[rows[0].service_id]
    return Current(
        step_id=step.id, visit_id=step.visit_id, reference=step.reference,
        ticket=f"{step.letter}{step.number}", name=step.name,
        service=service.name, language=step.language, party=step.party, interpreter=step.interpreter,
        priority=step.priority, serving=step.state is StepState.SERVING, calls=step.calls, since=step.since,
        missable=may_be_missed(step.calls, step.since, clock.now()),
        papers=tuple((paper.text, paper.lang) for paper in catalogue.documents(service)),
        stops=tuple(
            Stop(
                row.stop, row.stop_service, services[row.stop_service].name, row.stop_state, row.stop_at
            )
            for row in rows
            if row.id == step.id
        ),
    )  # fmt: skip
