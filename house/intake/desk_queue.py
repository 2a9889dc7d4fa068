"""The queue as the front desk sees it: who waits, who is still to come, which counters are open.

Columns are read, not objects, in a constant number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake import waits
from house.intake.estimating import Range
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
SHOWN = 15
"""How many of those who are still to come are listed: the next ones. The others are found by name."""


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
    expected: Range | None = None
    """How long it will still wait, as far as can be said."""


@dataclass(frozen=True)
class Queue:
    """Who waits, my next one first, and the next bookings to come, of `to_come`, by time."""

    waiting: list[Line]
    coming: list[Line]
    to_come: int


# --- statements, written once: building them anew costs more than running them -----------------------------

_OPEN = (Counter.place_id == bindparam("place"), Counter.active)
_LANGUAGES = select(CounterLanguage.counter_id, CounterLanguage.language).join(Counter).where(*_OPEN)
_COUNTERS = (
    select(Counter.id, Counter.label, CounterService.service_id)
    .outerjoin(CounterService, CounterService.counter_id == Counter.id)
    .where(*_OPEN)
    .order_by(Counter.id)
)
_TODAYS = (Visit.place_id == bindparam("place"), Visit.day == bindparam("day"))
_SHOWN = (Step.id, Step.service_id, Step.starts_at, Visit.reference, Visit.name, Visit.language, Visit.party)
# The first interval of a step is the one it waited in, whatever was done with it since.
_SINCE = select(func.min(Period.began_at)).where(Period.step_id == Step.id).scalar_subquery()
_WAITING = (
    select(*_SHOWN, Visit.channel, Visit.arrived_at, Ticket.letter, Ticket.number, _SINCE.label("since"))
    .join(Visit, Step.visit_id == Visit.id)
    .join(Ticket, Ticket.visit_id == Visit.id)
    .where(*_TODAYS, Step.state == StepState.WAITING)
)
_COMING = (
    select(*_SHOWN, func.count().over().label("to_come"))
    .join(Visit, Step.visit_id == Visit.id)
    .where(*_TODAYS, Visit.state == VisitState.BOOKED, Step.state == StepState.PLANNED, Step.position == 0)
    .order_by(Step.starts_at, Step.id)
    .limit(SHOWN)
)


def seats_at(session: Session, place_id: int) -> list[Seat]:
    """The open counters of a place with what they can serve; two queries whatever their number."""
    here = {"place": place_id}
    labels: dict[int, str] = {}
    given, spoken = defaultdict[int, set[int]](set), defaultdict[int, set[str]](set)
    for counter_id, label, service_id in session.execute(_COUNTERS, here):
        labels[counter_id] = label
        given[counter_id].update([service_id] if service_id else ())
    for counter_id, language in session.execute(_LANGUAGES, here):
        spoken[counter_id].add(language)
    return [
        Seat(id_, label, Desk(frozenset(given[id_]), frozenset(spoken[id_]), id_))
        for id_, label in labels.items()
    ]


def load(session: Session, place: catalogue.Place, services: Services, mine: Seat | None) -> Queue:
    """Those who wait, in the order they are called, and the bookings not here yet: two queries."""
    now = clock.now()
    today = {"place": place.id, "day": clock.local(now, place.timezone).date()}
    rows = {row.id: row for row in session.execute(_WAITING, today)}
    waiting = [
        Waiting(
            id_, row.number, row.arrived_at, row.starts_at, row.channel.value, row.language, row.service_id
        )
        for id_, row in rows.items()
    ]
    desk = mine.desk if mine else Desk(frozenset(), frozenset())
    others = Desk(frozenset(services) - desk.services, frozenset())
    room = waits.look(session, place)
    order = [*in_order(waiting, desk, now), *in_order(waiting, others, now)]
    coming = session.execute(_COMING, today).all()
    return Queue(
        waiting=[
            replace(_waiting(rows[one.step_id], services, desk, now), expected=room.of_step(one.step_id))
            for one in order
        ],
        coming=[_line(row, services) for row in coming],
        to_come=coming[0].to_come if coming else 0,
    )


def _waiting(row: Any, services: Services, desk: Desk, now: datetime) -> Line:
    return _line(
        row,
        services,
        ticket=f"{row.letter}{row.number}",
        waited=max(0, int((now - row.since).total_seconds() // 60)),
        mine=row.service_id in desk.services,
    )


def _line(
    row: Any, services: Services, ticket: str | None = None, waited: int = 0, mine: bool = False
) -> Line:
    return Line(
        ticket=ticket, reference=row.reference, name=row.name, service=services[row.service_id].name,
        language=row.language, party=row.party, planned_at=row.starts_at, waited=waited, mine=mine,
    )  # fmt: skip
