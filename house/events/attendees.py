"""An attendee's own link, finding who it opens, and writing letters to an attendee."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import post
from house.events.models import Attendee, Event
from house.problems import Gone, NotHere
from house.seals import ALPHABET, keyring, reference_in

LINK = "seat"


def token_of(attendee: Attendee) -> str:
    """The capability that opens this attendee's page."""
    return keyring().link(LINK, attendee.reference, attendee.generation)


def by_token(session: Session, token: str) -> Attendee:
    """The attendee a link opens; raises `Gone` for a link of an earlier generation, else `NotHere`."""
    reference = reference_in(token)
    attendee = session.scalar(select(Attendee).where(Attendee.reference == reference)) if reference else None
    if attendee is None:
        raise NotHere()
    if keyring().opens(token, LINK, attendee.reference, attendee.generation):
        return attendee
    earlier = range(1, attendee.generation)
    if any(keyring().opens(token, LINK, attendee.reference, generation) for generation in earlier):
        raise Gone()
    raise NotHere()


def is_reference(text: str) -> bool:
    """Whether a piece of an address could be a reference at all."""
    return 0 < len(text) <= 16 and set(text) <= set(ALPHABET)


def tell(session: Session, kind: str, attendee: Attendee, event: Event, company: str | None = None) -> None:
    """Write a letter to an attendee in the attendee's language; nobody is told after the data is blanked."""
    if not attendee.email:
        return
    post.write(
        session, kind, attendee.email, attendee.language,
        event_id=event.id, reference=attendee.reference, generation=attendee.generation,
        sequence=attendee.revision + event.revision, name=attendee.name, company=company,
    )  # fmt: skip
