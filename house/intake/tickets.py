"""Numbers for the waiting room: a letter per authority, restarting every local day, never given twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count, product
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from house.db import is_sqlite
from house.intake.hall_models import TicketLetter
from house.intake.models import Counter, CounterService, Ticket, TicketRoll, Visit
from house.problems import Taken

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_HERE = Counter.place_id == bindparam("place")
_KEPT = and_(TicketLetter.place_id == Counter.place_id, TicketLetter.authority_id == Counter.authority_id)
_LETTER = (
    select(TicketLetter.letter)
    .select_from(Counter)
    .join(CounterService, CounterService.counter_id == Counter.id)
    .outerjoin(TicketLetter, _KEPT)
    .where(_HERE, CounterService.service_id == bindparam("service"))
    .order_by(TicketLetter.letter.is_(None), func.length(TicketLetter.letter), TicketLetter.letter)
    .limit(1)
)
_WITHOUT = (
    select(Counter.authority_id)
    .outerjoin(TicketLetter, _KEPT)
    .where(_HERE, TicketLetter.letter.is_(None))
    .distinct()
    .order_by(Counter.authority_id)
)


def letter_for(session: Session, place_id: int, service_id: int) -> str:
    """The letter of the authority whose counter gives this service; the first one where no counter does.

    Where counters of several authorities give it, it is the authority that has had a letter longest. One
    statement, but for the first ticket of an authority.
    """
    asked = {"place": place_id, "service": service_id}
    found = session.execute(_LETTER, asked).first()
    if found is None:
        return LETTERS[0]
    if found.letter is None:
        _give_letters(session, place_id)
        found = session.execute(_LETTER, asked).one()
    letter: str = found.letter
    return letter


def _give_letters(session: Session, place_id: int) -> None:
    """Give every authority at this place's counters that has none the next letter, in the authorities' order.

    Whoever else does so at this moment is waited for, and has then given the same ones.
    """
    dialect = sqlite if is_sqlite(session) else postgresql
    while new := session.scalars(_WITHOUT, {"place": place_id}).all():
        taken = set(session.scalars(select(TicketLetter.letter).where(TicketLetter.place_id == place_id)))
        free = (letter for letter in _letters() if letter not in taken)
        for authority_id, letter in zip(new, free, strict=False):
            row = {"place_id": place_id, "authority_id": authority_id, "letter": letter}
            session.execute(dialect.insert(TicketLetter).values(row).on_conflict_do_nothing())


def _letters() -> Iterator[str]:
    """One sign each, and pairs for a house with more authorities than that; without end."""
    for signs in count(1):
        yield from map("".join, product(LETTERS, repeat=signs))


def give(session: Session, visit: Visit, letter: str, day: date, number: int | None = None) -> Ticket:
    """Give a visit the next number of a letter: the roll is counted up by one statement.

    A `number` that was given already, at a desk without the net, is kept; raises `Taken` when another visit
    has it. Who was checked in before, and taken back, has the same ticket again.
    """
    old = visit.ticket
    if old is not None and (old.day, old.place_id) == (day, visit.place_id):
        return old
    if old is not None:
        _take_back(session, visit, old)
    key: dict[str, Any] = {"place_id": visit.place_id, "day": day, "letter": letter, "number": number}
    if number and session.get(Ticket, key) is not None:
        raise Taken("number_taken")
    key["number"] = number or count_up(session, visit.place_id, letter, day)
    return _have(session, visit, Ticket(**key))


def renumber(session: Session, ticket: Ticket, letter: str, number: int) -> Ticket:
    """Give a visit another number: the one that the visitor was told. Raises `Taken` when another has it."""
    key = {"place_id": ticket.place_id, "day": ticket.day, "letter": letter, "number": number}
    if session.get(Ticket, key) is not None:
        raise Taken("number_taken")
    visit, new = ticket.visit, Ticket(**key, expected=ticket.expected, pressed=ticket.pressed)
    _take_back(session, visit, ticket)
    return _have(session, visit, new)


def _have(session: Session, visit: Visit, ticket: Ticket) -> Ticket:
    """Let a visit have a ticket; raises `Taken` when somebody was given its number at this very moment."""
    visit.ticket = ticket
    try:
        session.flush()
    except IntegrityError:
        raise Taken("number_taken") from None
    return ticket


def _take_back(session: Session, visit: Visit, ticket: Ticket) -> None:
    """Delete a visit's ticket before it has another: the visit knows of none meanwhile."""
    session.delete(ticket)
    session.flush()
    session.expire(visit, ["ticket"])


def count_up(session: Session, place_id: int, letter: str, day: date) -> int:
    """The next number of a letter on a day, by one statement: two who ask at once get two."""
    dialect = sqlite if is_sqlite(session) else postgresql
    first = dialect.insert(TicketRoll).values(place_id=place_id, day=day, letter=letter, last=1)
    counted = first.on_conflict_do_update(
        index_elements=[TicketRoll.place_id, TicketRoll.day, TicketRoll.letter],
        set_={"last": TicketRoll.last + 1},
    ).returning(TicketRoll.last)
    last: int = session.scalars(counted).one()
    return last
