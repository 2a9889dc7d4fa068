"""Something earlier: asking for it, and answering an offer of it. Who gets one is in `passing_on.py`."""

from __future__ import annotations

from sqlalchemy.orm import Session

from house import audit, clock
from house.intake import claiming, offers
from house.intake.change_models import EarlierOffer, OfferState
from house.intake.daymap import utc_tick
from house.intake.models import Visit, VisitState
from house.intake.moving import move
from house.intake.reaching import recipient
from house.problems import Gone, Moved


def ask(session: Session, visit: Visit, wanted: bool) -> None:
    """Note that a visitor wants to hear of earlier times, or no longer; who asks again keeps the turn.

    Raises `Moved` for a visit that is not booked any more, or has no address that an offer could go to.
    """
    claiming.lock_visit(session, visit)
    if visit.state is not VisitState.BOOKED or (wanted and not recipient(visit)):
        raise Moved()
    if wanted:
        visit.asked_earlier_at = visit.asked_earlier_at or clock.now()
        return
    visit.asked_earlier_at = None
    close(session, visit, OfferState.DECLINED, "visitor")


def accept(session: Session, offer: EarlierOffer) -> Visit:
    """Move the visit to the time it was offered; again is harmless.

    Raises `Gone` when the offer is over, and `Taken` when the time could not be kept: the visit is as it was.
    """
    visit = offer.visit
    claiming.lock_visit(session, visit)
    session.refresh(offer)
    if offer.state is OfferState.ACCEPTED:
        return visit
    if offer.state is not OfferState.OPEN:
        raise Gone("offer_over")
    try:
        return move(session, visit, utc_tick(offer.starts_at))
    except Moved:
        raise Gone("offer_over") from None


def decline(session: Session, offer: EarlierOffer) -> None:
    """Say no to an offer, again is harmless: its hold goes to the next, and this time is not offered again.

    Raises `Gone` when the offer is over.
    """
    claiming.lock_visit(session, offer.visit)
    session.refresh(offer)
    if offer.state not in (OfferState.OPEN, OfferState.DECLINED):
        raise Gone("offer_over")
    close(session, offer.visit, OfferState.DECLINED, "visitor")


def close(session: Session, visit: Visit, state: OfferState, actor: str) -> None:
    """Close the open offer of a locked visit, if there is one."""
    offer = offers.lock_offer(session, visit)
    if offer is None:
        return
    days = offers.days_held(session, offer)
    claiming.lock_days(session, days)
    offers.close(session, offer, state, clock.now())
    session.flush()
    claiming.refresh(session, days)
    audit.record(session, actor, "offer_closed", f"visit {visit.id}", state=state.value)
