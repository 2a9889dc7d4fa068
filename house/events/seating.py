"""Seats as rows: locking an event, taking the lowest free numbers, giving them back.

One write order: lock the event (on SQLite the writer's lock does it), take the time, read the seats, insert.
Whoever inserts the row has the seat: the key (event, number) is the last word on both engines.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from house.events import seats
from house.events.models import Attendee, Event, Seat
from house.problems import NotHere, Taken


class Full(Taken):
    """There are fewer places left than people; `left` says how many."""

    code = "full"

    def __init__(self, left: int) -> None:
        super().__init__(left=left)
        self.left = left


def lock(session: Session, event_id: int) -> Event:
    """The event as it stands now, locked until this transaction ends."""
    fresh = select(Event).where(Event.id == event_id).with_for_update()
    event = session.scalar(fresh.execution_options(populate_existing=True))
    if event is None:
        raise NotHere()
    return event


def taken_numbers(session: Session, event_id: int) -> set[int]:
    """The numbers somebody sits on."""
    return set(session.scalars(select(Seat.number).where(Seat.event_id == event_id)))


def find_room(session: Session, event: Event, wanted: int) -> tuple[int, ...]:
    """The lowest free numbers for a group at a locked event; raises `Full` when it does not fit."""
    taken = taken_numbers(session, event.id)
    numbers = seats.claim(taken, event.capacity, wanted)
    if not numbers:
        raise Full(seats.left(taken, event.capacity))
    return numbers


def take(session: Session, event: Event, numbers: Sequence[int], attendees: Sequence[Attendee]) -> None:
    """Write down who comes and where they sit, all or nothing; raises `Taken` when somebody was faster."""
    try:
        session.flush()
        session.execute(insert(Seat), [
            {"event_id": event.id, "number": number, "attendee_id": attendee.id}
            for number, attendee in zip(numbers, attendees, strict=True)
        ])  # fmt: skip
    except IntegrityError:
        raise Taken() from None


def give_back(session: Session, event: Event, attendee: Attendee) -> None:
    """Free an attendee's seat at a locked event; somebody above a lowered capacity moves into it."""
    session.execute(delete(Seat).where(Seat.attendee_id == attendee.id))
    settle(session, event)


def settle(session: Session, event: Event) -> None:
    """Let those above the capacity move down into free numbers, as far as there are any."""
    for number, lower in seats.moves(taken_numbers(session, event.id), event.capacity):
        session.execute(
            update(Seat).where(Seat.event_id == event.id, Seat.number == number).values(number=lower)
        )
