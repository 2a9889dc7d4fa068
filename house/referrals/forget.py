"""What referrals forget: the person's data, 90 days after the last thing that happened to a hand-over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from house.referrals.models import Referral

KEPT = timedelta(days=90)


def forget(session: Session, now: datetime) -> int:
    """Blank name, e-mail and matter 90 days after the last turn, whatever the state; the link dies too.

    The worker ends a hand-over long before; this does not ask whether it did.
    """
    told = or_(*(it.is_not(None) for it in (Referral.name, Referral.email, Referral.matter)))
    due = update(Referral).where(Referral.turned_at < now - KEPT, told)
    blank = due.values(name=None, email=None, matter=None, generation=Referral.generation + 1)
    return session.execute(blank).rowcount  # type: ignore[attr-defined, no-any-return]
