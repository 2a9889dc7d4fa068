"""The kiosk in the hall: the key that makes a screen one, taking a ticket, checking in by a code.

A kiosk asks for nothing personal and tells nothing: a code that does not fit is refused in the same words
whatever the reason, and names are never looked for.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from house import audit, clock
from house.catalogue import face as catalogue
from house.db import is_sqlite
from house.intake import closing_today, on_duty, registration
from house.intake.hall_models import KioskKey
from house.intake.models import Ticket, Visit, VisitState
from house.intake.registration import WalkIn
from house.people import face as people
from house.problems import Moved, NotHere
from house.seals import keyring, reference_scanned

KIOSK = "kiosk"
ACTOR = "kiosk"
BEFORE_OPENING = timedelta(minutes=30)
"""So long before the door opens the first ones in the hall may take tickets."""


def hall(session: Session, slug: str) -> catalogue.Place:
    """The place with this name in its address; raises `NotHere`."""
    place = catalogue.place(session)
    if place.slug != slug:
        raise NotHere()
    return place


# --- the key ----------------------------------------------------------------------------------------------


def key_of(session: Session, place: catalogue.Place) -> str | None:
    """The link that makes a screen a kiosk of this place; None before a manager made one."""
    key = session.get(KioskKey, place.id)
    return keyring().link(KIOSK, place.slug, key.generation) if key else None


def new_key(session: Session, place: catalogue.Place, actor: str) -> None:
    """Make a key; screens that hold an older one are no kiosks any more."""
    dialect = sqlite if is_sqlite(session) else postgresql
    first = dialect.insert(KioskKey).values(
        place_id=place.id, generation=0, made_at=clock.now(), made_by=actor
    )
    session.execute(first.on_conflict_do_nothing())  # two managers at once make two, one after the other
    key = session.get_one(KioskKey, place.id, with_for_update=True)
    key.generation, key.made_at, key.made_by = key.generation + 1, clock.now(), actor
    session.flush()
    audit.record(session, actor, "kiosk_key_made", f"place {place.id}", generation=key.generation)


def opens(session: Session, place: catalogue.Place, token: str) -> bool:
    """Whether a key opens the kiosk of this place now."""
    key = session.get(KioskKey, place.id)
    return key is not None and keyring().opens(token, KIOSK, place.slug, key.generation)


# --- when one can do something there ------------------------------------------------------------------------


def gives_tickets(door: catalogue.Door) -> bool:
    """Whether tickets are given now: while the door is open, and a little before."""
    return door.opens_within(BEFORE_OPENING)


def checks_in(session: Session, door: catalogue.Door) -> bool:
    """Whether bookings can be checked in now: the same, and wherever somebody sits at a counter or soon will.

    A counter may begin before the door opens, and whoever is called may be served to the end of a closed day.
    """
    if gives_tickets(door):
        return True
    place = catalogue.place(session)
    soon = BEFORE_OPENING.total_seconds() / 60
    today = clock.local(door.now, place.timezone).date()
    return any(one.opens_in <= soon for one in on_duty.on_duty(session, place, today, door.now))


# --- what one does there ----------------------------------------------------------------------------------


def take(session: Session, walk_in: WalkIn, pressed: str) -> Ticket:
    """Take a ticket; the same form pressed twice gives the same ticket, however fast.

    Nobody is there to call while the house is closed: raises `Moved("closed_already")` when it is for the
    rest of today, `Moved("shut")` outside its hours.
    """
    mark, first = keyring().mark("kiosk", pressed), people.first_time(session, f"kiosk {pressed}")
    known = session.scalar(select(Ticket).where(Ticket.pressed == mark))
    if known is not None:  # also of a form so old that its first press is no longer counted
        return known
    if not first:
        raise Moved()
    door = catalogue.door(session)
    if not door.closed and not gives_tickets(door):
        raise Moved("shut")
    if closing_today.closed_from_here(session) is not None:  # last: who closes meanwhile waits from here on
        raise Moved("closed_already")
    ticket = registration.register_walk_in(session, walk_in, ACTOR)
    ticket.pressed = mark
    return ticket


def check_in(session: Session, typed: str, today: date) -> Ticket:
    """Check in the booking whose code or link was typed or scanned; once more it shows the same ticket.

    Raises `Moved("shut")` while nobody is there whatever the code, and `NotHere` for everything else: a kiosk
    does not say why.
    """
    if not checks_in(session, catalogue.door(session)):
        raise Moved("shut")
    reference = reference_scanned(typed)
    wanted = select(Visit).where(Visit.reference == reference, Visit.day == today)
    visit = session.scalar(wanted.options(selectinload(Visit.steps)).with_for_update(key_share=True))
    if not reference or visit is None:
        raise NotHere()
    if visit.state is VisitState.ARRIVED and visit.ticket is not None:
        return visit.ticket
    try:
        return registration.check_in(session, visit, ACTOR)
    except Moved:
        raise NotHere() from None
