"""The queue as the front desk sees it: who waits, who is still to come, which counters are open.

Columns are read, not objects, in a constant number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.models import (
    Counter,
    CounterLanguage,
    CounterService,
    Period,
    Step,
    StepState,
    Ticket,
    Visit,
    VisitState,
)
from house.intake.queue import Desk, Waiting, in_order

Services = Mapping[int, catalogue.ServiceView]


@dataclass(frozen=True)
class Seat:
    """An open counter and what it can serve."""

    id: int
    label: str
    desk: Desk


@dataclass(frozen=True)
class Line:
    """One visit on the screen: a ticket that waits, or a booking that is still to come."""

    ticket: str | None
    reference: str
    name: str | None = field(repr=False)
    service: str
    language: str
    party: int
    planned_at: datetime | None
    waited: int
    mine: bool


@dataclass(frozen=True)
class Queue:
    """Who waits, my next one first, and whose booking is still to come, by time."""

    waiting: list[Line]
    coming: list[Line]


def seats_at(session: Session, place_id: int) -> list[Seat]:
    """The open counters of a place with what they can serve; three queries whatever their number."""
    here = (Counter.place_id == place_id, Counter.active)
    given, spoken = defaultdict[int, set[int]](set), defaultdict[int, set[str]](set)
    services = select(CounterService.counter_id, CounterService.service_id).join(Counter).where(*here)
    for counter_id, service_id in session.execute(services):
        given[counter_id].add(service_id)
    languages = select(CounterLanguage.counter_id, CounterLanguage.language).join(Counter).where(*here)
    for counter_id, language in session.execute(languages):
        spoken[counter_id].add(language)
    return [
        Seat(id_, label, Desk(frozenset(given[id_]), frozenset(spoken[id_])))
        for id_, label in session.execute(select(Counter.id, Counter.label).where(*here).order_by(Counter.id))
    ]


def load(session: Session, place: catalogue.Place, services: Services, mine: Seat | None) -> Queue:
    """Those who wait and the bookings not here yet, from one query."""
    now = clock.now()
    rows = _rows(session, place, now)
    waiting = {row.id: row for row in rows if row.state is StepState.WAITING and row.number is not None}
    in_room = [
        Waiting(
            id_, row.number, row.arrived_at, row.starts_at, row.channel.value, row.language, row.service_id
        )
        for id_, row in waiting.items()
    ]
    desk = mine.desk if mine else Desk(frozenset(), frozenset())
    others = Desk(frozenset(services) - desk.services, frozenset())
    order = [*in_order(in_room, desk, now), *in_order(in_room, others, now)]
    return Queue(
        waiting=[_line(waiting[one.step_id], services, desk, now) for one in order],
        coming=[_line(row, services, desk, now) for row in rows if row.state is StepState.PLANNED],
    )


def _rows(session: Session, place: catalogue.Place, now: datetime) -> list[Any]:
    """Steps of today that wait, and the first ones of bookings that did not come yet, by their time."""
    # The first interval of a step is the one it waited in, whatever was done with it since.
    since = select(func.min(Period.began_at)).where(Period.step_id == Step.id).scalar_subquery()
    to_come = (Step.state == StepState.PLANNED) & (Step.position == 0) & (Visit.state == VisitState.BOOKED)
    return list(session.execute(
        select(
            Step.id, Step.service_id, Step.starts_at, Step.state, since.label("since"), Visit.reference,
            Visit.name, Visit.language, Visit.party, Visit.channel, Visit.arrived_at, Ticket.letter,
            Ticket.number,
        )
        .join(Visit, Step.visit_id == Visit.id)
        .outerjoin(Ticket, Ticket.visit_id == Visit.id)
        .where(
            Visit.place_id == place.id, Visit.day == clock.local(now, place.timezone).date(),
            or_(Step.state == StepState.WAITING, to_come),
        )
        .order_by(Step.starts_at, Step.id)
    ))  # fmt: skip


def _line(row: Any, services: Services, desk: Desk, now: datetime) -> Line:
    return Line(
        ticket=f"{row.letter}{row.number}" if row.number is not None else None, reference=row.reference,
        name=row.name, service=services[row.service_id].name, language=row.language, party=row.party,
        planned_at=row.starts_at, mine=row.service_id in desk.services,
        waited=max(0, int((now - row.since).total_seconds() // 60)) if row.since else 0,
    )  # fmt: skip
