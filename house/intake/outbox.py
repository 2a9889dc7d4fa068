"""What desks without the net send when it is back: each press of a button is done once, by its own id.

The row of the id is written first, in the transaction of the work: the primary key decides who works, and
everybody else gets the same answer. The ordinary forms of the desk write the same row, so that a form whose
answer was lost, and which the browser then kept, is one registration. What cannot be done becomes a conflict,
which `cases.py` settles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue import face as catalogue
from house.db import is_sqlite
from house.intake import deeds, desk_numbers, desk_screen, registration, tickets
from house.intake.desk_numbers import LETTER
from house.intake.device_time import Came, judge
from house.intake.models import Ticket, Visit, VisitState
from house.intake.outbox_models import EntryKind, EntryState, OutboxEntry
from house.intake.registration import Given, WalkIn
from house.intake.seeing import Seen, visits_with
from house.problems import Moved, NotHere, Problem, Taken
from house.seals import REFERENCE_LENGTH, reference_scanned


@dataclass(frozen=True)
class Sent:
    """One entry as a browser kept it. `number` is one it gave out of its own, if it had any left.

    Whoever sends it checks in only visits with a service that is `seen`.
    """

    id: str
    kind: EntryKind
    browser: str
    noted_at: datetime
    sent_at: datetime
    service: str = ""
    language: str = "en"
    party: int = 1
    reference: str = ""
    number: int | None = None
    seen: Seen = None


def check_in_id(once: str | None, typed: str) -> str | None:
    """The id of checking in what was typed: the same form with another reference is another act."""
    meant = reference_scanned(typed)
    meant = meant if len(meant) == REFERENCE_LENGTH else typed
    return sha256(f"{once} {meant}".encode()).hexdigest()[:40] if once else None


def begin(session: Session, id_: str | None, kind: EntryKind) -> OutboxEntry | None:
    """Write the row of an id, or return the one there is; where it is worked on now, this waits for the end.

    Nothing else may be written or locked before. A form without an id is not counted.
    """
    if not id_:
        return None
    dialect = sqlite if is_sqlite(session) else postgresql
    row = dialect.insert(OutboxEntry).values(
        id=id_, kind=kind, state=EntryState.DONE, received_at=clock.now()
    )
    if session.scalar(row.on_conflict_do_nothing().returning(OutboxEntry.id)) is not None:
        return None
    known = select(OutboxEntry).where(OutboxEntry.id == id_).with_for_update()
    found = session.scalar(known.execution_options(populate_existing=True))
    return found or begin(session, id_, kind)  # swept away at this very moment


def note(session: Session, id_: str | None, ticket: Ticket) -> Ticket:
    """Keep what an ordinary form came to, in its own transaction."""
    if id_:
        mine = update(OutboxEntry).where(OutboxEntry.id == id_)
        session.execute(mine.values(visit_id=ticket.visit_id))
    return ticket


def take_in(session: Session, sent: Sent, actor: str) -> OutboxEntry:
    """Do what a desk did without the net: done, done already, or a conflict; never refused, never twice."""
    checks_in = sent.kind is EntryKind.CHECK_IN
    id_ = check_in_id(sent.id, sent.reference) if checks_in else sent.id
    known = begin(session, id_, sent.kind)
    if known is not None:
        return _again(session, known, sent, actor)
    entry = session.get_one(OutboxEntry, id_)
    came = _write_down(entry, sent)
    _try(session, entry, sent, came, actor)
    facts = {"kind": sent.kind.value, "code": entry.code}
    audit.record(session, actor, "came_without_net", f"visit {entry.visit_id}", **facts)
    return entry


def ticket_of(session: Session, entry: OutboxEntry) -> Ticket | None:
    """The ticket of the visit that an entry came to."""
    return session.scalar(select(Ticket).where(Ticket.visit_id == entry.visit_id))


def _write_down(entry: OutboxEntry, sent: Sent) -> Came:
    came = judge(sent.noted_at, sent.sent_at, clock.now())
    entry.browser, entry.number = sent.browser, sent.number
    entry.noted_at, entry.skew, entry.came_at = sent.noted_at, came.skew, came.at
    if sent.kind is EntryKind.WALK_IN:
        entry.service, entry.language, entry.party = sent.service, sent.language, sent.party
    return came


def _try(session: Session, entry: OutboxEntry, sent: Sent, came: Came, actor: str) -> None:
    """Do the work; what is refused leaves nothing behind but its code."""
    try:
        with session.begin_nested():
            entry.visit_id = _ticket(session, sent, came, actor).visit_id
    except Problem as problem:
        _conflict(session, entry, problem.code)
        entry.typed = sent.reference or None


def _conflict(session: Session, entry: OutboxEntry, code: str) -> None:
    session.refresh(entry)
    entry.state, entry.code = EntryState.CONFLICT, code


def _ticket(session: Session, sent: Sent, came: Came, actor: str) -> Ticket:
    place = catalogue.place(session)
    if came.too_old:
        raise Moved("too_old")
    day = clock.local(came.at, place.timezone).date()
    if day != clock.today(place.timezone):
        raise Moved("day_over")
    given = Given(came.at, LETTER if sent.number else None, sent.number)
    if sent.number and not desk_numbers.owns(session, place.id, sent.browser, day, sent.number):
        raise Taken("number_not_yours")
    if sent.kind is EntryKind.CHECK_IN:
        ticket = registration.check_in(session, _visit(session, sent.reference, sent.seen), actor, given)
        return renumber(session, ticket, sent.number)
    if sent.service not in dict(desk_screen.service_choices(session)):
        raise Moved("not_given_here")
    walk_in = WalkIn([sent.service], sent.language, sent.party)
    return registration.register_walk_in(session, walk_in, actor, given)


def _visit(session: Session, reference: str, seen: Seen) -> Visit:
    """The visit with this reference; names are never sent, so none is looked for."""
    found = select(Visit).where(Visit.reference == reference, Visit.state != VisitState.HELD)
    if seen is not None:
        found = found.where(Visit.id.in_(visits_with(seen)))
    visit = session.scalar(found) if reference else None
    if visit is None:
        raise NotHere()
    return visit


def _again(session: Session, entry: OutboxEntry, sent: Sent, actor: str) -> OutboxEntry:
    """The same id once more. When its form arrived but the answer was lost, the desk gave a number:
    the visitor holds that one, so it counts."""
    if entry.state is not EntryState.DONE or entry.browser is not None:
        return entry
    _write_down(entry, sent)
    session.flush()
    if entry.visit_id is None or not sent.number:
        return entry
    visit = deeds.lock(session, entry.visit_id)  # as checking in does: that may give a ticket meanwhile
    ticket = ticket_of(session, entry)
    if ticket is None:
        return entry
    try:
        with session.begin_nested():
            if visit.state is not VisitState.ARRIVED:
                raise Moved("other_number")
            if not desk_numbers.owns(session, ticket.place_id, sent.browser, ticket.day, sent.number):
                raise Taken("number_not_yours")
            renumber(session, ticket, sent.number)
            audit.record(session, actor, "renumbered", f"visit {entry.visit_id}")
    except Problem as problem:
        _conflict(session, entry, problem.code)
    return entry


def renumber(session: Session, ticket: Ticket, number: int | None) -> Ticket:
    """Give a visit the number that a desk without the net told, if it told one; raises `Taken`."""
    if not number or (ticket.letter, ticket.number) == (LETTER, number):
        return ticket
    return tickets.renumber(session, ticket, LETTER, number)
