"""Finding one's booking again: reference and the whole e-mail address send the link, to that address only."""

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


def send_link(session: Session, typed: str, email: str) -> None:
    """Send the link of a visit to its address when both belong together; nothing tells whether they do.

    True and false pairs take the same way: one look, one comparison, two rows written.
    """
    visit = session.scalar(select(Visit).where(Visit.reference == read_reference(typed)))
    known = visit.email_mark if visit and visit.state is not VisitState.HELD else None
    right = hmac.compare_digest(known or bytes(16), mark_of(email)) and visit is not None and visit.email
    audit.record(session, "visitor", "link_wanted", "visit")
    if not right or visit is None or visit.email is None:
        audit.record(session, "visitor", "link_refused", "visit")  # as long a commit as if there were one
        return
    token = keyring().link(VISIT, visit.reference, visit.generation)
    post.write(session, LETTER, visit.email, visit.language, about=about(visit), token=token)
