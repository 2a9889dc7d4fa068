"""What referrals forget: the person's data, 90 days after a hand-over ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from house.referrals.models import Referral

KEPT = timedelta(days=90)


def forget(session: Session, now: datetime) -> int:
    """Blank name, e-mail and matter of hand-overs that ended 90 days ago; their link dies too."""
    told = or_(Referral.name.is_not(None), Referral.email.is_not(None))
    due = update(Referral).where(Referral.ended_at < now - KEPT, told)
    blank = due.values(name=None, email=None, matter=None, generation=Referral.generation + 1)
    return session.execute(blank).rowcount  # type: ignore[attr-defined, no-any-return]
