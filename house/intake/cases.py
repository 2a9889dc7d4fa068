"""What a desk did without the net and could not be done as it was sent: staff decide, nothing is dropped.

A decision is a deed like any other: taken back, the case is open again (`undoing.py`). Everybody locks the
entry first, then the visit, as sending does.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue import face as catalogue
from house.intake import deeds, desk_numbers, outbox, registration
from house.intake.desk_models import Deed
from house.intake.desk_numbers import LETTER
from house.intake.models import Ticket
from house.intake.outbox_models import EntryState, OutboxEntry, Settled
from house.intake.registration import Given, WalkIn
from house.intake.seeing import Seen, visits_with
from house.problems import Moved, NotHere

SHOWN = 30
"""So many are listed at the desk; who has decided one sees the next."""
_WAITING = (
    select(OutboxEntry.id, OutboxEntry.number, OutboxEntry.code, func.count().over().label("there"))
    .where(OutboxEntry.state == EntryState.CONFLICT)
    .order_by(OutboxEntry.came_at, OutboxEntry.id)
    .limit(SHOWN)
)


class Case(NamedTuple):
    """What waits for a decision: its id, the number that the visitor holds, and the code of why."""

    id: str
    number: int | None
    code: str | None


def open_cases(session: Session, seen: Seen = None) -> tuple[list[Case], int]:
    """What waits for a decision, the first ones in the order in which people came; and how many there are.

    With `seen` only those of a visit with one of these services, or that asked for one of them.
    """
    session.flush()
    wanted = _WAITING if seen is None else _WAITING.where(_may_be(session, seen))
    rows = session.connection().execute(wanted).all()
    return [Case(row.id, row.number, row.code) for row in rows], rows[0].there if rows else 0


def _may_be(session: Session, seen: frozenset[int]) -> ColumnElement[bool]:
    """A booking that was not found names no service: that one is the front desk's to settle."""
    slugs = [one.slug for one in catalogue.services(session) if one.id in seen]
    asked = and_(OutboxEntry.visit_id.is_(None), OutboxEntry.service.in_(slugs))
    return or_(asked, OutboxEntry.visit_id.in_(visits_with(seen)))


def case(session: Session, id_: str, seen: Seen = None) -> OutboxEntry:
    """One that waits, or waited, for a decision; raises `NotHere`."""
    wanted = select(OutboxEntry).where(OutboxEntry.id == id_, OutboxEntry.code.is_not(None))
    entry = session.scalar(wanted if seen is None else wanted.where(_may_be(session, seen)))
    if entry is None:
        raise NotHere()
    return entry


def dismiss(session: Session, id_: str, why: Settled, actor: str) -> None:
    """Nothing is to be done, for a reason. Raises `Moved` when somebody has decided already."""
    entry = _open(session, id_)
    with deeds.doing(session, why.value, actor) as act:
        act.decides = (entry.id, entry.visit_id)
        _settle(session, entry, why, actor)


def register_anew(session: Session, id_: str, service: str, actor: str) -> Ticket:
    """Register the person for a service, with the arrival and the number they have where these still hold."""
    entry = _open(session, id_)
    walk_in = WalkIn([service], entry.language or "en", entry.party or 1)
    with deeds.doing(session, "registered", actor) as act:
        act.decides = (entry.id, entry.visit_id)
        ticket = registration.register_walk_in(session, walk_in, actor, _still_good(session, entry))
        entry.visit_id = ticket.visit_id
        _settle(session, entry, Settled.REGISTERED, actor)
    return ticket


def check_in(session: Session, id_: str, typed: str, actor: str, seen: Seen = None) -> Ticket:
    """Check in the booking that was meant, by reference or name, with the arrival and the number they have.

    Raises what finding it and checking it in raise, and `Moved` when somebody has decided already.
    """
    entry = _open(session, id_)
    today = clock.today(catalogue.place(session).timezone)
    visit = deeds.lock(session, registration.find_for_check_in(session, typed, today, seen).id)
    with deeds.doing(session, "checked_in", actor, visit) as act:
        act.decides = (entry.id, entry.visit_id)
        given = _still_good(session, entry)
        ticket = registration.check_in(session, visit, actor, given)
        ticket = outbox.renumber(session, ticket, given.number if given else None)
        entry.visit_id = visit.id
        _settle(session, entry, Settled.CHECKED_IN, actor)
    return ticket


def reopen(session: Session, entry: OutboxEntry, deed: Deed) -> None:
    """A decision was taken back, with the visit it came to: the entry, which is locked, waits for another.

    The number that the visitor holds is free for it again.
    """
    ticket = outbox.ticket_of(session, entry) if deed.visit_id else None
    if ticket is not None and (ticket.letter, ticket.number) == (LETTER, entry.number):
        session.delete(ticket)
    entry.state, entry.visit_id = EntryState.CONFLICT, deed.entry_visit_id
    entry.settled = entry.settled_at = entry.settled_by = None
    session.flush()
    session.expire_all()


def lock(session: Session, id_: str) -> OutboxEntry:
    """An entry, read anew and for this transaction alone."""
    wanted = select(OutboxEntry).where(OutboxEntry.id == id_).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _still_good(session: Session, entry: OutboxEntry) -> Given | None:
    """The arrival, if it was today; and the number, if it is this desk's and nobody else's."""
    place = catalogue.place(session)
    today = clock.today(place.timezone)
    if entry.came_at is None or clock.local(entry.came_at, place.timezone).date() != today:
        return None
    number, browser = entry.number, entry.browser or ""
    if number is None or not desk_numbers.owns(session, place.id, browser, today, number):
        return Given(entry.came_at)
    key = {"place_id": place.id, "day": today, "letter": LETTER, "number": number}
    free = session.get(Ticket, key) is None
    return Given(entry.came_at, LETTER, number) if free else Given(entry.came_at)


def _open(session: Session, id_: str) -> OutboxEntry:
    case(session, id_)
    entry = lock(session, id_)
    if entry.state is not EntryState.CONFLICT:
        raise Moved("settled_already")
    return entry


def _settle(session: Session, entry: OutboxEntry, how: Settled, actor: str) -> None:
    entry.state, entry.settled, entry.settled_at = EntryState.SETTLED, how, clock.now()
    entry.settled_by = actor
    audit.record(session, actor, "settled", f"outbox {entry.id}", how=how.value, code=entry.code)
