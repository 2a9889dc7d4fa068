"""One offer of an earlier time: finding it, and closing it so that its hold goes. Asking: `earlier.py`."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from house import post
from house.catalogue import face as catalogue
from house.intake import claiming, freeing
from house.intake.cards import about
from house.intake.change_models import EarlierOffer, OfferState
from house.intake.models import Elsewhere, Member, Step, Visit
from house.problems import Gone, NotHere
from house.seals import keyring, reference_in

LINK = "earlier"
LETTER = "earlier_time"


def link_of(offer: EarlierOffer) -> str:
    """The capability that opens an offer."""
    return keyring().link(LINK, offer.reference, 1)


def offer_by(session: Session, token: str) -> EarlierOffer:
    """The offer that a link opens; raises `NotHere`."""
    reference = reference_in(token)
    offer = session.scalar(select(EarlierOffer).where(EarlierOffer.reference == reference))
    if offer is None or not keyring().opens(token, LINK, offer.reference, 1):
        raise NotHere()
    return offer


def open_offer(session: Session, visit: Visit) -> EarlierOffer | None:
    """The offer that a visit has now."""
    mine = select(EarlierOffer).where(EarlierOffer.visit_id == visit.id)
    return session.scalar(mine.where(EarlierOffer.state == OfferState.OPEN))


def lock_offer(session: Session, visit: Visit) -> EarlierOffer | None:
    """The offer that a locked visit has now, locked as well, with its hold if it still has one.

    The hold first: so does whoever sweeps up holds that ran out, which may happen at this very moment.
    """
    offer = open_offer(session, visit)
    if offer is None:
        return None
    if offer.hold is not None:
        with suppress(Gone):
            claiming.lock_visit(session, offer.hold)
    mine = select(EarlierOffer).where(EarlierOffer.id == offer.id, EarlierOffer.state == OfferState.OPEN)
    return session.scalar(mine.with_for_update().execution_options(populate_existing=True))


def days_held(session: Session, offer: EarlierOffer | None) -> set[claiming.CounterDate]:
    """The days to lock before an offer is closed."""
    zone = catalogue.place(session).timezone
    return claiming.days_of(session, [offer.hold_id], zone) if offer and offer.hold_id else set()


def close(
    session: Session, offer: EarlierOffer, state: OfferState, now: datetime,
    but: Collection[freeing.Place] = (),
) -> None:  # fmt: skip
    """Close an open offer, whose days are locked: its hold goes, and its letter if it has not left.

    Places of `but` go on to the visit itself; the caller refreshes the days.
    """
    post.withdraw(session, about(offer.visit), LETTER)
    offer.state = state
    if offer.hold is None:
        return
    hold_id = offer.hold.id
    freeing.let_go(session, offer.hold, now, but)
    offer.hold = None
    session.flush()
    for table in (Step, Member, Elsewhere):
        session.execute(delete(table).where(table.visit_id == hold_id))
    session.execute(delete(Visit).where(Visit.id == hold_id))
