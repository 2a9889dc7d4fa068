"""Finding one's booking again: reference and the whole address send the link, to that address only."""

from __future__ import annotations

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import audit, post
from house.intake.cards import VISIT, about
from house.intake.fairness import mark_of
from house.intake.models import Visit, VisitState
from house.seals import keyring, read_reference

LETTER = "visit_link"


def send_link(session: Session, typed: str, address: str) -> None:
    """Send the link of a visit to its address when both belong together; nothing tells whether they do.

    The address is the whole e-mail address or the mobile number, whichever of the two was written.

    True and false pairs take the same way: one look, one comparison, two rows written.
    """
    visit = session.scalar(select(Visit).where(Visit.reference == read_reference(typed)))
    booked = visit if visit and visit.state is not VisitState.HELD else None
    by_mail = "@" in address
    known = booked and (booked.email_mark if by_mail else booked.mobile_mark)
    to = booked and (booked.email if by_mail else booked.mobile)
    right = hmac.compare_digest(known or bytes(16), mark_of(address))
    audit.record(session, "visitor", "link_wanted", "visit")
    if not right or booked is None or not to:
        audit.record(session, "visitor", "link_refused", "visit")  # as long a commit as if there were one
        return
    token = keyring().link(VISIT, booked.reference, booked.generation)
    post.write(session, LETTER, to, booked.language, about=about(booked), token=token)
