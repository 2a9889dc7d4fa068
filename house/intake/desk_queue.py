"""The queue as the front desk sees it: who waits, who is still to come, which counters are open.

Columns are read, not objects, in a constant number of queries; past the ORM, which costs as much again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake import periods, waits
from house.intake.calling import sent_to_open
from house.intake.desk_seats import Seat
from house.intake.estimating import Range
from house.intake.models import (
    Counter,
    Priority,
    Step,
    StepState,
    Ticket,
    Visit,
    VisitState,
)
from house.intake.queue import PATIENCE, Desk, Timing, Waiting, appointment, in_order, timing

Services = Mapping[int, catalogue.ServiceView]
SHOWN = 15
"""How many of those who are still to come are listed: the next ones. The others are found by name."""
A_MINUTE, GIVEN_UP = timedelta(minutes=1), timedelta(hours=1)
"""Who is later than this is listed last: a morning's no-shows must not hide who comes next."""


@dataclass(frozen=True)
class Line:
    """One visit on the screen: a ticket that waits, or a booking that is still to come."""

    ticket: str | None
    reference: str
    name: str | None = field(repr=False)
    service: str
    language: str
    party: int
    interpreter: bool
    planned_at: datetime | None
    waited: int = 0
    """Minutes since it began to wait, or since the pause began of who has one."""
    here_since: datetime | None = None
    """The first arrival of whom another counter had before: their place in the queue counts from then."""
    mine: bool = False
    parked: bool = False
    priority: Priority | None = None
    sent_to: str | None = None
    timing: Timing = field(default_factory=Timing)
    expected: Range | None = None
    """How long it will still wait, as far as can be said."""


@dataclass(frozen=True)
class Queue:
    """Who waits, my next one first; who has a pause, the longest first; the next of `to_come` bookings."""

    waiting: list[Line]
    parked: list[Line]
    coming: list[Line]
    to_come: int
    seated: bool = True
    """Whether I sit at a counter: without one nobody is more mine than others."""


# --- statements, written once: building them anew costs more than running them -----------------------------

_TODAYS = (Visit.place_id == bindparam("place"), Visit.day == bindparam("day"))
_TONGUE = func.coalesce(Visit.speaks, Visit.language).label("language")
_SHOWN = (
    Step.id, Step.service_id, Step.starts_at, Visit.reference, Visit.name, _TONGUE, Visit.party,
    Visit.interpreter,
)  # fmt: skip
_WAITING = (
    select(
        *_SHOWN, Step.state, Visit.channel, Visit.arrived_at, Visit.priority, Ticket.letter, Ticket.number,
        Counter.id.label("sent_to"), Counter.label.label("sent_to_label"), periods.BEGAN.label("since"),
        case((Step.state == StepState.PARKED, periods.LATEST)).label("paused_at"),
    )
    .join(Visit, Step.visit_id == Visit.id)
    .join(Ticket, Ticket.visit_id == Visit.id)
    .outerjoin(Counter, sent_to_open())
    .where(*_TODAYS, Step.state.in_((StepState.WAITING, StepState.PARKED)))
    .order_by(Step.id)
)
_COMING = (
    select(*_SHOWN, func.count().over().label("to_come"))
    .join(Visit, Step.visit_id == Visit.id)
    .where(*_TODAYS, Visit.state == VisitState.BOOKED, periods.STILL_PLANNED, Step.position == 0)
    .order_by(Step.starts_at < bindparam("given_up"), Step.starts_at, Step.id)
    .limit(SHOWN)
)
_COMING_OF = _COMING.where(Step.service_id.in_(bindparam("sees", expanding=True)))


def load(
    session: Session, place: catalogue.Place, services: Services, mine: Seat | None,
    room: waits.Picture | None = None, authorities: Sequence[int] = (),
) -> Queue:  # fmt: skip
    """Those who wait, in the order they are called, and the bookings not here yet: two queries.

    With `authorities` (their keys) only those who come for them, or for what my counter gives. How long each
    will still wait comes from a picture of the waiting room, where there is one.
    """
    now, read = clock.now(), session.connection()
    today = {"place": place.id, "day": clock.local(now, place.timezone).date()}
    asked = {**today, "sent_since": now - PATIENCE}
    own = {id_ for id_, service in services.items() if service.authority_id in authorities}
    gives = mine.desk.services if mine else frozenset()
    sees = {*own, *gives} if authorities else {*services}
    rows = {row.id: row for row in read.execute(_WAITING, asked) if row.service_id in sees}
    waiting = {id_: _step(row) for id_, row in rows.items() if row.state is StepState.WAITING}
    desk = mine.desk if mine else Desk(frozenset(), frozenset())
    order = in_order(waiting.values(), desk, now)
    others = [step for step in waiting.values() if not desk.serves(step)]
    rest = in_order(others, _anybody(others), now)
    late = {**today, "given_up": now - GIVEN_UP}
    coming = (
        read.execute(_COMING_OF, {**late, "sees": list(sees)}) if authorities
        else read.execute(_COMING, late)
    ).all()  # fmt: skip
    mine_first = [*((one.step_id, True) for one in order), *((one.step_id, False) for one in rest)]
    return Queue(
        waiting=[
            _waiting(rows[id_], services, now, is_mine, room.of_step(id_) if room else None)
            for id_, is_mine in mine_first
        ],
        parked=_parked(rows.values(), services, mine, now),
        coming=[_line(row, services, timing=timing(row.starts_at, now, now)) for row in coming],
        to_come=coming[0].to_come if coming else 0,
        seated=mine is not None,
    )


def _parked(rows: Iterable[Any], services: Services, seat: Seat | None, now: datetime) -> list[Line]:
    """Those who have a pause; mine are those for my counter or its authority, without a counter all."""
    away = [row for row in rows if row.state is StepState.PARKED]
    lines = []
    for row in sorted(away, key=lambda row: (row.paused_at, row.id)):
        whose, since = services[row.service_id].authority_id, _minutes(row.paused_at, now)
        mine = seat is None or whose == seat.authority_id or row.service_id in seat.desk.services
        lines.append(replace(_waiting(row, services, now, mine), waited=since))
    return lines


def _minutes(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds() // 60))


def _step(row: Any) -> Waiting:
    return Waiting(
        row.id, row.number, row.arrived_at, row.since, appointment(row.starts_at, row.arrived_at),
        row.channel.value, row.language, row.service_id, int(bool(row.priority)), row.sent_to,
    )  # fmt: skip


def _anybody(waiting: Iterable[Waiting]) -> Desk:
    """A desk that could serve them all, whoever they were sent to: for the order among those of others."""
    return _Anybody(frozenset(step.service for step in waiting), frozenset())


class _Anybody(Desk):
    def serves(self, step: Waiting) -> bool:
        return True


def _waiting(
    row: Any, services: Services, now: datetime, mine: bool = False, expected: Range | None = None
) -> Line:
    return _line(
        row,
        services,
        ticket=f"{row.letter}{row.number}",
        waited=_minutes(row.since, now),
        here_since=row.arrived_at if row.since - row.arrived_at >= A_MINUTE else None,
        mine=mine,
        expected=expected,
        parked=row.state is StepState.PARKED,
        priority=row.priority,
        sent_to=row.sent_to_label,
        timing=timing(row.starts_at, row.arrived_at, now),
    )


def _line(row: Any, services: Services, ticket: str | None = None, **more: Any) -> Line:
    return Line(
        ticket=ticket, reference=row.reference, name=row.name, service=services[row.service_id].name,
        language=row.language, party=row.party, interpreter=row.interpreter, planned_at=row.starts_at, **more,
    )  # fmt: skip
