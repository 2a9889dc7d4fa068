"""Numbers for the waiting room: a letter per authority, restarting every local day, never given twice."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from house.db import is_sqlite
from house.intake.models import Counter, CounterService, Ticket, TicketRoll, Visit

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def letter_for(session: Session, place_id: int, service_id: int) -> str:
    """The letter of the authority whose counter gives this service, in the order of the authorities."""
    authorities = session.execute(
        select(Counter.authority_id, CounterService.service_id)
        .join(CounterService, CounterService.counter_id == Counter.id)
        .where(Counter.place_id == place_id)
        .order_by(Counter.authority_id)
    ).all()
    ranks = {authority: rank for rank, authority in enumerate(dict.fromkeys(row[0] for row in authorities))}
    rank = next((ranks[authority] for authority, service in authorities if service == service_id), 0)
    return LETTERS[rank % len(LETTERS)]


def give(session: Session, visit: Visit, letter: str, day: date) -> Ticket:
    """Give a visit the next number of a letter: the roll is counted up by one statement."""
    dialect = sqlite if is_sqlite(session) else postgresql
    first = dialect.insert(TicketRoll).values(place_id=visit.place_id, day=day, letter=letter, last=1)
    counted = first.on_conflict_do_update(
        index_elements=[TicketRoll.place_id, TicketRoll.day, TicketRoll.letter],
        set_={"last": TicketRoll.last + 1},
    ).returning(TicketRoll.last)
    number = session.scalars(counted).one()
    ticket = Ticket(place_id=visit.place_id, day=day, letter=letter, number=number, visit_id=visit.id)
    session.add(ticket)
    session.flush()
    return ticket
