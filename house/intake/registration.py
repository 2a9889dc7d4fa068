"""Registering who comes: a walk-in at the desk, and checking in a booking."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from house import audit, clock
from house.catalogue import face as catalogue
from house.db import fresh_code
from house.intake import deeds, periods, tickets, waits, worklist
from house.intake.models import Channel, PeriodKind, Priority, Step, StepState, Ticket, Visit, VisitState
from house.intake.seeing import Seen, visits_with
from house.problems import Moved, NotHere, Problem
from house.seals import new_reference, reference_scanned

LARGEST_PARTY = 12


@dataclass(frozen=True)
class WalkIn:
    """Who stands at the desk: what for, in which language, how many, and how to call them if they say."""

    services: Sequence[str]
    language: str
    party: int = 1
    name: str | None = field(default=None, repr=False)
    priority: Priority | None = None


@dataclass(frozen=True)
class Given:
    """What a desk without the net did already: when they came, and the ticket it gave, if it gave one."""

    came_at: datetime
    letter: str | None = None
    number: int | None = None


def register_walk_in(session: Session, walk_in: WalkIn, actor: str, given: Given | None = None) -> Ticket:
    """Register somebody who came without a booking, for services in this order; the first one waits.

    `given` tells what a desk without the net did already. Raises `Taken` when its number is another's.
    """
    if not 1 <= walk_in.party <= LARGEST_PARTY or not walk_in.services:
        raise Problem("odd_party")
    place, now = catalogue.place(session), clock.now()
    came = min(given.came_at, now) if given else now
    today = clock.local(came, place.timezone).date()
    services = [catalogue.service(session, slug) for slug in walk_in.services]
    with deeds.doing(session, "registered", actor) as act:
        visit = Visit(
            reference=fresh_code(session, Visit.reference, new_reference), place_id=place.id, day=today,
            channel=Channel.WALK_IN, state=VisitState.ARRIVED, language=walk_in.language, party=walk_in.party,
            name=walk_in.name, made_at=now, arrived_at=came, generation=1, revision=0,
            priority=walk_in.priority, ticket=None,
            steps=[
                Step(position=position, service_id=service.id, state=StepState.PLANNED, periods=[])
                for position, service in enumerate(services)
            ],
        )  # fmt: skip
        ticket = _arrive(session, visit, today, actor, "registered", given)
        act.visit_id = visit.id
        return ticket


def check_in(session: Session, visit: Visit, actor: str, given: Given | None = None) -> Ticket:
    """Check in a booking of today; raises `Moved` when it is not waiting to be, or is of another day."""
    visit = deeds.lock(session, visit.id)
    place, now = catalogue.place(session), clock.now()
    today = clock.local(now, place.timezone).date()
    if visit.state is VisitState.ARRIVED:
        raise Moved("here_already")
    if visit.state is not VisitState.BOOKED:
        raise Moved("not_booked")
    if visit.day != today:
        raise Moved("other_day", day=visit.day)
    with deeds.doing(session, "checked_in", actor, visit):
        visit.state, visit.arrived_at = VisitState.ARRIVED, min(given.came_at, now) if given else now
        worklist.is_here(session, visit)
        return _arrive(session, visit, today, actor, "checked_in", given)


def _arrive(
    session: Session, visit: Visit, today: date, actor: str, verb: str, given: Given | None
) -> Ticket:
    first = visit.steps[0]
    first.state = StepState.WAITING
    session.add(visit)
    periods.begin(session, first, PeriodKind.WAITING, visit.arrived_at or clock.now())
    if given and given.letter:
        ticket = tickets.give(session, visit, given.letter, today, given.number)
    else:
        letter = tickets.letter_for(session, visit.place_id, first.service_id)
        ticket = tickets.give(session, visit, letter, today)
    ticket.expected = waits.on_arrival(session, catalogue.place(session), first)
    audit.record(session, actor, verb, f"visit {visit.id}", channel=visit.channel.value)
    return ticket


def find_for_check_in(session: Session, typed: str, today: date, seen: Seen = None) -> Visit:
    """The visit meant by a reference, a scanned link, or a name among today's bookings; locked.

    With `seen` only one that has a step for one of these services. Raises `NotHere` when nobody fits and
    `Problem("several")` when more than one does.
    """
    wanted = select(Visit).where(Visit.state != VisitState.HELD).options(selectinload(Visit.steps))
    wanted = wanted.with_for_update(key_share=True)  # as `deeds.lock`: a call under way may write its deed
    if seen is not None:
        wanted = wanted.where(Visit.id.in_(visits_with(seen)))
    visit = session.scalar(wanted.where(Visit.reference == reference_scanned(typed)))
    if visit is None:
        visit = session.scalar(wanted.where(Visit.id == _named(session, plain(typed), today, seen)))
    if visit is None:
        raise NotHere()
    return visit


def _named(session: Session, wanted: str, today: date, seen: Seen) -> int:
    """The only booking of today whose name is this, or holds it."""
    todays = select(Visit.id, Visit.name).where(Visit.day == today, Visit.state == VisitState.BOOKED)
    if seen is not None:
        todays = todays.where(Visit.id.in_(visits_with(seen)))
    names = {id_: plain(name) for id_, name in session.execute(todays) if name}
    fitting = [id_ for id_, name in names.items() if name == wanted]
    fitting = fitting or [id_ for id_, name in names.items() if wanted in name]
    if not fitting or not wanted:
        raise NotHere()
    if len(fitting) > 1:
        raise Problem("several")
    return fitting[0]


def plain(name: str) -> str:
    """A name as it is typed in a hurry: no capitals, no accents."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).strip()
