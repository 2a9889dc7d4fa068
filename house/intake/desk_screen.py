"""What the front desk sees at a glance, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from house import clock
from house.catalogue import face as catalogue
from house.intake import calling
from house.intake.models import (
    Counter,
    CounterService,
    PeriodKind,
    Step,
    StepState,
    Ticket,
    Visit,
    VisitState,
)
from house.intake.queue import in_order


@dataclass(frozen=True)
class Line:
    """One visit on the screen: a ticket that waits, or a booking that is still to come."""

    ticket: str | None
    reference: str
    name: str | None
    service: str
    language: str
    party: int
    planned_at: datetime | None
    waited: int
    mine: bool


@dataclass(frozen=True)
class Current:
    """Who is called to, or served at, my counter."""

    step_id: int
    ticket: str
    name: str | None
    service: str
    language: str
    party: int
    serving: bool
    calls: int
    papers: tuple[tuple[str, str], ...]
    further: tuple[str, ...]


@dataclass(frozen=True)
class Screen:
    day: date
    counter_id: int | None
    counter_label: str
    counter_choices: list[tuple[int, str]]
    service_choices: list[tuple[str, str]]
    waiting: list[Line]
    coming: list[Line]
    current: Current | None


def today(session: Session) -> date:
    """The date on the wall of the house."""
    return clock.today(catalogue.place(session).timezone)


def load(session: Session, counter_id: int | None) -> Screen:
    """The screen for a counter; for the first one while none was chosen."""
    place, now = catalogue.place(session), clock.now()
    day = clock.local(now, place.timezone).date()
    services = {service.id: service for service in catalogue.services(session)}
    counters = session.scalars(
        select(Counter)
        .where(Counter.place_id == place.id, Counter.active)
        .options(selectinload(Counter.services), selectinload(Counter.languages))
        .order_by(Counter.id)
    ).all()
    mine = next((one for one in counters if one.id == counter_id), counters[0] if counters else None)
    served = {one.service_id for counter in counters for one in counter.services}
    lines = _lines(session, place.id, day, now, services, mine)
    waiting = calling.waiting_in(session, place.id, day)
    everything = calling.Desk(frozenset(services), frozenset())
    order = in_order(waiting, calling.desk_of(mine) if mine else everything, now)
    rest = in_order((one for one in waiting if one not in order), everything, now)
    return Screen(
        day=day,
        counter_id=mine.id if mine else None,
        counter_label=mine.label if mine else "–",
        counter_choices=[(counter.id, counter.label) for counter in counters],
        service_choices=[(one.slug, one.name) for one in services.values() if one.id in served],
        waiting=[lines[one.step_id] for one in (*order, *rest) if one.step_id in lines],
        coming=[line for line in lines.values() if line.ticket is None],
        current=_current(session, mine, services) if mine else None,
    )


def _lines(session, place_id, day, now, services, mine):  # type: ignore[no-untyped-def]
    """Today's lines by step: those that wait, and bookings not here yet by their time."""
    serves = {one.service_id for one in mine.services} if mine else set()
    rows = session.execute(
        select(
            Step.id, Step.service_id, Step.starts_at, Step.state, Visit.reference, Visit.name, Visit.language,
            Visit.party, Visit.arrived_at, Visit.state, Ticket.letter, Ticket.number,
        )
        .join(Visit, Step.visit_id == Visit.id)
        .outerjoin(Ticket, Ticket.visit_id == Visit.id)
        .where(
            Visit.place_id == place_id, Visit.day == day,
            (Step.state == StepState.WAITING)
            | ((Step.state == StepState.PLANNED) & (Visit.state == VisitState.BOOKED) & (Step.position == 0)),
        )
        .order_by(Step.starts_at, Step.id)
    ).all()  # fmt: skip
    return {
        row[0]: Line(
            ticket=f"{row[10]}{row[11]}" if row[11] is not None else None, reference=row[4], name=row[5],
            service=services[row[1]].name, language=row[6], party=row[7], planned_at=row[2],
            waited=max(0, int((now - row[8]).total_seconds() // 60)) if row[8] else 0, mine=row[1] in serves,
        )
        for row in rows
    }  # fmt: skip


def _current(session, mine, services):  # type: ignore[no-untyped-def]
    """Who is at this counter, with papers to check and what comes after."""
    step = calling.at_counter(session, mine.id)
    if step is None:
        return None
    visit, ticket = step.visit, step.visit.ticket
    later = session.scalars(
        select(Step.service_id).where(Step.visit_id == visit.id, Step.position > step.position)
    ).all()
    return Current(
        step_id=step.id, ticket=f"{ticket.letter}{ticket.number}" if ticket else "–", name=visit.name,
        service=services[step.service_id].name, language=visit.language, party=visit.party,
        serving=step.state is StepState.SERVING, calls=step.calls,
        papers=tuple(catalogue.documents(services[step.service_id])),
        further=tuple(services[service_id].name for service_id in later),
    )  # fmt: skip


__all__ = ["Current", "CounterService", "Line", "PeriodKind", "Screen", "load", "selectinload", "today"]
